"""Finds the pictures that a page shows in its article."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from cleaners.document import Cleaned
from cleaners.tree import Tree

# Pixels: a picture that is narrower and lower is an icon, a portrait of the author or a counter.
_SMALLEST: Final = 100
_DECORATION: Final = re.compile(
    r"(?:^|[/_.-])(?:icons?|logos?|avatars?|gravatar|sprites?|spacer|blank|pixel|1x1|emoji|smil(?:ey|ies)|badges?|buttons?"
    r"|placeholder|loading|transparent|profile|author)(?:$|[/_.-])|\.svg(?:$|\?)",
    re.IGNORECASE,
)
_AROUND: Final = frozenset(("footer", "nav", "aside"))
_ADDRESS_ATTRIBUTES: Final = ("data-src", "data-original", "data-lazy-src", "src", "srcset", "data-srcset")


class PagePicture(NamedTuple):
    """A picture of the page: its address as written, alternative text, caption, the block that it is in or before.

    The block is -1 for a picture that only the page's code names.
    """

    raw: str
    alt: str = ""
    caption: str = ""
    block: int = -1


def page_pictures(cleaned: Cleaned, headline: int) -> Iterator[PagePicture]:
    """The pictures between the headline and the end of the body, in reading order, without icons and portraits.

    headline  index of its block, -1 where no block holds it
    """
    tree, kept = cleaned.document.tree, cleaned.kept
    if tree is None or not kept:
        return
    first, last = kept[0].index, kept[-1].index
    if 0 <= headline < first:
        first = headline
    frames = sorted((e, tree.ends[e]) for tag in _AROUND for e in tree.all(tag))
    reach = list(accumulate((end for _, end in frames), max))  # the end of all frames so far, nested or not
    captions = _captions(tree)
    for element in tree.all("img"):
        if not first <= tree.first_block[element] <= last + 1 or _is_decoration(tree, element):
            continue
        raw = _address(tree, element)
        if raw and not _DECORATION.search(raw) and not _is_framed(element, frames, reach):
            yield PagePicture(raw, tree.get(element, "alt"), captions.get(element, ""), tree.first_block[element])


def _captions(tree: Tree) -> dict[int, str]:
    """The text of the caption of each picture, for figures that hold one picture."""
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
    """The picture's address, also if a script would have put it in place."""
    for name in _ADDRESS_ATTRIBUTES:
        raw = tree.get(element, name).strip()
        if "srcset" in name:
            raw = raw.split(",")[0].strip().split(" ")[0]
        if raw and not raw.startswith("data:"):
            return raw
    return ""
