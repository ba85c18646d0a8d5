"""The kinds of HTML's elements for segmentation: which start a line, which are skipped, which hold text not shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from cleaners.parsing.class_names import hides

# The kinds, as numbers, since the parser compares one for every tag:
# INLINE goes on in its line; BLOCK starts a line of its own; SKIP is left out with all in it; BREAK is <br>; DETACH, a
# drawing, holds text not shown in the line; HEAD_TEXT is <title>; LINK is <a>; LABEL is inline, and its attributes say
# whether it holds text not shown in the line.
INLINE, BLOCK, SKIP, BREAK, DETACH, HEAD_TEXT, LINK, LABEL = range(8)

# HTML's elements that start a new line (https://html.spec.whatwg.org/multipage/rendering.html#flow-content-3), and the
# form controls, whose labels are never part of the sentence around them.
_BLOCK_TAGS = """address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset
 figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html label legend li main menu nav noscript
 ol optgroup option p pre search section select slot summary table tbody td textarea tfoot th thead tr ul video audio"""
# Elements whose text is not for reading: code, alternatives for a missing feature, annotations for machines.
_SKIP_TAGS = """script style template iframe object embed applet canvas datalist noembed noframes
 annotation annotation-xml map area"""

# Inline elements that may hold labels not shown in their line. Links and unknown elements are not among them: too often
# they hold whole passages.
_LABEL_TAGS = "span i em b small strong abbr u s sup ins mark font"

_KIND: dict[str, int] = (
    dict.fromkeys(_BLOCK_TAGS.split(), BLOCK)
    | dict.fromkeys(_SKIP_TAGS.split(), SKIP)
    | dict.fromkeys(_LABEL_TAGS.split(), LABEL)
    | {"br": BREAK, "svg": DETACH, "title": HEAD_TEXT, "a": LINK}
)

# Other common elements, which are inline.
_PLAIN_TAGS = "meta link img path g use source picture time input cite code q rect circle polygon wbr samp kbd var"
KNOWN: Final[dict[str, tuple[str, int]]] = {
    tag: (tag, kind) for tag, kind in (dict.fromkeys(_PLAIN_TAGS.split(), INLINE) | _KIND).items()
}
"""By tag: the tag itself, as one string for all elements, and its kind."""

# Inline elements of these classes hold text that sighted readers do not see: text for screen readers, glyph names.
_DETACHED_CLASS = re.compile(
    r"(?:^|[\s_-])(?:sr-only|visually-?hidden|screen-?reader(?:-text|-only)?|assistive-text|a11y-hidden|offscreen"
    r"|material-(?:icons?|symbols)|icons?|glyphicon|svg-icon|ligature)(?:$|[\s_-])",
    re.IGNORECASE,
)


def is_skipped(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether the Tree leaves out an element and everything in it, because its text is not for reading."""
    return _KIND.get(tag) == SKIP and not (tag == "template" and "shadowrootmode" in attributes)


def is_detached(attributes: Mapping[str, str]) -> bool:
    """Whether an inline element holds a label that is not shown in its line, by its attributes."""
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    if style and hides(style):
        return True
    return bool(_DETACHED_CLASS.search(attributes.get("class") or ""))
