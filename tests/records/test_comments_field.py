"""Readers' comments in their own field: author, date, text and depth."""

from __future__ import annotations

from dataclasses import replace

import pytest

import copydesk
from cleaners.parsing.html import parse
from cleaners.rules.comment_containers import ContainerRow, comment_containers, container_rows
from pipelines.outputs.exports import news_article
from pipelines.record.article import Article, Comment
from pipelines.record.multipage import joined
from pipelines.record.upgrade import upgraded

ARTICLE = "".join(
    f"<p>Paragraph {n} of the report says at some length what the harbour board decided about the new breakwater, who "
    f"spoke for it, who spoke against it, and what it will cost the town over the next {n + 3} years.</p>"
    for n in range(8)
)
FIRST = "I have kept a boat here for twenty years and nobody asked me what I thought of the breakwater."
ANSWER = "The board asked everybody in March, and the minutes are on the wall of the library for all to read."
LAST = "Whatever they build, the sand will only move to the other side, as it did the last time they tried."


def page(below: str, head: str = "") -> str:
    return (
        f"<!doctype html><html lang=en><head><title>Breakwater approved</title>{head}</head><body><nav>"
        f"<a href=/>Home</a></nav><article><h1>Breakwater approved</h1>{ARTICLE}</article>{below}"
        "<footer>Harbour Post</footer></body></html>"
    )


def wordpress(number: int, author: str, moment: str, shown: str, text: str, answers: str = "") -> str:
    inner = f'<ol class="children">{answers}</ol>' if answers else ""
    return (
        f'<li id="comment-{number}" class="comment even depth-1"><article id="div-comment-{number}" '
        f'class="comment-body"><footer class="comment-meta"><div class="comment-author vcard"><b class="fn">{author}'
        f'</b> <span class="says">says:</span></div><div class="comment-metadata"><a href="#comment-{number}">'
        f'<time datetime="{moment}">{shown}</time></a></div></footer><div class="comment-content"><p>{text}</p>'
        f'<p>So it goes.</p></div><div class="reply"><a href="#">Reply</a></div></article>{inner}</li>'
    )


NESTED = page(
    '<div id="comments" class="comments-area"><h2>3 thoughts on “Breakwater approved”</h2><ol class="comment-list">'
    + wordpress(
        12, "Ann Lee", "2021-05-03T10:15:00+01:00", "3 May 2021 at 10:15 am", FIRST,
        wordpress(13, "Tom", "2021-05-03T11:00:00+01:00", "3 May 2021 at 11:00 am", ANSWER),
    )
    + wordpress(14, "Mary O’Neill", "2021-05-04T09:00:00+01:00", "4 May 2021 at 9:00 am", LAST)
    + '</ol><div id="respond"><h3>Leave a Reply</h3></div></div>'
)  # fmt: skip

MICRODATA = page(
    "<section><h2>Your views</h2>"
    + "".join(
        f'<div itemscope itemtype="https://schema.org/Comment"><span itemprop="author" itemscope><span itemprop="name">'
        f'{author}</span></span> <meta itemprop="dateCreated" content="{day}"><p itemprop="text">{text}</p>'
        "<p><a href=#>Like</a> <a href=#>Report</a></p></div>"
        for author, day, text in (("Ann Lee", "2021-05-03", FIRST), ("Tom", "2021-05-04", ANSWER))
    )
    + "</section>"
)

FLAT = page(
    '<div id="comments"><h3>Comments</h3>'
    + "".join(
        f'<div class="c-item"><div class="c-head"><span class="user">{author}</span> <span class="time">{day}</span>'
        f'</div><div class="c-text">{text}</div><div class="c-foot"><a href=#>Reply</a> <a href=#>Share</a></div></div>'
        for author, day, text in (("Ann Lee", "3 May 2021", FIRST), ("Tom", "4 May 2021", ANSWER), ("", "", LAST))
    )
    + "</div>"
)

PRODUCT = (
    "<!doctype html><html lang=en><title>Enamel kettle</title><body><nav><a href=/>Shop</a></nav><main itemscope "
    'itemtype="https://schema.org/Product"><h1 itemprop="name">Enamel kettle, 2 litres</h1><p class="price">€ 39.90</p>'
    '<button>Add to cart</button><div itemprop="description"><p>The kettle is made of steel with two coats of enamel. '
    "It holds two litres, fits every stove, and its beech handle stays cool while the water boils.</p>"
    "<p>Rinse it by hand and dry it well after use; the enamel is guaranteed for ten years.</p></div>"
    '<section id="reviews"><h2>Customer reviews</h2>'
    + "".join(
        f'<div itemprop="review" itemscope itemtype="http://schema.org/Review"><span itemprop="author">{author}</span>'
        f'<time itemprop="datePublished" datetime="{day}">{day}</time><div itemprop="reviewBody">{text}</div></div>'
        for author, day, text in (
            ("Ines", "2023-01-09", "It boils quickly, and after a year of use there is not one chip in the enamel."),
            (
                "Otto",
                "2023-02-11",
                "The handle came loose in the second month, but the shop sent me a new one at once.",
            ),
        )
    )
    + "</section></main></body></html>"
)


def cleaned(markup: str, choice: str = "field") -> Article:
    options = copydesk.Options(comments=choice)  # type: ignore[arg-type]
    return copydesk.extract(markup, url="https://harbour.example/news/1", options=options)


def test_a_nested_list_gives_its_comments_with_their_depth() -> None:
    article = cleaned(NESTED)
    assert article.comments == [
        Comment("Ann Lee", "2021-05-03T10:15:00+01:00", f"{FIRST}\n\nSo it goes.", 0),
        Comment("Tom", "2021-05-03T11:00:00+01:00", f"{ANSWER}\n\nSo it goes.", 1),
        Comment("Mary O’Neill", "2021-05-04T09:00:00+01:00", f"{LAST}\n\nSo it goes.", 0),
    ]
    assert "Paragraph 7 of the report" in article.body
    assert "kept a boat" not in article.body
    assert "comments" in {one.reason for one in article.removed}


def test_comments_in_microdata_are_read_without_their_buttons() -> None:
    article = cleaned(MICRODATA)
    assert article.comments == [Comment("Ann Lee", "2021-05-03", FIRST, 0), Comment("Tom", "2021-05-04", ANSWER, 0)]
    assert "kept a boat" not in article.body


def test_comments_without_clear_names_are_found_by_their_similarity() -> None:
    assert cleaned(FLAT).comments == [
        Comment("Ann Lee", "2021-05-03", FIRST, 0),
        Comment("Tom", "2021-05-04", ANSWER, 0),
        Comment(None, None, LAST, 0),
    ]


def test_reviews_under_a_product_leave_the_body_for_the_field() -> None:
    article = cleaned(PRODUCT)
    assert [(one.author, one.date, one.depth) for one in article.comments] == [
        ("Ines", "2023-01-09", 0),
        ("Otto", "2023-02-11", 0),
    ]
    assert article.comments[0].text.startswith("It boils quickly")
    assert "two coats of enamel" in article.body
    assert "It boils quickly" not in article.body


def wrapped(number: int, author: str, day: str, text: str, answers: str = "") -> str:
    """A comment as some themes mark it up: the element with its text is called comment too."""
    return (
        f'<li class="comment" id="li-comment-{number}"><article id="comment-{number}"><header><cite>{author}</cite> '
        f'<time datetime="{day}">{day}</time></header><section class="text comment"><p>{text}</p></section></article>'
        f"<ol>{answers}</ol></li>"
    )


WRAPPED = page(
    '<div id="comments"><h3>2 thoughts on “Breakwater approved”</h3><ol class="comment-list">'
    + wrapped(1, "Ann Lee", "2021-05-03", FIRST, wrapped(2, "Tom", "2021-05-04", ANSWER))
    + "</ol></div>"
)
BARE = page(
    '<div id="comments"><h3>Comments</h3>'
    + "".join(f'<div class="comment"><div>{who}</div><div>{text}</div><div>Loading…</div></div>' for who, text in (
        ("Ann Lee", FIRST), ("harbour_tom", ANSWER)))
    + '<div class="comment respond"><h4>Leave a Reply</h4><form><label>Your name</label><textarea></textarea>'
    "<p>Send your answer to us now.</p></form></div></div>"
)  # fmt: skip


def test_a_comment_whose_text_element_is_also_called_comment_counts_once() -> None:
    found = [(one.author, one.date, one.text, one.depth) for one in cleaned(WRAPPED).comments]
    assert found == [("Ann Lee", "2021-05-03", FIRST, 0), ("Tom", "2021-05-04", ANSWER, 1)]


def test_first_lines_are_authors_if_no_comment_marks_one_and_a_form_is_not_a_comment() -> None:
    comments = cleaned(BARE).comments
    assert [(one.author, one.text) for one in comments] == [("Ann Lee", FIRST), ("harbour_tom", ANSWER)]


def test_an_authors_name_has_no_tags() -> None:
    markup = NESTED.replace(">Ann Lee<", "><meta itemprop='author' content='&lt;b&gt;Ann Lee&lt;/b&gt;'>Ann Lee<")
    assert cleaned(markup).comments[0].author == "Ann Lee"


def test_comments_that_only_json_ld_states_are_read() -> None:
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Breakwater approved", "comment": [{'
        '"@type": "Comment", "author": {"@type": "Person", "name": "Ann Lee"}, "dateCreated": "2021-05-03", "text": '
        f'"{FIRST}", "comment": [{{"@type": "Comment", "text": "{ANSWER}"}}]}}]}}</script>'
    )
    article = cleaned(page("", head))
    assert article.comments == [Comment("Ann Lee", "2021-05-03", FIRST, 0), Comment(None, None, ANSWER, 1)]


def test_a_page_without_comments_has_none() -> None:
    article = cleaned(page(""))
    assert article.comments == []
    assert article == cleaned(page(""), "drop")


def test_posts_of_a_thread_stay_the_body() -> None:
    posts = "".join(
        f'<div class="post comment" id="comment-{n}"><div class="username">member{n}</div><div class="postbody">'
        f"Post {n}: has anybody tried to fit the pump of the older engine to a hull built after {1990 + n}?</div></div>"
        for n in range(9)
    )
    markup = (
        "<!doctype html><html lang=en><title>Pump leaks - Boat forum</title><body class=forum><h1>Pump leaks</h1>"
        f'<div class="thread forum topic">{posts}</div><p>Reply to thread</p></body></html>'
    )
    article = cleaned(markup)
    assert article.page_kind == "forum"
    assert article.comments == []
    assert article.body == cleaned(markup, "drop").body


@pytest.mark.parametrize("choice", ["drop", "keep"])
@pytest.mark.parametrize("markup", [NESTED, MICRODATA, FLAT, PRODUCT], ids=["nested", "microdata", "flat", "product"])
def test_other_choices_leave_the_field_empty(markup: str, choice: str) -> None:
    assert cleaned(markup, choice).comments == []


SYSTEMS = [
    ("comment", "wp-block-comment-author-name", "wp-block-comment-date"),
    ("bComment", "name", "bCommentSmallPrint"),
    ("idc-c", "idc-a", "idc-time"),
    ("pluck-comm-single-comment", "pluck-comm-username-display", "pluck-comm-timestamp"),
    ("fyre-comment-article", "fyre-comment-username", "fyre-comment-date"),
    ("gig-comment", "gig-comment-username", "gig-comment-time"),
]


@pytest.mark.parametrize(("comment", "author", "date"), SYSTEMS)
def test_the_names_of_publishing_systems_are_known(comment: str, author: str, date: str) -> None:
    below = "".join(
        f'<div class="{comment}"><div class="{author}">{name}</div><div class="{date}">May {day}, 2011</div>'
        f"<p>{text}</p></div>"
        for name, day, text in (("Ann Lee", 3, FIRST), ("Tom", 4, ANSWER))
    )
    assert cleaned(page(f"<div>{below}</div>")).comments == [
        Comment("Ann Lee", "2011-05-03", FIRST, 0),
        Comment("Tom", "2011-05-04", ANSWER, 0),
    ]


SIGNED = {
    "TypePad": '<div class="comment" id="comment-{n}"><p>{text}</p><p>Posted by: <a>{name}</a> | {date}</p></div>',
    "Movable Type 3": '<div class="comments-body"><p>{text}</p><span>Posted by: {name} at {date}</span></div>',
    "Serendipity": '<div class="serendipity_comment"><p>{text}</p><p>#{n} - <b>{name}</b> - {date} - (Reply)</p></div>',
    "Nucleus": '<div class="itemcomment"><h3>{name} wrote:</h3><p class="commentbody">{text}</p><p>{date}</p></div>',
    "K2": '<li><i class="commentDate">{date}</i><i class="commentAuthorName">posted by {name}</i><p>{text}</p></li>',
    "JComments": '<div class="box"><b class="comment-author">{name}</b> <i class="comment-date">{date}</i>'
    '<div class="comment-body">{text}</div></div>',
    "SPIP": '<li class="forum-fil"><p><small>{date}, par <span>{name}</span></small></p><p>{text}</p></li>',
    "Wix": '<div data-hook="comment-{n}"><span data-hook="comment-author-name">{name}</span>'
    '<div data-hook="comment-date">{date}</div><div data-hook="comment-body">{text}</div></div>',
    "Spot.IM": '<li data-spot-im-class="message"><span data-spot-im-class="message-username">{name}</span>'
    '<time>{date}</time><div data-spot-im-class="message-text">{text}</div></li>',
    "Dotclear": '<dt id="c{n}">{n}. {date} by {name}</dt><dd><p>{text}</p></dd>',
    "Blogger": '<dt class="comment-author"><a>{name}</a> said...</dt><dd class="comment-body"><p>{text}</p></dd>'
    '<dd class="comment-footer"><span class="comment-timestamp">{date}</span></dd>',
    "Thesis": '<dt class="comment"><b class="comment_author">{name}</b> <b class="comment_time">{date}</b></dt>'
    '<dd class="comment"><p>{text}</p></dd>',
}


@pytest.mark.parametrize("form", SIGNED.values(), ids=SIGNED.keys())
def test_signatures_in_a_line_of_their_own_and_in_terms_are_read(form: str) -> None:
    said = (("Ann Lee", "May 3, 2011", FIRST), ("runner4life", "May 4, 2011", ANSWER), ("Tom", "May 5, 2011", LAST))
    items = "".join(form.format(n=n + 12, name=name, date=date, text=text) for n, (name, date, text) in enumerate(said))
    around = "dl" if form.startswith("<dt") else "ul"
    below = f'<div class="itemComments" id="comments"><h3>3 comments</h3><{around}>{items}</{around}></div>'
    assert cleaned(page(below)).comments == [
        Comment("Ann Lee", "2011-05-03", FIRST, 0),
        Comment("runner4life", "2011-05-04", ANSWER, 0),
        Comment("Tom", "2011-05-05", LAST, 0),
    ]


def test_a_sentence_with_a_date_is_no_signature() -> None:
    texts = (
        "We sailed there in June.\nIt rained on May 3, 2011 and nobody said a word.",
        "So it was.\nBy then we had left.",
    )
    below = "".join(f'<li class="comment"><p>{text.replace(chr(10), "</p><p>")}</p></li>' for text in texts)
    assert [comment.author for comment in cleaned(page(f"<ul>{below}</ul>")).comments] == [None, None]


def test_a_short_post_that_looks_like_a_thread_has_comments_if_it_says_that_it_is_an_article() -> None:
    items = "".join(f'<li class="comment"><cite>Reader {n}</cite><p>{FIRST} {n}</p></li>' for n in range(30))
    markup = (
        '<!doctype html><meta name="generator" content="WordPress 3.1"><title>Breakwater</title><h1>Breakwater</h1>'
        f'<div class="entry">{ARTICLE.partition("<p>Paragraph 1")[0]}</div><ol class="comments">{items}</ol>'
    )
    assert len(cleaned(markup).comments) == 30


@pytest.mark.parametrize("row", container_rows(), ids=lambda row: row.name)
def test_a_row_finds_its_hit_and_not_its_near_miss(row: ContainerRow) -> None:
    assert comment_containers(parse(row.hit)[0])
    assert not comment_containers(parse(row.miss)[0])
    assert row.why


def test_the_main_text_is_not_a_review_by_a_reader() -> None:
    review = (
        f'<div class="review" itemscope itemtype="https://schema.org/Review"><h1>A film of rain</h1>{ARTICLE}</div>'
    )
    markup = f"<!doctype html><title>A film of rain</title><body><div class=reviews>{review}</div></body></html>"
    assert comment_containers(parse(markup)[0]) == []


def test_pages_of_one_article_give_each_comment_once() -> None:
    one, two = Comment("Ann", None, "Well said.", 0), Comment(None, None, "Quite so.", 1)
    first = Article(comments=[one])
    assert joined([first, replace(first, comments=[one, two])]).comments == [one, two]


def test_schema_org_keeps_the_comments() -> None:
    record = Article(comments=[Comment("Ann", "2021-05-03", "Well said.", 0), Comment(None, None, "Quite so.", 1)])
    assert news_article(record.as_dict())["comment"] == [
        {
            "@type": "Comment",
            "text": "Well said.",
            "author": {"@type": "Person", "name": "Ann"},
            "dateCreated": "2021-05-03",
        },
        {"@type": "Comment", "text": "Quite so."},
    ]


def test_a_record_from_before_the_field_gets_an_empty_one() -> None:
    old = {key: value for key, value in Article().as_dict().items() if key != "comments"}
    assert upgraded(old)["comments"] == []
