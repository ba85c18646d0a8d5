from __future__ import annotations

from pathlib import Path

import pytest

from cleaners import Cleaned, Page
from cleaners.document import dropped_blocks
from pipelines.record.build import record_of
from tests.offline import samples

PAGES = [
    *(Page(path.read_bytes(), source_path=path.name) for path in sorted(samples.SITE.rglob("*.html"))),
    Page((samples.SEEDS / "dump.txt").read_bytes(), "text", source_path="dump.txt"),
    Page(b""),
    Page(b"", "text"),
    Page(b"\x00\xff\xfe<p>"),
    Page("<p>" * 5_000 + "deep"),
]


def kept_and_dropped(cleaned: Cleaned) -> list[int]:
    kept = [block.index for block in cleaned.kept]
    return sorted(kept + [index for index in dropped_blocks(cleaned.marks) if index not in kept])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.source_path)
def test_kept_and_dropped_blocks_are_all_blocks(page: Page) -> None:
    cleaned = record_of(page).cleaned
    assert kept_and_dropped(cleaned) == [block.index for block in cleaned.document.blocks]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.source_path)
def test_the_same_page_gives_the_same_record_twice(page: Page) -> None:
    assert record_of(page).json_line() == record_of(page).json_line()


@pytest.mark.parametrize(
    ("path", "said", "headline", "date"),
    [
        ("news/ferry-timetable", "the kettle is on until ten", "Night ferry returns after six winters", "2025-03-14"),
        ("news/school-roof", "carried the school tortoise", "Pupils move back under a new school", "2025-02-03"),
        ("news/lighthouse-sale", "He may charge for tea", "Lighthouse sold for one pound", "2004-11-21"),
        ("culture/camera-club", "The icon of the show, if it has one", "What the camera club saw", "2025-04-27"),
        ("es/red-fantasma", "Tres buzos de Saltmouth", "Tres buzos sacan del fondo", "2025-05-06"),
        ("news/ekimae-asaichi", "用意した六十の屋台", "港の朝市、八年ぶりに駅前へ戻る", "2025-04-18"),
    ],
)
def test_sample_articles_come_out_whole_and_without_their_frame(path: str, said: str, headline: str, date: str) -> None:
    article = record_of(Page(Path(samples.SITE, f"{path}.html").read_bytes())).article
    assert said in article.body
    assert (article.headline or "").startswith(headline)
    assert (article.date_published or "").startswith(date)
    for junk in (
        "We use cookies",
        "lamp-search",
        "newsletter",
        "All rights reserved",
        "READ MORE",
        "LEE TAMBIÉN",
        "WhatsApp",
    ):
        assert junk not in article.body


def test_the_sample_dump_loses_its_icons_and_its_read_more_line_and_nothing_else() -> None:
    text = (samples.SEEDS / "dump.txt").read_text("utf-8")
    record = record_of(Page(text, "text"))
    article = record.article
    lines = text.splitlines()
    assert article.headline == "Pupils move back under a new school roof in Saltmouth"
    assert article.date_published == "2025-02-03T09:12"
    assert article.body.split("\n\n") == [line for line in lines[3:] if not line.startswith("READ MORE")]
    reasons = {block.text[:9]: mark.reason for block, mark in record.cleaned.dropped}
    assert reasons["glyph anc"] == "icon_labels"
    assert reasons["READ MORE"] == "read_more"
