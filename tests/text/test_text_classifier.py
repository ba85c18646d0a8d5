"""The learned text model keeps the article of a dump in any language, and gives its confidence."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from cleaners import CleanOptions, clean
from cleaners.classifier.text import text_model
from cleaners.errors import ModelError
from cleaners.features.text import TEXT_FEATURES_VERSION, text_columns, text_features
from cleaners.features.text_lines import read_lines
from cleaners.page import Decoded
from cleaners.parsing.text import segment_text
from tests.drawn import any_text, examples

ENGLISH = [
    "The last of the three ferries that were taken out of service in January will sail again on Monday, the harbour "
    "office said, after divers had cleared the channel of a sunken barge.",
    "Fares stay as they were. Season tickets that could not be used in the eleven weeks without a boat are extended by "
    "the same time, and holders do not need to apply for it.",
    "Not everyone is content. The fishermen of the eastern quay, who earned a little by rowing people across, had "
    "asked for a month's notice so that they could find other work.",
]
GERMAN = [
    "Die letzte der drei Fähren, die im Januar aus dem Dienst genommen wurden, fährt am Montag wieder, teilte das "
    "Hafenamt mit, nachdem Taucher die Rinne von einem gesunkenen Kahn befreit hatten.",
    "Die Preise bleiben, wie sie waren. Dauerkarten, die in den elf Wochen ohne Schiff nicht genutzt werden konnten, "
    "gelten ebenso lange weiter, und niemand muss das eigens beantragen.",
    "Nicht alle sind zufrieden. Die Fischer am Ostkai, die sich mit dem Übersetzen etwas verdient hatten, wollten "
    "einen Monat vorher Bescheid bekommen, um sich andere Arbeit zu suchen.",
]
CHINESE = [
    "一月停航的三艘渡轮中的最后一艘将于星期一重新启航，港务处表示，潜水员已经清除了航道中沉没的驳船和两个遗失的集装箱。",
    "票价保持不变。在没有渡轮的十一个星期里无法使用的季票将延长同样的时间，持有人不需要提出申请，港务处会自动办理。",
    "并不是所有人都满意。东码头的渔民过去靠划船载人赚一点钱，他们曾要求提前一个月通知，以便能够找到别的工作。",
]
MENU = ["Home", "News", "Sport", "Weather", "Contact us", "Log in", "Subscribe"]
FOOTER = ["Terms of use", "Privacy policy", "© 2019 Harbour Gazette", "Follow us", "Facebook", "Twitter"]


@pytest.mark.parametrize("paragraphs", [ENGLISH, GERMAN, CHINESE], ids=["English", "German", "Chinese"])
def test_the_paragraphs_stay_and_the_menus_are_removed(paragraphs: list[str]) -> None:
    cleaned = clean("\n".join([*MENU, *paragraphs, *FOOTER]), markup="text")
    assert cleaned.text.split("\n\n") == paragraphs


def test_signs_that_a_flattener_puts_before_lines_do_not_change_what_is_kept() -> None:
    lines = [*MENU, *ENGLISH, *FOOTER]
    plain = clean("\n".join(lines), markup="text")
    signed = clean("\n".join(f"• {line}" for line in lines), markup="text")
    assert [block.index for block in signed.kept] == [block.index for block in plain.kept]


def test_every_removed_block_has_a_reason_and_evidence() -> None:
    cleaned = clean("\n".join([*MENU, *ENGLISH, *FOOTER]), markup="text")
    assert len(cleaned.kept) + len(cleaned.dropped) == len(cleaned.document.blocks)
    assert all(mark.reason and mark.evidence for _, mark in cleaned.dropped)


def test_an_article_gets_a_higher_confidence_than_a_menu() -> None:
    article = clean("\n".join([*MENU, *ENGLISH, *FOOTER]), markup="text")
    assert article.confidence > clean("\n".join(MENU + FOOTER), markup="text").confidence
    assert article.engine == "text"


def test_an_empty_dump_gives_nothing_and_no_error() -> None:
    cleaned = clean("\n \n", markup="text")
    assert (cleaned.text, cleaned.confidence) == ("", 0.0)


def test_a_model_of_other_features_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "other.npz"
    path.write_bytes(b"no model")
    with pytest.raises(ModelError, match=r"other\.npz"):
        clean("text", markup="text", options=dataclasses.replace(CleanOptions(), text_model=str(path)))


def test_the_package_holds_a_model_of_a_few_megabytes_for_these_features() -> None:
    model = text_model()
    assert model.about["features_version"] == TEXT_FEATURES_VERSION
    names = text_columns(read_lines([segment_text(Decoded("A line.", "str", "given"))])).names
    assert model.forest.width == len(names) == len(set(names))


def test_the_features_of_a_dump_do_not_depend_on_what_was_read_before() -> None:
    document = segment_text(Decoded("\n".join(MENU + ENGLISH), "str", "given"))
    first = text_features(document)
    text_features(segment_text(Decoded("\n".join(CHINESE), "str", "given")))
    assert np.array_equal(first, text_features(document))
    assert np.isfinite(first).all()


@examples
@given(any_text(300))
def test_every_block_of_any_dump_is_kept_or_dropped_and_the_result_is_always_the_same(dump: str) -> None:
    first, second = clean(dump, markup="text"), clean(dump, markup="text")
    whole = {block.index for block, mark in first.dropped if mark.action == "drop"}
    assert len(whole) + len([b for b in first.kept if b.index not in whole]) <= len(first.document.blocks)
    assert (first.text, first.marks, first.confidence) == (second.text, second.marks, second.confidence)
    assert 0 <= first.confidence <= 1
