"""`copydesk clean`: files, folders and archives to clean records."""

from __future__ import annotations

import argparse
import contextlib
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Final, get_args

from cleaners.errors import InputError, OutputError, UsageError
from cleaners.options import CleanOptions, CommentsChoice, EngineChoice
from cleaners.words.amounts import amount
from copydesk.cli.choosing import add_filters, wanted
from copydesk.cli.cores import cores
from copydesk.cli.exit_status import ExitStatus
from copydesk.cli.fields import add_fields, asked_fields
from copydesk.cli.file_options import refuse_shared_files
from copydesk.cli.folders import add_folder, format_for
from copydesk.cli.forms import add_forms
from copydesk.cli.parts import add_parts, runs_of
from copydesk.cli.progress import Progress
from copydesk.cli.site_folder import check_sites
from copydesk.cli.values import number, whole
from pipelines.inputs.manifest import Manifest, read_manifest
from pipelines.inputs.meter import ReadMeter, size_of
from pipelines.inputs.reader import INPUT_KINDS, ReadOptions, holds_one_page, pages_of
from pipelines.inputs.rows import RowFields
from pipelines.inputs.streams import STDIN
from pipelines.outputs.files import STDOUT
from pipelines.outputs.formats import OUTPUT_FORMATS, open_lines
from pipelines.plugins import input_kinds, output_formats, with_plugins
from pipelines.selection.sieve import Sieve
from pipelines.workers.batches import Explained, Tally, records_of
from pipelines.workers.pool import TIME_LIMIT, PagePool
from pipelines.workers.site_learning import learn, memory_at

_MUST_EXIST: Final = ("model", "text_model")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    _add_inputs(parser)
    _add_outputs(parser.add_argument_group("output"))
    _add_cleaning(parser.add_argument_group("cleaning"))
    add_filters(parser)
    add_folder(parser)


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "inputs",
        nargs="*",
        metavar="INPUT",
        help='a file, a folder (with all below it), a glob, an address (s3://…), or "-" for stdin',
    )
    add = parser.add_argument_group("input").add_argument
    add_parts(add)
    kinds = ", ".join(kind.name for kind in INPUT_KINDS)
    add("--format", metavar="KIND", help=f"what the inputs are: {kinds} (found from each one's name and content)")
    add("--url", metavar="URL", help="the address that the one saved page came from")
    add("--manifest", metavar="FILE", help="the URLs of saved pages: path,url rows, or JSON Lines with both keys")
    add(
        "--text-field",
        metavar="NAME",
        help="rows of JSON, CSV, Parquet: the field with the text or page (text, html)",
    )
    add("--url-field", default="url", metavar="NAME", help="rows: the field with the URL, if any (url)")
    add("--date-field", default="date", metavar="NAME", help="rows: the field with the date, if any (date)")
    kept = "rows: fields that the record keeps under extra, with commas between them"
    add("--keep-fields", action="append", default=[], metavar="NAMES", help=kept)
    add("--separator", type=_separator, metavar="LINE", help="text dumps: the line between two documents of one file")


def _add_outputs(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("-o", "--output", default=STDOUT, metavar="FILE", help="where records go; .gz and .zst compress (stdout)")
    add("--explain", metavar="FILE", help="also write what was removed, and why, to FILE")
    add("--explain-kept", action="store_true", help="with --explain: also write the blocks that were kept")
    add("--rejected", metavar="FILE", help="where records that the filters leave out go, with the reason")
    add_forms(add)
    add_fields(add)
    add("--quiet", action="store_true", help="no progress and no closing summary")


def _add_cleaning(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--workers", type=whole(1), default=cores(), metavar="N", help="worker processes (one a core)")
    most = "seconds a page may take (%(default)g)"
    add("--time-limit", type=number(0.001), default=TIME_LIMIT, metavar="S", help=most)
    add("--engine", choices=get_args(EngineChoice), default="auto", help="how to tell the body from the rest (auto)")
    add("--model", metavar="FILE", help="a model made by `copydesk train`, instead of the one in the package")
    add("--text-model", metavar="FILE", help="a model for text dumps made by `copydesk train --markup text`")
    add("--sites", metavar="FOLDER", help="entries about single sites, used before general evidence")
    add("--learn-site", action="store_true", help="read the inputs twice: first learn which lines their sites repeat")
    add("--site-memory", metavar="FILE", help="repeated lines of sites: read from FILE; with --learn-site, saved to it")
    add("--comments", choices=get_args(CommentsChoice), default="drop", help="readers' comments on articles (drop)")
    add("--no-plugins", action="store_true", help="leave installed plug-ins out")


def run(arguments: argparse.Namespace) -> int:
    """Clean the inputs, part by part with --part. Returns the exit status, of several parts the largest.

    Failures of single inputs are reported on stderr as they happen.
    """
    status = ExitStatus.DONE
    for part in runs_of(arguments):
        status = max(status, _run(part))
        if status > ExitStatus.SOME_FAILED:
            break
    return status


def _run(arguments: argparse.Namespace) -> ExitStatus:
    options = _read_options(arguments)
    tally = Tally()
    progress = Progress(tally, arguments.quiet, meter=options.meter)
    if progress.is_live:
        options.meter.total = size_of(arguments.inputs)
    try:
        _write(arguments, options, tally, progress)
    except KeyboardInterrupt:
        progress.interrupted(arguments.output)
        return ExitStatus.INTERRUPTED
    except BrokenPipeError:
        progress.close(f"stopped: the reader of the output closed it after {amount(tally.records, 'record')}")
        return ExitStatus.OUTPUT_FAILED
    except OutputError as error:
        progress.close(str(error))
        return ExitStatus.OUTPUT_FAILED
    progress.summary()
    return ExitStatus.SOME_FAILED if tally.failures else ExitStatus.DONE


def _write(arguments: argparse.Namespace, options: ReadOptions, tally: Tally, progress: Progress) -> None:
    how, formats = _clean_options(arguments), OUTPUT_FORMATS
    if not arguments.no_plugins:
        how, formats = with_plugins(how), output_formats()
    pages = chain(options.manifest.errors, pages_of(arguments.inputs, options, tally.skipped))
    with contextlib.ExitStack() as outputs:
        records = outputs.enter_context(format_for(arguments, formats).open(arguments.output))
        rejected = outputs.enter_context(open_lines(arguments.rejected)) if arguments.rejected else None
        sieve = Sieve(wanted(arguments), rejected)
        tally.left_out = sieve.left_out
        explanations = outputs.enter_context(open_lines(arguments.explain)) if arguments.explain else None
        pool = outputs.enter_context(PagePool(arguments.workers, arguments.time_limit))
        memory = outputs.enter_context(_memory(arguments, options, pool))
        for batch in records_of(pages, pool, how, tally, progress.report, _explained(arguments), memory):
            records.write(b"".join(sieve.passed(made.record) for made in batch))
            records.flush()
            if explanations is not None:
                explanations.write(b"".join(made.explanation for made in batch))
            progress.tick()


def _clean_options(arguments: argparse.Namespace) -> CleanOptions:
    return CleanOptions(
        engine=arguments.engine,
        model=arguments.model,
        markdown=arguments.markdown,
        html=arguments.html,
        blocks=arguments.blocks,
        text_model=arguments.text_model,
        sites=arguments.sites,
        comments=arguments.comments,
        fields=asked_fields(arguments),
    )


def _explained(arguments: argparse.Namespace) -> Explained:
    if not arguments.explain:
        return "nothing"
    return "everything" if arguments.explain_kept else "removed"


@contextlib.contextmanager
def _memory(arguments: argparse.Namespace, options: ReadOptions, pool: PagePool) -> Iterator[str | None]:
    """The path of the site memory for cleaning, which is learned first with --learn-site."""
    if not arguments.learn_site:
        yield arguments.site_memory
        return
    memory = learn(pages_of(arguments.inputs, replace(options, meter=ReadMeter()), Counter()), pool)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(arguments.site_memory or Path(folder, "site-memory.npz"))
        memory.save(path)
        yield str(path.resolve())


def _read_options(arguments: argparse.Namespace) -> ReadOptions:
    """The options of reading. Raises UsageError for impossible combinations."""
    _refuse_contradictions(arguments)
    refuse_shared_files(arguments)  # checked again: a work list names further inputs, a part its own outputs
    _refuse_missing_files(arguments)
    _check_tables(arguments)
    if arguments.site_memory and not arguments.learn_site:
        _check_memory(arguments.site_memory)
    outputs = (arguments.output, arguments.explain, arguments.rejected)
    options = ReadOptions(
        kinds=INPUT_KINDS if arguments.no_plugins else input_kinds(),
        kind=arguments.format,
        manifest=_manifest(arguments),
        fields=_row_fields(arguments),
        separator=arguments.separator,
        leave_out=frozenset(Path(name).resolve() for name in outputs if name and name != STDOUT),
    )
    if options.kind:
        options.of(options.kind)  # raises UsageError for a wrong name before any page is read
    return options


def _refuse_contradictions(arguments: argparse.Namespace) -> None:
    """Raise UsageError for inputs and outputs that cannot go together."""
    if arguments.inputs.count(STDIN) > 1:
        raise UsageError('"-" stands for standard input, which can be read only once. Name it once.')
    _refuse_addresses(arguments.inputs)
    if arguments.explain_kept and not arguments.explain:
        raise UsageError("--explain-kept adds to what --explain writes. Name a file with --explain.")
    if arguments.rejected and arguments.rejected in (arguments.output, arguments.explain):
        raise UsageError("--rejected names the place of another output. Give it one of its own.")
    if arguments.explain == arguments.output:
        raise UsageError("--explain and --output name the same place. Give them one each.")
    if arguments.learn_site and STDIN in arguments.inputs:
        raise UsageError("--learn-site reads its inputs twice, and standard input can be read once. Name files.")


def _refuse_missing_files(arguments: argparse.Namespace) -> None:
    for option in _MUST_EXIST:
        path = getattr(arguments, option)
        if path is not None and not Path(path).exists():
            raise UsageError(f"--{option.replace('_', '-')} {path}: no such file. Check the path.")


def _check_tables(arguments: argparse.Namespace) -> None:
    """Read the models and site entries of the call, since a damaged one would fail every page.

    Raises CopydeskError.
    """
    if arguments.model:
        from cleaners.classifier.html import html_model

        html_model(arguments.model)
    if arguments.text_model:
        from cleaners.classifier.text import text_model

        text_model(arguments.text_model)
    check_sites(arguments.sites)


def _refuse_addresses(inputs: list[str]) -> None:
    for name in inputs:
        if name.startswith(("http://", "https://")):
            raise UsageError(
                f"{name}: `clean` reads files. `copydesk crawl` fetches a site, `copydesk inspect` one page."
            )


def _manifest(arguments: argparse.Namespace) -> Manifest:
    """The URLs of saved pages, which --url gives for one and --manifest for many."""
    if not arguments.url:
        return read_manifest(arguments.manifest) if arguments.manifest else Manifest()
    if arguments.manifest:
        raise UsageError("--url is the address of one page, --manifest names those of many. Give one of them.")
    if len(arguments.inputs) > 1 or Path(arguments.inputs[0]).is_dir():
        raise UsageError("--url is the address of one page. Name one saved page, or use --manifest.")
    if not arguments.url.startswith(("http://", "https://")):
        raise UsageError(f"--url {arguments.url}: no http(s) address. Write it in full.")
    if not holds_one_page(arguments.inputs[0], arguments.format):
        what = "the file holds several documents, and --url is the address of one page. Use --manifest, or --url-field"
        raise UsageError(f"{arguments.inputs[0]}: {what}.")
    return Manifest({os.path.normpath(arguments.inputs[0]): arguments.url})


def _row_fields(arguments: argparse.Namespace) -> RowFields:
    kept = (name.strip() for listed in arguments.keep_fields for name in listed.split(",") if name.strip())
    return RowFields(arguments.text_field, arguments.url_field, arguments.date_field, tuple(dict.fromkeys(kept)))


def _check_memory(path: str) -> None:
    try:
        memory_at(path)
    except InputError as error:
        raise UsageError(str(error)) from error


def _separator(text: str) -> str:
    """The separator, in which \\f stands for a form feed and \\t for a tab, which shells do not type easily."""
    separator = text.replace("\\f", "\f").replace("\\t", "\t")
    if not separator:
        raise argparse.ArgumentTypeError("an empty line parts paragraphs, not documents; name another line")
    return separator
