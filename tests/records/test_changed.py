"""An article with other values: the result of `dataclasses.replace` in a fraction of its time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.record.article import Article, changed


def test_a_changed_article_equals_the_result_of_replace() -> None:
    before = Article(headline="The tide table is wrong", tags=["tides"])
    after = changed(before, headline=None, authors=["Ann Lee"])
    assert after == replace(before, headline=None, authors=["Ann Lee"])
    assert before == Article(headline="The tide table is wrong", tags=["tides"])


def test_a_key_that_no_record_has_is_refused() -> None:
    with pytest.raises(TypeError, match="has no hedline"):
        changed(Article(), hedline="The tide table is wrong")  # type: ignore[call-arg]
