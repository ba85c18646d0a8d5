"""Reads seed files, the starting points of a crawl: a CSV with a header, or one address a line; # starts a comment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cleaners.errors import InputError, UsageError
from cleaners.words.amounts import amount
from crawler.urls.spelling import has_credentials
from pipelines.inputs.cells import cells_of, delimiter_of
from pipelines.inputs.kinds import begins_utf16

COLUMNS = ("url", "depth", "pages", "since", "keep", "skip", "render")
RENDER_WORDS = ("no", "shells", "all")
_MORE = "-a depth=, pages=, since=, keep=, skip=, render="


@dataclass(frozen=True, slots=True)
class Seed:
    """One address to start from, with the limits that hold for everything found from it.

    depth  how many links away from the seed a page may lie (None: the crawl's own limit)
    pages  how many articles to fetch at most (None: no limit)
    since  articles known to be older than this day are left out
    keep   a regular expression: only article addresses in which it is found are fetched
    skip   a regular expression: addresses in which it is found are not fetched
    render which pages go through a browser: "no", "shells" (those without text), "all" (None: what RENDER says)
    """

    url: str
    depth: int | None = None
    pages: int | None = None
    since: date | None = None
    keep: str | None = None
    skip: str | None = None
    render: str | None = None


def read_seeds(path: Path) -> tuple[list[Seed], list[InputError]]:
    """Read a seed file: the usable rows, and for each other row an error with file and line.

    Raises UsageError if the file itself cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{path}: cannot read the seed file ({error.strerror}); give the path of a CSV or a plain list"
        ) from error
    encoding = "utf-16" if begins_utf16(content) else "utf-8-sig"
    lines = content.decode(encoding, errors="replace").splitlines()
    seeds: list[Seed] = []
    errors: list[InputError] = []
    for number, row in _rows(lines):
        try:
            seeds.append(seed_of(row))
        except ValueError as error:
            errors.append(InputError(f"{path}:{number}: {error}; fix the row or start it with # to skip it"))
    return seeds, errors


def seed_of(row: dict[str, str]) -> Seed:
    """Turn one row of strings into a Seed. Raises ValueError that shows the faulty value."""
    for column in row:
        if column not in COLUMNS:
            raise ValueError(f"{column!r} is not a column; the columns are {', '.join(COLUMNS)}")
    url = seed_url(row.get("url", "").strip())
    limits = {name: _limit(name, read, row.get(name, "").strip()) for name, read in _READERS.items()}
    return Seed(url, **limits)


def seed_url(text: str) -> str:
    """Check an address: http or https with a host, and without a password. Raises ValueError otherwise."""
    if has_credentials(text):
        raise ValueError("an address with a user name or a password is not crawled; take out what is before the @")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise _no_address(text) from None
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", text):
        raise _no_address(text)
    return text


def _no_address(text: str) -> ValueError:
    return ValueError(f"{text!r} is not an http(s) URL like https://example.org/")


def _rows(lines: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    numbered = [(n, line) for n, line in enumerate(lines, 1) if line.strip() and not line.lstrip().startswith("#")]
    if not numbered:
        return
    first = numbered[0][1]
    delimiter = delimiter_of(first)
    names = [name.lower() for name in cells_of(first, delimiter)]
    if "url" not in names:  # a plain list
        yield from ((number, {"url": line.strip()}) for number, line in numbered)
        return
    for number, line in numbered[1:]:
        cells = cells_of(line, delimiter)
        if any(cells):
            yield number, _named(names, cells)


def _named(header: list[str], cells: list[str]) -> dict[str, str]:
    extra = {f"column {len(header) + 1}": cells[len(header)]} if len(cells) > len(header) else {}
    return dict(zip(header, cells, strict=False)) | extra


def _count(text: str) -> int:
    count = int(text)
    if count < 0:
        raise ValueError
    return count


def _render_word(text: str) -> str:
    if text not in RENDER_WORDS:
        raise ValueError
    return text


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error:
        raise ValueError from None
    return text


_READERS: dict[str, Callable[[str], Any]] = {
    "depth": _count,
    "pages": _count,
    "since": date.fromisoformat,
    "keep": _pattern,
    "skip": _pattern,
    "render": _render_word,
}
_WANTED = {
    "depth": "a whole number",
    "pages": "a whole number",
    "since": "a day like 2024-05-31",
    "keep": "a regular expression",
    "skip": "a regular expression",
    "render": "one of no, shells, all",
}


def _limit(name: str, read: Callable[[str], Any], text: str) -> Any:
    if not text:
        return None
    try:
        return read(text)
    except ValueError:
        raise ValueError(f"{name} {text!r} is not {_WANTED[name]}") from None


def seeds_of(arguments: Mapping[str, str]) -> tuple[list[Seed], list[InputError]]:
    """The seeds that a spider's arguments name: `seeds` is a file, `url` one address or several, separated by spaces,
    with the limits of a seed row.

    Raises UsageError if neither is given, an argument is unknown, or nothing is left to start from.
    """
    unknown = [name for name in arguments if name not in (*COLUMNS, "seeds")]
    if unknown or ("url" in arguments) == ("seeds" in arguments):
        raise UsageError(f"arguments {sorted(arguments)}: give -a url=https://… or -a seeds=FILE, and with url {_MORE}")
    if "seeds" in arguments:
        seeds, errors = read_seeds(Path(arguments["seeds"]))
    else:
        seeds, errors = _named_seeds(dict(arguments))
    if not seeds:
        raise UsageError(_first_of(errors) or f"{arguments['seeds']}: no seed in it; add a line with an address")
    return seeds, errors


def _named_seeds(row: dict[str, str]) -> tuple[list[Seed], list[InputError]]:
    """A seed for each address in `url`, all with the same limits."""
    seeds: list[Seed] = []
    errors: list[InputError] = []
    for url in row.get("url", "").split() or [""]:
        try:
            seeds.append(seed_of({**row, "url": url}))
        except ValueError as error:
            errors.append(InputError(f"{error}; correct it"))
    return seeds, errors


def _first_of(errors: list[InputError]) -> str:
    """The first error, and the number of further bad rows, as one line."""
    more = f" (also bad: {amount(len(errors) - 1, 'row', 'more')})" if len(errors) > 1 else ""
    return f"{errors[0]}{more}" if errors else ""
