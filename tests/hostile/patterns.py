"""Every regular expression that Copydesk compiles, and the texts that would make each of them slow.

`python -m tests.hostile.patterns` prints the patterns as JSON Lines. They are recorded when `re` compiles them, in a
separate process: those of modules during the import, and those of tables and functions while pages are cleaned.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from re import _compiler, _parser  # type: ignore[attr-defined]
from types import FrameType
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ("cleaners", "pipelines", "crawler", "copydesk")
MOST_PIECES: Final = 8
"""The most pieces of a pattern to repeat: for a long table's pattern, only its first and last pieces."""


class Pattern(NamedTuple):
    """A pattern, its flags, and the place in our code that compiled it."""

    place: str
    source: str
    flags: int
    is_bytes: bool

    def compiled(self) -> re.Pattern[Any]:
        """The compiled pattern. The source of a pattern for bytes was kept in Latin-1."""
        return re.compile(self.source.encode("latin-1") if self.is_bytes else self.source, self.flags)


def all_patterns() -> list[Pattern]:
    """The patterns of this checkout."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.patterns"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [Pattern(*json.loads(line)) for line in done.stdout.splitlines()]


def pumps(pattern: re.Pattern[Any]) -> Iterator[str]:
    """Pieces of texts that may make the pattern slow: its own literals and members of its classes, alone and in pairs.

    The caller repeats each piece, and adds an end with which the text does not match.
    """
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    pieces = list(dict.fromkeys(_pieces(_parser.parse(source, pattern.flags & ~re.DEBUG))))
    if len(pieces) > MOST_PIECES:
        pieces = [*pieces[: MOST_PIECES // 2], *pieces[-MOST_PIECES // 2 :]]
    yield from pieces
    yield from (one + other for one, other in pairwise(pieces))
    yield "".join(pieces)


def _pieces(parsed: Any) -> Iterator[str]:
    """Runs of literals, and one character of each character class."""
    run = ""
    for operation, value in parsed:
        name = str(operation)
        if name == "LITERAL":
            run += chr(value)
            continue
        if run:
            yield run
        run = ""
        yield from _inside(name, value)
    if run:
        yield run


def _inside(name: str, value: Any) -> Iterator[str]:
    match name:
        case "IN":
            yield _member(value)
        case "ANY":
            yield "x"
        case "NOT_LITERAL":
            yield "x" if value != ord("x") else "y"
        case "BRANCH":
            for branch in value[1]:
                yield from _pieces(branch)
        case "SUBPATTERN":
            yield from _pieces(value[3])
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            yield from _pieces(value[2])
        case "ASSERT" | "ASSERT_NOT":
            yield from _pieces(value[1])
        case "ATOMIC_GROUP":
            yield from _pieces(value)
        case "GROUPREF_EXISTS":
            yield from _pieces(value[1])


_CATEGORIES: Final = {"CATEGORY_SPACE": " ", "CATEGORY_DIGIT": "1", "CATEGORY_WORD": "a", "CATEGORY_NOT_SPACE": "x",
                      "CATEGORY_NOT_WORD": " ", "CATEGORY_NOT_DIGIT": "x"}  # fmt: skip


def _member(members: Any) -> str:
    """A character of a class; for a negated class, a usual character that matches it."""
    listed = [_one(str(operation), value) for operation, value in members if str(operation) != "NEGATE"]
    if str(members[0][0]) != "NEGATE":
        return listed[0]
    return next((c for c in "x 1-.,\n<" if c not in listed), "z")


def _one(name: str, value: Any) -> str:
    return _CATEGORIES[str(value)] if name == "CATEGORY" else chr(value[0] if name == "RANGE" else value)


def _record() -> dict[tuple[str, int, bool], Pattern]:
    """Make `re` report every pattern that it compiles for one of our modules."""
    found: dict[tuple[str, int, bool], Pattern] = {}
    compile_pattern = _compiler.compile

    def recorded(source: Any, flags: int = 0) -> Any:
        made = compile_pattern(source, flags)
        place = _place(sys._getframe(1))
        if place and isinstance(source, str | bytes):
            text = source if isinstance(source, str) else source.decode("latin-1")
            found.setdefault((text, made.flags, isinstance(source, bytes)),
                             Pattern(place, text, made.flags, isinstance(source, bytes)))  # fmt: skip
        return made

    _compiler.compile = recorded
    re.purge()
    return found


def _place(frame: FrameType | None) -> str:
    while frame and frame.f_globals.get("__name__", "").partition(".")[0] in ("re", "functools"):
        frame = frame.f_back
    if frame is None or frame.f_globals.get("__name__", "").partition(".")[0] not in PACKAGES:
        return ""
    return f"{Path(frame.f_code.co_filename).relative_to(ROOT)}:{frame.f_lineno}"


def _imports_re(module: pkgutil.ModuleInfo) -> bool:
    path = ROOT.joinpath(*module.name.split("."))
    source = path / "__init__.py" if module.ispkg else path.with_suffix(".py")
    return bool(re.search(r"^\s*(import re\b|from re import)", source.read_text("utf-8"), re.MULTILINE))


def main() -> None:
    """Import every module that uses `re`, clean every page of the repository, and print the compiled patterns."""
    found = _record()
    for package in map(importlib.import_module, PACKAGES):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__") and _imports_re(module):
                with suppress(ModuleNotFoundError):  # an extra that is not installed
                    importlib.import_module(module.name)
    from cleaners.options import CleanOptions
    from cleaners.page import Page
    from pipelines.record.build import record_of
    from tests.hostile.corpus import seeds

    options = CleanOptions(markdown=True, sites=str(ROOT / "pipelines" / "evidence" / "sites"))
    for seed in dict.fromkeys(seeds()):
        record_of(Page(seed.content, seed.markup, "https://example.org/news/2024/05/a"), options)
    for pattern in found.values():
        print(json.dumps(pattern))


if __name__ == "__main__":
    main()
