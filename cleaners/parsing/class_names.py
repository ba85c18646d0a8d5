"""What class, id, role and itemprop say about an element: tokens, keyword groups, hidden or not."""

from __future__ import annotations

import re
from string import ascii_lowercase
from typing import Final

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TOKEN = re.compile(r"[a-z]{2,}")
_LETTERS = bytes(code if chr(code) in ascii_lowercase else ord(" ") for code in range(256))
NAME_CHARS: Final = 300  # of a name that are read
_TOKENS_A_NAME = 20  # enough for any hand-written name; long lists of utility classes say nothing more after that

# Groups of name parts, each a feature: distance to the nearest ancestor that is named so.
# Source: the vocabulary of class names that readability, boilerpipe's successors and ad-block lists share.
KEYWORDS: Final[dict[str, tuple[str, ...]]] = {
    "navigation": ("nav", "menu", "breadcrumb", "pagina", "pager", "toc", "sitemap", "skip"),
    "footer": ("foot", "copyright", "legal", "bottom"),
    "header": ("header", "masthead", "topbar", "banner", "logo"),
    "sidebar": ("side", "aside", "rail", "widget", "secondary"),
    "share": ("share", "social", "follow", "facebook", "twitter", "addthis", "sns"),
    "related": ("relat", "recommend", "more", "trending", "popular", "latest", "teaser", "promo", "also", "suggest",
                "recirc"),
    "comments": ("comment", "discuss", "reply", "replies", "disqus", "respon"),
    "advertisement": ("advert", "sponsor", "dfp", "gpt", "outbrain", "taboola"),
    "prompt": ("cookie", "consent", "gdpr", "modal", "popup", "overlay", "dialog", "paywall", "subscri", "newsletter",
               "signup", "login"),
    "meta": ("byline", "author", "date", "time", "meta", "tag", "categor", "credit", "caption", "label", "info"),
    "article": ("article", "story", "post", "entry", "content", "body", "text", "main", "blog", "news"),
    "hidden": ("hidden", "hide", "invisible", "collapse", "none"),
    "product": ("product", "price", "cart", "shop", "sku", "buy", "item", "card", "grid", "list", "result"),
    "forum": ("thread", "message", "forum", "topic", "answer", "question", "quote"),
    "headline": ("title", "headline", "heading"),
}  # fmt: skip
GROUPS: Final = tuple(KEYWORDS)
_GROUP_BIT = {word: 1 << bit for bit, words in enumerate(KEYWORDS.values()) for word in words}
_KEYWORD = re.compile("|".join(sorted(_GROUP_BIT, key=len, reverse=True)))


def tokens(name: str) -> tuple[str, ...]:
    """The distinct lower-case words of a name, camel case split, in order of appearance."""
    return tuple(dict.fromkeys(word for word in words(name) if len(word) > 1))


def words(name: str) -> list[str]:
    """The first lower-case words of a name, camel case split; words of one letter are no tokens."""
    name = name[:NAME_CHARS]
    lowered = name.lower()
    if lowered != name:
        lowered = _CAMEL.sub(" ", name).lower()
    found = lowered.encode().translate(_LETTERS).decode().split() if name.isascii() else _TOKEN.findall(lowered)
    return found if len(found) <= _TOKENS_A_NAME else [word for word in found if len(word) > 1][:_TOKENS_A_NAME]


def keyword_groups(token: str) -> int:
    """A bit for each of GROUPS that the token holds a keyword of."""
    bits = 0
    for word in _KEYWORD.findall(token):
        bits |= _GROUP_BIT[word]
    return bits


def hides(style: str) -> bool:
    """Whether a style attribute takes its element out of sight."""
    return bool(_HIDDEN_STYLE.search(style))
