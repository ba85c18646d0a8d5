"""Reports a run on stderr: failures as they happen, progress on a terminal, a closing summary."""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import TextIO

from cleaners.errors import InputError
from cleaners.words.amounts import amount
from copydesk.cli.terminal import StatusLine, printable
from pipelines.inputs.meter import ReadMeter
from pipelines.workers.batches import Tally


class Progress:
    """Reports a run. With `quiet`, it reports only failures."""

    def __init__(
        self, tally: Tally, quiet: bool = False, stream: TextIO | None = None, meter: ReadMeter | None = None
    ) -> None:
        self._tally = tally
        self._meter = meter or ReadMeter()
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._status = StatusLine(self._stream, not quiet)
        self._started = time.monotonic()

    @property
    def is_live(self) -> bool:
        """Whether the progress line is shown."""
        return self._status.is_live

    def report(self, error: InputError) -> None:
        """Print one line for an input that failed."""
        self._line(str(error))

    def tick(self) -> None:
        """Refresh the progress line, if there is a terminal and it is time."""
        self._status.show(lambda: f"{self._so_far()}{self._left()} · {printable(self._tally.last or '')}")

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
        self._status.clear()
        self._stream.write(f"{printable(text)}\n")
        self._stream.flush()


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {cause}" for cause, count in sorted(counts.items()))
