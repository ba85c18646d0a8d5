"""Writes a folder of files of bounded size, with a card about them: a dataset as Hugging Face lays it out."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from cleaners.errors import OutputError, UsageError
from pipelines.outputs.card import MADE_BY, Contents, card
from pipelines.outputs.files import UNFINISHED, left_behind, locked
from pipelines.outputs.formats import OutputFormat, RecordOutput

SHARD_BYTES: Final = 500_000_000
_CARD: Final = "README.md"
_DATA: Final = "data"
_EARLIER: Final = ".earlier"
# Records between two looks at the size of the file that is being written.
_LOOKS: Final = 1000


@dataclass(frozen=True)
class FolderPlan:
    """The settings of a folder of records.

    format    format of its files
    ending    ending of their names, with the dot
    size      approximate bytes of a file on the disk; files are cut between records
    licence   licence of the texts, for the card; None is written as unknown
    settings  settings of the run, for the card
    """

    format: OutputFormat
    ending: str = ".parquet"
    size: int = SHARD_BYTES
    licence: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


class FolderOutput:
    """Files `data/train-00000-of-00003.parquet` and so on, and a card, README.md. Whole or absent, like every output.

    The folder is new or empty, or holds an earlier output, which is replaced. It is made under a hidden name beside its
    place, and renamed.
    """

    def __init__(self, name: str, plan: FolderPlan) -> None:
        self._name = name
        self._target = Path(name).resolve()
        self._plan = plan
        self._lock = contextlib.ExitStack()
        if self._target.exists() and not _is_free(self._target):
            raise UsageError(f"{name}: the folder holds other files than an earlier output. Name a new one.")
        try:
            self._target.parent.mkdir(parents=True, exist_ok=True)
            _clear_up(self._target)
            made = tempfile.mkdtemp(UNFINISHED, f".{self._target.name}.", self._target.parent)
            self._folder = Path(made)
            with contextlib.suppress(OSError):  # where folders cannot be locked, none is removed either
                self._lock.enter_context(locked(self._folder))
            self._data = self._folder / _DATA
            self._data.mkdir()
        except OSError as error:
            raise OutputError(f"{name}: cannot be made ({error.strerror or error}). Name another folder.") from error
        self._contents = Contents()
        self._shard: RecordOutput | None = None
        self._shards = self._unmeasured = 0

    def write(self, lines: bytes) -> None:
        """Append records."""
        for line in lines.splitlines(keepends=True):
            self._contents.add(json.loads(line))
            self._unmeasured += 1
        with self._named():
            shard = self._shard or self._open()
            shard.write(lines)
            if self._unmeasured >= _LOOKS:
                self._unmeasured = 0
                shard.flush()
                if sum(path.stat().st_size for path in self._data.glob(".*")) >= self._plan.size:
                    self._close()

    def flush(self) -> None:
        """Does nothing: the files are hidden until the folder is whole."""

    def __enter__(self) -> Self:
        """The output, open."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Put the folder in its place after success; after an error leave nothing."""
        try:
            if kind is None:
                self._finish()
            elif self._shard is not None:
                self._shard.__exit__(kind, error, at)
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._lock.close()

    def _finish(self) -> None:
        with self._named():
            if not self._shards:
                self._open()
            self._close()
        names = []
        for path in sorted(self._data.iterdir()):
            renamed = path.with_name(
                f"{path.name.removesuffix(self._plan.ending)}-of-{self._shards:05}{self._plan.ending}"
            )
            path.rename(renamed)
            names.append(f"{_DATA}/{renamed.name}")
        text = card(self._target.name, self._contents, names, self._plan.licence, self._plan.settings)
        try:
            (self._folder / _CARD).write_text(text, "utf-8")
            self._folder.chmod(0o755)
            if self._target.exists():
                self._target.rename(self._folder / _EARLIER)
            self._folder.rename(self._target)
            shutil.rmtree(self._target / _EARLIER, ignore_errors=True)
        except OSError as error:
            with contextlib.suppress(OSError):
                (self._folder / _EARLIER).rename(self._target)
            why = error.strerror or error
            raise OutputError(f"{self._name}: cannot be put in its place ({why}). Write elsewhere.") from error

    def _open(self) -> RecordOutput:
        path = self._data / f"train-{self._shards:05}{self._plan.ending}"
        self._shard = self._plan.format.open(str(path)).__enter__()
        self._shards += 1
        return self._shard

    @contextlib.contextmanager
    def _named(self) -> Iterator[None]:
        """Name the folder in errors by its name, and not by the hidden one under which it is made."""
        try:
            yield
        except (OutputError, UsageError) as error:
            raise type(error)(str(error).replace(str(self._folder), self._name.rstrip("/"))) from error

    def _close(self) -> None:
        shard, self._shard = self._shard, None
        if shard is not None:
            shard.__exit__(None, None, None)


def _clear_up(target: Path) -> None:
    """Remove the folders that killed runs left. If one was killed while it put its folder in its place, the earlier
    output comes back first.
    """
    for left in left_behind(target):
        with contextlib.suppress(OSError):
            if not target.exists():
                (left / _EARLIER).rename(target)
        shutil.rmtree(left, ignore_errors=True)


def _is_free(path: Path) -> bool:
    """Whether a folder is empty, or holds only files of an earlier run."""
    if not path.is_dir():
        return False
    names = {entry.name for entry in path.iterdir()} - {_EARLIER}
    return not names or (names == {_CARD, _DATA} and MADE_BY in (path / _CARD).read_text("utf-8", "replace"))
