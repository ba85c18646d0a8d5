"""On a whole page, every removal has the right reason."""

import pytest

from benchmarks.floors import SAMPLES
from benchmarks.pages import read_pages
from cleaners import CleanOptions, Page, clean
from cleaners.options import EngineChoice
from cleaners.rules.reasons import REASONS

PAGES = {page.id: page for page in read_pages(SAMPLES)}


def removed(name: str) -> dict[str, str]:
    cleaned = clean(Page(PAGES[name].content), options=CleanOptions(engine="trafilatura"))
    return {block.text: mark.reason for block, mark in cleaned.dropped}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("icon menu icon lens icon sail", "icon_labels"),
        ("Skip to main content", "navigation"),
        ("Harbour", "navigation"),
        ("News between the tides since 1889", "masthead"),
        ("Accept all", "cookie_notice"),
        ("Home » Harbour", "breadcrumb"),
        ("By Maud Ferrier", "byline"),
        ("Share on Facebook Share on X Copy link", "share_bar"),
        ("READ MORE: Pilots ask for a second light on the point", "read_more"),
        ("Sign up for our weekly newsletter on everything that floats.", "newsletter_signup"),
        ("Tags: harbour, pilots", "tags"),
        ("Eel catch lowest since counting began", "related_links"),
        ("Tilda: Two reports! Two!", "comments"),
        ("Leave a Reply", "comments"),
        ("© 2024 The Estuary Post. All rights reserved.", "copyright"),
    ],
)
def test_a_news_page_is_explained_block_by_block(text: str, reason: str) -> None:
    assert removed("news-dredger")[text] == reason


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("engine", ["auto", "trafilatura"])
def test_every_removal_has_a_reason_of_the_table_and_no_block_is_lost(name: str, engine: EngineChoice) -> None:
    cleaned = clean(Page(PAGES[name].content), options=CleanOptions(engine=engine))
    assert {mark.reason for _, mark in cleaned.dropped} <= REASONS.keys()
    dropped = {block.index for block, mark in cleaned.dropped if mark.action == "drop"}
    assert dropped | {block.index for block in cleaned.kept} == {block.index for block in cleaned.document.blocks}


@pytest.mark.parametrize("name", ["news-dredger", "de-deich", "ru-maslobojka"])
def test_no_more_than_a_few_removals_are_left_without_a_name(name: str) -> None:
    unnamed = [text for text, reason in removed(name).items() if reason == "outside_extracted_body"]
    assert len(unnamed) <= len(removed(name)) / 3, unnamed
