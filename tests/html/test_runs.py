"""Features of runs describe what similar siblings share, and where a block is relative to the main text."""

from cleaners.document import Document
from cleaners.features.html import feature_columns
from cleaners.page import Page
from cleaners.plan import document_of

SENTENCE = "The ferry left the old harbour at noon, and nobody on the quay could say when it would be back."
COMMENT = '<li class="comment-{0} odd"><b>Ada {0}</b> <p>June 3, 20:1{0}</p><p>' + SENTENCE + "</p></li>"
TEASER = '<div class="card {0}"><img src={0}.png><a href=/{0}>Tides of {0}</a><p>Read on</p></div>'
PAGE = (
    "<body><div class=story>" + f"<p>{SENTENCE}</p>" * 6 + "</div>"
    "<ol>" + "".join(COMMENT.format(n) for n in range(4)) + "</ol>"
    "<div>" + "".join(TEASER.format(n) for n in range(3)) + "</div>"
)


def columns_of(document: Document) -> dict[str, list[float]]:
    found = feature_columns(document)
    return dict(zip(found.names, found.matrix().T.tolist(), strict=True))


def values(name: str, beginning: str, markup: str = PAGE) -> set[float]:
    """The values of a column for the blocks whose text begins with this."""
    document = document_of(Page(markup))
    column = columns_of(document)[name]
    return {round(column[block.index], 3) for block in document.blocks if block.text.startswith(beginning)}


def test_members_are_counted_whatever_the_numbers_in_their_names() -> None:
    assert values("inner_run_members", "Ada") == {4.0}
    assert values("inner_run_members", "Tides") == {3.0}


def test_members_of_a_run_are_described_by_what_they_share() -> None:
    assert (values("inner_run_sentences", "Ada"), values("inner_run_sentences", "Tides")) == ({1.0}, {0.0})
    assert (values("inner_run_dates", "Ada"), values("inner_run_pictures", "Ada")) == ({1.0}, {0.0})
    assert values("inner_run_pictures", "Tides") == {1.0}


def test_paragraphs_are_not_a_run() -> None:
    markup = f"<div>{f'<p>{SENTENCE}</p>' * 6}</div>"
    assert values("inner_run_members", "The ferry", markup) == {-1.0}


def test_the_outermost_and_the_innermost_run_are_distinguished() -> None:
    replies = "<ul>" + "".join(f"<li class=reply><b>Bo {n}</b><p>{SENTENCE}</p></li>" for n in range(3)) + "</ul>"
    thread = "".join(f"<div class=post><h4>Ada {n}</h4>{replies if n == 1 else ''}</div>" for n in range(5))
    assert values("inner_run_members", "Bo", f"<div>{thread}</div>") == {3.0}
    assert values("outer_run_members", "Bo", f"<div>{thread}</div>") == {5.0}


def test_the_parent_of_most_paragraphs_is_the_main_one() -> None:
    document = document_of(Page(PAGE))
    columns = columns_of(document)
    inside = [columns["main_parent_up"][block.index] == 0 for block in document.blocks]
    assert inside == [number < 6 for number in range(len(inside))]
    assert columns["main_parent_after"][6] == 0
    assert columns["main_parent_share"][0] == columns["main_parent_share"][-1] == 0.6000000238418579


def test_the_main_run_ends_where_links_and_scraps_outweigh_sentences() -> None:
    scraps = "".join(f"<p><a href=/{n}>Tide {n}</a></p>" for n in range(30))
    document = document_of(Page(f"<body>{scraps}{f'<p>{SENTENCE}</p>' * 5}{scraps}<p>{SENTENCE}</p>"))
    inside = columns_of(document)["main_run_inside"]
    assert inside == [float(30 <= number < 35) for number in range(66)]
