"""Files of NumPy arrays: written whole or not at all, and read with one kind of error for every damage."""

from __future__ import annotations

import contextlib
import io
import zlib
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cleaners.errors import OutputError

MAX_BYTES: Final = 512 * 1024 * 1024
"""The most bytes that a file's arrays may take, packed or unpacked; the package's own take 20 MB."""
_TOO_LARGE: Final = f"its arrays take more than {MAX_BYTES // 1024**2} MB"
DAMAGES: Final = (
    ValueError, EOFError, BadZipFile, zlib.error, KeyError, TypeError, SyntaxError, NotImplementedError, RuntimeError,
    MemoryError,
)  # fmt: skip
"""What NumPy raises for a file that is damaged or built to do harm, besides OSError."""


class DamagedError(Exception):
    """The file is missing or holds no arrays; the message says what is wrong."""


def save_arrays(path: Path, **arrays: ArrayLike) -> None:
    """Write arrays by name into one compressed .npz file. Raises OutputError if the system refuses."""
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_bytes(out.getvalue())
        partial.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        why = error.strerror or str(error)
        raise OutputError(f"{path}: cannot be written ({why}). Make room, or write elsewhere.") from error


def load_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Read all arrays of an .npz file. Raises DamagedError, also for one of more than MAX_BYTES."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DamagedError(_TOO_LARGE)
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as archive:
            if sum(member.file_size for member in archive.zip.infolist()) > MAX_BYTES:
                raise DamagedError(_TOO_LARGE)
            return {name: archive[name] for name in archive.files}
    except OSError as error:
        raise DamagedError(error.strerror or str(error)) from error
    except DAMAGES as error:  # NumPy's messages are for programmers: one suggests loading the file unsafely
        raise DamagedError("it holds no arrays that can be read") from error
