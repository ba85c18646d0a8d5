"""Short blocks that give themselves away by their words: one dictionary look-up a block, in any language.

A block's opening is looked up by its first characters, and the whole of a short block by itself, so the cost does not
grow with the number of rows. Phrases sought inside a block are looked for only where the page has their rarest word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from cleaners.document import Document, Mark, Verdict
from cleaners.options import CleanOptions
from cleaners.page import Markup
from cleaners.rule_tables import WORDING_TABLES, WordingRow, load_rows

# Only so much of a block is read: no phrase is longer, and a line that a `then` must match whole is shorter.
_READ_CHARS = 320
# Phrases are found by their first characters; two are enough for a word of Chinese.
_KEY_CHARS = 2
# As an opening in the tables: any digit.
_DIGIT = "#"
# What may stand around a phrase: punctuation, arrows, bullets, stars of required fields.
_AROUND = " \t.:;,!?…|·•-–—_*#>»›<«‹→←↑↓▶►◄▼▲✓✔✕×☰≡+=~/\\()[]{}\"'“”‘’„。：！？、，【】「」『』〉〈》《"
_PARTS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]{2}|[^\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]+")


class Hit(NamedTuple):
    """A row that a block's words match, and the phrase that did."""

    row: WordingRow
    phrase: str


class WordingIndex(NamedTuple):
    """The rows by what they look for: whole blocks, openings by their first characters, words inside."""

    whole: dict[str, WordingRow]
    starts: dict[str, tuple[Hit, ...]]
    words: dict[str, WordingRow]


@cache
def wording_index(markup: Markup) -> WordingIndex:
    """The wording rows that read this kind of document, ready for look-up. Loaded once a process."""
    return index_rows([row for row in load_rows(WordingRow, WORDING_TABLES) if markup in row.markup])


def index_rows(rows: Sequence[WordingRow]) -> WordingIndex:
    """Rows by what they look for. Of two rows with the same phrase the first one has it, and drops go before hints."""
    whole: dict[str, WordingRow] = {}
    starts: dict[str, list[Hit]] = {}
    words: dict[str, WordingRow] = {}
    for row in sorted(rows, key=lambda r: r.strength != "drop"):
        for phrase in row.whole:
            whole.setdefault(_bare(fold(phrase)), row)
        for phrase in row.start:
            starts.setdefault(_key(phrase), []).append(Hit(row, phrase))
        for phrase in row.contains:
            words.setdefault(phrase, row)
    ranked = {key: tuple(sorted(hits, key=lambda h: -len(h.phrase))) for key, hits in starts.items()}
    return WordingIndex(whole, ranked, words)


def name_wording(document: Document, marks: Sequence[Mark], options: CleanOptions) -> Verdict:
    """Drop the blocks whose words leave no doubt of what they are; give a hint where they leave some."""
    index = wording_index("text" if document.tree is None else "html")
    return Verdict([_mark(i, hit) for i, hit in match_blocks([b.text for b in document.blocks], index)])


def match_blocks(texts: Sequence[str], index: WordingIndex) -> Iterator[tuple[int, Hit]]:
    """The blocks that some row matches, each with the strongest. Linear in the length of the page."""
    lines = fold("\n".join([text[:_READ_CHARS] for text in texts])).split("\n")
    whole, starts = index.whole, index.starts
    inside = _inside(lines, index.words)
    for i, line in enumerate(lines):
        bare = line.strip(_AROUND)
        row = whole.get(bare)
        if row is not None:
            yield i, Hit(row, bare)
        elif (hits := starts.get(_key(line)) or starts.get(_key(bare))) and (
            hit := _opening(line, bare, hits, texts[i])
        ):
            yield i, hit
        elif i in inside:
            yield i, inside[i]


def fold(text: str) -> str:
    """Text as the tables write it: lower case, straight apostrophes, plain spaces."""
    return text.lower().replace("’", "'").replace("\u00a0", " ")


def word_count(text: str) -> int:
    """Words, where two characters of Chinese, Japanese or Korean count as one."""
    return len(_PARTS.findall(text))


def _bare(phrase: str) -> str:
    return phrase.strip(_AROUND)


def _key(line: str) -> str:
    return _DIGIT if line[:1].isdigit() else line[:_KEY_CHARS]


def _opening(line: str, bare: str, hits: tuple[Hit, ...], block: str) -> Hit | None:
    for hit in hits:
        for text in (line, bare):
            if (text.startswith(hit.phrase) or hit.phrase == _DIGIT) and _ends_there(text, hit.phrase) and _allowed(hit.row, text, block):
                return hit
    return None


def _ends_there(text: str, phrase: str) -> bool:
    """A phrase of letters ends where a word does; scripts without spaces have no such place."""
    if phrase == _DIGIT:
        return True
    end = len(phrase)
    if end >= len(text) or not phrase[-1].isalpha() or phrase[-1] >= "\u2e80":
        return True
    return not text[end].isalpha()


def _allowed(row: WordingRow, text: str, block: str) -> bool:
    if word_count(block) > row.max_words:
        return False
    return row.then is None or (len(block) <= _READ_CHARS and row.then.fullmatch(text) is not None)


def _inside(lines: list[str], words: dict[str, WordingRow]) -> dict[int, Hit]:
    """Blocks that hold one of the words. A page's words are gone through once, and most pages have none."""
    if not words:
        return {}
    present = words.keys() & set(" ".join(lines).split())
    found: dict[int, Hit] = {}
    for word in sorted(present):
        row = words[word]
        for i, line in enumerate(lines):
            if word in line and i not in found and word_count(line) <= row.max_words:
                found[i] = Hit(row, word)
    return found


def _mark(block: int, hit: Hit) -> Mark:
    return Mark(block, hit.row.strength, hit.row.reason, f"{hit.row.concept}: “{hit.phrase}”")
