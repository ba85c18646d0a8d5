"""Headline, dates and byline of a dump: candidates by position, form and agreement with the body.

The body begins at the first sentences that more sentences follow. The headline is on a line of its own before them, and
uses the body's words; dates and bylines are near the headline. A date that can be read in two ways (4/11) stays raw.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from cleaners.document import Block, Document
from cleaners.words.amounts import amount
from cleaners.words.scripts import CJK, CLOSING_QUOTES, SENTENCE_ENDS, one_line
from pipelines.dates.moment import Moment
from pipelines.dates.order import order_in, order_of
from pipelines.dates.parse import find_dates, parse_stated
from pipelines.dates.relative import relative_moment
from pipelines.evidence.authors import Bylines
from pipelines.evidence.byline_features import AuthorsCandidate
from pipelines.evidence.date_places import DateCandidate
from pipelines.evidence.dates import Dates
from pipelines.evidence.headline import HeadlineCandidate, Headlines
from pipelines.evidence.name_kinds import reads_like_person
from pipelines.evidence.person_names import names_in

# A block of this many words that ends like a sentence is prose. The body begins at a block of prose if it and the next
# blocks hold this many words of prose; so many blocks are counted.
_PROSE_WORDS, _BODY_WORDS, _BODY_BLOCKS = 14, 50, 8
_TERMINALS: Final = tuple(SENTENCE_ENDS + CLOSING_QUOTES)
# Blocks before the body in which a headline is looked for, and its length in words and characters.
_HEADLINE_BLOCKS: Final = 30
_HEADLINE_WORDS: Final = (2, 32)
_HEADLINE_CHARS: Final = (6, 240)
# Blocks around the headline in which a date or byline is looked for, and a line's greatest length.
_BEFORE, _AFTER, _LINE_CHARS = 4, 8, 120
_TOP: Final = 25  # lines in which a stated headline is looked for
# Characters besides the date on a date line: "Published:", "| 3 min read".
_DATE_REST: Final = 48
# A headline is compared with this many words of the body: its beginning says most.
_AGREEING_WORDS: Final = 400
_WORD: Final = re.compile(rf"[{CJK}]|[^\W\d_{CJK}]{{3,}}")
_WIDE_LETTER: Final = re.compile(f"[{CJK}]")
# A page's or a picture's address, or a picture's name: the first line of many dumps.
_ADDRESS: Final = re.compile(r"https?://|\bwww\.\w|\.(?:jpe?g|png|gif|webp|svg|bmp)(?![\w.])", re.IGNORECASE)
_BYLINE: Final = re.compile(
    r"(?:(?:written|reported|story|text|words|posted|published) )?"
    r"(?:by|von|par|por|di|door|autor|auteur|author|автор|text):?\s+(?P<names>[^\W\d_][^\d|•·]{2,80})",
    re.IGNORECASE,
)
_PART: Final = r"[^\W\d_a-zà-ÿа-я][\w.'’-]*"  # a word that does not begin with a small letter
_NAME: Final = re.compile(rf"{_PART}(?:\s+(?:de|van|von|der|da|di|bin|al|el|la|le|du)\b)*(?:\s+{_PART}){{1,3}}")


class Candidate(NamedTuple):
    """A possible headline or byline: its text, its block, a score (higher is likelier), and the evidence for it."""

    text: str
    block: int
    score: float
    evidence: str
    signs: HeadlineSigns | None = None


class HeadlineSigns(NamedTuple):
    """The evidence for a dump's headline as numbers, or the weight of each number.

    agreement   share of its words that the body's beginning holds
    length      1 for a headline's usual number of words, 0.5 for a possible one
    distance    blocks from the line to the body
    seen_twice  1 if the dump has the line twice: as the page's title, and above the body
    """

    agreement: float
    length: float
    distance: float
    seen_twice: float


# Chosen on 1,918 flattened pages. docs/lab/text-dumps.md says what each is worth.
HEADLINE_WEIGHTS: Final = HeadlineSigns(agreement=3.0, length=1.0, distance=-0.04, seen_twice=0.25)


class DateLine(NamedTuple):
    """A possible date: the words as written, what they mean (None if ambiguous), block and score."""

    raw: str
    moment: Moment | None
    block: int
    score: float
    ambiguous: bool


class TextFields(NamedTuple):
    """Candidates, best first."""

    headlines: tuple[Candidate, ...]
    dates: tuple[DateLine, ...]
    bylines: tuple[Candidate, ...]

    @property
    def has_ambiguous_date(self) -> bool:
        """Whether the best date can be read in two ways."""
        return bool(self.dates) and self.dates[0].ambiguous


def field_candidates(document: Document, reference_time: str | None = None, language: str | None = None) -> TextFields:
    """Headline, date and byline candidates of a dump.

    language        of the dump, if known: except for English, it says whether 4/11 is in April or in November
    reference_time  when the dump was made (UTC, ISO 8601): "2 hours ago" is a date only with it
    """
    body = body_start(document.blocks)
    headlines = tuple(sorted(_headlines(document.blocks, body), key=lambda c: (-c.score, c.block)))
    anchor = headlines[0].block if headlines else body
    around = document.blocks[max(0, min(anchor, body) - _BEFORE) : max(anchor, body) + _AFTER]
    dates = sorted(_dates(document, around, anchor, reference_time, language), key=lambda d: (-d.score, d.block))
    bylines = sorted(_bylines(around, anchor), key=lambda c: (-c.score, c.block))
    return TextFields(headlines, tuple(dates), tuple(bylines))


def body_start(blocks: Sequence[Block]) -> int:
    """Index of the block at which the body begins; the number of blocks where there is no prose."""
    prose: list[int] = []  # extended only as far as needed: most bodies begin early
    for i in range(len(blocks)):
        prose += [_prose_words(block.text) for block in blocks[len(prose) : i + _BODY_BLOCKS]]
        if prose[i] and sum(prose[i : i + _BODY_BLOCKS]) >= _BODY_WORDS:
            return i
    return next((i for i, words in enumerate(prose) if words), len(blocks))


def _prose_words(text: str) -> int:
    if len(text) < 2 * _PROSE_WORDS - 1 or not text.endswith(_TERMINALS):  # a word and its space: two characters
        return 0
    words = len(text.split()) if not _is_wide(text) else len(text) // 2
    return words if words >= _PROSE_WORDS else 0


def _is_wide(text: str) -> bool:
    return not text.isascii() and _WIDE_LETTER.search(text, 0, 20) is not None


def _headlines(blocks: Sequence[Block], body: int) -> Iterator[Candidate]:
    vocabulary = _vocabulary(blocks, body)
    first = max(0, body - _HEADLINE_BLOCKS)
    repeats = Counter([block.text.casefold() for block in blocks if len(block.text) <= _HEADLINE_CHARS[1]])
    for block in blocks[first:body]:
        if _shaped_like_headline(block.text):
            signs = HeadlineSigns(
                agreement=_agreement(block.text, vocabulary),
                length=_length_score(block.text),
                distance=body - block.index,
                seen_twice=float(repeats[block.text.casefold()] == 2),
            )
            score = sum(weight * sign for weight, sign in zip(HEADLINE_WEIGHTS, signs, strict=True))
            evidence = (
                f"{amount(body - block.index, 'block')} before the body, {signs.agreement:.0%} of its words in it"
            )
            yield Candidate(block.text, block.index, round(score, 4), evidence, signs)


def _vocabulary(blocks: Sequence[Block], body: int) -> set[str]:
    found: list[str] = []
    for block in blocks[body:]:
        found += _WORD.findall(block.text.lower())
        if len(found) > _AGREEING_WORDS:
            break
    return set(found)


def _agreement(text: str, vocabulary: set[str]) -> float:
    """Share of a line's words that the start of the body has too; a little less, so that short lines count for less."""
    words = set(_WORD.findall(text.lower()))
    return len(words & vocabulary) / (len(words) + 1) if words else 0.0


def _length_score(text: str) -> float:
    words = len(text) // 3 if _is_wide(text) else len(text.split())
    return 1.0 if 6 <= words <= 18 else 0.5 if 4 <= words <= 24 else 0.0


def _shaped_like_headline(text: str) -> bool:
    low, high = _HEADLINE_WORDS
    words = len(text) // 2 if _is_wide(text) else len(text.split())
    if not low <= words <= high or not _HEADLINE_CHARS[0] <= len(text) <= _HEADLINE_CHARS[1]:
        return False
    if text.endswith((".", ":", ";", ",", "…", "。")) or _letters(text) * 2 < len(text) or _ADDRESS.search(text):
        return False
    return not (_is_date_line(text) or _BYLINE.match(text))


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text)) - sum(map(str.isdecimal, text))


def _is_date_line(text: str) -> bool:
    found = find_dates(text, short_years=True) or find_dates(text)
    return bool(found) and len(text) - (found[0].end - found[0].start) <= _DATE_REST // 2


def _dates(
    document: Document, around: Sequence[Block], anchor: int, reference: str | None, language: str | None
) -> Iterator[DateLine]:
    lines = "\n".join([block.text for block in document.blocks if len(block.text) <= _LINE_CHARS])
    order_of_dates = order_in([lines])
    order = order_of_dates or order_of(language, document.url)
    settled = order_of_dates is not None or _order_is_known(language, document.url)
    for block in around:
        if len(block.text) > _LINE_CHARS:
            continue
        score = 1 / (1 + abs(block.index - anchor))
        when = relative_moment(block.text, reference)
        if when:
            yield DateLine(block.text, when, block.index, score, False)
            continue
        for hit in find_dates(block.text, None, order, short_years=True) or find_dates(block.text, None, order):
            if len(block.text) - (hit.end - hit.start) <= _DATE_REST and hit.moment.day:
                unclear = hit.ambiguous and not settled
                raw = block.text[hit.start : hit.end]
                yield DateLine(raw, None if unclear else hit.moment, block.index, score, unclear)


def _order_is_known(language: str | None, url: str | None) -> bool:
    """Whether the language or the country of a dump's address decide which number is the day.

    English alone does not decide, since both orders are used in it. The country decides if, given it, languages with
    different habits read the dates alike.
    """
    if language and not language.lower().startswith("en"):
        return True
    return order_of("de", url) == order_of("en", url)


def _bylines(around: Sequence[Block], anchor: int) -> Iterator[Candidate]:
    for block in around:
        match = _BYLINE.match(block.text) if len(block.text) <= _LINE_CHARS else None
        names = _NAME.findall(match["names"]) if match else []
        if names:
            score = 1 / (1 + abs(block.index - anchor))
            yield Candidate(", ".join(names), block.index, score, f"begins like a byline: {block.text!r}")


def dump_headlines(document: Document, stated: Mapping[str, str], fields: TextFields) -> Headlines:
    """The stated headline, else the lines before the body by position, form and agreement with it."""
    found: list[HeadlineCandidate] = []
    if text := one_line(stated.get("headline", "")):
        at = next((b.index for b in document.blocks[:_TOP] if b.text == text), -1)
        found.append(HeadlineCandidate(text, "stated", stated["headline"], at))
    found += [HeadlineCandidate(c.text, "dump", c.text, c.block) for c in fields.headlines]
    block = found[0].block if found else -1
    return Headlines(tuple(found), tuple(1 / (1 + place) for place in range(len(found))), block)


def dump_dates(document: Document, stated: Mapping[str, str], fields: TextFields, fetched_at: str | None) -> Dates:
    """The stated date, else dates on lines of their own near the headline. None if there is no such line.

    A date that can be read in two ways is given as `unclear`, without choosing a reading.
    """
    texts = [block.text for block in document.blocks[:_TOP]]
    raw = stated.get("date") or stated.get("date_published") or ""
    when = parse_stated(raw, None, order_of(None, document.url, texts)) if raw else None
    found: list[DateCandidate | None] = []
    if when and not when.is_after(fetched_at):
        found.append(DateCandidate(when, "stated", raw, "stated"))
    elif fields.has_ambiguous_date:
        return Dates((None,), (1.0,), unclear=fields.dates[0].raw)
    found += [
        DateCandidate(line.moment, "dump", line.raw, "dump", line.block)
        for line in fields.dates
        if line.moment and not line.moment.is_after(fetched_at)
    ]
    return Dates((*found, None), tuple(1 / (1 + place) for place in range(len(found) + 1)))


def dump_bylines(document: Document, stated: Mapping[str, str], fields: TextFields) -> Bylines:
    """The stated authors, else a line near the headline that begins like a byline."""
    found: list[AuthorsCandidate | None] = []
    raw = stated.get("author") or stated.get("authors") or ""
    if names := names_in(raw):
        found.append(AuthorsCandidate(tuple(names), "stated", raw))
    for candidate in fields.bylines:
        names = names_in(candidate.text)
        if names and all(reads_like_person(name) for name in names):
            raw = document.blocks[candidate.block].text
            found.append(AuthorsCandidate(tuple(names), "dump", raw, candidate.block))
    return Bylines((*found, None), tuple(1 / (1 + place) for place in range(len(found) + 1)))
