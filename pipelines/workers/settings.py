"""Reads from a Scrapy project's settings the worker processes and the options of cleaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from scrapy.crawler import Crawler

from cleaners.errors import UsageError, suggestion
from cleaners.options import CleanOptions
from pipelines.plugins import with_plugins
from pipelines.workers.async_pool import CleaningPool
from pipelines.workers.pool import TIME_LIMIT


def pool_of(crawler: Crawler, preload: Sequence[str] = ()) -> CleaningPool:
    """The worker processes that the settings ask for; they start at once. `preload` names modules that they need."""
    settings = crawler.settings
    workers, time_limit = settings.getint("CLEAN_WORKERS", 2), settings.getfloat("CLEAN_TIMEOUT", TIME_LIMIT)
    return CleaningPool(workers, time_limit, preload, settings.getint("CLEAN_NICENESS", 0))


def options_of(crawler: Crawler) -> CleanOptions:
    """The cleaning options that the settings ask for, with installed plug-ins unless CLEAN_PLUGINS is off.

    Raises UsageError if CLEAN_OPTIONS names an option or a choice that there is not.
    """
    asked = crawler.settings.getdict("CLEAN_OPTIONS")
    known = [option.name for option in fields(CleanOptions)]
    for name in asked.keys() - set(known):
        raise UsageError(f"CLEAN_OPTIONS: {name!r} is unknown; {suggestion(name, known)}")
    options = CleanOptions(**asked)
    return with_plugins(options) if crawler.settings.getbool("CLEAN_PLUGINS", True) else options


def for_whole_records(options: CleanOptions) -> CleanOptions:
    """The same options. Raises UsageError if they ask for only some fields: a crawl needs whole records."""
    if options.fields is not None:
        raise UsageError("CLEAN_OPTIONS: a crawl tells articles from listings by whole records. Leave `fields` out.")
    return options
