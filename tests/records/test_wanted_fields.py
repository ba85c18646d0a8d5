from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cleaners.document import Cleaned, CleanerResult
from cleaners.errors import UsageError
from cleaners.options import DEFAULT, Cleaner, CleanOptions
from cleaners.page import Page
from pipelines.record.article import FIELD_NAMES, Article
from pipelines.record.build import record_of
from pipelines.record.context import Stage, StageResult
from pipelines.record.page_pictures import PagePicture, page_pictures
from pipelines.record.stages import STAGES
from pipelines.record.wanted_fields import ALWAYS_THERE, stages_for
from pipelines.selection.filters import Wanted, fields_read
from pipelines.workers.settings import for_whole_records

PAGES = Path(__file__).parents[1] / "pages"
FORMS = CleanOptions(markdown=True, html=True, blocks=True, comments="field")
NEWS = b"""<html lang=en><title>Ferry runs again</title><meta property="article:content_tier" content="locked">
<meta name="keywords" content="ferries, islands"><meta name="robots" content="noarchive"><article>
<h1>Ferry runs again</h1><p>By Rosa Field, 4 May 2024</p><img src="/ferry.jpg" alt="The ferry">
<p>The ferry to the island runs again after the winter, and the first passengers were on board before sunrise.</p>
<p>Its new engine is quieter than the old one, said the captain, who has steered it for nearly thirty years.</p>
</article><div class=comments id=comments><div class=comment><b>Ann</b> <p>I took the first one.</p></div>
<div class=comment><b>Bo</b> <p>So did I, and it was full.</p></div></div>"""
DUMP = """Ferry runs again
By Rosa Field
4 May 2024

The ferry to the island runs again after the winter, and the first passengers were on board before sunrise.
Its new engine is quieter than the old one, said the captain, who has steered it for nearly thirty years."""


def pages() -> list[Page]:
    found = [path.read_bytes() for path in sorted(PAGES.glob("*/page.html"))[::24]]
    address = "https://news.harbour-post.test/2024/ferry"
    return [Page(NEWS, url=address), Page(DUMP, "text"), *(Page(content, url=address) for content in found)]


def test_selected_fields_have_the_values_of_the_whole_record() -> None:
    by_stages: dict[tuple[Stage, ...], list[str]] = {}
    for name in FIELD_NAMES:
        by_stages.setdefault(stages_for((name,), STAGES), []).append(name)
    for page in pages():
        whole = record_of(page, FORMS).article
        for names in by_stages.values():
            alone = record_of(page, replace(FORMS, fields=tuple(names))).article
            assert {name: getattr(alone, name) for name in names} == {name: getattr(whole, name) for name in names}


def test_other_fields_are_empty_except_those_that_identify_the_page() -> None:
    page = pages()[0]
    whole = record_of(page).article
    some = record_of(page, replace(DEFAULT, fields=("headline", "body"))).article
    given = {name: getattr(whole, name) for name in ("headline", "body", *ALWAYS_THERE)}
    assert some == replace(Article(), **given)
    assert some.id == whole.id
    assert some.headline == "Ferry runs again"
    assert some.body.startswith("The ferry to the island")


def broken(*_: object) -> CleanerResult:
    raise AssertionError("this cleaner is not needed")


def test_no_cleaner_runs_if_no_field_needs_one() -> None:
    options = CleanOptions(plan=(Cleaner("broken", ("html",), broken),), fields=("headline", "authors", "tags"))
    article = record_of(pages()[0], options).article
    assert (article.headline, article.authors, article.tags) == (
        "Ferry runs again", ["Rosa Field"], ["ferries", "islands"],
    )  # fmt: skip
    with pytest.raises(AssertionError, match="not needed"):
        record_of(pages()[0], replace(options, fields=("body",)))


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        (
            ("headline", "body"),
            ["provenance", "address", "headline", "authors", "body", "identity", "validation"],
        ),
        (
            ("body_html",),
            ["provenance", "address", "headline", "authors", "images", "body", "identity", "validation"],
        ),
        (("date_published",), ["provenance", "address", "dates", "identity", "validation"]),
    ],
)
def test_only_the_stages_that_fields_need_are_run(fields: tuple[str, ...], names: list[str]) -> None:
    assert [stage.name for stage in stages_for(fields, STAGES)] == names


def test_pictures_are_searched_once_and_only_if_a_field_needs_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks: list[int] = []

    def counted(cleaned: Cleaned, headline: int) -> Iterator[PagePicture]:
        looks.append(headline)
        return page_pictures(cleaned, headline)

    monkeypatch.setattr("pipelines.record.context.page_pictures", counted)
    assert "ferry.jpg" in (record_of(pages()[0], FORMS).article.body_html or "")
    assert len(looks) == 1
    record_of(pages()[0], CleanOptions(fields=("body",)))
    assert len(looks) == 1


def test_a_stage_that_does_not_say_what_it_fills_runs_with_all_before_it() -> None:
    mine = Stage("mine", lambda article, _: StageResult(article))
    stages = (*STAGES[:4], mine, *STAGES[4:])
    assert [stage.name for stage in stages_for(("tags",), stages)] == [
        "provenance", "address", "headline", "dates", "mine", "topics", "identity", "validation",
    ]  # fmt: skip


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(UsageError, match="did you mean 'headline'"):
        record_of(pages()[0], CleanOptions(fields=("headlin",)))


def test_a_crawl_refuses_a_selection_of_fields() -> None:
    assert for_whole_records(FORMS) == FORMS
    with pytest.raises(UsageError, match="whole records"):
        for_whole_records(CleanOptions(fields=("body",)))


def test_filters_name_the_fields_that_they_read() -> None:
    wanted = Wanted(articles=True, min_confidence=0.5, since="2026-01-01", sites=frozenset({"example.org"}))
    assert fields_read(wanted) == ("is_article", "confidence", "published_day")
    assert fields_read(Wanted()) == ()
