"""The command `scrapy crawl`, with a closing summary and an exit status that says whether everything was read."""

from __future__ import annotations

import argparse
from typing import Any

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from cleaners.errors import suggestion
from crawler.run import ending, tell_on_stderr


class Command(ScrapyCrawl):  # type: ignore[misc,unused-ignore]
    """Scrapy's own command; prints the summary on stderr and sets the exit status."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run one spider by name."""
        if len(args) != 1:
            raise UsageError("give one spider: scrapy crawl articles -a url=https://…")
        known = self.crawler_process.spider_loader.list()  # type: ignore[union-attr]
        if args[0] not in known:
            raise UsageError(f"no spider is called {args[0]!r}; {suggestion(args[0], known)}", print_help=False)
        crawler: Crawler = self._create_crawler(args[0])
        running: Any = self.crawler_process.crawl(crawler, **opts.spargs)  # type: ignore[union-attr]
        self.crawler_process.start()  # type: ignore[union-attr]
        error = running.exception() if running.done() and not running.cancelled() else None
        failed = bool(self.crawler_process.bootstrap_failed)  # type: ignore[union-attr]
        self.exitcode = ending(crawler, error, failed, tell_on_stderr)
