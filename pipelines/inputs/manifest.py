"""The manifest of saved pages: which URL each file was saved from."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cleaners.errors import InputError, UsageError
from cleaners.parsing.foreign_json import read_foreign_json
from pipelines.inputs.cells import cells_of, delimiter_of
from pipelines.inputs.text_files import text_of


@dataclass(frozen=True)
class Manifest:
    """URLs by path: as written, from the manifest's own folder, from the folder being read, or inside an archive."""

    urls: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[InputError, ...] = ()
    home: str = "."

    def url_of(self, path: str, folder: str | None = None) -> str | None:
        """The URL of a file found at `path` (inside the input `folder`); None if the manifest has none."""
        names = [path, os.path.relpath(path, self.home)]
        if "#" in path:
            names.append(path.partition("#")[2])  # inside an archive
        if folder is not None:
            names.append(os.path.relpath(path, folder))
        return next((self.urls[name] for name in map(os.path.normpath, names) if name in self.urls), None)


def read_manifest(name: str) -> Manifest:
    """Read a CSV or TSV of path and URL, or JSON Lines with both keys. A bad row is kept as an error; the rest counts.

    Raises UsageError if the file itself cannot be read.
    """
    path = Path(name)
    try:
        text = text_of(path)
    except (OSError, ValueError) as error:
        message = f"{name}: the manifest cannot be read ({error}). Give a UTF-8 file of path,url rows."
        raise UsageError(message) from error
    urls: dict[str, str] = {}
    errors: list[InputError] = []
    for line, saved, url in _json_rows(text) if path.suffix in (".jsonl", ".ndjson") else _csv_rows(text):
        if saved and url.startswith(("http://", "https://")):
            urls[os.path.normpath(saved)] = url
        else:
            message = f"{name}:{line}: a row needs a path and an http(s) URL, found {saved!r}, {url!r}. Mend the row."
            errors.append(InputError(message, "bad_manifest_row"))
    return Manifest(urls, tuple(errors), str(path.parent))


def _csv_rows(text: str) -> Iterator[tuple[int, str, str]]:
    """Line number, path, URL; a header and comment lines are passed over."""
    delimiter = delimiter_of(text.partition("\n")[0])
    for number, line in enumerate(text.splitlines(), 1):
        cells = cells_of(line, delimiter)
        if not any(cells) or cells[0].startswith("#") or (number == 1 and cells[:2] == ["path", "url"]):
            continue
        yield number, cells[0], cells[1] if len(cells) > 1 else ""


def _json_rows(text: str) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                row = read_foreign_json(line)
                yield number, str(row["path"]), str(row["url"])
            except (ValueError, KeyError, TypeError):
                yield number, "", line[:80]
