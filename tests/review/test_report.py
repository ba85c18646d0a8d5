"""`copydesk report`: the numbers of a run, and its worst pages."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pipelines.review.report import report_html, rows_by_record
from pipelines.review.summary import summary_of
from tests import warm
from tests.review.made_records import a_record, saved
from tests.review.test_page_view import opened

SEEDS = Path(__file__).parents[2] / "seeds"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return warm.run("copydesk", *arguments)


def test_the_numbers_are_those_of_the_records() -> None:
    records = [a_record(n) for n in range(20)] + [
        a_record(20, "other.net", headline=None, confidence=0.3, word_count=0)
    ]
    summary = summary_of(records)
    assert summary.records == 21
    assert {name: site.records for name, site in summary.sites.items()} == {"example.org": 20, "other.net": 1}
    assert summary.missing["headline"] == 1
    assert summary.languages == {"en": 21}
    assert summary.reasons == {"share_bar": 42}
    assert summary.lengths == {0: 1, 4: 20}


def test_the_worst_pages_come_first_and_of_two_equal_ones_the_earlier() -> None:
    records = [a_record(n, confidence=c) for n, c in enumerate((0.9, 0.2, 0.5, 0.2))]
    assert [record["id"] for record in summary_of(records, worst=3).worst] == ["00000001", "00000003", "00000002"]


def test_a_repeated_body_is_found() -> None:
    records = [a_record(1), a_record(2, body_sha256="f" * 64), a_record(3, body_sha256="f" * 64)]
    (same,) = summary_of(records).duplicates
    assert same.records == 2
    assert same.addresses == ["https://example.org/story-2", "https://example.org/story-3"]


@pytest.mark.parametrize("index", ["first", None, [1], 1e300])
def test_an_explanation_of_no_block_does_not_end_the_report(index: object) -> None:
    record = a_record(1)
    rows = [{"id": record["id"], "index": index, "text": "Nowhere", "reason": "share_bar", "evidence": "a word"}]
    rows += [{"id": record["id"], "index": 0, "text": "Share this", "reason": "share_bar", "evidence": "a word"}]
    text = report_html(summary_of([record]), {record["id"]: rows})
    assert "Share this" in text
    assert "Nowhere" not in text


def test_values_of_a_wrong_type_do_not_end_the_report() -> None:
    odd: dict[str, Any] = {
        "word_count": "many",
        "confidence": None,
        "removed": 7,
        "flags": "x",
        "url": 5,
        "language": 3,
    }
    assert "What a run wrote" in report_html(summary_of([a_record(1) | odd]), {})


def test_rows_of_other_records_are_left_out() -> None:
    rows = [{"id": "a", "index": 0}, {"id": "b", "index": 0}, {"id": "a", "index": 1}]
    assert rows_by_record(rows, frozenset("a")) == {"a": [{"id": "a", "index": 0}, {"id": "a", "index": 1}]}


def test_a_run_with_its_explanation_shows_what_was_removed_from_the_worst_page(tmp_path: Path) -> None:
    records, why, view = (str(tmp_path / name) for name in ("out.jsonl", "why.jsonl", "report.html"))
    assert (
        run("clean", str(SEEDS / "site"), "-o", records, "--explain", why, "--explain-kept", "--quiet").returncode == 0
    )
    done = run("report", records, "--explain", why, "-o", view)
    assert (done.returncode, done.stderr) == (0, "")
    made = Path(view).read_text("utf-8")
    rows = [json.loads(line) for line in Path(why).read_text("utf-8").splitlines()]
    assert all({"id", "url", "path"} <= row.keys() for row in rows)
    assert any(row.get("kept") for row in rows)
    assert "cookie notice" in made
    assert "Night ferry returns after six winters" in made


def test_a_bad_line_is_named_and_the_others_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text(json.dumps(a_record(1)) + '\n{"id":\n[1]\n' + json.dumps(a_record(2)) + "\n", "utf-8")
    done = run("report", str(path), str(tmp_path / "none.jsonl"), "-o", "-")
    assert done.returncode == 1
    assert [line.split(":")[1].strip()[-6:] for line in done.stderr.splitlines()[:2]] == ["line 2", "line 3"]
    assert "none.jsonl" in done.stderr.splitlines()[2]
    assert "<dt>records</dt><dd>2</dd>" in done.stdout


def test_the_report_never_overwrites_its_records(tmp_path: Path) -> None:
    path = saved(tmp_path / "records.jsonl", [a_record(1)])
    assert run("report", path, "-o", path).returncode == 2
    assert Path(path).stat().st_size > 0


@pytest.mark.browser
def test_a_worst_page_opens_by_keyboard_and_fits_a_phone(browser: Any, tmp_path: Path) -> None:
    hostile = a_record(1, headline="<img src=x onerror=alert(1)>", confidence=0.1)
    path = tmp_path / "report.html"
    path.write_text(report_html(summary_of([hostile, *(a_record(n) for n in range(2, 150))]), {}), "utf-8")
    page = opened(browser, path.as_uri(), viewport={"width": 360, "height": 740}, color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    heights = page.evaluate("[...document.querySelectorAll('td.number')].map(cell => cell.clientHeight)")
    assert max(heights) < 40, "a number stays on one line"
    worst = page.locator("details.page").first
    worst.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert "raised by 1 metres" in worst.inner_text()
    assert page.locator("img").count() == 0
