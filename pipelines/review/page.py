"""Writes one page as a self-contained HTML file: what was kept, what was removed and why, how each field was chosen."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Final

from cleaners.tree import HEADING_TAGS
from pipelines.review.markup import document, escaped, hue, safe_original
from pipelines.review.view import BlockView, Candidate, FieldView, PageView, Passage

SHORTEST_RUN: Final = 4
"""From this many removed blocks in a row with the same reason on, they are folded into one line."""


def page_html(view: PageView) -> str:
    """The whole file, as text. Nothing of the page is executed or loaded, whatever it holds."""
    original = safe_original(view.original) if view.original else None
    body = "\n".join((_head(view), f"<main>{_filters(view, original is not None)}", _columns(view, original),
                      field_table(view.fields), "</main>", _FOOT))  # fmt: skip
    return document(f"{view.title} – what was removed", body)


def block_list(blocks: Iterable[BlockView]) -> str:
    """Blocks in order as a list. A run of removed blocks with one reason is folded into one line."""
    parts = ['<ol class="blocks">']
    for (kept, reason), group in groupby(blocks, key=lambda block: (block.kept, "" if block.kept else block.reason)):
        run = list(group)
        rows = "\n".join(map(_row, run))
        parts.append(rows if kept or len(run) < SHORTEST_RUN else _folded(run, reason, rows))
    parts.append("</ol>")
    return "\n".join(parts)


def _head(view: PageView) -> str:
    kept = sum(block.kept for block in view.blocks)
    facts = {
        "words in the body": f"{view.word_count:,}",
        "blocks kept": f"{kept:,} of {len(view.blocks):,}",
        "confidence": f"{view.confidence:.2f}",
        "engine": view.engine,
        **({"flags": ", ".join(view.flags)} if view.flags else {}),
    }
    listed = "".join(f"<div><dt>{escaped(name)}</dt><dd>{escaped(value)}</dd></div>" for name, value in facts.items())
    return (
        f'<header><h1>{escaped(view.title)}</h1><p class="address">{escaped(view.address)}</p>'
        f'<dl class="facts">{listed}</dl></header>'
    )


def _filters(view: PageView, has_original: bool) -> str:
    buttons = [
        '<button data-show="all" aria-pressed="true">everything</button>',
        '<button data-show="body" aria-pressed="false">the body</button>',
        '<button data-show="removed" aria-pressed="false">what was removed</button>',
    ]
    if has_original:
        buttons.append('<button id="beside" aria-pressed="true">original beside</button>')
    buttons += [
        f'<button class="reason" style="--hue:{hue(reason)}" data-show="{escaped(reason)}" aria-pressed="false">'
        f"{escaped(_spoken(reason))} {count}</button>"
        for reason, count in view.removed
    ]
    return f'<nav class="filters" aria-label="Show"><div class="scroll">{"".join(buttons)}</div></nav>'


def _columns(view: PageView, original: str | None) -> str:
    blocks = block_list(view.blocks) if view.blocks else "<p>This page holds no text.</p>"
    if original is None:
        return f'<div class="columns">{blocks}</div>'
    frame = f'<iframe sandbox="" title="The page as it was saved" srcdoc="{escaped(original)}"></iframe>'
    return f'<div class="columns beside">{blocks}<aside class="original">{frame}</aside></div>'


def _row(block: BlockView) -> str:
    style = "" if block.kept else f' style="--hue:{hue(block.reason)}"'
    cuts = " ".join(sorted({passage.reason for passage in block.passages}))
    title = escaped(_title(block))
    state = "kept" if block.kept else "dropped"
    label = "" if block.kept else f'<span class="label">{escaped(_spoken(block.reason))}</span>'
    return (
        f'<li class="{state}" data-reason="{escaped(block.reason)}" data-cuts="{escaped(cuts)}"{style}>'
        f'<details><summary title="{title}">{label}{_text(block)}</summary>{_why(block)}</details></li>'
    )


def _text(block: BlockView) -> str:
    if not block.kept:
        return f"<s>{escaped(block.text)}</s>"
    parts: list[str] = []
    at = 0
    for passage in sorted(block.passages):
        if passage.start >= at:
            parts += (escaped(block.text[at : passage.start]), _cut(block.text, passage))
            at = passage.end
    parts.append(escaped(block.text[at:]))
    text = "".join(parts)
    return f'<span class="{block.tag}">{text}</span>' if block.tag in HEADING_TAGS else text


def _cut(text: str, passage: Passage) -> str:
    title = f"removed: {_spoken(passage.reason)} – {passage.evidence}"
    words = escaped(text[passage.start : passage.end])
    return f'<mark class="cut" style="--hue:{hue(passage.reason)}" title="{escaped(title)}">{words}</mark>'


def _title(block: BlockView) -> str:
    if block.kept and not block.reason:
        return "kept"
    return f"{'kept' if block.kept else 'removed'}: {_spoken(block.reason)} – {block.evidence}"


def _why(block: BlockView) -> str:
    rows = [("block", f"{block.index} ({block.tag})" if block.tag else str(block.index))]
    rows += [(f"{step.action}: {_spoken(step.reason)}", step.evidence) for step in block.history]
    if not block.history:
        why = block.evidence or ("no rule and no model removed it" if block.kept else "")
        rows.append((_spoken(block.reason) or "kept", why))
    listed = "".join(f"<dt>{escaped(name)}</dt><dd>{escaped(value)}</dd>" for name, value in rows)
    return f'<div class="why"><dl>{listed}</dl></div>'


def _folded(run: list[BlockView], reason: str, rows: str) -> str:
    first = " · ".join(block.text[:30] for block in run[:4])
    return (
        f'<li class="run dropped" style="--hue:{hue(reason)}"><details><summary><span class="label">'
        f"{escaped(_spoken(reason))} × {len(run)}</span><s>{escaped(first)} …</s></summary>"
        f"<ol>{rows}</ol></details></li>"
    )


def field_table(fields: tuple[FieldView, ...]) -> str:
    """The fields with their values, sources and candidates as a section; empty if there are none."""
    if not fields:
        return ""
    rows = "\n".join(_field(field) for field in fields)
    return (
        '<section class="fields"><h2>The record, and what each field was chosen from</h2><table>'
        "<thead><tr><th>field</th><th>value</th><th>from</th><th>other candidates, best first</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></section>"
    )


def _field(field: FieldView) -> str:
    raw = f" <span class=address>({escaped(field.raw)})</span>" if field.raw and field.raw != field.value else ""
    others = "".join(_candidate(candidate) for candidate in field.candidates)
    listed = f"<details><summary>{len(field.candidates)}</summary><table>{others}</table></details>" if others else ""
    return (
        f'<tr><td>{escaped(field.name)}</td><td class="won">{escaped(field.value) or "–"}{raw}</td>'
        f"<td>{escaped(field.source)}</td><td>{listed}</td></tr>"
    )


def _candidate(candidate: Candidate) -> str:
    odds = "" if candidate.probability is None else f"{candidate.probability:.3f}"
    return (
        f'<tr><td class="number">{odds}</td><td>{escaped(candidate.text)}</td><td>{escaped(candidate.source)}</td>'
        f"<td>{escaped(candidate.raw) if candidate.raw != candidate.text else ''}</td></tr>"
    )


def _spoken(reason: str) -> str:
    return reason.replace("_", " ")


_FOOT: Final = (
    "<footer>Struck through: removed. Choose a line, or press j and k and then Enter, to see why. "
    "This file loads nothing and runs nothing of the page.</footer>"
)
