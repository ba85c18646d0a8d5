"""Counts what the records of a crawl hold, as Scrapy stats: fields filled, blocks removed, and sites that changed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import asdict, is_dataclass
from typing import Any, Final, Self

from itemadapter import ItemAdapter
from scrapy import signals
from scrapy.crawler import Crawler

from cleaners.errors import InputError, UsageError
from pipelines.inputs.saved_records import saved_records
from pipelines.record.article import Article
from pipelines.review.changes import FEWEST, SiteProfile, changes, profiles_of
from pipelines.review.summary import COVERED, reasons_of, site_of

logger = logging.getLogger(__name__)

RECORDS: Final = "copydesk/records"
CHANGES: Final = "copydesk/changes"
"""The stat that lists the changes of each site since the run that CHECK_AGAINST names."""


class Quality:
    """Extension: counts what records hold, and compares the sites with those of an earlier run.

    Stats: `copydesk/records`, `copydesk/filled/FIELD` (records that have the field), `copydesk/removed/REASON`
    (records with blocks removed for the reason), and with the setting CHECK_AGAINST, a file of records, the list
    `copydesk/changes`, one line a change, as `copydesk check` prints it.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._stats: Any = crawler.stats
        against = crawler.settings["CHECK_AGAINST"]
        self._before = _profiles_at(against) if against else None
        self._fewest = crawler.settings.getint("CHECK_FEWEST", FEWEST)
        self._now: dict[str, SiteProfile] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build, and listen for records and the end. Raises UsageError if CHECK_AGAINST cannot be read."""
        extension = cls(crawler)
        crawler.signals.connect(extension.scraped, signals.item_scraped)
        crawler.signals.connect(extension.closed, signals.spider_closed)
        return extension

    def scraped(self, item: Any) -> None:
        """Count the records of an item: the item itself, or those in its fields."""
        for record in records_in(item):
            self._stats.inc_value(RECORDS)
            for name in COVERED:
                self._stats.inc_value(f"copydesk/filled/{name}", int(bool(record.get(name))))
            for reason in reasons_of(record):
                self._stats.inc_value(f"copydesk/removed/{reason}")
            if self._before is not None:
                self._now.setdefault(site_of(record), SiteProfile()).add(record)

    def closed(self) -> None:
        """Compare, and log each change."""
        if self._before is None:
            return
        found = [str(change) for change in changes(self._before, self._now, self._fewest)]
        self._stats.set_value(CHANGES, found)
        for line in found:
            logger.info(line)


def records_in(item: Any) -> list[dict[str, Any]]:
    """The records of an item, as tables: an Article, or the items' fields that hold one."""
    if isinstance(item, Article):
        return [item.as_dict()]
    if not ItemAdapter.is_item(item):
        return []
    return [value for value in map(_table, ItemAdapter(item).values()) if "body_sha256" in value]


def _table(value: Any) -> dict[str, Any]:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return value if isinstance(value, dict) else {}


def _profiles_at(place: str) -> dict[str, SiteProfile]:
    try:
        return profiles_of(_readable(place))
    except InputError as error:
        raise UsageError(f"CHECK_AGAINST: {error}") from error


def _readable(place: str) -> Iterator[dict[str, Any]]:
    for record in saved_records(place):
        if isinstance(record, InputError):
            logger.warning("CHECK_AGAINST: %s", record)
        else:
            yield record
