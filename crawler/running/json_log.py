"""Writes the log as lines of JSON, for programs that collect logs."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured


class JsonLines(logging.Formatter):
    """One object a line: time (UTC), level, logger, message, and the traceback of an error."""

    def format(self, record: logging.LogRecord) -> str:
        """A log record as a line of JSON."""
        row = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            row["error"] = self.formatException(record.exc_info)
        return json.dumps(row, ensure_ascii=False)


class JsonLog:
    """Extension: with LOG_JSON, the log is lines of JSON from the moment when Scrapy has set up its log."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build, and wait for the start of the crawl."""
        if not crawler.settings.getbool("LOG_JSON"):
            raise NotConfigured
        extension = cls()
        crawler.signals.connect(extension.opened, signals.spider_opened)
        return extension

    def opened(self, spider: object) -> None:
        """Change the form of the log."""
        use_json_log()


def use_json_log() -> None:
    """From now on, write every log record as a line of JSON, wherever the log goes."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(JsonLines())


def tell_as_json(line: str) -> None:
    """Print a line for people, such as one of the closing summary, as a line of JSON like the log's."""
    record = logging.LogRecord("copydesk", logging.INFO, "", 0, line, None, None)
    print(JsonLines().format(record), file=sys.stderr, flush=True)
