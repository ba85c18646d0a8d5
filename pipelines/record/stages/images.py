"""The article's images: the one it is shared with, then those between the headline and the end of the body."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, Final

from cleaners.tree import Tree
from pipelines.evidence.headline import tidy
from pipelines.record.article import Article, Image, changed
from pipelines.record.context import RecordInputs, StageResult
from pipelines.record.pictures import picture_key
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


def images(article: Article, inputs: RecordInputs) -> StageResult:
    """Set the images with their alternative texts and captions in reading order, each picture once."""
    found: dict[str, Image] = {}
    base = article.url or article.canonical_url
    for raw, alt, caption in (*_stated(inputs), *_in_article(inputs)):
        url = resolved(raw, base)
        if not url or len(found) >= _IMAGES:
            continue
        image = Image(url, plain_line(tidy(alt)) or None, plain_line(tidy(caption)) or None)
        key = picture_key(url)
        before = found.get(key, image)
        found[key] = Image(before.url, before.alt or image.alt, before.caption or image.caption)
    return StageResult(changed(article, images=list(found.values())))


def _stated(inputs: RecordInputs) -> Iterator[tuple[str, str, str]]:
    """The picture that the page is shared with: address, alternative text, caption."""
    stated = inputs.evidence.stated
    alt = stated.other.get("og:image:alt") or stated.other.get("twitter:image:alt") or ""
    for raw in stated.meta("image")[:1]:
        yield raw, alt, ""
        return
    for node in stated.linked.articles[:1]:
        for thing in stated.linked.things(node, "image")[:1]:
            yield _image_url(thing), "", ""


def _image_url(thing: dict[str, Any]) -> str:
    url = thing.get("url") or thing.get("contentUrl") or thing.get("name")
    return url if isinstance(url, str) else ""


def _in_article(inputs: RecordInputs) -> Iterator[tuple[str, str, str]]:
    tree, kept = inputs.cleaned.document.tree, inputs.cleaned.kept
    if tree is None or not kept:
        return
    headline = inputs.evidence.headlines.block
    first, last = kept[0].index, kept[-1].index
    if 0 <= headline < first:
        first = headline
    frames = sorted((e, tree.ends[e]) for tag in _AROUND for e in tree.all(tag))
    reach = list(accumulate((end for _, end in frames), max))  # how far the frames so far go, one inside another or not
    captions = _captions(tree)
    for element in tree.all("img"):
        if not first <= tree.first_block[element] <= last + 1 or _is_decoration(tree, element):
            continue
        raw = _address(tree, element)
        if raw and not _DECORATION.search(raw) and not _is_framed(element, frames, reach):
            yield raw, tree.get(element, "alt"), captions.get(element, "")


def _captions(tree: Tree) -> dict[int, str]:
    """The text of the caption by picture, for figures that hold one picture."""
    found: dict[int, str] = {}
    pictures, texts = tree.all("img"), tree.all("figcaption")
    for figure in tree.all("figure") if texts else ():
        end = tree.ends[figure]
        shown = pictures[bisect_left(pictures, figure) : bisect_left(pictures, end)]
        said = texts[bisect_left(texts, figure) : bisect_left(texts, end)]
        if len(shown) == 1 and said:
            found[shown[0]] = tree.text(said[0])
    return found


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
