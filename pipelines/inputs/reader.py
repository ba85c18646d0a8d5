"""Inputs to Pages: files, folders, globs and standard input, of every kind, one page at a time, always in one order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from cleaners.errors import InputError
from cleaners.page import Page
from pipelines.inputs.files import Found, files_of
from pipelines.inputs.kinds import Kind, binary_format, kind_named, kind_of, kind_within
from pipelines.inputs.manifest import Manifest
from pipelines.inputs.overlap import is_own_output
from pipelines.inputs.streams import CHUNK, STDIN, ByteStream, open_stream
from pipelines.inputs.text import JsonFields, jsonl_pages, text_pages, whole
from pipelines.inputs.warc import warc_pages

# Files that a browser saves beside a page: parts of it, even where they hold markup.
_PARTS: Final = (".css", ".js", ".json", ".xml", ".svg")
# Text files that a site keeps for programs.
_FOR_PROGRAMS: Final = ("robots.txt", "ads.txt", "humans.txt", "security.txt", "llms.txt")
_CALLED: Final[dict[Kind, str]] = {
    "html": "a page",
    "text": "text",
    "jsonl": "JSON Lines",
    "warc": "an archive",
    "wet": "an archive",
}


@dataclass(frozen=True)
class ReadOptions:
    """How inputs are read.

    kind       what every input is; None: found from each one's name and content
    manifest   URLs of saved pages by path
    fields     names of the fields of JSON Lines
    separator  the line that parts the documents of a text dump; None: a dump is one document
    leave_out  paths never read though a folder holds them: the run's own outputs
    """

    kind: Kind | None = None
    manifest: Manifest = field(default_factory=Manifest)
    fields: JsonFields = field(default_factory=JsonFields)
    separator: str | None = None
    leave_out: frozenset[Path] = frozenset()


def pages_of(inputs: Iterable[str], options: ReadOptions, skipped: Counter[str]) -> Iterator[Page | InputError]:
    """Every page of the inputs, in order. What cannot be read comes as an InputError in its place; the rest goes on.

    skipped   counts, by reason, what was passed over because it is no page (images in a folder, revisits in a WARC)
    """
    for name in inputs:
        for found in files_of(name):
            if isinstance(found, InputError):
                yield found
            elif Path(found.path).resolve() not in options.leave_out:
                yield from _pages_of_file(found, options, skipped)


def _pages_of_file(found: Found, options: ReadOptions, skipped: Counter[str]) -> Iterator[Page | InputError]:
    try:
        with open_stream(found.path) as stream:
            start = stream.peek(CHUNK)[:CHUNK]
            if found.folder is not None and is_own_output(start):
                skipped["own_output"] += 1
                return
            if found.folder is not None and not options.kind and not _belongs(found.path, start):
                skipped["other_file"] += 1
                return
            for page in _pages_of_stream(stream, start, options, skipped):
                yield _with_url(page, found, options.manifest)
    except InputError as error:
        yield error
    except OSError as error:
        yield InputError(f"{found.path}: {error.strerror or error}. Check the disk and the permissions.", "unreadable")
    except (MemoryError, Exception) as error:  # whatever a file holds, the other inputs are read
        what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        yield InputError(f"{found.path}: cannot be read to its end ({what}). Leave it out, or report it.", "unreadable")


def _belongs(path: str, start: bytes) -> bool:
    """Whether a file met in a folder is an input: by its name, or, where that says nothing, beyond doubt by content."""
    if Path(path).name in _FOR_PROGRAMS:
        return False
    if kind_named(path) is not None:
        return True
    return Path(path).suffix.lower() not in _PARTS and kind_within(start) is not None


def _pages_of_stream(
    stream: ByteStream, start: bytes, options: ReadOptions, skipped: Counter[str]
) -> Iterator[Page | InputError]:
    kind = options.kind or kind_of("" if stream.source_name == STDIN else stream.source_name, start)
    binary = binary_format(start)
    if binary and kind != "warc":
        raise InputError(f"{stream.source_name}: {binary}, not {_CALLED[kind]}. Leave it out.", "binary")
    match kind:
        case "html":
            yield Page(whole(stream), source_path=stream.source_name)
        case "text":
            yield from text_pages(stream, options.separator)
        case "jsonl":
            yield from jsonl_pages(stream, options.fields)
        case "warc" | "wet":
            yield from warc_pages(stream, skipped)


def _with_url(page: Page | InputError, found: Found, manifest: Manifest) -> Page | InputError:
    if isinstance(page, InputError) or page.url is not None or page.source_path is None:
        return page
    url = manifest.url_of(page.source_path, found.folder)
    return replace(page, url=url) if url else page
