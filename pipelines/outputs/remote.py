"""Writes outputs to addresses: first on this machine, then the whole file is put in its place."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, Final

from cleaners.errors import OutputError, UsageError
from cleaners.words.scripts import one_line
from pipelines.inputs.addresses import place_of

_TRIED: Final = ".part"
"""Suffix of the empty trial file, which shows before hours of work whether the place can be written."""


class RemoteOutput:
    """An output at an address of fsspec; `opens` opens the same format on this machine.

    The records are kept in a temporary file (TMPDIR says where) until the output is complete. After an error nothing is
    left at the address. Raises OutputError if the place refuses a write, before anything is read.
    """

    def __init__(self, name: str, opens: Callable[[str], Any]) -> None:
        self.name = name
        self._files, self._path = place_of(name)
        self._folder = tempfile.TemporaryDirectory(prefix="copydesk-")
        try:
            self._attempt("cannot be written", lambda: self._files.pipe_file(self._path + _TRIED, b""))
            self._local = Path(self._folder.name, PurePosixPath(self._path).name)
            self._output = opens(str(self._local))
        except BaseException:
            self._folder.cleanup()
            raise

    def write(self, lines: bytes) -> object:
        """Append records: whole lines of JSON, each with its line break."""
        return self._output.write(lines)

    def flush(self) -> object:
        """Does nothing: nobody can read along."""

    def __enter__(self) -> RemoteOutput:
        """The output, open."""
        self._output.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Put the output in its place after success; after an error leave nothing."""
        try:
            self._output.__exit__(kind, error, at)
            if kind is None:
                self._attempt("could not be put there", lambda: self._files.put_file(str(self._local), self._path))
        finally:
            self._folder.cleanup()
            self._attempt("the trial file stays", lambda: self._files.rm_file(self._path + _TRIED))

    def _attempt(self, what: str, act: Callable[[], object]) -> None:
        try:
            act()
        except UsageError:
            raise
        except Exception as error:  # each store's library has errors of its own
            said = one_line(str(error)) or type(error).__name__
            raise OutputError(f"{self.name}: {what} ({said}). Check address, access and end point.") from error
