"""Headline, date and byline of a dump, from their place, their form and the body."""

import pytest

from cleaners import Page
from pipelines.record.article import Article
from pipelines.record.build import record_of

BODY = """The last of the three ferries that were taken out of service in January will sail again on Monday, the \
harbour office said, after divers had cleared the channel of a sunken barge and two lost containers.

Fares stay as they were. Season tickets that could not be used in the eleven weeks without a boat are extended by the \
same time, and holders do not need to apply for it at the office on the quay.

Not everyone is content. The fishermen of the eastern quay, who earned a little by rowing people across, had asked for \
a month's notice so that they could find other work, and were told of the ferries on Friday afternoon."""
HEADLINE = "Harbour ferries return after eleven weeks"


def article(top: str, *, url: str | None = None, fetched_at: str | None = None) -> Article:
    content = f"{top}\n\n{BODY}\n".encode()
    return record_of(Page(content, "text", url, "text", fetched_at=fetched_at)).article


@pytest.mark.parametrize(
    "top",
    [
        f"{HEADLINE}\n11 Apr, 2017 07:29",
        f"11 Apr, 2017 07:29\n\n{HEADLINE}",
        f"Home\nNews\nSport\nMore from the coast\nThe Harbour Gazette\n{HEADLINE}\nBy Ada Low\n11 Apr, 2017 07:29",
        f"{HEADLINE}\nA boat, at last\n11 Apr, 2017 07:29\nShare\nTweet",
    ],
)
def test_the_headline_is_found_anywhere_above_the_body(top: str) -> None:
    found = article(top)
    assert (found.headline, found.date_published) == (HEADLINE, "2017-04-11T07:29")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("11 Apr, 2017 07:29", "2017-04-11T07:29"),
        ("April 11, 2017", "2017-04-11"),
        ("2017-04-11", "2017-04-11"),
        ("2017年4月11日", "2017-04-11"),
        ("11 апреля 2017", "2017-04-11"),
        ("11 avril 2017", "2017-04-11"),
        ("25/04/2017", "2017-04-25"),
        ("Published: 11 April 2017 | 3 min read", "2017-04-11"),
    ],
)
def test_dates_are_read_in_the_forms_of_the_world(written: str, meant: str) -> None:
    assert article(f"{HEADLINE}\n{written}").date_published == meant


def test_a_date_that_can_be_read_in_two_ways_stays_raw_with_a_flag() -> None:
    found = article(f"{HEADLINE}\n11/04/2017")
    assert (found.date_published, found.date_published_raw) == (None, "11/04/2017")
    assert "date_ambiguous" in found.flags


def test_another_date_of_the_dump_decides_which_number_is_the_day() -> None:
    found = article(f"Low water 27/03/2017 06:10\nHome\nNews\nTides\nSport\n{HEADLINE}\n11/04/2017")
    assert (found.date_published, found.flags) == ("2017-04-11", [])


def test_the_country_of_the_address_decides_which_number_is_the_day() -> None:
    assert article(f"{HEADLINE}\n11/04/2017", url="https://gazette.co.uk/a").date_published == "2017-04-11"


def test_two_hours_ago_is_a_date_only_with_a_reference_time() -> None:
    assert article(f"{HEADLINE}\nhace 2 horas").date_published is None
    assert article(f"{HEADLINE}\nhace 2 horas", fetched_at="2017-04-11T12:00:00Z").date_published == "2017-04-11"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ada Low", ["Ada Low"]),
        ("Von Ada Low", ["Ada Low"]),
        ("By the sea", []),
        ("Written by Ada Low", ["Ada Low"]),
    ],
)
def test_a_line_that_begins_like_a_byline_names_the_author(line: str, names: list[str]) -> None:
    assert article(f"{HEADLINE}\n{line}\n11 April 2017").authors == names


@pytest.mark.parametrize("field", ["author", "authors"])
def test_stated_authors_come_before_a_byline_under_either_name(field: str) -> None:
    made = record_of(Page(f"{HEADLINE}\nBy Ada Low\n{BODY}", "text", stated=((field, "Tom Roe; Ann Lee"),)))
    assert made.article.authors == ["Tom Roe", "Ann Lee"]
    assert {choice.raw for choice in made.choices if choice.field == "authors"} == {"Tom Roe; Ann Lee"}


def test_a_dump_without_prose_gives_no_field_and_no_error() -> None:
    found = record_of(Page(b"", "text", None, "text")).article
    assert (found.headline, found.date_published, found.authors) == (None, None, [])


@pytest.mark.parametrize(
    "first",
    [
        "https://cdn.harbour.example/ferries/return-after-eleven-weeks-harbour-office.jpg",
        "ferries return after eleven weeks harbour office.jpg",
        "![ferries return after weeks](//cdn.harbour.example/ferries.png)",
    ],
)
def test_the_address_of_a_picture_is_not_a_headline(first: str) -> None:
    assert article(f"{first}\n{HEADLINE}\n11 Apr, 2017 07:29").headline == HEADLINE
    assert article(f"{first}\n11 Apr, 2017 07:29").headline is None
