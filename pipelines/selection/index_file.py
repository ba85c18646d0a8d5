"""Reads and writes the index of bodies that `copydesk select --index` keeps from run to run."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

import numpy as np

from cleaners.errors import UsageError
from cleaners.parsing.arrays import DAMAGES
from pipelines.outputs.files import Output
from pipelines.selection.duplicates import CLAIM, Bodies, Signing
from pipelines.selection.signatures import NUMBERS

_VERSION: Final = 1


def read_index(name: str | None, signing: Signing | None = None) -> Bodies:
    """The bodies of earlier runs; none if there is no such file. Raises UsageError for a file that is not an index.

    `signing` makes the signatures of the bodies that are added.
    """
    if name is None or not Path(name).exists():
        return Bodies(signing=signing)
    try:
        with np.load(Path(name), allow_pickle=False) as saved:
            version, claims, numbers = int(saved["version"]), saved["claims"], saved["numbers"]
    except (OSError, *DAMAGES) as error:
        raise UsageError(f"{name}: no index of bodies ({error}). Name another file, or a new one.") from error
    if version != _VERSION or claims.dtype != CLAIM or numbers.shape != (len(claims), NUMBERS):
        raise UsageError(f"{name}: an index of another version of copydesk. Name a new file, and begin again.")
    return Bodies(claims, numbers, signing)


def write_index(name: str, bodies: Bodies) -> None:
    """Write the bodies that stay, whole or not at all. Raises OutputError if the system refuses."""
    claims, numbers = bodies.staying()
    made = io.BytesIO()
    np.savez(made, version=_VERSION, claims=claims, numbers=numbers)
    with Output(name) as output:
        output.write(made.getvalue())
