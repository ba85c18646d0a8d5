"""Icon labels in markup, of any origin."""

import pytest

from cleaners import Cleaned, Page
from cleaners.document import Mark
from cleaners.options import DEFAULT
from cleaners.plan import document_of
from cleaners.rules.icons import mark_icon_labels
from cleaners.rules.reasons import REASONS
from cleaners.rules.structure import name_structure
from cleaners.rules.wording import name_wording

TEXT = "<p>The mill on the river opened its doors to visitors on Sunday.</p>"


def ruled(html: str) -> Cleaned:
    """A page after only the rules, without an engine."""
    document = document_of(Page(f"<body>{TEXT}{html}</body>"))
    marks: list[Mark] = []
    for cleaner in (name_wording, name_structure, mark_icon_labels):
        marks += cleaner(document, marks, DEFAULT).marks
    return Cleaned(document, tuple(marks))


def removed(html: str) -> dict[str, str]:
    return {block.text: mark.reason for block, mark in ruled(html).dropped}


@pytest.mark.parametrize(
    "html",
    [
        "<svg><symbol id='a'><title>icon windmill</title></symbol></svg>",
        "<svg aria-hidden='true'><desc>icon windmill</desc><path d='M0'/></svg>",
        "<svg><use href='#a'>icon windmill</use></svg>",
        "<span class='icon'>icon windmill</span>",
    ],
)
def test_labels_of_drawings_are_removed(html: str) -> None:
    assert removed(html) == {"icon windmill": "icon_labels"}


@pytest.mark.parametrize("name", ["chevron_right", "keyboard_arrow_down", "arrow_drop_up"])
@pytest.mark.parametrize("html", ["<i class='material-icons'>{}</i>", "<div><i>{}</i></div>", "<button>{}</button>"])
def test_glyph_names_are_removed_in_any_element(name: str, html: str) -> None:
    assert removed(html.format(name)) == {name: "icon_labels"}


def test_a_glyph_name_is_cut_from_the_words_beside_it() -> None:
    cleaned = ruled("<p>Opening hours of the bakery chevron_right</p>")
    assert "Opening hours of the bakery" in cleaned.text
    assert "chevron_right" not in cleaned.text


def test_glued_sprite_labels_are_removed_whatever_their_names() -> None:
    html = "<div>ico-loafico-ovenico-flourico-saltico-yeast</div><div>icon oven icon loaf icon mill icon rye</div>"
    assert set(removed(html).values()) == {"icon_labels"}
    assert len(removed(html)) == 2


def test_words_for_screen_readers_are_removed_under_their_own_reason() -> None:
    assert removed("<p>Bread <span class='visually-hidden'>said of loaves</span></p>") == {"said of loaves": "hidden"}


@pytest.mark.parametrize(
    "sentence",
    [
        "An icon of a camera on the sign means that pictures may be taken.",
        "The function arrow_left_width returns the width of the arrow.",
        "He is a fashion icon, a rock icon and, some say, an icon of icons.",
    ],
)
def test_a_sentence_about_icons_stays(sentence: str) -> None:
    assert sentence in ruled(f"<p>{sentence}</p>").text


def test_every_reason_given_is_in_the_table() -> None:
    html = "<nav><a>Home</a></nav><svg><title>x</title></svg><p>READ MORE: Rye</p><footer>© 2024 Mill</footer>"
    assert set(removed(html).values()) <= REASONS.keys()


def test_names_in_code_stay() -> None:
    assert "arrow_drop_down" in ruled("<pre>arrow_drop_down</pre>").text
