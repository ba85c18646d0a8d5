"""Kills two crawlers with one frontier at the same moment: two of Copydesk, and two of scrapy-redis, on the same site.

    pip install scrapy-redis && python -m benchmarks.crawl.against_scrapy_redis --articles 200

Serves a made-up site and starts two crawlers of each kind in turn with their own Redis (AOF, always). When half of the
articles have been requested, it kills both at once without warning, starts them again and lets them finish. It counts
the articles that are in no output, and those that are in one twice. scrapy-redis runs as its documentation sets it up
(requests and fingerprints in Redis, kept between runs) and writes a row for every page that it fetched; it cleans
nothing.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.report import table
from copydesk.cli.main import main as copydesk
from crawler.urls.spelling import one_spelling
from tests.crawl.redis_server import RedisServer
from tests.crawl.running import ROOT, crawl_command, environment, records, seen_by, serving_apart
from tests.crawl.site import Site

SPIDER = """
import gzip, re
from scrapy import Request
from scrapy_redis.spiders import RedisSpider

class Rows(RedisSpider):
    name = "rows"
    redis_key = "rows:start_urls"
    max_idle_time = 10

    def parse(self, response):
        body = gzip.decompress(response.body) if response.body[:2] == b"\\x1f\\x8b" else response.body
        for url in re.findall(r"<loc>(.*?)</loc>", body.decode()):
            yield Request(url.replace("&amp;", "&"), self.parse if ".xml" in url else self.article)

    def article(self, response):
        yield {"url": response.url}
"""


class Outcome(NamedTuple):
    """The result of two killed crawlers: articles of the site, lost, written twice, and requests to the site."""

    articles: int
    lost: int
    twice: int
    requests: int


def _outcome(site: Site, urls: Iterable[str], seen: dict[str, int]) -> Outcome:
    # Only articles in a sitemap: both kinds of crawler read sitemaps, and one of them reads nothing else.
    wanted = {one_spelling(url) for url, number in site.urls().items() if number % 10 != 1}
    written = Counter(one_spelling(url) for url in urls)
    twice = sum(1 for url, count in written.items() if count > 1 and url in wanted)
    return Outcome(len(wanted), len(wanted - set(written)), twice, sum(seen.values()))


def _killed_and_finished(commands: Sequence[list[str]], base: str, site: Site, folder: Path, start: Path) -> None:
    """Run the commands from `start`, kill them, and run them to their end. Raises RuntimeError if they end at once."""
    paths = {url.removeprefix(base) for url in site.urls()}
    for is_killed in (True, False):
        with (folder / "log").open("ab") as log:
            running = [
                subprocess.Popen(command, cwd=start, env=environment(), stdout=log, stderr=log) for command in commands
            ]
        while is_killed and sum(1 for path in seen_by(base) if path in paths) < len(paths) / 2:
            if all(process.poll() is not None for process in running):
                raise RuntimeError((folder / "log").read_text()[-2000:])
            time.sleep(0.05)
        for process in running if is_killed else ():
            process.kill()
        for process in running:
            process.wait()


def ours(articles: int, delay: float) -> Outcome:
    """Two crawlers of `scrapy crawl articles` with --frontier."""
    server = RedisServer("--appendonly", "yes", "--appendfsync", "always")
    with tempfile.TemporaryDirectory() as name, serving_apart(articles, "--no-traps") as base:
        parts = [Path(name, f"part-{n}.jsonl") for n in range(2)]
        commands = [
            crawl_command("-a", f"url={base}/", "-o", str(part), FRONTIER=server.address, LEASE="3", CLEAN_WORKERS="1",
                          DOWNLOAD_DELAY=str(delay), LOG_LEVEL="WARNING")
            for part in parts
        ]  # fmt: skip
        site = Site(articles, base)
        _killed_and_finished(commands, base, site, Path(name), ROOT)
        merged = Path(name, "merged.jsonl")
        with redirect_stderr(StringIO()):
            copydesk(["merge", *(str(part) for part in parts if part.exists()), "-o", str(merged)])
        found = _outcome(site, (row["url"] for row in records(merged)), seen_by(base))
    server.close()
    return found


def theirs(articles: int, delay: float) -> Outcome:
    """Two crawlers of scrapy-redis."""
    import redis

    server = RedisServer("--appendonly", "yes", "--appendfsync", "always")
    with tempfile.TemporaryDirectory() as name, serving_apart(articles, "--no-traps") as base:
        spider = Path(name, "rows.py")
        spider.write_text(SPIDER)
        settings: dict[str, Any] = {
            "SCHEDULER": "scrapy_redis.scheduler.Scheduler", "SCHEDULER_PERSIST": True, "REDIS_URL": server.address,
            "DUPEFILTER_CLASS": "scrapy_redis.dupefilter.RFPDupeFilter", "DOWNLOAD_DELAY": delay,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "MAX_IDLE_TIME_BEFORE_CLOSE": 10, "LOG_LEVEL": "WARNING",
        }  # fmt: skip
        pairs = [part for key, value in settings.items() for part in ("-s", f"{key}={value}")]
        outputs = [Path(name, f"rows-{n}.jsonl") for n in range(2)]
        commands = [
            [sys.executable, "-m", "scrapy", "runspider", str(spider), "-o", str(output), *pairs] for output in outputs
        ]
        redis.Redis.from_url(server.address).lpush("rows:start_urls", f"{base}/sitemap.xml")
        site = Site(articles, base)
        _killed_and_finished(commands, base, site, Path(name), Path(name))  # in a folder without a project's settings
        urls = (url for output in outputs if output.exists() for url in _urls(output))
        found = _outcome(site, urls, seen_by(base))
    server.close()
    return found


def _urls(output: Path) -> list[str]:
    """The addresses of the complete rows."""
    lines = output.read_text("utf-8").splitlines()
    return [json.loads(line)["url"] for line in lines if re.fullmatch(r"\{.*\}", line)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--delay", type=float, default=0.05, help="seconds between two requests of a crawler (0.05)")
    wanted = parser.parse_args()
    found = {"copydesk": ours(wanted.articles, wanted.delay), "scrapy-redis": theirs(wanted.articles, wanted.delay)}
    rows = [[name, *map(str, outcome)] for name, outcome in found.items()]
    print(table(["two crawlers killed at once", "articles", "lost", "twice", "requests"], rows))


if __name__ == "__main__":
    main()
