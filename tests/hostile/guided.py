"""A coverage-guided run of decode, parse and record: `pip install atheris`, then `python -m tests.hostile.guided`.

`-max_total_time=60` ends it after a minute; a folder named on the command line keeps the inputs that reached new code.
The first byte says whether the rest is HTML or text. It stops at the first broken promise, with the input in a file.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

try:
    import atheris
except ModuleNotFoundError:
    raise SystemExit("the guided run needs atheris; run pip install atheris") from None

with atheris.instrument_imports(include=["cleaners", "pipelines"]):
    from cleaners.page import Page
    from tests.hostile.cases import Case, fault_of
    from tests.hostile.corpus import ODD


def attack(content: bytes) -> None:
    """Make a record of one input. Raises AssertionError if it breaks a promise."""
    page = Page(content[1:], "text" if content[:1] == b"t" else "html", "https://example.org/news/a")
    fault = fault_of(Case(0, (), page))
    assert fault is None, fault


def main() -> None:
    """Run until something breaks or the time is over."""
    with tempfile.TemporaryDirectory() as folder:
        for number, content in enumerate(ODD):
            Path(folder, f"{number}.html").write_bytes(b"h" + content)
            Path(folder, f"{number}.txt").write_bytes(b"t" + content)
        atheris.Setup([*sys.argv, folder, "-max_len=4096"], attack)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
