"""Icon and menu labels glued together, recognised by their pattern and not by a list of names.

Two patterns: a short affix repeated between short names ("icon homeicon search", "fa-user fa-bell",
"CloseIcon MenuIcon"), and a run of words that name parts of an interface ("chevron_right", "search menu close").
Pure functions on text, for dumps and for markup alike.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

import numpy as np


class Span(NamedTuple):
    """Characters start:end of a text are labels; the evidence says what was seen."""

    start: int
    end: int
    evidence: str


# How often an affix must be repeated to make a run; one that does not mean "icon" must be repeated more often.
_MIN_RETURNS, _MIN_RETURNS_UNKNOWN = 4, 5
# Longest name between two repeats of the affix, in characters and words ("icon full chevron left").
_NAME_CHARS, _NAME_WORDS = 28, 4
# Lengths of an affix, in letters.
_SHORTEST_AFFIX, _LONGEST_AFFIX = 3, 16
# Share of the repeats that are joined in the same way: all glued, or all by a sign.
_ALIKE_SHARE = 0.75
# Words of a run of interface words, and the share of them that must differ.
_MIN_NOUNS, _NOUN_SHARE = 6, 0.85
# Parts of a word glued of interface words ("searchmenuclose").
_MIN_GLUED_NOUNS, _SHORTEST_GLUED_NOUN, _LONGEST_GLUED_NOUN, _GLUED_CHARS = 3, 3, 13, 12
# A run of labels is looked for in texts up to this length; longer lines are split first.
_LONGEST_TEXT = 20_000

_TOKEN = re.compile(r"\S+")
_LONG_WORD = re.compile(rf"(?<!\S)[a-z]{{{_GLUED_CHARS},400}}(?!\S)")
_LIGATURE = re.compile(r"(?<![\w/.@#`'\"-])[a-z]+(?:_[a-z0-9]+)+(?![\w/.(=`'\"-])")
_NAME_THEN_JOINT = re.compile(r"([^\W\d_]+)(?:[\s_-]?)([^\W\d_A-ZА-Я]{1,16})(?=\d|[A-ZА-Я])")
_PREFIXED = re.compile(r"(?<!\w)([^\W\d_]{2,16})[-_:](?=\w)")
_CAMEL_SUFFIX = re.compile(r"[a-z0-9]([A-Z][a-z]{2,15})(?![^\W_])")
_CAMEL_PREFIX = re.compile(r"(?<!\w)([A-Za-z][a-z]{1,15})(?=[A-Z])")
_CAMEL = re.compile(r"[a-z][A-Z]")
_SENTENCE_SIGN = re.compile(r"[.!?;,。，！？؟]")
_LETTER = re.compile(r"[^\W\d_]")
_NAME = re.compile(r"[-_:\s]?[^\W\d_]+(?:[-_][^\W\d_]+)*")


def label_spans_of(texts: Sequence[str]) -> list[list[Span]]:
    """For each text of a page, the passages that are icon labels: in order, without overlaps. Linear in the length of
    the texts; a quick check skips nearly all prose.
    """
    joined = "\n".join(texts)
    lowered_page = joined.lower()
    icons = [word for word in _words("icon") if word in lowered_page]
    words = set(lowered_page.split())
    glued = [word for word in words if len(word) >= _GLUED_CHARS and _may_be_glued(word)]
    look = _Look(
        named=[*icons, *glued],
        underscored="_" in joined,
        camel=_camel_joints(joined) >= _MIN_RETURNS_UNKNOWN,
        nouns=words & _words("glyph_parts"),
    )
    lines = lowered_page.split("\n")
    if len(lines) != len(texts):  # a line break inside a text
        lines = [text.lower() for text in texts]
    return [
        _search(text) if _is_suspicious(text, lowered, look) else [] for text, lowered in zip(texts, lines, strict=True)
    ]


class _Look(NamedTuple):
    """Which signs the page as a whole holds: its texts are not searched for signs that it lacks."""

    named: Sequence[str]
    underscored: bool
    camel: bool
    nouns: set[str]


def _camel_joints(text: str) -> int:
    """How often a small Latin letter is followed by a capital. Ten times as fast on a page as a pattern."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    small, capital = codes[:-1] - np.uint32(ord("a")) < 26, codes[1:] - np.uint32(ord("A")) < 26
    return int(np.count_nonzero(small & capital))


def _may_be_glued(word: str) -> bool:
    return _LONG_WORD.fullmatch(word) is not None and _glued_of_nouns(word)


def _is_suspicious(text: str, lowered: str, look: _Look) -> bool:
    """Whether a closer look may find labels: false for nearly all prose, true for all that the patterns find."""
    if look.underscored and "_" in text:
        return True
    for word in look.named:
        if word in lowered:
            return True
    if text.count(" ") < _MIN_RETURNS_UNKNOWN - 1:
        return False
    if text.count("-") + text.count(":") >= _MIN_RETURNS_UNKNOWN:
        return True
    if look.camel and len(_CAMEL.findall(text)) >= _MIN_RETURNS_UNKNOWN:
        return True
    for end in (lowered.split(None, 1)[0].strip("-_:"), lowered.rsplit(None, 1)[-1].strip("-_:")):
        if len(end) >= _SHORTEST_AFFIX and lowered.count(end) >= _MIN_RETURNS_UNKNOWN and _is_crowded(lowered, end):
            return True
    few = len(look.nouns) < _MIN_NOUNS - 1
    return not few and len(look.nouns.intersection(lowered.split())) >= _MIN_NOUNS - 1


def _is_crowded(lowered: str, affix: str) -> bool:
    """Whether an affix is repeated often enough with short names between; "the" hardly ever is."""
    places = [match.start() for match in re.finditer(re.escape(affix), lowered)]
    gaps = _MIN_RETURNS_UNKNOWN - 1
    reach = gaps * (len(affix) + _NAME_CHARS)
    return any(last - first <= reach for first, last in zip(places, places[gaps:], strict=False))


def _search(text: str) -> list[Span]:
    if len(text) > _LONGEST_TEXT:
        return []
    found = [*_affix_runs(text), *_leading_name(text), *_ligatures(text), *_noun_runs(text)]
    return list(_merged(text, sorted(found)))


def _merged(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Overlapping and touching spans as one."""
    last: Span | None = None
    for span in spans:
        if last and not text[last.end : span.start].strip():
            last = Span(last.start, max(last.end, span.end), last.evidence)
            continue
        if last:
            yield last
        last = span
    if last:
        yield last


# -- a repeated affix -------------------------------------------------------------------------------------------------


def _affix_runs(text: str) -> Iterator[Span]:
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
    yield from sorted((a for a, count in icons.items() if count >= _MIN_RETURNS), key=lambda a: (-len(a), a))
    tokens = lowered.split()
    if len(tokens) < _MIN_RETURNS_UNKNOWN:
        return
    ends = {token.strip("-_:") for token in (tokens[0], tokens[-1])}
    candidates = {a for a in ends if _SHORTEST_AFFIX <= len(a) <= _LONGEST_AFFIX and a.isalpha()} | _joined(text)
    often = {a: count for a in candidates - set(icons) if (count := lowered.count(a)) >= _MIN_RETURNS_UNKNOWN}
    yield from sorted(often, key=lambda a: (-often[a], a))


def _joined(text: str) -> set[str]:
    """What often comes before a joining sign, or on one side of a capital inside a word."""
    found: Counter[str] = Counter()
    if sum(map(text.count, "-_:")) >= _MIN_RETURNS_UNKNOWN:
        found.update(match.lower() for match in _PREFIXED.findall(text))
    if _CAMEL.search(text):
        found.update(match.lower() for pattern in (_CAMEL_SUFFIX, _CAMEL_PREFIX) for match in pattern.findall(text))
    return {affix for affix, count in found.items() if count >= _MIN_RETURNS_UNKNOWN}


def _chains(lowered: str, affix: str, places: list[int]) -> Iterator[list[int]]:
    """Runs of repeats with only a short name between one and the next."""
    chain = places[:1]
    for before, here in pairwise(places):
        name = lowered[before + len(affix) : here]
        if len(name) <= _NAME_CHARS and len(name.split()) <= _NAME_WORDS and not _SENTENCE_SIGN.search(name):
            chain.append(here)
        else:
            yield chain
            chain = [here]
    if chain:
        yield chain


def _is_run(lowered: str, affix: str, chain: list[int]) -> bool:
    names = {lowered[a + len(affix) : b].strip(" -_:") for a, b in pairwise(chain)} - {""}
    means_icon = affix in _words("icon")
    if len(chain) < (_MIN_RETURNS if means_icon else _MIN_RETURNS_UNKNOWN) or len(names) < len(chain) // 2:
        return False
    if means_icon:
        return True
    standing = Counter(_standing(lowered, affix, place) for place in chain[1:])
    commonest, count = standing.most_common(1)[0]
    return count >= _ALIKE_SHARE * len(chain[1:]) and commonest != ("apart", "apart")


def _standing(lowered: str, affix: str, place: int) -> tuple[str, str]:
    """How the affix is joined to the text before and after it: glued, joined by a sign, or apart."""
    return _meeting(lowered[place - 1 : place]), _meeting(lowered[place + len(affix) : place + len(affix) + 1])


def _meeting(character: str) -> str:
    if not character or character.isspace():
        return "apart"
    return "glued" if character.isalnum() else "joined"


def _run_span(text: str, affix: str, chain: list[int]) -> Span:
    """From the first repeat to the last, with the name before or after that belongs to them."""
    start, end = chain[0], chain[-1] + len(affix)
    suffixed = text[start - 1 : start].strip() != "" and _meeting(text[start - 1]) != "apart"
    head, tail = text[:start], text[end:]
    if suffixed:  # "homeicon searchicon": the first name begins before the first affix
        start = text.rfind(" ", 0, start) + 1
    elif not tail.strip() and 0 < len(head) <= _NAME_CHARS and not _SENTENCE_SIGN.search(head):
        start = 0  # "home icon search icon"
    elif end < len(text) and (name := _last_name(text, end)):
        end = name
    return Span(start, end, f"{affix!r} returns {len(chain)} times between short names")


def _last_name(text: str, end: int) -> int | None:
    """Where the name after the last affix ends: at a space, a digit, or a capital after a small letter."""
    name = _NAME.match(text, end)
    if not name:
        return None
    camel = re.search(r"(?<=[a-zа-я])(?=[A-ZА-Я])", text[end : name.end()])
    return end + camel.start() if camel else name.end()


# -- interface words --------------------------------------------------------------------------------------------------


def _leading_name(text: str) -> Iterator[Span]:
    """One icon's name before a joint with no space: "icon fm11 Apr", "icon-cameraThe minister"."""
    match = _NAME_THEN_JOINT.match(text)
    if match and match[1].lower() in _words("icon"):
        yield Span(0, match.end(), f"an icon's name {match.group()!r} glued to what follows")


def _ligatures(text: str) -> Iterator[Span]:
    """Glyph names with underscores, every part an interface word: keyboard_arrow_down."""
    if "_" not in text:
        return
    spans = [
        Span(*match.span(), f"glyph name {match.group()!r}")
        for match in _LIGATURE.finditer(text)
        if _names_glyph(match.group().split("_"))
    ]
    # A name in the middle of a sentence is part of the sentence; labels are at its ends, or next to each other.
    edges = {0, len(text), *(span.start - 1 for span in spans), *(span.end + 1 for span in spans)}
    yield from (span for span in spans if span.start in edges or span.end in edges)


def _names_glyph(parts: list[str]) -> bool:
    known = all(part in _words("glyph_parts") or part.isdigit() for part in parts)
    return known and not _words("glyph_shapes").isdisjoint(parts)


def _noun_runs(text: str) -> Iterator[Span]:
    """Interface words in a row, spaced or glued into one."""
    words = text.lower().split()
    if _longest_noun_run(words) >= _MIN_NOUNS:
        yield from _spaced_nouns(text)
    if _LONG_WORD.search(text):
        for match in _LONG_WORD.finditer(text):
            if _glued_of_nouns(match.group()):
                yield Span(*match.span(), f"glued of interface words: {match.group()!r}")


def _spaced_nouns(text: str) -> Iterator[Span]:
    run: list[re.Match[str]] = []
    for token in [*_TOKEN.finditer(text), None]:
        if token and _is_interface_word(token.group().lower()):
            run.append(token)
            continue
        if len(run) >= _MIN_NOUNS and len({word.group().lower() for word in run}) >= len(run) * _NOUN_SHARE:
            yield Span(run[0].start(), run[-1].end(), f"{len(run)} interface words in a row")
        run = []


def _longest_noun_run(words: list[str]) -> int:
    nouns = _words("glyph_parts")
    longest = run = 0
    for word in words:
        run = run + 1 if word in nouns or _is_interface_word(word) else 0
        longest = max(longest, run) if run else longest
    return longest


def _is_interface_word(token: str) -> bool:
    if "-" in token or "_" in token:
        return all(map(_is_interface_word, token.replace("_", "-").split("-")))
    return token in _words("glyph_parts") or token in _words("icon")


def _glued_of_nouns(word: str) -> bool:
    """Whether a word is at least three interface words written as one, split into as few words as possible."""
    nouns = _words("glyph_parts")
    if word in nouns:
        return False
    fewest = {0: 0}  # by a place that whole interface words reach: how few of them
    for begin in range(len(word)):
        if begin in fewest:
            for end in range(begin + _SHORTEST_GLUED_NOUN, min(begin + _LONGEST_GLUED_NOUN, len(word)) + 1):
                if word[begin:end] in nouns:
                    fewest[end] = min(fewest[begin] + 1, fewest.get(end, len(word)))
    return fewest.get(len(word), 0) >= _MIN_GLUED_NOUNS


@cache
def _icon_pattern() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_words("icon"), key=lambda word: (-len(word), word)))))


@cache
def _words(group: str) -> frozenset[str]:
    return frozenset(_table()[group]["words"].split())


@cache
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("cleaners.rules").joinpath("tables/interface_words.toml").read_text("utf-8"))
