"""Lists the files that an input (a file, a folder, a glob, an address, or "-") names, always in the same order."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from cleaners.errors import InputError
from pipelines.inputs.addresses import files_at, is_address, whole_and_range
from pipelines.inputs.paths import is_folder, is_here
from pipelines.inputs.streams import STDIN, unreadable


class Found(NamedTuple):
    """A file to read. `folder` is the input folder that holds it; None if the file itself was named."""

    path: str
    folder: str | None = None


def files_of(name: str) -> Iterator[Found | InputError]:
    """The files of one input. An InputError takes the place of what cannot be listed."""
    if is_address(name):
        yield from _at_address(name)
        return
    path = name if is_here(name) else whole_and_range(name)[0]
    if name == STDIN or (is_here(path) and not is_folder(path)):
        yield Found(name)
    elif is_folder(path):
        yield from _some(_below(name), f"{name}: the folder holds no files. Name a folder with pages in it.")
    elif glob.has_magic(name):
        yield from _some(_matching(name), f"{name}: no file matches. Check the pattern.")
    else:
        yield InputError(f"{name}: no such file or folder. Check the path.", "missing")


def _at_address(address: str) -> Iterator[Found | InputError]:
    whole, part = whole_and_range(address)
    try:
        found = [address] if part else files_at(whole)
    except InputError as error:
        yield error
        return
    if not found:
        yield InputError(f"{address}: nothing is there. Check the address.", "missing")
    yield from (Found(name, None if name == address else whole) for name in found)


def _some(found: Iterator[Found | InputError], otherwise: str) -> Iterator[Found | InputError]:
    first = next(found, None)
    if first is None:
        yield InputError(otherwise, "missing")
    else:
        yield first
        yield from found


def _matching(pattern: str) -> Iterator[Found | InputError]:
    for name in matches_of(pattern):
        if Path(name).is_dir():
            yield from _below(name)
        else:
            yield Found(name)


def matches_of(pattern: str) -> list[str]:
    """The files and folders that a glob stands for, sorted. `**` stands for folders at any depth.

    `**` does not follow links to folders, which may lead back to where they are. A folder that matches stands for all
    below it, so what matches below it is left out.
    """
    parts = pattern.split("/")
    if "**" not in parts:
        return sorted(glob.glob(pattern))  # noqa: PTH207 - absolute patterns, which Path.glob refuses
    at = parts.index("**")
    base = "/".join(parts[:at]) or ("/" if at else ".")
    tops = [name for name in glob.glob(base) if Path(name).is_dir()]  # noqa: PTH207
    if not parts[at + 1 :]:
        return sorted(tops)
    folders = (folder for top in tops for folder, _, _ in _walk(top))
    rest = "/".join(parts[at + 1 :])
    return _outermost(name for folder in folders for name in matches_of(str(Path(glob.escape(folder), rest))))


def _outermost(names: Iterable[str]) -> list[str]:
    """The names that are not below a folder among them, each once, sorted."""
    kept: list[str] = []
    folders: set[Path] = set()
    for name in sorted(set(names)):
        path = Path(name)
        if folders.isdisjoint(path.parents):
            kept.append(name)
            if path.is_dir():
                folders.add(path)
    return kept


def _below(folder: str) -> Iterator[Found | InputError]:
    """Every file below a folder, hidden ones left out: a folder's own files by name, then its folders.

    A link that leads nowhere and a pipe, whose end may never come, are InputErrors.
    """
    faults: list[OSError] = []
    for base, _, names in _walk(folder, faults.append):
        for name in sorted(names):
            if not name.startswith("."):
                yield _in_folder(Path(base, name), folder)
        while faults:
            fault = faults.pop()
            yield unreadable(str(fault.filename), fault)
    for fault in faults:
        yield unreadable(str(fault.filename), fault)


def _walk(
    folder: str, onerror: Callable[[OSError], object] | None = None
) -> Iterator[tuple[str, list[str], list[str]]]:
    """Like os.walk, in the order of the folders' names and without hidden ones."""
    for base, folders, names in os.walk(folder, onerror=onerror):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield base, folders, names


def _in_folder(path: Path, folder: str) -> Found | InputError:
    if path.is_file():
        return Found(str(path), folder)
    if not path.exists():
        return InputError(f"{path}: a link that leads nowhere. Remove it, or bring its file back.", "missing")
    return InputError(f"{path}: no ordinary file, so it was not opened. Name it by itself to read it.", "not_a_file")
