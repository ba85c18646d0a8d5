"""Applies a site's own rules for the body: their marks override those of all cleaners."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from cleaners.document import Block, Cleaned, Mark, dropped_blocks
from cleaners.tree import Tree
from cleaners.words.scripts import one_line
from pipelines.evidence.site_rules import Found, Hit

_REASON: Final = "site_rule"


def with_site_rules(cleaned: Cleaned, found: Found | None) -> Cleaned:
    """The page with the marks of its site's rules; the same value if the rules do not affect its body."""
    if found is None or not (found.body or found.drops) or cleaned.document.tree is None:
        return cleaned
    return replace(cleaned, marks=(*cleaned.marks, *_marks(cleaned, cleaned.document.tree, found)))


def _marks(cleaned: Cleaned, tree: Tree, found: Found) -> Iterator[Mark]:
    if found.body:
        yield from _body_marks(cleaned, tree, found.body)
    for hit in found.drops:
        for block in cleaned.document.blocks:
            yield from _drop_marks(block, tree, hit)


def _body_marks(cleaned: Cleaned, tree: Tree, hit: Hit) -> Iterator[Mark]:
    """Drop the blocks outside the selected elements; keep those inside, except detached text."""
    gone = dropped_blocks(cleaned.marks)
    inside = _runs_in(tree, hit)
    for block in cleaned.document.blocks:
        if inside.isdisjoint(block.runs):
            yield Mark(block.index, "drop", _REASON, hit.rule.text)
        elif block.index in gone and not block.detached:
            yield Mark(block.index, "keep", _REASON, hit.rule.text)


def _drop_marks(block: Block, tree: Tree, hit: Hit) -> Iterator[Mark]:
    """Drop a block that is inside the selected elements; cut the inside passages of one that is partly inside."""
    inside = _runs_in(tree, hit)
    if inside.isdisjoint(block.runs):
        return
    text_runs = [run for run in block.runs if not tree.run_text[run].isspace()]
    if inside.issuperset(text_runs):
        yield Mark(block.index, "drop", _REASON, hit.rule.text)
        return
    before = ""
    for run in block.runs:
        start = len(one_line(before))
        before += tree.run_text[run]
        end = len(one_line(before))
        if run in inside and end > start:
            yield Mark(block.index, "cut", _REASON, hit.rule.text, start, end)


def _runs_in(tree: Tree, hit: Hit) -> set[int]:
    """The text runs inside a rule's elements."""
    return {run for e in hit.elements for run in range(tree.first_run[e], tree.last_run[e])}
