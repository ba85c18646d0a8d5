"""Runs the comparison as a user does, on our own sample pages."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import compare, engines, figures, scaling
from benchmarks.engines import Extract, Served
from benchmarks.floors import SAMPLES
from benchmarks.pages import LabelledPage, read_pages
from benchmarks.report import Cost, cost_table, records_table
from benchmarks.running import Outcome, run_interleaved
from cleaners.errors import UsageError


@pytest.fixture(autouse=True)
def messages_as_before() -> Iterator[None]:
    """The comparison hides the messages of this process."""
    before = logging.root.manager.disable
    yield
    logging.disable(before)


def test_the_table_has_a_row_for_each_engine_and_a_column_for_each_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert compare.main([str(SAMPLES), "--engines", "copydesk,trafilatura", "--pages", "3"]) == 0
    head, _, ours, theirs = capsys.readouterr().out.splitlines()[:4]
    assert "all (3)" in head
    assert ours.startswith("| copydesk ")
    assert theirs.startswith("| trafilatura ")


def test_the_figures_of_a_set_are_kept_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "figures.json"
    two = [str(SAMPLES), "--engines", "copydesk,trafilatura", "--pages", "2"]
    assert compare.main([*two, "--figures", str(kept)]) == 0
    readme = "# A\n<!-- figures: how -->\nold\n<!-- end of figures -->\nrest\n"
    shown = figures.with_table(readme, json.loads(kept.read_text()))
    assert "old" not in shown
    assert shown.endswith("<!-- end of figures -->\nrest\n")
    row = next(line for line in shown.splitlines() if line.startswith("| trafilatura"))
    assert [cell.strip() for cell in row.split("|")][2] not in ("", "–")


def test_whole_records_are_timed_against_json_with_metadata(capsys: pytest.CaptureFixture[str]) -> None:
    assert compare.main([str(SAMPLES), str(SAMPLES), "--records", "--pages", "1", "--rounds", "2"]) == 0
    head, _, row = capsys.readouterr().out.splitlines()
    assert [cell.strip().split(",")[0] for cell in head.split("|")[2:4]] == ["copydesk", "trafilatura"]
    assert row.startswith("| samples (1) ")


def test_the_least_time_of_several_rounds_counts_for_each_page() -> None:
    runs = [[Outcome("", 9.0, ""), Outcome("", 2.0, "")], [Outcome("", 4.0, ""), Outcome("", 7.0, "")]]
    assert [outcome.milliseconds for outcome in compare.least(runs)] == [4.0, 2.0]


def test_the_ratio_of_a_set_is_the_ratio_of_its_means() -> None:
    costs = {
        "news": {"ours": Cost(1, 2.0, 3), "theirs": Cost(4, 10.0, 3)},
        "mixed": {"ours": Cost(1, 1.0, 3), "theirs": Cost(4, 8.0, 3)},
    }
    rows = records_table(costs, {"news": 7, "mixed": 9}, "theirs").splitlines()[2:]
    assert [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows] == [
        ["news (7)", "1.0, 2.0", "4.0, 10.0", "5.0"],
        ["mixed (9)", "1.0, 1.0", "4.0, 8.0", "8.0"],
    ]


def test_an_engine_that_fails_gives_nothing_and_the_others_continue(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [LabelledPage("a", b"<p>Rye</p>", None, "article", "Rye"), LabelledPage("b", b"", None, "article", "x")]

    def broken(page: Served) -> str:
        raise ValueError("no")

    outcomes = run_interleaved({"broken": broken, "echo": lambda page: page.text}, pages)
    assert [o.error for o in outcomes["broken"]] == ["ValueError: no"] * 2
    assert [o.output for o in outcomes["echo"]] == ["<p>Rye</p>", ""]


def test_engines_take_turns_at_being_first() -> None:
    pages = [LabelledPage(str(i), str(i).encode(), None, "article", "x") for i in range(4)]
    order: list[str] = []

    def noting(engine: str) -> Extract:
        def extract(page: Served) -> str:
            order.append(engine + page.text)
            return ""

        return extract

    run_interleaved({"a": noting("a"), "b": noting("b")}, pages)
    assert order[2:] == ["a0", "b0", "b1", "a1", "a2", "b2", "b3", "a3"]


def test_the_ratio_is_a_ratio_of_means() -> None:
    rows = cost_table({"ours": Cost(1, 2.0, 3), "trafilatura": Cost(1, 10.0, 3)}, "trafilatura").splitlines()
    assert rows[2].split("|")[-2].strip() == "5.0"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [(["nowhere"], "truth.jsonl: no such file"), ([str(SAMPLES), "--engines", "scissors"], "'scissors' is no engine")],
)
def test_a_wrong_command_is_reported_with_status_2(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare.main(arguments) == 2
    assert complaint in capsys.readouterr().err


def test_a_page_of_the_truth_that_the_folder_does_not_have_is_reported(tmp_path: Path) -> None:
    (tmp_path / "truth.jsonl").write_text(json.dumps({"id": "gone", "body": "x"}))
    with pytest.raises(UsageError, match="no such page"):
        read_pages(tmp_path)


def test_an_engine_that_is_not_installed_is_reported_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent() -> Extract:
        raise ImportError("no module")

    monkeypatch.setitem(engines.ENGINES, "absent", absent)
    with pytest.raises(UsageError, match=r"pip install 'copydesk\[bench\]'"):
        engines.load_engine("absent")


def test_the_scaling_table_has_a_row_for_each_shape_and_size(capsys: pytest.CaptureFixture[str]) -> None:
    assert scaling.main(["--largest", "0.03", "--shapes", "ordinary,deep"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2 + 2 * 2


def test_tables_and_plot_are_written_to_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    options = ["--engines", "copydesk,trafilatura", "--out", str(tmp_path / "new")]
    assert compare.main([str(SAMPLES), *options]) == 0
    assert (tmp_path / "new" / "compare.md").read_text("utf-8").strip() == capsys.readouterr().out.strip()
    assert (tmp_path / "new" / "compare.png").read_bytes().startswith(b"\x89PNG")
    rows = [json.loads(line) for line in (tmp_path / "new" / "pages.jsonl").read_text("utf-8").splitlines()]
    assert {row["engine"] for row in rows} == {"copydesk", "trafilatura"}


def test_a_body_may_hold_any_line_separator(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.html").write_text("<p>Rye</p>")
    row = {"id": "a", "body": "Rye\u2028bread\x85"}
    (tmp_path / "truth.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", "utf-8")
    assert read_pages(tmp_path)[0].body == row["body"]


@pytest.mark.parametrize("line", ["{", "[]", "{}"])
def test_a_broken_row_is_reported_with_file_and_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "truth.jsonl").write_text(f"\n{line}\n")
    with pytest.raises(UsageError, match=r"truth\.jsonl:2: "):
        read_pages(tmp_path)


def test_the_picture_shows_every_engine_of_the_last_set_and_comes_out_the_same(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    measured = {"ours": {"accuracy": 0.9, "ms": 10.0}, "theirs": {"accuracy": 0.8, "ms": 2.0}}
    for name in ("one.svg", "two.svg"):
        figures.draw({"pages": {"title": "F1", "engines": measured}}, tmp_path / name)
    drawn = (tmp_path / "one.svg").read_text("utf-8")
    assert ">ours<" in drawn
    assert ">theirs<" in drawn
    assert drawn == (tmp_path / "two.svg").read_text("utf-8")
