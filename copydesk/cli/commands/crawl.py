"""`copydesk crawl`: fetches the articles of sites, from their addresses."""

from __future__ import annotations

import argparse
import difflib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

from cleaners.errors import UsageError, suggestion
from cleaners.options import CommentsChoice
from cleaners.words.amounts import amount
from copydesk.cli.choosing import add_filters, asked
from copydesk.cli.documents import DOCUMENT_FORMATS
from copydesk.cli.exit_status import ExitStatus
from copydesk.cli.folders import add_folder, folder_format, is_folder
from copydesk.cli.forms import add_forms
from copydesk.cli.site_folder import check_sites
from copydesk.cli.terminal import print_line
from copydesk.cli.values import day, number, whole
from pipelines.selection.sieve import line_of

if TYPE_CHECKING:
    from pipelines.outputs.formats import OutputFormat, RecordOutput

DEFAULT_OUTPUT: Final = "articles.jsonl"
_LIMITS: Final = ("depth", "pages", "since", "keep", "skip")
_RENDER: Final = "pages to show in Chromium first: those without text before their scripts run (shells), or all (no)"
_LINES: Final = (".jsonl", ".jl", ".ndjson")
_SEED_FILES: Final = (".csv", ".tsv", ".txt")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "seeds", nargs="+", metavar="URL", help="addresses to start from, or one seed file (a CSV or a plain list)"
    )
    _add_limits(parser.add_argument_group("what is fetched"))
    _add_outputs(parser.add_argument_group("output"))
    _add_cleaning(parser.add_argument_group("cleaning"))
    _add_running(parser.add_argument_group("how it runs"))
    add_filters(parser)
    add_folder(parser)


def _add_limits(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--pages", type=whole(0), metavar="N", help="the most articles to fetch from each address")
    add("--depth", type=whole(0), metavar="N", help="how many links away from its address a page may be")
    add("--since", type=day, metavar="DAY", help="leave out articles that are older than this day (2024-05-31)")
    add("--keep", metavar="REGEX", help="fetch only article addresses that match this regular expression")
    add("--skip", metavar="REGEX", help="fetch no address that matches this regular expression")
    add("--only-new", action="store_true", help="in a further run, fetch no article again, even if it changed")
    add("--refetch-days", type=number(0), metavar="DAYS", help="fetch articles again whose last fetch is this long ago")
    add("--render", choices=("no", "seeds", "shells", "all"), help=_RENDER)


def _add_outputs(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    where = f"where records go: .jsonl, .csv, .parquet, .sqlite …; a further run adds what is new ({DEFAULT_OUTPUT})"
    add("-o", "--output", default=None, metavar="FILE", help=where)
    add("--overwrite", action="store_true", help="start the output over instead of adding to it")
    add("--archive", metavar="FILE", help="also keep every response in a web archive (.warc.gz)")
    add("--explain", metavar="FILE", help="also write what was removed, and why, to FILE (.jsonl)")
    add("--explain-kept", action="store_true", help="with --explain: also write the blocks that were kept")
    add("--store", metavar="FILE", help="where the crawl remembers its addresses and records (beside the output)")
    add_forms(add)
    add("--check-against", metavar="FILE", help="records of an earlier run: say which sites changed since (status 4)")
    add("--listings", action="store_true", help="also write records for pages that are not articles")
    add("--rejected", metavar="FILE", help="where records that the filters leave out are added, with the reason")


def _add_cleaning(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--workers", type=whole(1), metavar="N", help="processes that clean pages (2)")
    add("--sites", metavar="FOLDER", help="entries about single sites, used before general evidence")
    add("--comments", choices=get_args(CommentsChoice), default="drop", help="readers' comments on articles (drop)")


def _add_running(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add(
        "--frontier", metavar="ADDRESS", help="share the addresses with other crawlers: redis://HOST:6379/0?prefix=NAME"
    )
    add("--delay", type=number(0), metavar="S", help="seconds between two requests to one host (1)")
    add(
        "--log-level",
        choices=("DEBUG", "INFO", "WARNING", "ERROR"),
        default="INFO",
        help="level of the log (INFO)",
    )
    add("--log-format", choices=("text", "json"), default="text", help="json: a line of JSON for each line of the log")
    add("-s", "--setting", action="append", default=[], metavar="NAME=VALUE", help="any setting of Scrapy or Copydesk")


def run(arguments: argparse.Namespace) -> int:
    """Crawl. Returns the exit status."""
    output = arguments.output or DEFAULT_OUTPUT
    table = _table_of(output, arguments)
    lines = f"{output.rstrip('/')}.jsonl" if table else output
    settings = _settings(arguments, lines)
    spider = _spider_arguments(arguments)
    check_sites(arguments.sites)
    from crawler.run import crawl_settings, run_crawl  # Scrapy is heavy to import: --help does without it
    from crawler.running.json_log import tell_as_json

    tell = tell_as_json if arguments.log_format == "json" else print_line

    _name_typos(arguments.setting, crawl_settings({}), tell)
    if arguments.output is None:
        tell(f"records go to {output}; -o names another file")
    if table is None:
        return run_crawl(crawl_settings(settings), spider, tell)
    with table.open(output) as rows:  # before the crawl: a faulty output costs no fetch
        status = run_crawl(crawl_settings(settings), spider, tell)
        if status == ExitStatus.USAGE:
            raise UsageError(f"{output}: not written, as nothing was crawled.")
        if failed := _copy(lines, rows):
            tell(f"{lines}: {amount(failed, 'line')} left out of {output}")
            status = ExitStatus.SOME_FAILED
    tell(f"{output} holds all records; {lines} stays beside it, for a further run to add to")
    return status


def _name_typos(pairs: list[str], known: Iterable[str], tell: Callable[[str], None]) -> None:
    """Suggest a known setting for each unknown one, which is set all the same, since it may be a plug-in's."""
    names = list(known)
    for name in (pair.partition("=")[0] for pair in pairs):
        nearest = difflib.get_close_matches(name, names, 1, 0.8)
        if name not in names and nearest:
            tell(f"-s {name}: neither Scrapy nor Copydesk has this setting; did you mean {nearest[0]!r}?")


def _table_of(output: str, arguments: argparse.Namespace) -> OutputFormat | None:
    """The format of a table or document, made from the crawl's JSON Lines at the end; None for JSON Lines themselves.

    Raises UsageError for a name without a known format.
    """
    from pipelines.inputs.kinds import ending
    from pipelines.outputs.formats import JSON_LINES, format_of
    from pipelines.plugins import output_formats

    suffix, formats = ending(output), (*output_formats(), *DOCUMENT_FORMATS)
    if is_folder(output):
        return folder_format(arguments, formats)
    if suffix in _LINES:
        return None
    found = format_of(output, formats)
    if found is JSON_LINES:
        known = [*_LINES, *(name for row in formats for name in row.suffixes if name not in _LINES)]
        wrong = f"no format is called {suffix!r}" if suffix else "a crawl writes to a file, and its ending says how"
        raise UsageError(f"-o {output}: {wrong}; {suggestion(suffix, known)}")
    return found


def _copy(lines: str, rows: RecordOutput) -> int:
    """Write the records of a crawl into a table, which is empty if there are none. Returns how many lines are bad."""
    from copydesk.cli.reading import Reading  # it takes 0.1 s to load, and --help does without it

    reading = Reading("records")
    if Path(lines).exists():
        for record, line in reading.lines([lines]):
            rows.write(line or line_of(record))
    reading.close()
    return reading.failed


def _spider_arguments(arguments: argparse.Namespace) -> dict[str, str]:
    """The spider's arguments. Raises UsageError for impossible seeds."""
    files = [name for name in arguments.seeds if not name.startswith(("http://", "https://"))]
    limits = {name: str(value) for name in _LIMITS if (value := getattr(arguments, name)) is not None}
    if not files:
        return {"url": " ".join(arguments.seeds), **limits}
    if len(arguments.seeds) > 1:
        raise UsageError(f"{files[0]}: give addresses that begin with http:// or https://, or one seed file alone.")
    if "://" in files[0]:
        raise UsageError(f"{files[0]}: a crawl fetches only addresses that begin with http:// or https://.")
    if Path(files[0]).is_dir():
        raise UsageError(f"{files[0]}: a folder. Give addresses, or one seed file.")
    if not Path(files[0]).is_file():
        named = Path(files[0]).suffix in _SEED_FILES
        asked = "Check the path." if named else f"Did you mean https://{files[0]} ?"
        raise UsageError(f"{files[0]}: no such file, and no address. {asked}")
    if limits:
        raise UsageError(f"--{next(iter(limits))}: a seed file has columns for that ({', '.join(_LIMITS)}).")
    return {"seeds": files[0]}


def _settings(arguments: argparse.Namespace, output: str) -> dict[str, Any]:
    """Scrapy's settings for these arguments."""
    options = {name: getattr(arguments, name) for name in ("comments", "markdown", "html", "blocks", "sites")}
    settings: dict[str, Any] = {
        "FEEDS": {output: {"format": "jsonl", "overwrite": arguments.overwrite}},
        "CLEAN_OPTIONS": json.dumps({name: value for name, value in options.items() if value}),
        "LOG_LEVEL": arguments.log_level,
        "LOG_JSON": arguments.log_format == "json",
        "LOG_FORMAT": "%(asctime)s %(message)s",
        "LOG_DATEFORMAT": "%H:%M:%S",
        "STATS_DUMP": arguments.log_level == "DEBUG",
    }
    settings |= {name: value for name, value in _asked_settings(arguments).items() if value is not None}
    return settings | _further_settings(arguments.setting)


def _asked_settings(arguments: argparse.Namespace) -> dict[str, Any]:
    """The settings that have an option of their own; None for those that are not asked for."""
    return {
        "DOWNLOAD_DELAY": arguments.delay,
        "AUTOTHROTTLE_START_DELAY": arguments.delay,
        "CLEAN_WORKERS": arguments.workers,
        "ARCHIVE": arguments.archive,
        "STORE": arguments.store,
        "CHECK_AGAINST": arguments.check_against,
        "EXPLAIN": arguments.explain,
        "EXPLAIN_KEPT": arguments.explain_kept or None,
        "ONLY_NEW": arguments.only_new or None,
        "REFETCH_AGE": arguments.refetch_days,
        "RENDER": arguments.render,
        "FRONTIER": arguments.frontier,
        "WRITE_LISTINGS": arguments.listings or None,
        "WANTED": json.dumps(asked(arguments)) if asked(arguments) else None,
        "REJECTED": arguments.rejected,
    }


def _further_settings(pairs: list[str]) -> dict[str, str]:
    """The settings given as NAME=VALUE. Raises UsageError for one without a name or a sign."""
    settings = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise UsageError(f"-s {pair}: write NAME=VALUE.")
        settings[name] = value
    return settings
