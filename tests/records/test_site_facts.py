"""Entries about single sites: they win over all other evidence, and are reported when they stop matching."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaners import Page
from cleaners.options import CleanOptions
from pipelines.evidence.site_entries import FOLDER, SiteFactsError, read_entry
from pipelines.record.build import Extraction, record_of
from tests.records.making import page_of

ENTRY = """
domain = "harbour.example"
valid_until = 2030-01-01
reason = "Dates are day first; the clock of the town hall."
date_order = "dmy"
time_zone = "+02:00"
published = "class:stamp"
author = "meta:x-writer"
"""


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.name)
def test_every_entry_in_the_package_can_be_used(path: Path) -> None:
    entry = read_entry(path)
    assert entry.domain == path.stem
    assert entry.reason.endswith(".")


def made(folder: Path, above: str, head: str = "", fetched_at: str | None = None) -> Extraction:
    markup = page_of("<title>Ferry</title>" + head, above)
    page = Page(markup, url="https://www.harbour.example/a", fetched_at=fetched_at)
    return record_of(page, CleanOptions(sites=str(folder)))


def test_an_entry_wins_over_all_other_evidence(tmp_path: Path) -> None:
    (tmp_path / "harbour.example.toml").write_text(ENTRY)
    head = '<meta name="x-writer" content="Ada Brandt"><meta property="article:published_time" content="2020-01-01">'
    article = made(tmp_path, '<p class="stamp">4/11/2021 10:00</p>', head).article
    assert (article.date_published, article.date_published_source) == ("2021-11-04T10:00+02:00", "site_facts")
    assert article.authors == ["Ada Brandt"]
    assert "site_facts_unmatched" not in article.flags


def test_the_language_of_an_entry_needs_no_agreement_of_the_page(tmp_path: Path) -> None:
    (tmp_path / "harbour.example.toml").write_text(ENTRY + 'language = "cy"\n')
    found = made(tmp_path, '<p class="stamp">4/11/2021 10:00</p>').article
    assert (found.language, found.language_tag, found.language_source) == ("cy", "cy", "site_facts")


def test_an_entry_that_stops_matching_is_reported(tmp_path: Path) -> None:
    (tmp_path / "harbour.example.toml").write_text(ENTRY)
    record = made(tmp_path, "<h1>Ferry</h1>")
    assert "site_facts_unmatched" in record.article.flags
    assert {d.raw for d in record.choices if d.field == "site_facts"} == {
        "harbour.example: published = class:stamp",
        "harbour.example: author = meta:x-writer",
    }


@pytest.mark.parametrize("domain", ["www.harbour.example", "Harbour.Example", "harbour.example"])
def test_an_entry_counts_however_its_domain_is_spelled(tmp_path: Path, domain: str) -> None:
    (tmp_path / "harbour.example.toml").write_text(ENTRY.replace('"harbour.example"', f'"{domain}"'))
    assert made(tmp_path, '<p class="stamp">4/11/2021 10:00</p>').article.date_published == "2021-11-04T10:00+02:00"


def test_an_entry_is_not_used_after_its_date(tmp_path: Path) -> None:
    (tmp_path / "harbour.example.toml").write_text(ENTRY)
    assert made(tmp_path, "<h1>Ferry</h1>", fetched_at="2030-01-02T00:00:00+00:00").article.flags == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('date_order = "dmy"', 'date_order = "day"'), "date_order"),
        (('published = "class:stamp"', 'published = "//p[2]"'), "published"),
        (("valid_until = 2030-01-01", ""), "valid_until"),
        (('time_zone = "+02:00"', 'zone = "+02:00"'), "zone"),
        (('time_zone = "+02:00"', 'language = "english"'), "language is 'english', not a tag such as en-GB"),
        (('time_zone = "+02:00"', 'language = "en_gb"'), "language"),
        (('domain = "harbour.example"', "domain = "), "TOML"),
    ],
)
def test_a_bad_entry_is_reported_with_its_file_and_key(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    path = tmp_path / "harbour.example.toml"
    path.write_text(ENTRY.replace(*change))
    with pytest.raises(SiteFactsError, match=rf"harbour\.example\.toml: .*{message}"):
        read_entry(path)
