"""Finds inputs and outputs that are one file, before anything is opened, so that no run destroys what it reads."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from cleaners.errors import InputError, UsageError
from cleaners.parsing.foreign_json import read_foreign_json
from pipelines.inputs.addresses import is_address
from pipelines.inputs.files import matches_of
from pipelines.inputs.paths import is_file, is_folder
from pipelines.inputs.streams import STDIN, open_stream

RECORD_KEYS: Final = frozenset(("schema_version", "content_sha256", "cleaner_version"))
_EXPLANATION_KEYS: Final = (frozenset(("id", "index", "text", "reason", "evidence")),
                            frozenset(("id", "field", "value", "source", "raw")))  # fmt: skip
_FIRST_LINE: Final = 4_000_000
"""Bytes of a first line that are checked; a record can be as long as its page's body."""


def refuse_overlap(inputs: Iterable[str], outputs: Iterable[str | None], *also_read: str | None) -> None:
    """Raise UsageError if an output is a file that the run reads, or if two outputs are one file.

    inputs     as the user names them: files, folders, globs, "-"
    outputs    files that will be written; None and "-" are left out
    also_read  files read besides the inputs (a manifest, a model)

    Files are compared by device and inode, so links count. A file in an input folder may be an output only if an
    earlier run of ours wrote it.
    """
    names = list(inputs)
    written = [name for name in outputs if name is not None and name != STDIN]
    for at, name in enumerate(written):
        for other in written[at + 1 :]:
            if Path(name).resolve() == Path(other).resolve() or _same(name, other):
                raise UsageError(f"{name} and {other}: one file for two outputs. Give each a file of its own.")
        for read in [*_files(names), *filter(None, also_read)]:
            if _same(name, read):
                raise UsageError(f"{name}: this output is also an input ({read}). Name another file.")
        for folder in _folders(names):
            if _is_page_below(name, folder):
                raise UsageError(
                    f"{name}: this output is a file of the input folder {folder}, and no earlier run of copydesk wrote "
                    "it. Name another file."
                )


def is_own_output(start: bytes) -> bool:
    """Whether a file with these first bytes holds records or explanations that copydesk wrote."""
    line = start.partition(b"\n")[0]
    if set(line.decode("utf-8", "replace").rstrip("\r").split(",")) >= RECORD_KEYS:  # the header of a table
        return True
    if not line.startswith(b'{"'):
        return False
    try:
        row = read_foreign_json(line)
    except ValueError:  # a first line longer than what was read
        return line.startswith(b'{"schema_version":') and b'"canonical_url":' in line
    if not isinstance(row, dict):
        return False
    return row.keys() >= RECORD_KEYS or any(row.keys() >= keys for keys in _EXPLANATION_KEYS)


def _files(names: list[str]) -> Iterator[str]:
    for name in names:
        if name == STDIN:
            yield from _standard_input()
        elif is_address(name) or is_file(name):
            yield name
        elif glob.has_magic(name):
            yield from (match for match in matches_of(name) if Path(match).is_file())


def _folders(names: list[str]) -> Iterator[str]:
    for name in names:
        if is_folder(name):
            yield name
        elif glob.has_magic(name):
            yield from (match for match in matches_of(name) if Path(match).is_dir())


def _standard_input() -> Iterator[str]:
    """Standard input, if it is a file: `copydesk clean - < page.html -o page.html`."""
    path = Path("/dev/stdin")
    if path.exists() and path.is_file():
        yield str(path)


def _same(one: str, other: str) -> bool:
    if is_address(one):
        return one == other
    try:
        return Path(one).is_file() and Path(one).samefile(other)
    except OSError:
        return False


def _is_page_below(name: str, folder: str) -> bool:
    path = Path(name)
    if not path.is_file() or not path.stat().st_size:
        return False
    inside = path.resolve().is_relative_to(Path(folder).resolve()) or _has_link_below(path, folder)
    return inside and not _is_ours(name)


def _has_link_below(path: Path, folder: str) -> bool:
    """Whether a hard link to the file is somewhere below the folder; searched only if the file has several."""
    status = path.stat()
    if status.st_nlink < 2:
        return False
    paths = (Path(base, file) for base, _, files in os.walk(folder) for file in files)
    return any(_same(str(path), str(other)) for other in paths)


def _is_ours(name: str) -> bool:
    try:
        with open_stream(name) as stream:
            return is_own_output(stream.readline(_FIRST_LINE))
    except InputError:
        return False
