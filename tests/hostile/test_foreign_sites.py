"""A folder of --sites that somebody else made: read, or refused with one line that names the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaners.options import CleanOptions
from cleaners.page import Page
from pipelines.evidence.site_entries import site_table
from pipelines.evidence.site_rules import SiteRuleError
from pipelines.record.build import record_of
from tests.offline import samples

ENTRY = 'domain = "example.org"\nvalid_until = 2030-06-30\nreason = "It is hostile."\n'
REFUSED: dict[str, str | bytes] = {
    "nested arrays": "a = " + "[" * 20_000,
    "nested tables": "a = " + "{a=" * 10_000,
    "larger than any": ENTRY + "# " + "x" * 40_000,
    "not UTF-8": b"\xff\xfe\x00",
    "a long CSS selector": f'{ENTRY}body = "css:{"a " * 10_000}"\n',
    "nested CSS selectors": f'{ENTRY}body = "css:{":not(" * 2_000}a{")" * 2_000}"\n',
    "nested XPath": f'{ENTRY}body = "xpath:{"(" * 10_000}1{")" * 10_000}"\n',
    "a number for a domain": ENTRY.replace('"example.org"', "3"),
    "no domain": ENTRY.replace("example.org", ""),
    "a moment for a day": ENTRY.replace("2030-06-30", "2030-06-30T10:00:00"),
    "a number for a language": f"{ENTRY}language = 5\n",
    "an offset beyond the clock": f'{ENTRY}time_zone = "+99:99"\n',
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_entry_is_refused_with_one_line(name: str, tmp_path: Path) -> None:
    content = REFUSED[name]
    path = tmp_path / "example.org.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SiteRuleError) as raised:
        site_table(str(tmp_path))
    assert str(raised.value).startswith(str(path))
    assert len(str(raised.value)) < 700
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("xpath", ["document('/etc/passwd')", "1 + 1", "$x", "//*[re:test(., '(a+)+$')]", "true()"])
def test_an_xpath_that_selects_no_elements_changes_nothing(xpath: str, tmp_path: Path) -> None:
    (tmp_path / "example.org.toml").write_text(f'{ENTRY}body = "xpath:{xpath}"\ndrop = ["xpath:{xpath}"]\n')
    page = Page(samples.page(1), url="https://example.org/a", fetched_at="2026-01-01T00:00:00Z")
    assert record_of(page, CleanOptions(sites=str(tmp_path))).article.body == record_of(page).article.body
