"""The progress line of `copydesk clean`: how much is done, how fast, and how long the rest will take."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pytest

from cleaners.page import Page
from copydesk.cli import terminal as terminal_of
from copydesk.cli.progress import Progress
from pipelines.inputs.meter import ReadMeter, size_of
from pipelines.inputs.reader import ReadOptions, pages_of
from pipelines.workers.batches import Tally
from tests.offline import samples


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_line_says_how_much_is_read_and_how_long_the_rest_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal_of, "REFRESH", 0)
    terminal, tally = Terminal(), Tally(pages=40, records=38, failures=Counter(too_big=2), last="pages/b.html")
    meter = ReadMeter(1000, 250)
    Progress(tally, stream=terminal, meter=meter).tick()
    shown = terminal.getvalue()
    for part in ("40 pages", "38 records", "2 failed", "pages/s", "25% read", "s left", "pages/b.html"):
        assert part in shown


def test_no_remaining_time_is_shown_if_the_total_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal_of, "REFRESH", 0)
    terminal = Terminal()
    Progress(Tally(pages=1), stream=terminal).tick()
    assert "left" not in terminal.getvalue()


def test_the_meter_goes_from_nothing_to_all(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"{number}.html").write_bytes(samples.page(number))
    (tmp_path / "style.css").write_text("p { color: red }")
    options = ReadOptions(meter=ReadMeter(size_of([str(tmp_path)])))
    shares = [options.meter.share for page in pages_of([str(tmp_path)], options, Counter()) if isinstance(page, Page)]
    assert shares == sorted(shares, key=lambda share: share or 0.0)
    assert options.meter.share == 1.0


def test_an_input_that_cannot_be_measured_has_no_total(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(samples.page(1))
    assert size_of([str(tmp_path), "-"]) == 0
    assert size_of([str(tmp_path / "none.html")]) == 0
    assert size_of([str(tmp_path)], seconds=-1) == 0
