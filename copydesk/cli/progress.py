"""Reports a run on stderr: failures as they happen, progress on a terminal, a closing summary."""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import Final, TextIO

from cleaners.errors import InputError
from cleaners.words.amounts import amount
from copydesk.cli.terminal import printable
from pipelines.inputs.meter import ReadMeter
from pipelines.workers.batches import Tally

# Seconds between two updates of the progress line.
_REFRESH: Final = 0.5
_CLEAR_LINE: Final = "\r\x1b[2K"


class Progress:
    """Reports a run. With `quiet`, it reports only failures."""

    def __init__(
        self, tally: Tally, quiet: bool = False, stream: TextIO | None = None, meter: ReadMeter | None = None
    ) -> None:
        self._tally = tally
        self._meter = meter or ReadMeter()
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self.is_live: Final = not quiet and self._stream.isatty()
        self._started = time.monotonic()
        self._shown = self._started

    def report(self, error: InputError) -> None:
        """Print one line for an input that failed."""
        self._line(str(error))

    def tick(self) -> None:
        """Refresh the progress line, if there is a terminal and it is time."""
        now = time.monotonic()
        if self.is_live and now - self._shown >= _REFRESH:
            self._shown = now
            line = f"{self._so_far()}{self._left()} · {printable(self._tally.last or '')}"
            self._stream.write(f"{_CLEAR_LINE}{line}")
            self._stream.flush()

    def summary(self) -> None:
        """Print the closing lines: pages, records, failures by cause, inputs passed over, pages a second."""
        if self._quiet:
            return
        self._line(self._so_far())
        for title, counts in (
            ("failed", self._tally.failures),
            ("passed over", self._tally.skipped),
            ("left out", self._tally.left_out),
        ):
            if counts:
                self._line(f"{title}: {_listed(counts)}")

    def interrupted(self, output: str) -> None:
        """Print how far an interrupted run came."""
        kept = "the records written to standard output stay" if output == "-" else f"{output} was not written"
        self._line(f"interrupted after {self._so_far()}; last page: {self._tally.last or 'none'}; {kept}")

    def close(self, message: str) -> None:
        """Print why the run ends early."""
        self._line(f"copydesk: {message}")

    def _so_far(self) -> str:
        seconds = max(time.monotonic() - self._started, 1e-3)
        tally = self._tally
        failed = sum(tally.failures.values())
        return (
            f"{amount(tally.pages, 'page')}, {amount(tally.records, 'record')}, {failed:,} failed, "
            f"{seconds:,.1f} s, {tally.pages / seconds:,.1f} pages/s"
        )

    def _left(self) -> str:
        """How much of the inputs was read and how long the rest will take, if their size is known."""
        share = self._meter.share
        if not share:
            return ""
        seconds = (time.monotonic() - self._started) * (1 - share) / share
        return f" · {share:.0%} read, {seconds:,.0f} s left"

    def _line(self, text: str) -> None:
        self._stream.write(f"{_CLEAR_LINE if self.is_live else ''}{printable(text)}\n")
        self._stream.flush()


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {cause}" for cause, count in sorted(counts.items()))
