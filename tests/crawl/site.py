"""A made-up news site with everything a crawler meets: layouts, listings, sitemaps, feeds, versions, traps, failures.

`Site(articles=2000).answer(path)` gives any of its pages; `python -m tests.crawl.site` serves it on loopback.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from tests.crawl.layouts import LAYOUTS, listing, live, page
from tests.crawl.words import headline, paragraphs, slug

A_LISTING = 25
SECTIONS = ("news", "sport", "culture", "science", "travel", "money", "local", "opinion")
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """What the server sends: status, headers, body, and seconds to wait before it."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", HTML),)
    wait: float = 0.0
    endless: bool = False


def moved(to: str, status: int = 301) -> Answer:
    return Answer(status, b"", (("Location", to),))


@dataclass
class Site:
    """The site. `changed` articles have another text, as if they were edited; `port` is used in absolute addresses."""

    articles: int = 2000
    base: str = "http://127.0.0.1:8000"
    changed: frozenset[int] = frozenset()
    extra_sitemap_entries: int = 0
    crawl_delay: float | None = None
    robots_status: int = 200
    traps: bool = True
    untold: bool = False
    times: Path | None = None
    seen: Counter[str] = field(default_factory=Counter)

    def path_of(self, number: int) -> str:
        """The path of article `number`. Every eleventh has several pages, every thirteenth a number as address."""
        if number % 13 == 0:
            return f"/story.php?id={100000 + number}"
        return f"/{SECTIONS[number % 8]}/{self.day(number):%Y/%m/%d}/{slug(number)}"

    def is_live(self, number: int) -> bool:
        """Every 19th article, from the twelfth on, is a live blog, unless it has several pages."""
        return number % 19 == 12 and number % 11 != 3

    def day(self, number: int) -> date:
        return date(2024, 5, 31) - timedelta(days=number // 4)

    def urls(self) -> dict[str, int]:
        """The address of every article that a crawler must find."""
        return {self.base + self.path_of(n): n for n in range(self.articles)}

    def answer(self, target: str, headers: dict[str, str] | None = None) -> Answer:
        """The answer to a request for a path with its query."""
        self.seen[target] += 1
        path, _, query = target.partition("?")
        for prefix, reply in _ROUTES:
            if path == prefix or (prefix.endswith("/") and path.startswith(prefix)):
                found: Answer | None = reply(self, path, query)
                if found is not None:
                    return self._conditional(found, headers or {})
        return Answer(404, b"<html><body><h1>Not found</h1></body></html>")

    def _conditional(self, answer: Answer, headers: dict[str, str]) -> Answer:
        if answer.status != 200 or answer.endless:
            return answer
        etag = f'"{hash_of(answer.body)}"'
        if headers.get("if-none-match") == etag:
            return Answer(304, b"", (("ETag", etag),))
        return Answer(200, answer.body, (*answer.headers, ("ETag", etag)), answer.wait)

    def number_of(self, path: str, query: str) -> int | None:
        if path == "/story.php":
            value = dict(pair.partition("=")[::2] for pair in query.split("&")).get("id", "")
            number = int(value) - 100000 if value.isdigit() else -1
            return number if 0 <= number < self.articles and number % 13 == 0 else None
        tail = path.rstrip("/").rpartition("-")[2]
        number = int(tail) if tail.isdigit() else -1
        known = 0 <= number < self.articles and number % 13 and self.path_of(number) == path
        return number if known else None

    def article(self, path: str, query: str) -> Answer | None:
        number = self.number_of(path, query)
        if number is None:
            return None
        if number % 97 == 5 and self.seen[f"retry {number}"] == 0:
            self.seen[f"retry {number}"] += 1
            return Answer(503, b"busy", (("Content-Type", "text/plain"), ("Retry-After", "1")))
        texts = paragraphs(number)
        if number in self.changed:
            texts.append("This report was corrected: the work took two days longer than first stated.")
        part, parts = 1, 1
        if number % 11 == 3 and number % 13:
            parts = 3
            part = int(query.removeprefix("page=")) if query.startswith("page=") else 1
            texts = [*paragraphs(number + part * 1_000_000, 4)] if part > 1 else texts
        related = [(n, self.path_of(n)) for n in ((number * 7 + k) % self.articles for k in (1, 2, 3))]
        layout = live if self.is_live(number) else LAYOUTS[number % len(LAYOUTS)]
        body = layout(self, number, texts, related, part, parts)
        asks = (("X-Robots-Tag", "noarchive"),) if number % 17 == 4 else ()
        return Answer(200, body.encode(), (("Content-Type", HTML), *asks), wait=0.3 if number % 211 == 7 else 0.0)

    def listed(self, numbers: list[int]) -> list[tuple[str, str]]:
        return [(self.path_of(n), headline(n)) for n in numbers]

    def in_listings(self, number: int) -> bool:
        """Every tenth article is in no listing: only the sitemaps have it."""
        return number % 10 != 9


def hash_of(body: bytes) -> str:
    import hashlib

    return hashlib.sha256(body).hexdigest()[:16]


def _front(site: Site, path: str, query: str) -> Answer | None:
    rows = site.listed([n for n in range(min(30, site.articles)) if site.in_listings(n)])
    extra = (
        '<link rel="alternate" type="application/rss+xml" href="/feed.xml">',
        '<a href="/calendar/2024/05/">Calendar</a> <a href="/search?sort=date">Search</a> <a href="/loop/a/">Loop</a>'
        '<a href="/old/3">An older report that has moved</a> <a href="/loop">Round trip</a>'
        '<a href="file:///etc/hosts">local file</a> <a href="http://169.254.169.254/latest/meta-data">inside</a>'
        '<a href="/jump-inside">jump inside</a> <a href="/private/secret-report-of-the-council">private</a>'
        '<a href="/bomb/the-report-that-grows-and-grows">bomb</a> '
        '<a href="/endless/a-report-that-never-ends">endless</a>'
        '<a href="/broken/a-report-that-always-fails-here">broken</a> <a href="/photo.jpg">photo</a>'
        '<a href="/binary/a-file-called-a-page.html">binary</a> <a href="javascript:alert(1)">script</a>',
    )
    body = listing(rows) + (extra[1] if site.traps else "")
    return Answer(200, page(site, "Front page", body, head=extra[0]).encode())


def _section(site: Site, path: str, query: str) -> Answer | None:
    if found := site.article(path, query):
        return found
    bits = path.strip("/").split("/")
    number = 1
    if len(bits) == 3 and bits[1] == "page" and bits[2].isdigit():
        number = int(bits[2])
    elif len(bits) != 1:
        return None
    own = [n for n in range(site.articles) if SECTIONS[n % 8] == bits[0] and site.in_listings(n)]
    rows = own[(number - 1) * A_LISTING : number * A_LISTING]
    if not rows and number > 1:
        return None
    pager = (
        f'<a rel="next" href="/{bits[0]}/page/{number + 1}">Older posts</a>' if number * A_LISTING < len(own) else ""
    )
    count = min(5, 1 + site.articles // 400) if site.traps else 0  # a large site has more tags
    tags = "".join(f'<a href="/tag/{bits[0]}-{k}/">tag {k}</a> ' for k in range(count))
    return Answer(200, page(site, bits[0].title(), listing(site.listed(rows)) + pager + tags).encode())


def _story(site: Site, path: str, query: str) -> Answer | None:
    return site.article(path, query)


def _tag(site: Site, path: str, query: str) -> Answer | None:
    rows = [n for n in range(0, site.articles, max(1, site.articles // 15)) if site.in_listings(n)]
    more = f'<a href="{path}more/">more like this</a>' if path.count("/") < 40 else ""
    return Answer(200, page(site, "Tag", listing(site.listed(rows)) + more).encode())


def _calendar(site: Site, path: str, query: str) -> Answer | None:
    bits = [bit for bit in path.split("/")[2:] if bit]
    year, month = (int(bits[0]), int(bits[1])) if len(bits) > 1 and "".join(bits[:2]).isdigit() else (2024, 5)
    following = f"/calendar/{year + month // 12}/{month % 12 + 1:02d}/"
    return Answer(200, page(site, "Calendar", f'<p>Nothing on this month.</p><a href="{following}">next</a>').encode())


def _loop(site: Site, path: str, query: str) -> Answer | None:
    if path == "/loop":
        return moved("/loop")
    links = "".join(f'<a href="{path}{name}/">{name}</a> ' for name in ("a", "b"))
    return Answer(200, page(site, "Loop", links).encode()) if path.count("/") < 60 else None


def _amp(site: Site, path: str, query: str) -> Answer | None:
    return site.article(path.removeprefix("/amp"), query)


def _print(site: Site, path: str, query: str) -> Answer | None:
    # Without a canonical link, only the address shows which page it is a version of.
    answer = site.article(path.removeprefix("/print"), query)
    return answer and replace(answer, body=re.sub(rb'<link rel="canonical"[^>]*>', b"", answer.body))


def _old(site: Site, path: str, query: str) -> Answer | None:
    tail = path.rpartition("/")[2]
    return moved(site.path_of(int(tail))) if tail.isdigit() and int(tail) < site.articles else None


def _robots(site: Site, path: str, query: str) -> Answer | None:
    delay = f"Crawl-delay: {site.crawl_delay}\n" if site.crawl_delay else ""
    text = f"User-agent: *\nDisallow: /private/\n{delay}Sitemap: {site.base}/sitemap.xml\n"
    return Answer(site.robots_status, text.encode(), (("Content-Type", "text/plain"),))


def _sitemap(site: Site, path: str, query: str) -> Answer | None:
    maps = ["/sitemap-1.xml.gz", "/sitemap-news.xml"] + (["/sitemap-extra.xml"] if site.extra_sitemap_entries else [])
    rows = "".join(f"<sitemap><loc>{site.base}{name}</loc></sitemap>" for name in maps)
    return _xml(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>')


def _sitemap_1(site: Site, path: str, query: str) -> Answer | None:
    rows = "".join(
        f"<url><loc>{escape(site.base + site.path_of(n))}</loc>"
        f"<lastmod>{date(2024, 6, 2) if n in site.changed and not site.untold else site.day(n)}</lastmod></url>"
        for n in range(site.articles)
        if n % 10 != 1
    )
    body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'
    return Answer(200, gzip.compress(body.encode(), mtime=0), (("Content-Type", "application/gzip"),))


def _sitemap_news(site: Site, path: str, query: str) -> Answer | None:
    rows = "".join(
        f"<url><loc>{escape(site.base + site.path_of(n))}</loc><n:news><n:publication_date>{site.day(n)}"
        f"</n:publication_date><n:title>{escape(headline(n))}</n:title></n:news></url>"
        for n in range(min(50, site.articles))
    )
    space = (
        'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    )
    return _xml(f"<urlset {space}>{rows}</urlset>")


def _sitemap_extra(site: Site, path: str, query: str) -> Answer | None:
    rows = "".join(f"<url><loc>{site.base}/gone/{n}</loc></url>" for n in range(site.extra_sitemap_entries))
    return _xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>')


def _feed(site: Site, path: str, query: str) -> Answer | None:
    links = [site.base + site.path_of(n) + ("?utm_source=rss" if n % 13 else "") for n in range(min(20, site.articles))]
    rows = "".join(
        f"<item><title>{escape(headline(n))}</title><link>{escape(link)}</link></item>" for n, link in enumerate(links)
    )
    return _xml(f'<rss version="2.0"><channel><title>Feed</title>{rows}</channel></rss>', "application/rss+xml")


def _private(site: Site, path: str, query: str) -> Answer | None:
    return Answer(200, page(site, "Private", "<p>Not for crawlers.</p>").encode())


def _inside(site: Site, path: str, query: str) -> Answer | None:
    return moved("http://127.0.0.77:9/latest/meta-data", 302)


def _bomb(site: Site, path: str, query: str) -> Answer | None:
    return Answer(200, _packed(64 << 20), (("Content-Type", HTML), ("Content-Encoding", "gzip")))


@cache
def _packed(size: int) -> bytes:
    return gzip.compress(b"<p>" + b"\0" * size, 1, mtime=0)


def _endless(site: Site, path: str, query: str) -> Answer | None:
    return Answer(200, b"<p>and so on " * 2000, endless=True)


def _broken(site: Site, path: str, query: str) -> Answer | None:
    return Answer(500, b"out of order")


def _binary(site: Site, path: str, query: str) -> Answer | None:
    return Answer(200, bytes(range(256)) * 40)


def _log(site: Site, path: str, query: str) -> Answer | None:
    return Answer(200, json.dumps(site.seen).encode(), (("Content-Type", "application/json"),))


def _xml(text: str, kind: str = "application/xml") -> Answer:
    return Answer(200, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode(), (("Content-Type", kind),))


_ROUTES: tuple[tuple[str, Any], ...] = (
    ("/", lambda site, path, query: _front(site, path, query) if path == "/" else None),
    *((f"/{name}/", _section) for name in SECTIONS),
    *((f"/{name}", _section) for name in SECTIONS),
    ("/story.php", _story),
    ("/tag/", _tag),
    ("/calendar/", _calendar),
    ("/loop/", _loop),
    ("/loop", _loop),
    ("/amp/", _amp),
    ("/print/", _print),
    ("/old/", _old),
    ("/robots.txt", _robots),
    ("/sitemap.xml", _sitemap),
    ("/sitemap-1.xml.gz", _sitemap_1),
    ("/sitemap-news.xml", _sitemap_news),
    ("/sitemap-extra.xml", _sitemap_extra),
    ("/feed.xml", _feed),
    ("/private/", _private),
    ("/jump-inside", _inside),
    ("/bomb/", _bomb),
    ("/endless/", _endless),
    ("/broken/", _broken),
    ("/binary/", _binary),
    ("/requests-seen", _log),
)


if __name__ == "__main__":
    from tests.crawl.server import main

    main()
