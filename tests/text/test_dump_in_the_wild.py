"""A typical dump: a run of icon names, a line with the date, the headline, paragraphs, a link to another text."""

import textwrap
from pathlib import Path

import pytest

from cleaners import Page
from pipelines.record.build import Extraction, record_of

DUMP = (Path(__file__).parent / "dumps" / "tide_mill.txt").read_text(encoding="utf-8")
LABELS, DATE, HEADLINE, *PARAGRAPHS = [line for line in DUMP.splitlines() if line]
POINTER = next(line for line in PARAGRAPHS if line.startswith("ALSO READ"))
BODY = [line for line in PARAGRAPHS if line != POINTER]


def record(dump: str) -> Extraction:
    return record_of(Page(dump.encode(), "text", source_type="text"))


def wrapped(dump: str) -> str:
    return "\n\n".join(textwrap.fill(line, 72, break_on_hyphens=False) for line in dump.splitlines() if line)


SHAPES = {
    "as it is": DUMP,
    "with CRLF": DUMP.replace("\n", "\r\n"),
    "without blank lines": DUMP.replace("\n\n", "\n"),
    "wrapped at 72 columns": wrapped(DUMP),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_body_is_every_paragraph_and_nothing_else(shape: str) -> None:
    assert record(SHAPES[shape]).article.body.split("\n\n") == BODY


@pytest.mark.parametrize("shape", SHAPES)
def test_headline_and_date_are_found(shape: str) -> None:
    article = record(SHAPES[shape]).article
    assert (article.headline, article.date_published) == (HEADLINE, "2019-09-03T18:42")


def test_labels_and_pointer_are_removed_under_different_reasons() -> None:
    reasons = {row["text"]: row["reason"] for row in record(DUMP).explanation() if "reason" in row}
    assert (reasons[LABELS], reasons[POINTER]) == ("icon_labels", "read_more")


def test_the_record_says_that_the_text_engine_made_it_and_how_sure_it_is() -> None:
    article = record(DUMP).article
    assert article.engine == "text"
    assert article.confidence > 0.8


def test_on_one_giant_line_no_word_of_the_article_is_lost() -> None:
    body = record(" ".join(DUMP.replace(POINTER, "").split())).article.body
    assert [paragraph for paragraph in BODY if paragraph not in body] == []
    assert "glyph" not in body
