"""The article's images: the one it is shared with, then those between the headline and the end of the body."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any, Final
from urllib.parse import urlsplit

from cleaners.tree import Tree
from pipelines.evidence.headline import tidy
from pipelines.record.article import Article, Image
from pipelines.record.context import RecordInputs, StageResult
from pipelines.record.plain_text import plain_line
from pipelines.record.stages.address import resolved

_IMAGES: Final = 40
# Pixels: a picture that is narrower and lower is an icon, a portrait of the author or a counter.
_SMALLEST: Final = 100
_DECORATION: Final = re.compile(
    r"(?:^|[/_.-])(?:icons?|logos?|avatars?|gravatar|sprites?|spacer|blank|pixel|1x1|emoji|smil(?:ey|ies)|badges?|buttons?"
    r"|placeholder|loading|transparent|profile|author)(?:$|[/_.-])|\.svg(?:$|\?)",
    re.IGNORECASE,
)
_AROUND: Final = frozenset(("footer", "nav", "aside"))
_ADDRESS_ATTRIBUTES: Final = ("data-src", "data-original", "data-lazy-src", "src", "srcset", "data-srcset")


def images(article: Article, context: RecordInputs) -> StageResult:
    """Set the images with their alternative texts, each once, in reading order."""
    found: dict[str, Image] = {}
    base = article.url or article.canonical_url
    for raw, alt in (*_stated(context), *_in_article(context)):
        url = resolved(raw, base)
        if not url or len(found) >= _IMAGES:
            continue
        key = urlsplit(url).path
        text = plain_line(tidy(alt)) or None
        if key not in found or (text and not found[key].alt):
            found[key] = Image(found[key].url if key in found else url, text)
    return StageResult(replace(article, images=list(found.values())))


def _stated(context: RecordInputs) -> Iterator[tuple[str, str]]:
    stated = context.evidence.stated
    alt = stated.other.get("og:image:alt") or stated.other.get("twitter:image:alt") or ""
    for raw in stated.meta("image")[:1]:
        yield raw, alt
        return
    for node in stated.linked.articles[:1]:
        for thing in stated.linked.things(node, "image")[:1]:
            yield _image_url(thing), ""


def _image_url(thing: dict[str, Any]) -> str:
    url = thing.get("url") or thing.get("contentUrl") or thing.get("name")
    return url if isinstance(url, str) else ""


def _in_article(context: RecordInputs) -> Iterator[tuple[str, str]]:
    tree, kept = context.cleaned.document.tree, context.cleaned.kept
    if tree is None or not kept:
        return
    headline = context.evidence.headlines.block
    first, last = kept[0].index, kept[-1].index
    if 0 <= headline < first:
        first = headline
    frames = sorted((e, tree.ends[e]) for tag in _AROUND for e in tree.all(tag))
    reach = list(accumulate((end for _, end in frames), max))  # how far the frames so far go, one inside another or not
    for element in tree.all("img"):
        if not first <= tree.first_block[element] <= last + 1 or _is_decoration(tree, element):
            continue
        raw = _address(tree, element)
        if raw and not _DECORATION.search(raw) and not _is_framed(element, frames, reach):
            yield raw, tree.get(element, "alt")


def _is_framed(element: int, frames: Sequence[tuple[int, int]], reach: Sequence[int]) -> bool:
    before = bisect_left(frames, (element, 0))
    return before > 0 and reach[before - 1] > element


def _is_decoration(tree: Tree, element: int) -> bool:
    sizes = [int(hit[0]) for name in ("width", "height") if (hit := re.match(r"\d{1,9}", tree.get(element, name)))]
    if sizes and max(sizes) < _SMALLEST:
        return True
    return bool(_DECORATION.search(tree.get(element, "class")))


def _address(tree: Tree, element: int) -> str:
    """The picture's address, also where a script would have put it in place."""
    for name in _ADDRESS_ATTRIBUTES:
        raw = tree.get(element, name).strip()
        if "srcset" in name:
            raw = raw.split(",")[0].strip().split(" ")[0]
        if raw and not raw.startswith("data:"):
            return raw
    return ""
