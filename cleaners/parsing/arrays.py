"""Files of NumPy arrays: written whole or not at all, and read with one kind of error for every damage."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import ArrayLike, NDArray


class DamagedError(Exception):
    """The file is missing or holds no arrays; the text says what is wrong."""


def save_arrays(path: Path, **arrays: ArrayLike) -> None:
    """Write arrays by name into one compressed .npz file."""
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(out.getvalue())
    partial.replace(path)


def load_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Read all arrays of an .npz file. Raises DamagedError."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        raise DamagedError(str(error)) from error
