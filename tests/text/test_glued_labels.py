"""Icon and menu labels glued together are recognised by their pattern; a sentence about an icon stays."""

import time

import pytest

from cleaners import clean
from cleaners.rules.label_patterns import label_spans_of

RUNS = [
    "icon anchor-bicon bell-sicon boaticon compassicon arrow downicon arrow lefticon life ringicon ropeicon fx",
    "glyph lighthouseglyph harbourglyph gull leftglyph gull rightglyph netglyph oar",
    "svg homesvg searchsvg menusvg closesvg basket",
    "CloseIcon MenuIcon SearchIcon UserIcon CartIcon",
    "IconAnchor IconBell IconBoat IconRope IconTide",
    "fa-anchor fa-bell fa-boat fa-rope fa-tide",
    "ic_anchor ic_bell ic_boat ic_rope ic_tide",
    "bell icon boat icon rope icon tide icon",
    "Symbol AnkerSymbol GlockeSymbol BootSymbol SeilSymbol Flut",
    "アイコン検索アイコンメニューアイコン閉じるアイコンホーム",
    "иконка поискиконка менюиконка закрытьиконка дом",
    "chevron_right",
    "keyboard_arrow_down",
    "expand_more keyboard_arrow_up arrow_back",
    "search menu close share print bookmark",
    "searchmenucloseshare",
]

SENTENCES = [
    "The camera icon at the top of the screen opens the album; the bookmark icon next to it keeps the page.",
    "Click the icon to open, the icon to close, the icon to share, and the icon to print.",
    "Press keyboard_arrow_down to reach the last row of the table.",
    "self-esteem, self-control, self-worth, self-respect and self-love are learned",
    "The cat the dog the bird the cow the sheep",
    "Shopping Banking Hiking Biking Parking",
    "max_length",
    "The function open_file returns None when upload_file was not called.",
    "Home News Sport Weather Travel Culture Contact",
    "He played the video, hit pause, and then went home.",
    "Row, row, row your boat, gently down the stream",
    "the other then there the others bathe their teeth",
    "Icons of the fourteenth century were painted on lime wood.",
]


@pytest.mark.parametrize("run", RUNS)
def test_a_run_of_labels_is_recognised_whole(run: str) -> None:
    ((block, mark),) = clean(run, markup="text").dropped
    assert (block.text, mark.action, mark.reason) == (run, "drop", "icon_labels")


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_is_left_alone(sentence: str) -> None:
    assert label_spans_of([sentence]) == [[]]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("icon fx11 Apr, 2017 07:29", "11 Apr, 2017 07:29"),
        ("icon-cameraThe minister opened the bridge.", "The minister opened the bridge."),
        ("expand_more Ministers met on Monday.", "Ministers met on Monday."),
        (RUNS[0] + "3 May, 2019 18:04", "3 May, 2019 18:04"),
        (RUNS[1] + "The ferries sail again.", "The ferries sail again."),
        ("The ferries sail again. chevron_right", "The ferries sail again."),
    ],
)
def test_labels_stuck_to_a_sentence_are_cut_and_the_sentence_stays(text: str, left: str) -> None:
    (spans,) = label_spans_of([text])
    kept = "".join(c for i, c in enumerate(text) if not any(s.start <= i < s.end for s in spans))
    assert " ".join(kept.split()) == left


def test_in_a_dump_the_labels_are_removed_under_their_own_reason() -> None:
    cleaned = clean(RUNS[0] + "\nThe ferries sail again on Monday, the harbour office said.\n", markup="text")
    assert [mark.reason for block, mark in cleaned.dropped if block.text == RUNS[0]] == ["icon_labels"]


def test_time_grows_no_faster_than_the_text() -> None:
    hostile = "icon a" * 3_000
    begin = time.process_time()
    for text in (hostile, "a_" * 9_000, "menuclose" * 2_000, "a-" * 9_000, "aB" * 9_000):
        label_spans_of([text])
    assert time.process_time() - begin < 1.0
