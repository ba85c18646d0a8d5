"""The layouts of the made-up site's pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from tests.crawl.words import headline

if TYPE_CHECKING:
    from tests.crawl.site import Site

Related = Sequence[tuple[int, str]]


def page(site: Site, title: str, main: str, head: str = "") -> str:
    """A whole page: navigation, the main part, a footer."""
    menu = "".join(f'<li><a href="/{name}">{name.title()}</a></li>' for name in _SECTIONS)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)} | District Post</title>{head}</head>"
        f'<body><header><nav class="menu"><ul>{menu}</ul></nav></header><main>{main}</main>'
        '<footer class="site-footer"><p>© 2024 District Post. All rights reserved.</p>'
        '<a href="/about">About us</a> <a href="/privacy-policy">Privacy policy</a></footer></body></html>'
    )


def listing(rows: Sequence[tuple[str, str]]) -> str:
    """Teasers with headlines."""
    return "".join(
        f'<article class="teaser"><h2><a href="{escape(path)}">{escape(title)}</a></h2>'
        "<p>Read the report.</p></article>"
        for path, title in rows
    )


def news(site: Site, number: int, texts: Sequence[str], related: Related, part: int, parts: int) -> str:
    """JSON-LD, an <article>, related links and session parameters."""
    path = site.path_of(number)
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": headline(number),
        "datePublished": f"{site.day(number)}T08:00:00+01:00",
        "author": {"@type": "Person", "name": "Ada Ferry"},
    }
    head = f'<script type="application/ld+json">{json.dumps(facts)}</script>{_links(site, number, path, part, parts)}'
    aside = '<aside class="related"><h3>Related</h3>' + _list(related) + "</aside>"
    extra = f'<a href="{escape(path)}?utm_source=share">Share</a>' if "?" not in path else ""
    top = f'<h1>{escape(headline(number))}</h1><p class="byline">By Ada Ferry</p>'
    main = f'<article class="story">{top}{_body(texts)}</article>'
    return page(site, headline(number), main + aside + extra + _pager(path, part, parts), head)


def blog(site: Site, number: int, texts: Sequence[str], related: Related, part: int, parts: int) -> str:
    """Open Graph, divs with class names, an AMP version."""
    path = site.path_of(number)
    head = (
        f'<meta property="og:type" content="article"><meta property="og:title" content="{escape(headline(number))}">'
        f'<meta property="article:published_time" content="{site.day(number)}">'
        + _links(site, number, path, part, parts)
    )
    amp = f'<a href="/amp{path}">Fast version</a>' if "?" not in path else ""
    main = f'<div class="post"><h1>{escape(headline(number))}</h1><div class="entry-content">{_body(texts)}</div></div>'
    return page(
        site, headline(number), f"{main}{amp}<div class='more'>{_list(related)}</div>{_pager(path, part, parts)}", head
    )


def plain(site: Site, number: int, texts: Sequence[str], related: Related, part: int, parts: int) -> str:
    """Only headings and paragraphs, as in the year 2000."""
    path = site.path_of(number)
    body = "".join(f"<p>{escape(text)}</p>" for text in texts)
    main = f"<h1>{escape(headline(number))}</h1><p>{site.day(number):%d %B %Y}</p>{body}<hr>{_list(related)}"
    return page(site, headline(number), main + _pager(path, part, parts), _links(site, number, path, part, parts))


def table(site: Site, number: int, texts: Sequence[str], related: Related, part: int, parts: int) -> str:
    """The text in the cell of a table, with line breaks between paragraphs; a print version."""
    path = site.path_of(number)
    cell = "<br><br>".join(escape(text) for text in texts)
    aside = f'<a href="/print{path}">Print version</a>' if "?" not in path else ""
    main = f"<table><tr><td>{_list(related)}</td><td><h1>{escape(headline(number))}</h1>{cell}</td></tr></table>{aside}"
    return page(site, headline(number), main + _pager(path, part, parts), _links(site, number, path, part, parts))


def live(site: Site, number: int, texts: Sequence[str], related: Related, part: int, parts: int) -> str:
    """A live blog: posts with a time each, the newest first."""
    facts = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "headline": headline(number),
        "datePublished": f"{site.day(number)}T08:00:00+01:00",
    }
    head = f'<script type="application/ld+json">{json.dumps(facts)}</script>'
    posts = "".join(
        f'<article class="live-post"><time datetime="{site.day(number)}T{9 + k:02d}:15">{9 + k:02d}:15</time>'
        f"<p>{escape(text)}</p></article>"
        for k, text in reversed(list(enumerate(texts)))
    )
    main = f'<h1>{escape(headline(number))}</h1><div class="live-blog">{posts}</div>'
    return page(site, headline(number), f"{main}<div class='more'>{_list(related)}</div>", head)


_SECTIONS = ("news", "sport", "culture", "science", "travel", "money", "local", "opinion")
LAYOUTS: tuple[Callable[[Any, int, Sequence[str], Related, int, int], str], ...] = (news, blog, plain, table)


def _body(texts: Sequence[str]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts)


def _list(related: Related) -> str:
    return (
        "<ul>"
        + "".join(f'<li><a href="{escape(path)}">{escape(headline(n))}</a></li>' for n, path in related)
        + "</ul>"
    )


def _links(site: Site, number: int, path: str, part: int, parts: int) -> str:
    own = path if part == 1 else f"{path}?page={part}"
    text = f'<link rel="canonical" href="{escape(site.base + own)}">'
    if number % 17 == 6:
        text += '<meta name="robots" content="noindex, nofollow"><meta name="tdm-reservation" content="1">'
    if part < parts:
        text += f'<link rel="next" href="{escape(path)}?page={part + 1}">'
    if part > 1:
        text += f'<link rel="prev" href="{escape(path)}{f"?page={part - 1}" if part > 2 else ""}">'
    return text


def _pager(path: str, part: int, parts: int) -> str:
    if parts == 1:
        return ""
    links = [
        f'<a href="{escape(path)}{f"?page={k}" if k > 1 else ""}">{k}</a>' for k in range(1, parts + 1) if k != part
    ]
    return f'<div class="pager">{" ".join(links)}</div>'
