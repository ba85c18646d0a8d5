from __future__ import annotations

import pytest

from cleaners.options import DEFAULT
from cleaners.page import Page
from cleaners.plan import clean
from pipelines.evidence.gather import gather
from pipelines.record.article import Article
from pipelines.record.build import apply_stages, record_of
from pipelines.record.context import RecordInputs, Stage
from pipelines.record.stages import STAGES

PAGE = Page(
    b"""<title>Ferry runs again</title><meta property="article:content_tier" content="locked"><article>
<h1>Ferry runs again</h1><p>By Rosa Field, 4 May 2024</p>
<p>The ferry to the island runs again after the winter, and the first passengers were on board before sunrise.</p>
<p>Its new engine is quieter than the old one, said the captain, who has steered it for nearly thirty years.</p>
</article>""",
    url="https://news.harbour-post.test/ferry",
)


def inputs() -> RecordInputs:
    cleaned = clean(PAGE)
    return RecordInputs(PAGE, cleaned, gather(PAGE, cleaned), DEFAULT)


@pytest.mark.parametrize("stage", STAGES, ids=[stage.name for stage in STAGES])
def test_a_stage_that_runs_twice_says_the_same_twice(stage: Stage) -> None:
    before, given = record_of(PAGE).article, inputs()
    first = stage.run(before, given)
    assert stage.run(before, given) == first
    assert before == record_of(PAGE).article
    assert given == inputs()


def test_the_choices_and_removals_of_all_stages_are_kept_in_their_order() -> None:
    result = apply_stages(Article(), inputs(), STAGES)
    assert [choice.field for choice in result.choices] == [
        "headline", "date_published", "authors", "language_tag", "flags", "is_article",
    ]  # fmt: skip
    assert {mark.reason for mark in result.removals} == {"headline", "byline"}
