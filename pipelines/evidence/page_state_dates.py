"""Finds dates that a page keeps for its scripts: in JSON of scripts and attributes, in attributes named for a date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pipelines.dates.parse import parse_stated
from pipelines.evidence.date_places import DateCandidate, Notes, Scene

# Only keys with one of these stems are read. Plain search for them costs a tenth of a pattern over the whole page.
_STEMS: Final = "ublish|reated|pub_date|ubtime|ubTime|ptime|reateTime|reate_time|var ct".split("|")
_PLACES: Final = 60  # dates of one stem that are read: a page's own dates come before those of the pages that it lists
# datePublished, publishedAt, published_at, firstPublishDate, contentPublishDate, created-timestamp, data-pub_date,
# pubtime, createTime, ptime, ct (of WeChat) …
_KEY: Final = re.compile(
    r"""(?<![\w-])(?P<key>[\w:-]{0,24}?(?P<stem>[pP]ubli(?:sh|cation)(?:ed)?|[cC]reated?|pub|[pP]osted|\bptime|\bct\b)
    [\w-]{0,12})(?:\\{0,3}["']|&quot;|&\#34;)?\s?[:=]\s?(?:\\{0,3}["']|&quot;|&\#34;)?
    (?P<raw>(?:19|20)\d\d-[01]\d-[0-3]\d(?:[T\ ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?|1[0-9]{9}(?:\d{3})?(?:\.\d+)?(?!\d))""",
    re.VERBOSE,
)
_KEY_CHARS: Final = 26  # characters before a stem in which its key may begin
# A key with one of these words holds a date that is not the article's.
_OTHERS: Final = re.compile(
    r"(?i)unpubl|publisher|expir|account|user|member|cache|build|regist|modif|updat|comment|session|request|deploy"
)


def from_state(scene: Scene) -> Iterator[tuple[DateCandidate, Notes]]:
    """Dates beside keys that name publication. Cost is linear: plain search, then a pattern at each place found."""
    text = scene.document.decoded.text
    seen: set[str] = set()
    for place, hit in enumerate(_hits(text)):
        if place >= _PLACES:
            return
        kind = "published" if "ubli" in hit["stem"] or hit["stem"] == "pub" else "created"
        raw = hit["raw"].split(".")[0] if hit["raw"][0] == "1" and "-" not in hit["raw"] else hit["raw"]
        when = parse_stated(raw, scene.language, scene.order)
        if when is None:
            continue
        first = "first" if kind not in seen else "later"
        seen.add(kind)
        yield DateCandidate(when, "state", raw, f"state {kind}"), (f"state {kind} {first}",)


def _hits(text: str) -> list[re.Match[str]]:
    found: dict[int, re.Match[str]] = {}
    for stem in _STEMS:
        at = text.find(stem)
        for _ in range(_PLACES):
            if at < 0:
                break
            hit = _KEY.search(text, max(0, at - _KEY_CHARS), at + 80)
            if hit and not _OTHERS.search(hit["key"]):
                found.setdefault(hit.start("raw"), hit)
            at = text.find(stem, at + len(stem))
    return [found[start] for start in sorted(found)]
