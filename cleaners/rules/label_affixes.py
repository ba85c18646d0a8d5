"""Icon and menu labels with a short affix repeated between short names: "icon homeicon search", "fa-user fa-bell"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Final

from cleaners.rules.label_words import Span, interface_words

MIN_REPEATS_OF_ICON: Final = 4
"""How often an affix that means "icon" must be repeated to make a run."""
MIN_REPEATS: Final = 5
"""How often any other affix must be repeated."""
SHORTEST_AFFIX: Final = 3
"""The least letters of an affix."""
_LONGEST_AFFIX = 16
NAME_CHARS: Final = 28
"""The longest name between two repeats of the affix, in characters."""
_NAME_WORDS = 4  # and in words: "icon full chevron left"
# Share of the repeats that are joined in the same way: all glued, or all by a sign.
_ALIKE_SHARE = 0.75

_PREFIXED = re.compile(r"(?<!\w)([^\W\d_]{2,16})[-_:](?=\w)")
_CAMEL_SUFFIX = re.compile(r"[a-z0-9]([A-Z][a-z]{2,15})(?![^\W_])")
_CAMEL_PREFIX = re.compile(r"(?<!\w)([A-Za-z][a-z]{1,15})(?=[A-Z])")
CAMEL_JOINT: Final = re.compile(r"[a-z][A-Z]")
"""A small letter before a capital."""
_SENTENCE_SIGN = re.compile(r"[.!?;,。，！？؟]")
_NAME = re.compile(r"[-_:\s]?[^\W\d_]+(?:[-_][^\W\d_]+)*")
_NAME_JOINT = re.compile(r"(?<=[a-zа-я])(?=[A-ZА-Я])")


def affix_runs(text: str) -> Iterator[Span]:
    """The first run of a text in which one affix is repeated between short names; nothing if it has none."""
    lowered = text.casefold()
    if len(lowered) != len(text):  # some letters become two in lower case, and offsets would shift
        lowered = text.lower() if len(text.lower()) == len(text) else text
    for affix in _affixes(text, lowered):
        places = [match.start() for match in re.finditer(re.escape(affix), lowered)]
        for chain in _chains(lowered, affix, places):
            if _is_run(lowered, affix, chain):
                yield _run_span(text, affix, chain)
                return


def _affixes(text: str, lowered: str) -> Iterator[str]:
    """Affixes worth trying: words for icons, the first and the last word, and what comes before a joining sign."""
    icons = Counter(_icon_pattern().findall(lowered))
    yield from sorted((a for a, count in icons.items() if count >= MIN_REPEATS_OF_ICON), key=lambda a: (-len(a), a))
    tokens = lowered.split()
    if len(tokens) < MIN_REPEATS:
        return
    ends = {token.strip("-_:") for token in (tokens[0], tokens[-1])}
    candidates = {a for a in ends if SHORTEST_AFFIX <= len(a) <= _LONGEST_AFFIX and a.isalpha()} | _joined(text)
    often = {a: count for a in candidates - set(icons) if (count := lowered.count(a)) >= MIN_REPEATS}
    yield from sorted(often, key=lambda a: (-often[a], a))


def _joined(text: str) -> set[str]:
    """What often comes before a joining sign, or on one side of a capital inside a word."""
    found: Counter[str] = Counter()
    if sum(map(text.count, "-_:")) >= MIN_REPEATS:
        found.update(match.lower() for match in _PREFIXED.findall(text))
    if CAMEL_JOINT.search(text):
        found.update(match.lower() for pattern in (_CAMEL_SUFFIX, _CAMEL_PREFIX) for match in pattern.findall(text))
    return {affix for affix, count in found.items() if count >= MIN_REPEATS}


def _chains(lowered: str, affix: str, places: list[int]) -> Iterator[list[int]]:
    """Runs of repeats with only a short name between one and the next."""
    chain = places[:1]
    for before, here in pairwise(places):
        name = lowered[before + len(affix) : here]
        if len(name) <= NAME_CHARS and len(name.split()) <= _NAME_WORDS and not _SENTENCE_SIGN.search(name):
            chain.append(here)
        else:
            yield chain
            chain = [here]
    if chain:
        yield chain


def _is_run(lowered: str, affix: str, chain: list[int]) -> bool:
    names = {lowered[a + len(affix) : b].strip(" -_:") for a, b in pairwise(chain)} - {""}
    means_icon = affix in interface_words("icon")
    if len(chain) < (MIN_REPEATS_OF_ICON if means_icon else MIN_REPEATS) or len(names) < len(chain) // 2:
        return False
    if means_icon:
        return True
    joints = Counter(_joints(lowered, affix, place) for place in chain[1:])
    commonest, count = joints.most_common(1)[0]
    return count >= _ALIKE_SHARE * len(chain[1:]) and commonest != ("apart", "apart")


def _joints(lowered: str, affix: str, place: int) -> tuple[str, str]:
    """How the affix is joined to the text before and after it: glued, joined by a sign, or apart."""
    return _joint(lowered[place - 1 : place]), _joint(lowered[place + len(affix) : place + len(affix) + 1])


def _joint(character: str) -> str:
    if not character or character.isspace():
        return "apart"
    return "glued" if character.isalnum() else "joined"


def _run_span(text: str, affix: str, chain: list[int]) -> Span:
    """From the first repeat to the last, with the name before or after that belongs to them."""
    start, end = chain[0], chain[-1] + len(affix)
    suffixed = text[start - 1 : start].strip() != "" and _joint(text[start - 1]) != "apart"
    head, tail = text[:start], text[end:]
    if suffixed:  # "homeicon searchicon": the first name begins before the first affix
        start = text.rfind(" ", 0, start) + 1
    elif not tail.strip() and 0 < len(head) <= NAME_CHARS and not _SENTENCE_SIGN.search(head):
        start = 0  # "home icon search icon"
    elif end < len(text) and (name := _last_name(text, end)):
        end = name
    return Span(start, end, f"{affix!r} returns {len(chain)} times between short names")


def _last_name(text: str, end: int) -> int | None:
    """Where the name after the last affix ends: at a space, a digit, or a capital after a small letter."""
    name = _NAME.match(text, end)
    if not name:
        return None
    camel = _NAME_JOINT.search(text[end : name.end()])
    return end + camel.start() if camel else name.end()


@cache
def _icon_pattern() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(interface_words("icon"), key=lambda word: (-len(word), word)))))
