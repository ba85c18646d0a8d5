"""Measures cost against size: ordinary, deep and wide pages up to 10 MB. A linear cost gives a constant column.

usage: python -m benchmarks.scaling [--largest MEGABYTES] [--shapes ordinary,deep,wide]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence

from benchmarks.report import table
from cleaners import CleanOptions, Page, clean
from pipelines.record.build import record_of

_SENTENCE = "The ferry left the harbour at noon with forty sacks of flour and came back with the mail. "
_SIZES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)  # megabytes
_MEGABYTE = 1_000_000


def ordinary(size: int) -> str:
    """Sections of headings, paragraphs, links and lists."""
    part = f"<h2>Harbour</h2><p>{_SENTENCE * 3}</p><ul><li><a href='/a'>Ferry</a></li><li>Mill</li></ul>"
    return f"<article>{part * (size // len(part) + 1)}</article>"


def deep(size: int) -> str:
    """Every element inside the last, with a little text at each level."""
    part = "<div class='section inner'>harbour "
    return part * (size // len(part) + 1)


def wide(size: int) -> str:
    """One parent with very many small children, in inline elements and line breaks."""
    part = "<span class='tag'>rye</span><br>"
    return f"<div>{part * (size // len(part) + 1)}</div>"


def one_word(size: int) -> str:
    """One word without a space."""
    return f"<p>{'icon_' * (size // 5)}</p>"


SHAPES: dict[str, Callable[[int], str]] = {"ordinary": ordinary, "deep": deep, "wide": wide, "one word": one_word}


def milliseconds(content: bytes, records: bool) -> float:
    """CPU time of one page, from its bytes to the body or the whole record."""
    page, options = Page(content), CleanOptions(engine="blocks")
    start = time.process_time()
    _ = record_of(page, options) if records else clean(page, options=options)
    return (time.process_time() - start) * 1000


def rows(shapes: Sequence[str], largest: float, records: bool) -> list[list[str]]:
    """One row per shape and size: milliseconds, and milliseconds per megabyte."""
    found = []
    milliseconds(b"<p>Warm up.</p>", records)
    for shape in shapes:
        for size in (size for size in _SIZES if size <= largest):
            took = milliseconds(SHAPES[shape](int(size * _MEGABYTE)).encode(), records)
            found.append([shape, f"{size:g}", f"{took:.0f}", f"{took / size:.0f}"])
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description=__doc__.splitlines()[0])
    parser.add_argument("--largest", type=float, default=10.0, help="largest page, in megabytes")
    parser.add_argument("--shapes", default=",".join(SHAPES), help=f"comma-separated, of: {', '.join(SHAPES)}")
    parser.add_argument("--records", action="store_true", help="time whole records, not only bodies")
    given = parser.parse_args(arguments)
    print(table(["shape", "MB", "ms", "ms a MB"], rows(given.shapes.split(","), given.largest, given.records)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
