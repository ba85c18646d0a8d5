"""The tables themselves: complete and in order, or refused with a clear error."""

import pytest

from cleaners.errors import RulesError
from cleaners.plan import PLAN
from cleaners.rules.page_forms import FormRow
from cleaners.rules.reasons import REASONS
from cleaners.rules.rows import (
    STRUCTURE_TABLES,
    WORDING_TABLES,
    StructureRow,
    WordingRow,
    load_patterns,
    load_rows,
    make_row,
)
from cleaners.rules.wording import fold

WORDING = load_rows(WordingRow, WORDING_TABLES)
STRUCTURE = load_rows(StructureRow, STRUCTURE_TABLES)

ROW = {
    "concept": "mill_notice",
    "reason": "promotion",
    "strength": "drop",
    "why": "Said by mills.",
    "start": ["visit the mill"],
    "hit": ["Visit the mill"],
    "miss": ["The mill"],
}


@pytest.mark.parametrize("change", [{"pattern": "("}, {"looks": "x"}, {"pattern": 5}])
def test_a_row_whose_pattern_cannot_be_used_is_refused(
    change: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"form": "thread", "name": "x", "looks_at": "type", "pattern": "x", "why": "", "hit": "", "miss": ""}
    monkeypatch.setattr("cleaners.rules.rows.read_table", lambda name: [row | change])
    with pytest.raises(RulesError, match=r"page_forms\.toml: a row cannot be used"):
        load_patterns(FormRow, "page_forms")


def test_a_complete_row_is_accepted() -> None:
    assert make_row(WordingRow, ROW, "t.toml").start == ("visit the mill",)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"reason": "nonsense"}, "t.toml: row 'mill_notice' gives the unknown reason 'nonsense'"),
        (
            {"strength": "maybe"},
            "t.toml: row 'mill_notice' has the strength 'maybe'; write drop, article, thread or hint",
        ),
        ({"hits": ["x"]}, "t.toml: row 'mill_notice' has the unknown key 'hits'"),
        ({"miss": []}, "t.toml: row 'mill_notice' has no miss; add it"),
        ({"then": "("}, "t.toml: row 'mill_notice' has a `then` that is no regular expression"),
    ],
)
def test_an_incomplete_row_is_refused_with_its_place_and_the_remedy(change: dict[str, object], complaint: str) -> None:
    with pytest.raises(RulesError, match=complaint):
        make_row(WordingRow, ROW | change, "t.toml")


def test_a_reason_has_a_meaning_and_a_source() -> None:
    for reason in REASONS.values():
        assert reason.meaning.endswith("."), reason.key
        assert reason.source, reason.key


@pytest.mark.parametrize("row", WORDING, ids=lambda row: row.concept)
def test_phrases_are_written_as_blocks_are_folded_for_comparison(row: WordingRow) -> None:
    for phrase in (*row.whole, *row.start, *row.contains):
        assert phrase == fold(phrase)


def test_no_phrase_is_in_two_rows() -> None:
    for kind in ("whole", "start"):
        owners: dict[str, str] = {}
        for row in WORDING:
            if row.then:  # a pattern distinguishes them
                continue
            for phrase in getattr(row, kind):
                assert owners.setdefault(phrase, row.concept) == row.concept, phrase


@pytest.mark.parametrize("row", STRUCTURE, ids=lambda row: row.concept)
def test_names_of_elements_are_written_in_lower_case(row: StructureRow) -> None:
    assert all(name == name.lower() for name in (*row.tag, *row.name, *row.word))


def test_the_cleaners_of_the_tables_come_before_the_engines_in_the_plan() -> None:
    names = [cleaner.name for cleaner in PLAN]
    assert names.index("wording") < names.index("structure") < names.index("trafilatura") < names.index("headings")
