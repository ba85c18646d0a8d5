"""The view of one page for a person: its blocks with what happened to each, and its fields with their candidates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from cleaners.document import Cleaned, Mark
from pipelines.evidence.gather import Evidence
from pipelines.record.build import Extraction
from pipelines.review.summary import list_of, number_of

MOST_CANDIDATES: Final = 12
"""Candidates shown for a field; a listing has hundreds of dates."""


class Step(NamedTuple):
    """One mark that a cleaner left on a block: what it says, why, and on what evidence."""

    action: str
    reason: str
    evidence: str


class Passage(NamedTuple):
    """Characters start:end of a block's text that are not part of the body, and why."""

    start: int
    end: int
    reason: str
    evidence: str


@dataclass(frozen=True)
class BlockView:
    """One block in reading order, with the reason and evidence of the deciding mark; empty if no mark decided."""

    index: int
    text: str
    kept: bool
    reason: str = ""
    evidence: str = ""
    tag: str = ""
    passages: tuple[Passage, ...] = ()
    history: tuple[Step, ...] = ()


class Candidate(NamedTuple):
    """A possible value of a field: its text, its source, what the source says in full, and the model's probability."""

    text: str
    source: str
    raw: str
    probability: float | None = None


@dataclass(frozen=True)
class FieldView:
    """A field of the record: its value, where it comes from, and the candidates it was chosen among, best first."""

    name: str
    value: str
    source: str = ""
    raw: str = ""
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class PageView:
    """Everything that is shown of one page."""

    title: str
    address: str
    confidence: float
    engine: str
    word_count: int
    flags: tuple[str, ...]
    blocks: tuple[BlockView, ...]
    fields: tuple[FieldView, ...] = ()
    original: str | None = None

    @property
    def removed(self) -> list[tuple[str, int]]:
        """How many blocks and passages were removed for each reason, most frequent first."""
        counts = Counter(block.reason for block in self.blocks if not block.kept)
        counts.update(passage.reason for block in self.blocks if block.kept for passage in block.passages)
        return sorted(counts.items(), key=lambda row: (-row[1], row[0]))


def view_of(extraction: Extraction) -> PageView:
    """The view of a page from its extraction."""
    article, cleaned = extraction.article, extraction.cleaned
    decoded = cleaned.document.decoded
    return PageView(
        title=article.headline or article.url or article.source_path or "A page without a headline",
        address=article.url or article.source_path or "",
        confidence=article.confidence,
        engine=article.engine,
        word_count=article.word_count,
        flags=tuple(article.flags),
        blocks=tuple(_blocks(cleaned)),
        fields=tuple(_fields(extraction)),
        original=decoded.text if cleaned.document.tree is not None else None,
    )


def view_of_rows(record: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> PageView:
    """The view of a page of an earlier run: its record, and its rows of the explanation file."""
    listed = list(rows)
    blocks = [_block_of_row(row) for row in listed if isinstance(row.get("index"), int) and "text" in row]
    address = str(record.get("url") or record.get("source_path") or "")
    return PageView(
        title=str(record.get("headline") or address or "A page without a headline"),
        address=address,
        confidence=number_of(record, "confidence"),
        engine=str(record.get("engine") or ""),
        word_count=int(number_of(record, "word_count")),
        flags=tuple(list_of(record, "flags")),
        blocks=tuple(sorted(blocks, key=lambda block: block.index)),
        fields=tuple(_field_of_row(row) for row in listed if "field" in row),
    )


def _block_of_row(row: Mapping[str, Any]) -> BlockView:
    return BlockView(
        index=row["index"],
        text=str(row["text"]),
        kept=row.get("kept") is True,
        reason=str(row.get("reason") or ""),
        evidence=str(row.get("evidence") or ""),
    )


def _field_of_row(row: Mapping[str, Any]) -> FieldView:
    second = row.get("runner_up")
    return FieldView(
        name=str(row["field"]),
        value=str(row.get("value") or ""),
        source=str(row.get("source") or ""),
        raw=str(row.get("raw") or ""),
        candidates=(Candidate(str(second), "", ""),) if second else (),
    )


def _blocks(cleaned: Cleaned) -> Iterator[BlockView]:
    tree = cleaned.document.tree
    by_block: dict[int, list[Mark]] = {}
    for mark in cleaned.marks:
        by_block.setdefault(mark.block, []).append(mark)
    for block in cleaned.document.blocks:
        marks = by_block.get(block.index, [])
        deciding = cleaned.verdicts.get(block.index)
        yield BlockView(
            index=block.index,
            text=block.text,
            kept=deciding is None or deciding.action == "keep",
            reason=deciding.reason if deciding else "",
            evidence=deciding.evidence if deciding else "",
            tag=tree.tags[block.element] if tree is not None and block.element >= 0 else "",
            passages=tuple(Passage(m.start, m.end, m.reason, m.evidence) for m in marks if m.action == "cut"),
            history=tuple(Step(m.action, m.reason, m.evidence) for m in marks),
        )


def _fields(extraction: Extraction) -> Iterator[FieldView]:
    candidates = _candidates(extraction.evidence)
    for choice in extraction.choices:
        yield FieldView(
            choice.field, choice.value or "", choice.source or "", choice.raw or "", candidates.get(choice.field, ())
        )


def _candidates(evidence: Evidence) -> dict[str, tuple[Candidate, ...]]:
    headlines, dates, authors = evidence.headlines, evidence.dates, evidence.bylines
    return {
        "headline": _ranked([Candidate(c.text, c.source, c.raw) for c in headlines.candidates], headlines.probability),
        "date_published": _ranked(
            [Candidate(c.moment.iso(), c.source, c.raw) if c else _NONE for c in dates.published],
            dates.probability,
        ),
        "date_modified": _ranked([Candidate(c.moment.iso(), c.source, c.raw) for c in dates.modified], ()),
        "authors": _ranked(
            [Candidate(", ".join(c.names), c.source, c.raw) if c else _NONE for c in authors.candidates],
            authors.probability,
        ),
        "language_tag": tuple(Candidate(one.tag, one.source, one.raw) for one in evidence.languages),
        "site_name": tuple(Candidate(one.name, one.source, one.name) for one in evidence.site_names),
    }


_NONE: Final = Candidate("none is stated", "", "")


def _ranked(candidates: list[Candidate], probabilities: tuple[float, ...]) -> tuple[Candidate, ...]:
    known = (*probabilities, *[None] * (len(candidates) - len(probabilities)))
    pairs = zip(candidates, known, strict=False)
    return tuple(c._replace(probability=p) for c, p in pairs)[:MOST_CANDIDATES]
