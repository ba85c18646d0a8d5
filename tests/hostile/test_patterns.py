"""No regular expression grows faster than its text: each is run on texts made of its own literals, again and again."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import pytest

from tests.hostile.patterns import Pattern, all_patterns, pumps

TINY, SMALL, LARGE = 18, 600, 2_400
"""Characters of the texts that are compared."""
GROWTH: Final = 9.0
"""How much longer the large text may take than the small one: four times is linear, 16 times is quadratic."""
UNNOTICED: Final = 0.001
"""Seconds for the large text that do not matter even in a page of megabytes: 0.4 s per million characters."""
HOPELESS: Final = 0.02
"""If a smaller text takes this many seconds, no larger one is tried."""
ENDS: Final = ("", "\x00", "!")


class Use(NamedTuple):
    """How a pattern is used, if its use limits its time.

    at_one_place  it is matched at one place, and not searched
    never         characters that never occur in a run in its texts
    most          characters of the longest text that it sees
    """

    file: str
    begins: str
    reason: str
    at_one_place: bool = False
    never: str = ""
    most: int = LARGE


USES: Final = (
    Use("cleaners/features/self_description.py", r"\\u[0-9a-fA-F]{4}|", "no < is left open in its text", never="<"),
    Use("cleaners/parsing/sentences.py", "\n      (?<![.!?…])", "lines have their white space collapsed", never=" "),
    Use("cleaners/rules/page_forms.py", "", "matched with one name, or a step of an address", at_one_place=True),
    Use(
        "cleaners/rules/comment_containers.py",
        r"(?:[a-z]+[-_]|item)?",
        "matched with one class name",
        at_one_place=True,
    ),
    Use("cleaners/rules/icon_labels.py", r"\s*[|·•]\s+", "matched behind a label", at_one_place=True),
    Use("cleaners/rules/label_words.py", r"([^\W\d_]+)(?:[\s_-]?)", "matched at a label", at_one_place=True),
    Use("cleaners/rules/comment_headings.py", r"\b(?:19|20)", "lines of 90 characters", most=90),
    Use("cleaners/rules/rows.py", "", "`then` is matched with the first 320 characters", at_one_place=True, most=320),
    Use("cleaners/rules/stuck.py", "", "matched at a place, 24 times at most", at_one_place=True),
    Use("cleaners/words/tracking.py", r"(?:utm_\w+|", "matched at the start of a name", at_one_place=True),
    Use("crawler/urls/spelling.py", r"\s*[a-z][a-z0-9+.-]*:", "matched at the start of an address", at_one_place=True),
    Use(
        "pipelines/evidence/headline_features.py", r"\s+[^\w\s\"'", "titles have their white space collapsed", never=" "
    ),
    Use("pipelines/evidence/person_names.py", "", "bylines of 200 characters, collapsed", never=" ", most=200),
    Use(
        "pipelines/evidence/cjk_bylines.py",
        r"[\s、，,;",
        "fullmatched with what is between two names",
        at_one_place=True,
    ),
    Use("pipelines/evidence/site_name.py", r"\s+[^\w\s]{1,3}", "the title has its white space collapsed", never=" "),
    Use("pipelines/inputs/addresses.py", "", "matched with a name that the user gave", at_one_place=True),
    Use("pipelines/inputs/work_list.py", "", "matched with an option's value", at_one_place=True),
    Use("pipelines/record/cms_codes.py", "", "matched with a whole tag of 80 characters", at_one_place=True, most=80),
    Use("pipelines/record/comment_parts.py", r"[\s,]*\b", "lines of 200 characters, collapsed", never=" ", most=200),
    Use("pipelines/record/kinds/link_kinds.py", "", "300 characters of an address", most=300),
    Use(
        "pipelines/record/kinds/offer_signs.py",
        r"(?:\D{0,18}\s)?",
        "fullmatched with lines of 40 characters",
        at_one_place=True,
        most=40,
    ),
    Use("pipelines/record/kinds/script_shells.py", r"app-root$|", "matched with an element's name", at_one_place=True),
    Use("pipelines/record/kinds/script_shells.py", "java", "blocks of 300 characters", most=300),
)


@pytest.fixture(scope="module")
def patterns() -> list[Pattern]:
    return all_patterns()


def test_every_pattern_is_found(patterns: list[Pattern]) -> None:
    files = {pattern.place.partition(":")[0] for pattern in patterns}
    assert len(patterns) > 180
    assert {"pipelines/dates/clock.py", "pipelines/dates/parse.py", "cleaners/rules/wording.py"} <= files


def test_no_pattern_grows_faster_than_its_text(patterns: list[Pattern]) -> None:
    assert [found for pattern in patterns if (found := slow_text_of(pattern))] == []


def test_every_use_that_is_named_is_still_there(patterns: list[Pattern]) -> None:
    assert [use for use in USES if not any(use_of(pattern) is use for pattern in patterns)] == []


@pytest.mark.parametrize("source", [r"\s*x", r"(a|ab)*c", r"(\w+\s?)+$", r"<[^>]*>.*?</b>", r"\d+(?:,\d+)* EUR"])
def test_a_slow_pattern_is_caught(source: str) -> None:
    assert slow_text_of(Pattern("control", source, re.UNICODE, False))


def use_of(pattern: Pattern) -> Use | None:
    file = pattern.place.partition(":")[0]
    return next((use for use in USES if use.file == file and pattern.source.startswith(use.begins)), None)


def slow_text_of(pattern: Pattern) -> tuple[str, str, str] | None:
    """The place, the pattern and the piece that make it grow faster than the text; None for a good one."""
    use = use_of(pattern) or Use("", "", "")
    compiled = pattern.compiled()
    search = _match if use.at_one_place else _search
    for piece in dict.fromkeys(pumps(compiled)):
        if use.never and (piece.isspace() if use.never.isspace() else use.never in piece):
            continue
        for end in ENDS:
            if _grows(search, compiled, piece, end, use.most):
                return pattern.place, pattern.source[:80], piece
    return None


def _grows(search: Callable[[Any, Any], None], compiled: re.Pattern[Any], piece: str, end: str, most: int) -> bool:
    tiny, small, large = (_pumped(piece, end, min(size, most), compiled) for size in (TINY, SMALL, LARGE))
    if any(_is_hopeless(search, compiled, text) for text in (tiny, small)):
        return True
    if len(small) == len(large) or _seconds(search, compiled, large) <= UNNOTICED:
        return False
    before, after = (min(_seconds(search, compiled, text) for _ in range(3)) for text in (small, large))
    return after > max(UNNOTICED, GROWTH * before)


def _is_hopeless(search: Callable[[Any, Any], None], compiled: re.Pattern[Any], text: Any) -> bool:
    """Whether a text takes too long, and not only once, as it may when Python collects garbage meanwhile."""
    return all(_seconds(search, compiled, text) > HOPELESS for _ in range(2))


def _pumped(piece: str, end: str, size: int, compiled: re.Pattern[Any]) -> Any:
    text = (piece * (size // len(piece) + 1))[:size] + end
    return text if isinstance(compiled.pattern, str) else text.encode("latin-1", "replace")


def _seconds(search: Callable[[Any, Any], None], compiled: re.Pattern[Any], text: Any) -> float:
    started = time.process_time()
    search(compiled, text)
    return time.process_time() - started


def _search(compiled: re.Pattern[Any], text: Any) -> None:
    for _ in compiled.finditer(text):
        pass


def _match(compiled: re.Pattern[Any], text: Any) -> None:
    compiled.match(text)
