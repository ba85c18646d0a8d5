"""Lets wanted records through, and counts the others by reason."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, Protocol

from pipelines.selection.filters import Wanted, reason_against


class Rejected(Protocol):
    """Receives the records that are left out."""

    def write(self, lines: bytes, /) -> object:
        """Add whole lines of JSON."""


class Sieve:
    """Lets the wanted records through; counts the others by reason in `left_out`, and writes them to `rejected`."""

    def __init__(self, wanted: Wanted, rejected: Rejected | None = None) -> None:
        self.left_out: Counter[str] = Counter()
        self._wanted = wanted
        self._rejected = rejected

    def passed(self, lines: bytes) -> bytes:
        """The lines of the wanted records. If every record is wanted, all lines, without reading them."""
        if self._wanted.is_anything:
            return lines
        return b"".join(line for line in lines.splitlines(keepends=True) if self.reason(json.loads(line)) is None)

    def reason(self, record: Mapping[str, Any]) -> str | None:
        """Why the record is left out, which is counted; None for a wanted record."""
        reason = reason_against(record, self._wanted)
        if reason is not None:
            self.reject(record, reason)
        return reason

    def reject(self, record: Mapping[str, Any], reason: str) -> None:
        """Count a record that is left out, and write it with its reason under `rejected`."""
        self.left_out[reason] += 1
        if self._rejected is not None:
            self._rejected.write(line_of({**record, "rejected": reason}))


def line_of(record: Mapping[str, Any]) -> bytes:
    """A record as a line of JSON."""
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"
    return line.encode("utf-8", "backslashreplace")
