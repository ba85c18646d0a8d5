"""Runs one crawl from start to end, for the command line and for programs: settings in, exit status out."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.settings import BaseSettings, Settings
from scrapy.utils.log import install_scrapy_root_handler
from twisted.python.failure import Failure

from cleaners.errors import CopydeskError, UsageError
from crawler.frontier.outcomes import CrawlOutcome
from crawler.running.progress import PREFIX, summary
from crawler.running.quality import CHANGES
from crawler.running.state import state_of
from crawler.sources.seeds import seeds_of

SETTINGS: Final = "crawler.settings"
DONE: Final = 0
SOME_FAILED: Final = 1
"""Exit status if some seeds, pages or the output failed; the rest was done."""
USAGE: Final = 2
"""Exit status if the crawl could not start."""
CHANGED: Final = 4
"""Exit status if nothing failed, but sites changed since the run that CHECK_AGAINST names."""
_SHOWN_FAILURES: Final = 20


def crawl_settings(changed: Mapping[str, Any]) -> Settings:
    """The settings of a crawl: this project's, with the caller's changes, wherever the process was started.

    Raises UsageError for a value that cannot be read as what its setting holds.
    """
    settings = Settings()
    settings.setmodule(SETTINGS, priority="project")
    for name, value in changed.items():
        default = settings.get(name)
        settings.set(name, value, priority="cmdline")
        _check(settings, name, default)
    return settings


def _check(settings: Settings, name: str, default: Any) -> None:
    readers = {bool: settings.getbool, int: settings.getfloat, float: settings.getfloat}
    read = settings.getdict if isinstance(default, (dict, BaseSettings)) else readers.get(type(default))
    try:
        if read is not None:
            read(name)
    except (ValueError, TypeError) as error:
        raise UsageError(
            f"{name}={settings[name]}: cannot be read ({str(error).rstrip('.')}); the default is {default}"
        ) from error


def run_crawl(settings: Settings, arguments: Mapping[str, str], tell: Callable[[str], None]) -> int:
    """Crawl with the articles spider, and report the end through `tell`. Returns the exit status.

    arguments  those of the spider: url or seeds, and the limits of a seed row
    tell       prints one line for people

    Starts Scrapy's reactor, so call it only once a process. Raises UsageError if the arguments name nothing to start
    from.
    """
    seeds, _ = seeds_of(arguments)
    if any(seed.render not in (None, "no") for seed in seeds) and settings["RENDER"] == "no":
        settings.set("RENDER", "seeds", priority="cmdline")
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
    process = CrawlerProcess(settings)  # it logs the installed versions, too early
    install_scrapy_root_handler(settings)
    _quieten(settings)
    tell(f"crawling; at least {settings.getfloat('DOWNLOAD_DELAY'):g} s between two requests to a host")
    crawler = process.create_crawler("articles")
    errors: list[BaseException | None] = []

    def failed(failure: Failure) -> None:
        errors.append(failure.value)

    process.crawl(crawler, **arguments).addErrback(failed)
    process.start()
    return ending(crawler, errors[0] if errors else None, bool(process.bootstrap_failed), tell)


def _quieten(settings: Settings) -> None:
    """Leave lists of middlewares and settings out of the log, unless everything is to be logged."""
    if settings["LOG_LEVEL"] == "DEBUG":
        return
    for name in ("scrapy", "twisted", "py.warnings"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # We name the host ourselves, once.
    logging.getLogger("scrapy.downloadermiddlewares.retry").setLevel(logging.CRITICAL)
    stopping = logging.getLogger("scrapy.crawler")
    stopping.setLevel(logging.INFO)
    stopping.addFilter(_is_no_list)


def _is_no_list(record: logging.LogRecord) -> bool:
    """Whether a line is a warning, or says that a signal was received; the others list settings."""
    return record.levelno > logging.INFO or str(record.msg).startswith("Received")


def ending(crawler: Crawler, error: BaseException | None, bootstrap_failed: bool, tell: Callable[[str], None]) -> int:
    """Report how a crawl ended: the summary, the failures, or why it could not start. Returns the exit status."""
    if isinstance(error, CopydeskError):
        tell(str(error))
        if crawler.spider is not None:
            state_of(crawler).files.release()
        return USAGE
    if error is not None:
        raise error
    stats = crawler.stats.get_stats() if crawler.stats else {}
    if crawler.spider is None or bootstrap_failed:
        return USAGE
    state = state_of(crawler)
    place = state.files.place
    for line in summary(stats, str(place) if place else None, state.files.resumed).splitlines():
        tell(line)
    changed = stats.get(CHANGES, [])
    for line in changed:
        tell(line)
    for message in state.failed_inputs[:_SHOWN_FAILURES]:
        tell(f"  {message}")
    left = stats.get("copydesk/addresses_pending") or stats.get(f"{PREFIX}{CrawlOutcome.HOST_GIVEN_UP}")
    unfinished = stats.get("finish_reason") != "finished" or left
    broken = not state.files.closed  # errors of closing are in the log
    if state.failed_inputs or unfinished or broken:
        return SOME_FAILED
    return CHANGED if changed else DONE


def tell_on_stderr(line: str) -> None:
    """Print a line for people, without control characters for the terminal."""
    print("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line), file=sys.stderr, flush=True)
