"""A post of a social network stays with the article that shows it."""

import pytest

from cleaners.document import Mark
from cleaners.options import DEFAULT
from cleaners.page import Page
from cleaners.plan import document_of
from cleaners.rules.embedded_posts import keep_embedded_posts
from cleaners.rules.structure import name_structure

TEXT = "<p>The mayor answered at once, and on the square nobody could say what the council would make of it.</p>"
POST = '<blockquote class="{}"><p>The ferry is late.</p>— Ada (@ada) <a href="/1">June 3</a></blockquote>'


def kept(html: str, *also_gone: str) -> list[str]:
    """The texts that are kept although an engine has dropped every post, and the blocks that begin with these texts."""
    document = document_of(Page(html))
    named = {mark.block: mark.reason for mark in name_structure(document, (), DEFAULT).marks}
    gone = [block for block in document.blocks if block.index in named or block.text.startswith(also_gone)]
    marks = [Mark(block.index, "drop", named.get(block.index, "boilerplate"), "p = 0.1") for block in gone]
    return [document.blocks[mark.block].text for mark in keep_embedded_posts(document, marks, DEFAULT).marks]


@pytest.mark.parametrize("name", ["twitter-tweet", "instagram-media", "bluesky-embed"])
def test_a_post_in_the_text_stays_whole(name: str) -> None:
    assert kept(TEXT + POST.format(name) + TEXT) == ["The ferry is late.", "— Ada (@ada) June 3"]


def test_the_engine_decides_about_a_post_in_a_side_column() -> None:
    assert kept(TEXT + POST.format("twitter-tweet"), "The mayor") == []


def test_a_share_button_is_not_a_post() -> None:
    assert kept(TEXT + '<p class="twitter-share-button">Tweet this</p>' + TEXT) == []
