"""The pages from which mutators start: the sample site, the dumps of the tests, and odd pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from cleaners.page import Markup

ROOT: Final = Path(__file__).parents[2]
LARGEST: Final = 400_000
"""The most bytes of a user's page: larger pages take seconds per case."""

ODD: Final[tuple[bytes, ...]] = (
    b"",
    b"<",
    b"<html>",
    b"\xff\xfe<\x00p\x00>\x00a\x00",
    b"<!doctype html><title>Weir</title><p>The weir was mended on 3 May 2024 by four people, said the miller.</p>",
    b'<script type="application/ld+json">{"@type":"NewsArticle","headline":"Weir","datePublished":"2024-05-03",'
    b'"author":[{"name":"Ada Quill"}],"image":["/a.jpg"]}</script><h1>Weir</h1><p>It holds again, say the millers.</p>',
    b'<article itemscope itemtype="https://schema.org/LiveBlogPosting"><time datetime="2024-05-03T07:00">7:00</time>'
    b"<p>The pump is on the lorry.</p><time>7:20</time><p>The lorry is on the road.</p></article>",
    b"<svg><title>share</title><use href='#i'/></svg><ul><li><a href='/a'>Home</a><li><a href='/b'>News</a></ul>",
    b"<table><tr><td>Port<td>3 days<tr><td>Weir<td>yesterday, 11 pm</table><ol><li>One<li>Two</ol><pre>a  b</pre>",
)


class Seed(NamedTuple):
    """A page to start from, and how it is read."""

    content: bytes
    markup: Markup


@cache
def seeds() -> tuple[Seed, ...]:
    """Every page in the repository, in a fixed order."""
    pages = sorted((ROOT / "seeds" / "site").rglob("*.html"))
    dumps = [ROOT / "seeds" / "dump.txt", *sorted((ROOT / "tests" / "text" / "dumps").glob("*.txt"))]
    found = [Seed(path.read_bytes(), "html") for path in pages] + [Seed(content, "html") for content in ODD]
    texts = [Seed(path.read_bytes(), "text") for path in dumps]
    return (*found, *texts * (len(found) // (2 * len(texts))))  # a third of the cases is text


def pages_below(folder: Path) -> tuple[Seed, ...]:
    """The saved pages of a folder, plain or gzipped, up to LARGEST bytes each."""
    import gzip

    found = []
    for path in sorted(folder.rglob("*.html*")):
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix == ".gz" else content
        if len(content) <= LARGEST:
            found.append(Seed(content, "html"))
    return tuple(found)
