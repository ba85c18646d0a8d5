"""Writes a whole run as one self-contained HTML file: its numbers, and the worst pages with their removals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from typing import Any, Final

from cleaners.words.amounts import amount
from pipelines.review.markup import document, escaped, hue
from pipelines.review.page import block_list, field_table
from pipelines.review.summary import CONFIDENCE_STEPS, COVERED, WORD_STEPS, RunSummary, SameBody, address_of
from pipelines.review.view import BlockView, PageView, view_of_rows

MOST_ROWS: Final = 100
"""The most rows of a table; its last line counts the rest."""
MOST_BLOCKS: Final = 400
"""Blocks shown of one page."""
MOST_CHARS: Final = 600
"""Characters shown of one block."""


def report_html(summary: RunSummary, explanations: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """The whole file, as text. `explanations` has the rows of an explanation file by the id of the record."""
    parts = [_head(summary), "<main>", _distributions(summary), _missing(summary), _sites(summary)]
    parts += [
        _counts(title, counts, summary.records)
        for title, counts in (
            ("Days of publication", summary.days),
            ("Languages", summary.languages),
            ("Kinds of page", summary.kinds),
            ("Flags", summary.flags),
        )
        if counts
    ]
    parts += [_reasons(summary), _duplicates(summary.duplicates), _worst(summary, explanations), "</main>", _FOOT]
    return document("What a run wrote", "\n".join(parts))


def _head(summary: RunSummary) -> str:
    again = sum(same.records - 1 for same in summary.duplicates)
    facts = {
        "records": f"{summary.records:,}",
        "sites": f"{len(summary.sites):,}",
        "words": f"{summary.words:,}",
        "blocks removed": f"{sum(summary.reasons.values()):,}",
        "records whose body came before": f"{again:,}",
    }
    listed = "".join(f"<div><dt>{escaped(name)}</dt><dd>{escaped(value)}</dd></div>" for name, value in facts.items())
    return f'<header><h1>What a run wrote</h1><dl class="facts">{listed}</dl></header>'


def _distributions(summary: RunSummary) -> str:
    lengths = [(name, summary.lengths[step]) for step, name in enumerate(_steps(WORD_STEPS, "no text"))]
    sure = [(name, summary.confidences[step]) for step, name in enumerate(_steps(CONFIDENCE_STEPS, "below 0.1"))]
    return (
        f"<section><h2>Words in a body</h2>{_bars(lengths, summary.records)}</section>"
        f"<section><h2>Confidence: the F1 that a body can be expected to have</h2>{_bars(sure, summary.records)}"
        "</section>"
    )


def _steps(bounds: Sequence[float], first: str) -> list[str]:
    """The names of the bars: below the first bound, between two, from the last on."""
    between = [f"{low:g} to {high:g}" for low, high in pairwise(bounds)]
    return [first, *between, f"{bounds[-1]:g} and more"]


def _missing(summary: RunSummary) -> str:
    return f"<section><h2>Fields that are empty</h2>{_bars(_in_order(summary.missing), summary.records)}</section>"


def _in_order(missing: Counter[str]) -> list[tuple[str, int]]:
    return [(name, missing[name]) for name in COVERED]


def _sites(summary: RunSummary) -> str:
    rows = sorted(summary.sites.items(), key=lambda row: (-row[1].records, row[0]))
    cells = [
        (
            name,
            f"{site.records:,}",
            f"{site.words / site.records:,.0f}",
            f"{site.confidence / site.records:.2f}",
            *(_share(site.missing[field], site.records) for field in COVERED),
        )
        for name, site in rows[:MOST_ROWS]
    ]
    titles = ("site", "records", "words each", "confidence", *(f"no {field}" for field in COVERED))
    return f"<section><h2>Sites</h2>{_table(titles, cells)}{_left_over(len(rows), 'site')}</section>"


def _counts(title: str, counts: Counter[str], records: int) -> str:
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    return (
        f"<section><h2>{escaped(title)}</h2>{_bars(rows[:MOST_ROWS], records)}{_left_over(len(rows), 'row')}</section>"
    )


def _reasons(summary: RunSummary) -> str:
    rows = sorted(summary.reasons.items(), key=lambda row: (-row[1], row[0]))
    total = sum(summary.reasons.values())
    named = [(name.replace("_", " "), count) for name, count in rows]
    return (
        f"<section><h2>Blocks removed, by reason</h2>{_bars(named, total, [hue(name) for name, _ in rows])}</section>"
    )


def _duplicates(same: Sequence[SameBody]) -> str:
    if not same:
        return "<section><h2>Bodies that came more than once</h2><p>None.</p></section>"
    rows = [(f"{one.records:,}", "\n".join(one.addresses)) for one in same[:MOST_ROWS]]
    listed = _table(("records", "addresses of the first"), rows)
    left = _left_over(len(same), "body")
    return f"<section><h2>Bodies that came more than once</h2>{listed}{left}</section>"


def _worst(summary: RunSummary, explanations: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    pages = [_page(record, explanations.get(str(record.get("id")), ())) for record in summary.worst]
    hint = "" if explanations else "<p>With --explain FILE each shows what was removed from it, and why.</p>"
    return f"<section><h2>The pages with the lowest confidence</h2>{hint}{''.join(pages)}</section>"


def _page(record: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    view = _short(with_body(view_of_rows(record, rows), str(record.get("body") or "")))
    return (
        f'<details class="page"><summary><b>{view.confidence:.2f}</b> {escaped(view.title)} '
        f'<span class="address">{escaped(address_of(record))}</span></summary>'
        f"{block_list(view.blocks)}{field_table(view.fields)}</details>"
    )


def with_body(view: PageView, body: str) -> PageView:
    """The view with the body's paragraphs after the removals, if the explanation rows lack the kept blocks."""
    if any(block.kept for block in view.blocks):
        return view
    first = max((block.index for block in view.blocks), default=-1) + 1
    paragraphs = [part for part in body.split("\n") if part.strip()]
    kept = tuple(BlockView(first + place, text, kept=True) for place, text in enumerate(paragraphs))
    return replace(view, blocks=(*view.blocks, *kept))


def _short(view: PageView) -> PageView:
    blocks = tuple(replace(block, text=_cut(block.text), passages=()) for block in view.blocks[:MOST_BLOCKS])
    return replace(view, blocks=blocks, fields=tuple(replace(one, value=_cut(one.value)) for one in view.fields))


def _cut(text: str) -> str:
    return text if len(text) <= MOST_CHARS else f"{text[:MOST_CHARS]} …"


def rows_by_record(rows: Iterable[Mapping[str, Any]], wanted: frozenset[str]) -> dict[str, list[Mapping[str, Any]]]:
    """The rows of an explanation file for the wanted records, by id."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for name, group in groupby(rows, key=lambda row: str(row.get("id"))):
        if name in wanted:
            found.setdefault(name, []).extend(group)
    return found


def _bars(rows: Sequence[tuple[str, int]], total: int, hues: Sequence[int] = ()) -> str:
    most = max((count for _, count in rows), default=0) or 1
    colours = hues or [_PLAIN_HUE] * len(rows)
    lines = [
        f'<tr><th scope="row">{escaped(name)}</th><td class="number">{count:,}</td>'
        f'<td class="number">{_share(count, total)}</td>'
        f'<td class="bar"><div style="width:{100 * count / most:.1f}%;--hue:{colour}"></div></td></tr>'
        for (name, count), colour in zip(rows, colours, strict=True)
    ]
    return f'<table class="bars">{"".join(lines)}</table>'


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escaped(title)}</th>' for title in titles)
    lines = "".join(f"<tr>{''.join(f'<td>{escaped(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>'


def _share(count: int, total: int) -> str:
    return f"{100 * count / total:.0f} %" if total else "–"


def _left_over(count: int, what: str) -> str:
    return f"<p>and {amount(count - MOST_ROWS, what, 'more')}</p>" if count > MOST_ROWS else ""


_PLAIN_HUE: Final = 210
_FOOT: Final = "<footer>This file loads nothing and runs nothing of the pages.</footer>"
