"""Elements nested too deep follow each other, with their blocks and text runs."""

from __future__ import annotations

import pytest

from cleaners.document import Document
from cleaners.options import DEFAULT
from cleaners.page import Decoded
from cleaners.parsing.depth import MAX_DEPTH
from cleaners.parsing.html import segment_html
from cleaners.rules.repeats import drop_repeats
from cleaners.tree import Tree

STEP = "<div class=step><p>Step {}: mend the <b>weir {}</b> by hand.</p>"


def segmented(markup: str) -> Document:
    return segment_html(Decoded(f"<body>{markup}", "utf-8", "given"))


def nested(levels: int) -> Document:
    return segmented("".join(STEP.format(n, n) for n in range(levels)) + "<h2>The end</h2>")


def tree_of(document: Document) -> Tree:
    assert document.tree is not None
    return document.tree


def test_unclosed_elements_are_nested_up_to_the_bound() -> None:
    assert tree_of(nested(100)).depths.max() == 103  # html and body, then 100 div, p and b
    assert tree_of(nested(2_000)).depths.max() == MAX_DEPTH


@pytest.mark.parametrize("levels", [250, 251, 252, 253, 400, 2_000])
def test_elements_hold_each_other_and_their_blocks_and_runs(levels: int) -> None:
    document = nested(levels)
    tree = tree_of(document)
    for e, parent in enumerate(tree.parents):
        assert parent < e < tree.ends[e] <= (tree.ends[parent] if parent >= 0 else len(tree.tags))
        assert parent < 0 or tree.first_run[parent] <= tree.first_run[e] <= tree.last_run[e] <= tree.last_run[parent]
        assert parent < 0 or tree.last_block[e] <= tree.last_block[parent]
    assert all(tree.first_run[e] <= run < tree.last_run[e] for run, e in enumerate(tree.run_element))
    assert all(tree.first_block[b.element] <= b.index < tree.last_block[b.element] for b in document.blocks)


def test_every_text_is_there_and_nearly_every_paragraph_keeps_its_element() -> None:
    document = nested(2_000)
    texts = [f"Step {n}: mend the weir {n} by hand." for n in range(2_000)]
    assert [block.text for block in document.blocks] == [*texts, "The end"]
    tags = [tree_of(document).tags[block.element] for block in document.blocks]
    assert tags.count("p") > 1_950
    assert tags[-1] == "h2"


def test_the_paths_of_repeated_lines_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    line = "<div><p>Four people mend the weir on every Monday.</p>"
    document = segmented(line * 200)
    reads: list[int] = []
    get = Tree.get

    def counted(tree: Tree, element: int, name: str) -> str:
        reads.append(element)
        return get(tree, element, name)

    monkeypatch.setattr(Tree, "get", counted)
    drop_repeats(document, (), DEFAULT)
    assert 0 < len(reads) <= len(tree_of(document).tags)
