"""Whether a name is that of a file or folder on this machine.

A name that the system cannot even look up, such as one of thousands of characters, is none; pathlib raises for it.
"""

from __future__ import annotations

import os


def is_here(name: str) -> bool:
    """Whether there is a file, folder, pipe or device of this name.

    >>> is_here("/"), is_here("x" * 5000)
    (True, False)
    """
    return os.path.exists(name)  # noqa: PTH110 - see above


def is_file(name: str) -> bool:
    """Whether there is an ordinary file of this name."""
    return os.path.isfile(name)  # noqa: PTH113 - see above


def is_folder(name: str) -> bool:
    """Whether there is a folder of this name."""
    return os.path.isdir(name)  # noqa: PTH112 - see above
