"""Inputs to Pages: files, folders, globs and standard input, of every kind, one page at a time, always in one order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Final, NamedTuple

from cleaners.errors import InputError, UsageError, suggestion
from cleaners.page import Page
from pipelines.inputs.files import Found, files_of
from pipelines.inputs.json_documents import json_pages, jsonl_pages
from pipelines.inputs.kinds import (
    begins_html,
    begins_json,
    begins_jsonl,
    begins_mhtml,
    begins_parquet,
    begins_table,
    begins_tar,
    begins_warc,
    begins_zip,
    binary_format,
    ending,
)
from pipelines.inputs.manifest import Manifest
from pipelines.inputs.meter import ReadMeter
from pipelines.inputs.overlap import is_own_output
from pipelines.inputs.packed import tar_pages, zip_pages
from pipelines.inputs.paths import is_file
from pipelines.inputs.rows import RowFields
from pipelines.inputs.saved_pages import html_page, mhtml_pages
from pipelines.inputs.streams import CHUNK, STDIN, ByteStream, open_stream
from pipelines.inputs.tables import csv_pages, parquet_pages
from pipelines.inputs.text import text_pages
from pipelines.inputs.warc import warc_pages

# Files that a browser saves beside a page: parts of it, even where they hold markup.
_PARTS: Final = (".css", ".js", ".json", ".xml", ".svg")
# Text files that a site keeps for programs.
_FOR_PROGRAMS: Final = ("robots.txt", "ads.txt", "humans.txt", "security.txt", "llms.txt")


@dataclass(frozen=True)
class ReadOptions:
    """How inputs are read.

    kind       the kind of every input; None: found from each input's name and content
    manifest   URLs of saved pages by path
    fields     names of the fields of rows (JSON, CSV, Parquet)
    separator  the line that parts the documents of a text dump; None: a dump is one document
    leave_out  paths never read even if a folder holds them: the run's own outputs
    kinds      the kinds there are: INPUT_KINDS, and rows of plug-ins
    meter      counts what was read
    """

    kind: str | None = None
    manifest: Manifest = field(default_factory=Manifest)
    fields: RowFields = field(default_factory=RowFields)
    separator: str | None = None
    leave_out: frozenset[Path] = frozenset()
    kinds: tuple[InputKind, ...] = field(default_factory=lambda: INPUT_KINDS)
    meter: ReadMeter = field(default_factory=ReadMeter)

    def of(self, name: str) -> InputKind:
        """The kind with this name. Raises UsageError if there is none."""
        for kind in self.kinds:
            if kind.name == name:
                return kind
        raise UsageError(f"{name!r} is no kind of input; {suggestion(name, (kind.name for kind in self.kinds))}")


class InputKind(NamedTuple):
    """One kind of input: how its files are recognised, and the function that makes Pages from them.

    name      what --format calls it
    what      how a message calls it: "a page"
    pages     the Pages of one stream, in order; an InputError takes the place of what cannot be read
    suffixes  of files' names, in lower case and with their dot; .gz and .zst are taken off before
    begins    whether the first bytes of a stream show the kind beyond doubt
    outranks  whether its first bytes count for more than another kind's suffix
    binary    whether binary content belongs to it
    is_proved whether a file in a folder must also show the kind by its first bytes, because the suffixes say little
    """

    name: str
    what: str
    pages: Callable[[ByteStream, ReadOptions, Counter[str]], Iterator[Page | InputError]]
    suffixes: tuple[str, ...] = ()
    begins: Callable[[bytes], bool] = lambda start: False
    outranks: bool = False
    binary: bool = False
    is_proved: bool = False


Pages = Iterator[Page | InputError]


def _html(stream: ByteStream, options: ReadOptions, skipped: Counter[str]) -> Pages:
    yield html_page(stream)


def _mhtml(stream: ByteStream, options: ReadOptions, skipped: Counter[str]) -> Pages:
    yield from mhtml_pages(stream)


def _text(stream: ByteStream, options: ReadOptions, skipped: Counter[str]) -> Pages:
    return text_pages(stream, options.separator)


def _jsonl(stream: ByteStream, options: ReadOptions, skipped: Counter[str]) -> Pages:
    return jsonl_pages(stream, options.fields)


def _json(stream: ByteStream, options: ReadOptions, skipped: Counter[str]) -> Pages:
    return json_pages(stream, options.fields)


def _csv(stream: ByteStream, options: ReadOptions, skipped: Counter[str]) -> Pages:
    return csv_pages(stream, options.fields)


def _parquet(stream: ByteStream, options: ReadOptions, skipped: Counter[str]) -> Pages:
    return parquet_pages(stream, options.fields, skipped)


def _warc(stream: ByteStream, options: ReadOptions, skipped: Counter[str]) -> Pages:
    return warc_pages(stream, skipped)


def _zip(stream: ByteStream, options: ReadOptions, skipped: Counter[str]) -> Pages:
    return zip_pages(stream, lambda entry: _pages_of_entry(entry, options, skipped))


def _tar(stream: ByteStream, options: ReadOptions, skipped: Counter[str]) -> Pages:
    return tar_pages(stream, lambda entry: _pages_of_entry(entry, options, skipped))


_TEXT: Final = InputKind("text", "text", _text, (".txt", ".text"))
_PACKED: Final = ("zip", "tar")
_SINGLE: Final = ("html", "mhtml", "text")
INPUT_KINDS: Final[tuple[InputKind, ...]] = (
    InputKind("html", "a page", _html, (".html", ".htm", ".xhtml", ".shtml"), begins_html),
    InputKind("mhtml", "a page", _mhtml, (".mhtml", ".mht"), begins_mhtml, outranks=True),
    _TEXT,
    InputKind("jsonl", "JSON Lines", _jsonl, (".jsonl", ".ndjson"), begins_jsonl),
    InputKind("json", "JSON", _json, (".json",), begins_json, is_proved=True),
    InputKind("csv", "a table", _csv, (".csv", ".tsv"), begins_table, is_proved=True),
    InputKind("parquet", "a table", _parquet, (".parquet",), begins_parquet, outranks=True, binary=True),
    InputKind("zip", "an archive", _zip, (".zip",), begins_zip, outranks=True, binary=True),
    InputKind("tar", "an archive", _tar, (".tar", ".tgz"), begins_tar, outranks=True, binary=True),
    InputKind("warc", "an archive", _warc, (".warc", ".wat"), begins_warc, outranks=True, binary=True),
    InputKind("wet", "an archive", _warc, (".wet",), outranks=True),
)


def kind_of(name: str, start: bytes, kinds: Sequence[InputKind] = INPUT_KINDS) -> InputKind:
    """The kind of an input: by its name, else by its first bytes, else text. Archives: by content."""
    named, shown = _kind_named(name, kinds), _kind_shown(start, kinds)
    if shown and shown.outranks and not (named and named.outranks):
        return shown
    return named or shown or _TEXT


def _kind_named(name: str, kinds: Sequence[InputKind]) -> InputKind | None:
    suffix = ending(name)
    return next((kind for kind in kinds if suffix in kind.suffixes), None)


def _kind_shown(start: bytes, kinds: Sequence[InputKind]) -> InputKind | None:
    return next((kind for kind in kinds if kind.begins(start)), None)


def holds_one_page(name: str, kind: str | None = None) -> bool:
    """Whether an input is one document, by its name and first bytes, or by the kind that it is said to be.

    True for standard input, which can be read only once, and for what cannot be read: reading it will say so.
    """
    if kind is None and name != STDIN and is_file(name):
        with suppress(InputError), open_stream(name) as stream:
            kind = kind_of(name, stream.peek(CHUNK)[:CHUNK]).name
    return kind in (None, *_SINGLE)


def pages_of(inputs: Iterable[str], options: ReadOptions, skipped: Counter[str]) -> Iterator[Page | InputError]:
    """Every page of the inputs, in order. An InputError takes the place of what cannot be read; the rest goes on.

    skipped   counts, by reason, the files and records that are not pages (images in a folder, revisits in a WARC)
    """
    for name in inputs:
        for found in files_of(name):
            if isinstance(found, InputError):
                yield found
            elif Path(found.path).resolve() not in options.leave_out:
                yield from _pages_of_file(found, options, skipped)


def _pages_of_file(found: Found, options: ReadOptions, skipped: Counter[str]) -> Iterator[Page | InputError]:
    try:
        with open_stream(found.path) as stream, options.meter.reading(stream, found.path):
            start = stream.peek(CHUNK)[:CHUNK]
            if found.folder is not None and is_own_output(start):
                skipped["own_output"] += 1
                return
            if found.folder is not None and not options.kind and not _belongs(found.path, start, options.kinds):
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


def _belongs(path: str, start: bytes, kinds: Sequence[InputKind]) -> bool:
    """Whether a file in a folder is an input: by its name, or, if the name says nothing, beyond doubt by content."""
    if Path(path).name in _FOR_PROGRAMS:
        return False
    named = _kind_named(path, kinds)
    if named is not None:
        return not named.is_proved or named.begins(start)
    return Path(path).suffix.lower() not in _PARTS and _kind_shown(start, kinds) is not None


def _pages_of_stream(
    stream: ByteStream, start: bytes, options: ReadOptions, skipped: Counter[str]
) -> Iterator[Page | InputError]:
    name = "" if stream.source_name == STDIN else stream.source_name
    kind = options.of(options.kind) if options.kind else kind_of(name, start, options.kinds)
    binary = binary_format(start)
    if binary and not kind.binary:
        raise InputError(f"{stream.source_name}: {binary}, not {kind.what}. Leave it out.", "binary")
    yield from kind.pages(stream, options, skipped)


def _pages_of_entry(stream: ByteStream, options: ReadOptions, skipped: Counter[str]) -> Pages:
    """The pages of a file in an archive, which is treated like a folder; archives inside it are skipped."""
    start = stream.peek(CHUNK)[:CHUNK]
    name = stream.source_name.partition("#")[2]
    hidden = any(part.startswith((".", "__MACOSX")) for part in PurePath(name).parts)
    if hidden or not _belongs(name, start, options.kinds) or kind_of(name, start, options.kinds).name in _PACKED:
        skipped["other_file"] += 1
        return
    yield from _pages_of_stream(stream, start, replace(options, kind=None), skipped)


def _with_url(page: Page | InputError, found: Found, manifest: Manifest) -> Page | InputError:
    """The page with its address from the manifest, which takes precedence over one that a browser noted in it."""
    if isinstance(page, InputError) or page.source_path is None:
        return page
    url = manifest.url_of(page.source_path, found.folder)
    return replace(page, url=url) if url else page
