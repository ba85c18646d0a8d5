"""Crawls the made-up site once and counts: python -m benchmarks.crawl.recall --articles 2000

Prints how many articles were found, lost, written twice and fetched twice, how many records are not articles, which
forbidden addresses were requested, and how many pages a trap took. Exit status 1 if an article is lost or written
twice, or a forbidden address was requested.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from crawler.urls.spelling import one_spelling
from tests.crawl.running import crawl, records, seen_by, serving
from tests.crawl.site import Site

TRAPS = ("/calendar/", "/loop", "/tag/")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, serving(wanted.articles) as base:
        output = Path(folder) / "articles.jsonl"
        started = time.monotonic()
        done = crawl("-a", f"url={base}/", "-O", str(output), LOG_LEVEL="ERROR", DOWNLOAD_TIMEOUT="3")
        seconds = time.monotonic() - started
        if not output.exists():
            sys.exit(f"the crawl did not come to its end:\n{done.stderr[-2000:]}")
        right = report(Site(wanted.articles, base), records(output), seen_by(base), seconds)
    sys.exit(0 if right else 1)


def report(site: Site, written: list[dict[str, object]], seen: dict[str, int], seconds: float) -> bool:
    """Print the figures. Returns whether every article was written once and no forbidden address was requested."""
    found = Counter(one_spelling(str(record["url"])) for record in written)
    articles = {one_spelling(url) for url in site.urls()}
    twice = [url for url, n in found.items() if n > 1]
    lost, others = articles - set(found), set(found) - articles
    pages = [n for path, n in seen.items() if "/20" in path or path.startswith("/story.php")]
    forbidden = sum(n for path, n in seen.items() if path.startswith("/private/"))
    trapped = sum(n for path, n in seen.items() if path.startswith(TRAPS))
    print(f"{len(articles)} articles: {len(articles & set(found))} found, {len(lost)} lost, {len(twice)} twice, "
          f"{len(others)} records that are no article; {sum(seen.values())} requests in {seconds:.0f} s, "
          f"{sum(n > 1 for n in pages)} article addresses asked for more than once, {trapped} pages of traps and tags, "
          f"{forbidden} requests that robots.txt forbids")  # fmt: skip
    return not lost and not twice and not forbidden


if __name__ == "__main__":
    main()
