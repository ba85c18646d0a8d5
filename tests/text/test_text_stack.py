"""Dumps that are cleaned together give the same results as each alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import Page
from cleaners.document import CleanerResult, Document, Mark
from cleaners.features.text import text_columns, text_features
from cleaners.features.text_lines import read_lines
from cleaners.options import Cleaner, CleanOptions
from cleaners.page import Decoded
from cleaners.parsing.text import segment_text
from cleaners.plan import PLAN
from pipelines.record.build import record_of, records_of_dumps
from pipelines.workers.batches import Batch, clean_batch, made_of
from tests.drawn import examples

PROSE = (
    "The ferry between the harbour and the island runs again from Tuesday, the harbour office said on Monday.",
    "A storm had broken two piers in January, and the repair took longer than the town had planned for it.",
    "\u201cWe have waited long enough,\u201d said Ann Lee, who sells bread on the island and sails twice a day.",
)
LINES = (*PROSE, "Home", "News", "Sport", "Read more", "3 May 2021", "By Ann Lee", "渡轮星期二复航。", "$12.50", "...")
DUMPS = (
    "\n".join(("Home", "News", "Sport", "Ferry runs again", "By Ann Lee", *PROSE, "Read more", "Privacy")),
    "",
    "渡轮星期二复航，港务局星期一说。一月的风暴毁坏了两个码头，修理的时间比镇上计划的长得多。\n更多新闻",
    "\n".join(PROSE * 9),
    "A line.",
)


def documents_of(texts: Sequence[str]) -> list[Document]:
    return [segment_text(Decoded(text, "str", "given")) for text in texts]


@examples
@given(st.lists(st.lists(st.sampled_from(LINES), min_size=1, max_size=70).map("\n".join), min_size=2, max_size=4))
def test_the_features_of_a_dump_are_the_same_in_a_stack_of_dumps(texts: list[str]) -> None:
    documents = documents_of(texts)
    lines = read_lines(documents)
    matrix = text_columns(lines).matrix()
    for document, (first, last) in zip(documents, lines.stack.spans(), strict=True):
        assert np.array_equal(matrix[first:last], text_features(document))


def test_dumps_that_are_cleaned_together_give_the_records_and_explanations_of_each_alone() -> None:
    pages = [Page(text, "text", f"https://a.example/{n}") for n, text in enumerate(DUMPS)]
    for page, made in zip(pages, records_of_dumps(pages), strict=True):
        alone = record_of(page)
        assert made.json_line() == alone.json_line()
        assert list(made.explanation(with_kept=True)) == list(alone.explanation(with_kept=True))


def fail_on_storms(document: Document, marks: Sequence[Mark], options: CleanOptions) -> CleanerResult:
    if any("storm" in block.text for block in document.blocks):
        raise ValueError("no storms")
    return CleanerResult()


@pytest.mark.parametrize("explained", ["nothing", "everything"])
def test_a_dump_that_fails_does_not_affect_the_others_of_its_batch(explained: str) -> None:
    options = CleanOptions(plan=(*PLAN, Cleaner("storms", ("text",), fail_on_storms)))
    pages = tuple(Page(text, "text") for text in DUMPS)
    made = clean_batch(Batch(pages, options, explained))  # type: ignore[arg-type]
    assert [one.failure is None for one in made] == ["storm" not in text for text in DUMPS]
    assert [one.record for one in made if one.failure is None] == [
        made_of(page, options, "nothing").record for page in pages if "storm" not in str(page.content)
    ]
