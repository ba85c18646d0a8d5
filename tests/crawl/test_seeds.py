from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy import Request

from cleaners.errors import UsageError
from crawler.fetching.host_facts import HostFacts
from crawler.fetching.safety import AddressWithPassword, PublicAddresses
from crawler.sources.seeds import Seed, read_seeds, seeds_of
from crawler.urls.spelling import absolute


def seeds_in(folder: Path, name: str, text: str) -> tuple[list[Seed], list[str]]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    seeds, errors = read_seeds(path)
    return seeds, [str(error) for error in errors]


def test_a_plain_list_has_one_address_per_line_and_comments(tmp_path: Path) -> None:
    seeds, errors = seeds_in(tmp_path, "s.txt", "# news\nhttps://a.example/\n\n  # later\nhttp://b.example/x\n")
    assert [seed.url for seed in seeds] == ["https://a.example/", "http://b.example/x"]
    assert errors == []


def test_a_csv_has_limits_for_each_seed(tmp_path: Path) -> None:
    text = "# my sites\nurl,depth,pages,since,keep,skip\nhttps://a.example/,2,50,2024-05-01,/news/,\n"
    assert seeds_in(tmp_path, "s.csv", text)[0] == [Seed("https://a.example/", 2, 50, date(2024, 5, 1), "/news/", None)]


@pytest.mark.parametrize("content", [
    b"\xef\xbb\xbfURL;Depth\r\nhttps://a.example/;2\r\n;\r\n", "url\tdepth\nhttps://a.example/\t2\n".encode("utf-16")
])  # fmt: skip
def test_a_csv_may_come_from_a_spreadsheet_of_any_country(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "s.csv").write_bytes(content)
    assert read_seeds(tmp_path / "s.csv") == ([Seed("https://a.example/", 2)], [])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("htp://a", "'htp://a' is not an http(s) URL"),
        ("https://", "'https://' is not an http(s) URL"),
        ("https://a.example:port/", "is not an http(s) URL"),
        ("file:///etc/hosts", "is not an http(s) URL"),
        ("https://a.example/,two", "depth 'two' is not a whole number"),
        ("https://a.example/,-1", "depth '-1' is not a whole number"),
        ("https://a.example/,,,soon", "since 'soon' is not a day like 2024-05-31"),
        ("https://a.example/,,,,(", "keep '(' is not a regular expression"),
    ],
)
def test_a_bad_row_is_an_error_with_file_and_line_and_the_good_rows_stay(tmp_path: Path, row: str, said: str) -> None:
    seeds, errors = seeds_in(tmp_path, "s.csv", f"url,depth,pages,since,keep,skip\n{row}\nhttps://good.example/\n")
    assert [seed.url for seed in seeds] == ["https://good.example/"]
    assert len(errors) == 1
    assert errors[0].startswith(f"{tmp_path}/s.csv:2: ")
    assert said in errors[0]


@pytest.mark.parametrize("limit", [128 * 1024, 10_000_000])
def test_a_row_too_long_for_a_csv_is_an_error_of_one_line_and_the_good_rows_stay(tmp_path: Path, limit: int) -> None:
    before = csv.field_size_limit(limit)  # one for the whole process, and reading tables raises it
    seeds, errors = seeds_in(tmp_path, "s.csv", f'url\n"{"x" * 200_000}"\nhttps://a.example/\n')
    assert [seed.url for seed in seeds] == ["https://a.example/"]
    csv.field_size_limit(before)
    assert [len(error) < 300 for error in errors] == [True]


def test_a_file_with_only_bad_rows_is_a_usage_error_of_one_line(tmp_path: Path) -> None:
    path = tmp_path / "seeds.txt"
    path.write_text("first\nsecond\nthird\n")
    with pytest.raises(UsageError) as raised:
        seeds_of({"seeds": str(path)})
    assert str(raised.value).startswith(f"{path}:1: ")
    assert str(raised.value).endswith("(also bad: 2 more rows)")
    assert "\n" not in str(raised.value)


def test_a_seed_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.csv: cannot read the seed file"):
        read_seeds(tmp_path / "none.csv")


@pytest.mark.parametrize("arguments", [{}, {"url": "https://a.example/", "seeds": "x"}, {"rl": "https://a.example/"}])
def test_arguments_without_a_start_are_a_usage_error(arguments: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="give -a url="):
        seeds_of(arguments)


def test_an_address_takes_the_limits_of_a_seed_row_as_arguments() -> None:
    assert seeds_of({"url": "https://a.example/", "depth": "0"})[0] == [Seed("https://a.example/", 0)]


@pytest.mark.parametrize("url", ["https://reader:s3cret@a.example/", "http://s3cret@a.example/", "HTTP://a:s3cret@b/"])
def test_an_address_with_a_password_is_refused_and_the_password_is_not_shown(tmp_path: Path, url: str) -> None:
    path = tmp_path / "seeds.csv"
    path.write_text(f"url\n{url}\nhttps://b.example/\n")
    seeds, errors = read_seeds(path)
    assert [seed.url for seed in seeds] == ["https://b.example/"]
    assert "seeds.csv:2: an address with a user name or a password" in str(errors[0])
    assert "s3cret" not in str(errors[0])


def test_links_and_redirects_with_a_password_are_not_followed() -> None:
    assert absolute("https://a.example/", "https://reader:s3cret@a.example/news") is None
    assert absolute("https://a.example/", "//reader:s3cret@a.example/news") is None
    assert absolute("https://a.example/", "/@reader/news") == "https://a.example/@reader/news"
    middleware = PublicAddresses(cast(Any, SimpleNamespace(spider=SimpleNamespace(host_facts=HostFacts()))))
    with pytest.raises(AddressWithPassword) as refused:
        middleware.process_request(Request("https://reader:s3cret@a.example/news"))
    assert "s3cret" not in str(refused.value)
