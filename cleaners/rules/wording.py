"""Names short blocks by their words, in any language, with one dictionary look-up for each block.

A block's opening is looked up by its first characters, and the whole of a short block by itself, so the cost does not
grow with the number of rows. The few words sought inside blocks are first looked for in the page as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple, get_args

from cleaners.document import CleanerResult, Document, Mark
from cleaners.options import CleanOptions
from cleaners.page import Markup
from cleaners.rules.rows import WORDING_TABLES, Strength, WordingRow, load_rows
from cleaners.words.scripts import CJK

# How many characters of a block are read: no phrase is longer, nor any line that a `then` matches as a whole.
_READ_CHARS = 320
# A label of at least so many characters ("Read also") is known even if the title is stuck to it.
_STUCK_CHARS = 8
# Openings are looked up by this many first characters, or by fewer for shorter phrases (down to a Chinese word).
_OPENING_CHARS = (7, 4, 2)
# Of two rows with the same phrase, the stronger one has it.
_STRONGEST = get_args(Strength)
# Between blocks, when a page is read as one text: a sign that counts as white space, which blocks have collapsed.
_BETWEEN = "\x1e"
# In the tables, an opening that stands for any digit.
_DIGIT = "#"
# Characters that may surround a phrase: punctuation, arrows, bullets, stars of required fields.
_AROUND = " \t.:;,!?…|·•-–—_*#>»›<«‹→←↑↓▶►◄▼▲✓✔✕×☰≡+=~/\\()[]{}\"'“”‘’„。：！？、，（）【】「」『』〉〈》《"
_PARTS = re.compile(f"[{CJK}]{{2}}|[^\\s{CJK}]+")


class Hit(NamedTuple):
    """A row that a block's words match, and the phrase that did."""

    row: WordingRow
    phrase: str


class WordingIndex(NamedTuple):
    """The rows by what they match: whole blocks, openings by their first characters, words inside."""

    whole: dict[str, WordingRow]
    starts: dict[str, tuple[Hit, ...]]
    words: dict[str, WordingRow]


@cache
def wording_index(markup: Markup) -> WordingIndex:
    """The wording rows that read this kind of document, ready for look-up. Loaded once a process."""
    return index_rows([row for row in load_rows(WordingRow, WORDING_TABLES) if markup in row.markup])


def index_rows(rows: Sequence[WordingRow]) -> WordingIndex:
    """Index the rows by what they match. If two rows have the same phrase, drops win over hints, then the first row."""
    whole: dict[str, WordingRow] = {}
    starts: dict[str, list[Hit]] = {}
    words: dict[str, WordingRow] = {}
    for row in sorted(rows, key=lambda r: _STRONGEST.index(r.strength)):
        for phrase in row.whole:
            whole.setdefault(_bare(fold(phrase)), row)
        for phrase in row.start:
            starts.setdefault(_key(phrase), []).append(Hit(row, phrase))
        for phrase in row.contains:
            words.setdefault(phrase, row)
    ranked = {key: tuple(sorted(hits, key=lambda h: -len(h.phrase))) for key, hits in starts.items()}
    return WordingIndex(whole, ranked, words)


def name_wording(document: Document, marks: Sequence[Mark], options: CleanOptions) -> CleanerResult:
    """Drop the blocks whose words show beyond doubt what they are; hint at those whose words only suggest it."""
    index = wording_index("text" if document.tree is None else "html")
    return CleanerResult([_mark(i, hit) for i, hit in match_blocks([b.text for b in document.blocks], index)])


def match_blocks(texts: Sequence[str], index: WordingIndex) -> Iterator[tuple[int, Hit]]:
    """The blocks that some row matches, each with the strongest. Linear in the length of the page."""
    page = fold(_BETWEEN.join([text[:_READ_CHARS] for text in texts]))
    lines = page.split(_BETWEEN)
    if len(lines) != len(texts):  # there are no blocks, or one holds the separator itself
        lines = [fold(text[:_READ_CHARS]) for text in texts]
    inside = _inside(page, lines, index.words)
    for i, (line, block) in enumerate(zip(lines, texts, strict=True)):
        hit = _whole_or_opening(line, block, index) or inside.get(i)
        if hit:
            yield i, hit


def _whole_or_opening(line: str, block: str, index: WordingIndex) -> Hit | None:
    """The row that matches a whole line, else the row whose opening the line has, with or without leading signs."""
    bare = line.strip(_AROUND)
    if bare in index.whole:
        return Hit(index.whole[bare], bare)
    hit = _opening(line, block, index.starts)
    if hit or bare == line:
        return hit
    return _opening(bare, block, index.starts)


def fold(text: str) -> str:
    """Text as the tables write it: lower case, straight apostrophes, plain spaces."""
    return text.lower().replace("’", "'").replace("\u00a0", " ")


def word_count(text: str) -> int:
    """Words, where two characters of Chinese or Japanese count as one."""
    return len(_PARTS.findall(text))


def has_more_words(text: str, words: int) -> bool:
    """Whether a text has more than this many words. A word and its space are at least two characters."""
    return len(text) > 2 * words and word_count(text) > words


def _bare(phrase: str) -> str:
    return phrase.strip(_AROUND)


def _key(phrase: str) -> str:
    if phrase == _DIGIT:
        return phrase
    fitting = (chars for chars in _OPENING_CHARS if len(phrase) >= chars)
    return phrase[: next(fitting, _OPENING_CHARS[-1])]


def _opening(line: str, block: str, starts: dict[str, tuple[Hit, ...]]) -> Hit | None:
    """The row whose opening the line has; the longest phrase wins."""
    for chars in _OPENING_CHARS:
        if line[:chars] in starts:
            hit = _fitting(starts[line[:chars]], line, block)
            if hit:
                return hit
    return _fitting(starts.get(_DIGIT, ()), line, block) if line[:1].isdigit() else None


def _fitting(hits: tuple[Hit, ...], line: str, block: str) -> Hit | None:
    for hit in hits:
        row, phrase = hit
        if (line.startswith(phrase) or phrase == _DIGIT) and (_ends_there(line, phrase) or _is_stuck(block, phrase)):
            matches = row.then is None or (len(block) <= _READ_CHARS and row.then.fullmatch(line) is not None)
            if matches and not has_more_words(block, row.max_words):
                return hit
    return None


def _ends_there(text: str, phrase: str) -> bool:
    """Whether the phrase ends at the end of a word. In scripts without spaces every place will do."""
    if phrase == _DIGIT:
        return True
    end = len(phrase)
    if end >= len(text) or not phrase[-1].isalpha() or phrase[-1] >= "\u2e80":
        return True
    return not text[end].isalpha()


def _is_stuck(block: str, phrase: str) -> bool:
    """Whether a capital follows a lower-case phrase without a space: a label in an element of its own."""
    end = len(block) - len(block.lstrip(_AROUND)) + len(phrase)
    return len(phrase) >= _STUCK_CHARS and block[end - 1 : end].islower() and block[end : end + 1].isupper()


def _inside(page: str, lines: list[str], words: dict[str, WordingRow]) -> dict[int, Hit]:
    """Blocks that hold one of the words. Most pages hold none, which one search over the whole page shows."""
    found: dict[int, Hit] = {}
    for word, row in words.items():
        if word in page:
            for i, line in enumerate(lines):
                if word in line and i not in found and _holds(row, line):
                    found[i] = Hit(row, word)
    return found


def _holds(row: WordingRow, line: str) -> bool:
    """Whether a block that holds one of a row's words is short enough, and matches the row's pattern."""
    return not has_more_words(line, row.max_words) and (row.then is None or row.then.fullmatch(line) is not None)


def _mark(block: int, hit: Hit) -> Mark:
    return Mark(block, hit.row.action, hit.row.reason, f"{hit.row.concept}: “{hit.phrase}”")
