"""`scrapy crawl`, with a closing summary and an exit status that says whether everything was read."""

from __future__ import annotations

import argparse
import sys
from typing import Any, Final

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from cleaners.errors import CopydeskError
from crawler.progress import summary

SOME_FAILED: Final = 1
"""Exit status when some seeds, pages or the output failed; the rest was done."""
USAGE: Final = 2
"""Exit status when nothing could be started."""


class Command(ScrapyCrawl):  # type: ignore[misc,unused-ignore]
    """Scrapy's own command; prints the summary on stderr and sets the exit status."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run one spider by name."""
        if len(args) != 1:
            raise UsageError("give one spider: scrapy crawl articles -a url=https://…")
        crawler: Crawler = self._create_crawler(args[0])
        running: Any = self.crawler_process.crawl(crawler, **opts.spargs)  # type: ignore[union-attr]
        self.crawler_process.start()  # type: ignore[union-attr]
        error = running.exception() if running.done() and not running.cancelled() else None
        if error is not None and not isinstance(error, CopydeskError):
            raise error
        if error is not None:
            print(error, file=sys.stderr)
        self.exitcode = USAGE if error is not None else self._report(crawler)

    def _report(self, crawler: Crawler) -> int:
        stats = crawler.stats.get_stats() if crawler.stats else {}
        spider = crawler.spider
        if spider is None or self.crawler_process.bootstrap_failed:  # type: ignore[union-attr]
            return USAGE
        crawl = getattr(spider, "crawl", None)
        output = str(crawl.place) if crawl and crawl.place else None
        print(summary(stats, output, bool(crawl and crawl.resumed)), file=sys.stderr)
        failed = getattr(spider, "failed_inputs", [])
        for message in failed[:20]:
            print(f"  {message}", file=sys.stderr)
        unfinished = stats.get("finish_reason") != "finished" or stats.get("copydesk/addresses_pending")
        broken = crawl is not None and not crawl.closed  # what happened while closing is in the log
        return SOME_FAILED if failed or unfinished or broken else 0
