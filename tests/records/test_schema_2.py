"""The changes of version 2 of the record: days and times, kinds of page, each picture once, readable tags."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cleaners.errors import InputError
from cleaners.page import Page
from pipelines.record.article import FIELD_NAMES
from pipelines.record.build import record_of
from pipelines.record.cms_codes import ROWS as CODES
from pipelines.record.cms_codes import CodeRow
from pipelines.record.kinds.script_shells import ROWS as SHELL_ROWS
from pipelines.record.kinds.script_shells import ShellRow
from pipelines.record.picture_addresses import picture_key
from pipelines.record.schema import validate
from pipelines.record.upgrade import upgraded
from tests.records.making import page_of, record

STORY = "The wall on the north side of the harbour is to be raised by a metre before the storms, the council said. " * 6


@pytest.mark.parametrize("row", CODES, ids=lambda row: row.name)
def test_a_code_of_a_content_system_is_not_a_tag(row: CodeRow) -> None:
    assert row.pattern.fullmatch(row.hit)
    assert not row.pattern.fullmatch(row.near_miss)
    assert row.reason


@pytest.mark.parametrize("row", SHELL_ROWS, ids=lambda row: row.name)
def test_a_sign_of_a_shell_hits_its_case_and_not_its_near_miss(row: ShellRow) -> None:
    assert row.pattern.search(row.hit)
    assert not row.pattern.match(row.near_miss) if row.looks_at != "text" else not row.pattern.search(row.near_miss)
    assert row.reason


def test_tags_that_people_read_stay_and_codes_go() -> None:
    metas = '<meta name="keywords" content="harbour wall, no_ads_right_rail, type:article, storms, 1048576">'
    assert record(page_of(metas)).article.tags == ["harbour wall", "storms"]


@pytest.mark.parametrize(
    ("stated", "day", "instant"),
    [
        ("2024-05-03T23:30:00-02:00", "2024-05-03", "2024-05-04T01:30:00Z"),
        ("2024-05-03T23:30", "2024-05-03", None),
        ("2024-05-03", "2024-05-03", None),
        ("2024-05", None, None),
    ],
)
def test_a_date_is_a_day_and_an_instant_only_as_far_as_it_is_stated(
    stated: str, day: str | None, instant: str | None
) -> None:
    made = record(page_of(f'<meta property="article:published_time" content="{stated}">')).article
    assert (made.published_day, made.published_at) == (day, instant)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/up/wall-1024x683.jpg", "https://a.example/up/wall-300x200.jpg", True),
        ("https://a.example/i/w_640,c_fill/wall.jpg", "https://a.example/i/w_1200,c_fill/wall.jpg", True),
        ("https://a.example/wall.jpg?w=300&q=80", "https://a.example/wall.webp?w=900", True),
        ("https://a.example/image?id=3", "https://a.example/image?id=4", False),
        ("https://a.example/IMG_0234.jpg", "https://a.example/IMG_0235.jpg", False),
        ("https://a.example/2024/wall.jpg", "https://a.example/2025/wall.jpg", False),
    ],
)
def test_sizes_of_one_picture_have_one_key(one: str, other: str, same: bool) -> None:
    assert (picture_key(one) == picture_key(other)) is same


def test_a_picture_is_listed_once_with_its_caption_and_alternative_text() -> None:
    page = (
        f'<meta property="og:image" content="/wall-1200x630.jpg"><h1>The wall</h1><p>{STORY}</p>'
        '<figure><img src="/wall-300x200.jpg" alt="A wall" width=300><figcaption>The wall in May</figcaption></figure>'
        f"<p>{STORY}</p>"
    )
    (image,) = record_of(Page(page, url="https://harbour.example/a")).article.images
    assert (image.url, image.alt, image.caption) == (
        "https://harbour.example/wall-1200x630.jpg",
        "A wall",
        "The wall in May",
    )


# Pages as the build tools of frameworks write them before any script runs, in our words.
SHELLS = {
    "React": '<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div>',
    "React by Vite": '<div id="root"></div><script type="module" src="/assets/index-8a7.js"></script>',
    "React by a bundle of one's own": '<div id="react-root"></div><script src="/bundle.js"></script>',
    "React Native for the web": '<div id="root" style="flex:1"></div><script src="/_expo/entry.js"></script>',
    "Preact": '<div id="app"></div><script type="module" src="/assets/index.js"></script>',
    "Preact CLI": '<script src="/bundle.1f.js" defer></script>',
    "Vue CLI": "<noscript><strong>We're sorry but tides doesn't work properly without JavaScript enabled. "
    'Please enable it to continue.</strong></noscript><div id="app"></div>',
    "Vue by Vite": '<div id="app"></div><script type="module" src="/assets/main.js"></script>',
    "Quasar": '<div id="q-app"></div><script src="/js/app.js" defer></script>',
    "Next": '<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{"props":{}}</script>',
    "Nuxt": '<div id="__nuxt"></div><script type="module" src="/_nuxt/entry.js"></script>',
    "Nuxt 2": '<div id="__nuxt"><div id="__layout"></div></div><script src="/_nuxt/app.js"></script>',
    "Gatsby": '<div id="___gatsby"></div><script src="/app-1.js" async></script>',
    "Angular": "<app-root></app-root><script src=runtime.js type=module></script>",
    "Ionic": "<app-root></app-root><noscript>Please enable JavaScript to continue using this application.</noscript>",
    "Svelte by Vite": '<div id="app"></div><script type="module" src="/src/main.js"></script>',
    "SvelteKit": '<div style="display: contents"><script type="module" src="/_app/start.js"></script></div>',
    "Solid": '<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div>',
    "Lit": '<script type="module" src="/my-element.js"></script><my-element></my-element>',
    "Polymer": "<noscript>Please enable JavaScript to view this website.</noscript><my-app></my-app>",
    "Stencil": '<app-root></app-root><script type="module" src="/build/app.esm.js"></script>',
    "Ember": '<script src="/assets/vendor.js"></script><script src="/assets/tides.js"></script>',
    "Remix as one page": '<div id="remix-app"></div><script type="module" src="/build/root.js"></script>',
    "Elm": '<div id="elm"></div><script src="/elm.js"></script>',
    "Mithril": '<div id="mithril"></div><script src="/bin/app.js"></script>',
    "Aurelia": '<div id="aurelia"></div><script src="/vendor.js" data-main="main"></script>',
    "Flutter": '<flt-glass-pane></flt-glass-pane><script src="/flutter_bootstrap.js" async></script>',
    "Docusaurus": '<div id="__docusaurus"></div><script src="/main.js"></script>',
    "Umi": '<div id="root"></div><noscript>Sorry, we need js to run correctly! Enable JavaScript.</noscript>',
    "a plea in German": "<p>Bitte aktivieren Sie JavaScript, um diese Seite zu sehen.</p>",
    "a plea in Japanese": "<p>このページを見るにはJavaScriptを有効にしてください。</p>",
}


@pytest.mark.parametrize("framework", SHELLS)
def test_a_page_that_is_empty_until_scripts_run_is_flagged(framework: str) -> None:
    page = f"<!doctype html><html><head><title>Tides</title></head><body>{SHELLS[framework]}</body></html>"
    made = record_of(Page(page, url="https://harbour.example/a")).article
    assert made.needs_javascript is True
    assert made.is_article is False


def test_a_blank_page_without_scripts_needs_none() -> None:
    made = record_of(Page("<!doctype html><title>Tides</title><body><img src=a.png></body>")).article
    assert made.needs_javascript is False


def test_an_article_in_the_same_container_needs_no_scripts() -> None:
    noscript = "<noscript>You need to enable JavaScript to comment.</noscript>"
    page = f'<h1>The wall</h1>{noscript}<div id="app"></div><div id="root"><p>{STORY}</p></div>'
    assert record_of(Page(page, url="https://harbour.example/a")).article.needs_javascript is False


def test_the_language_is_the_primary_part_of_its_tag() -> None:
    made = record(page_of().replace("<html", '<html lang="en-GB"', 1)).article
    assert (made.language, made.language_tag) == ("en", "en-GB")


def version_1() -> dict[str, Any]:
    """The record of a page as version 1 wrote it."""
    new = json.loads(record(page_of('<meta property="article:published_time" content="2024-05-03">')).json_line())
    only_new = {"published_day", "published_at", "modified_day", "modified_at", "language_tag", "page_kind",
                "page_kind_probability", "is_article", "needs_javascript", "duplicate_of", "similarity"}  # fmt: skip
    old = {key: value for key, value in new.items() if key not in only_new}
    return old | {
        "schema_version": 1,
        "language": "zh-Hans",
        "removed": {"share_bar": 2, "menu": 1},
        "images": [{"url": "https://harbour.example/a.jpg", "alt": None}],
    }


def test_a_record_of_version_1_becomes_a_valid_one_of_version_2() -> None:
    made = upgraded(version_1())
    validate(made, "the upgraded record")
    assert tuple(made) == FIELD_NAMES
    assert (made["language"], made["language_tag"], made["published_day"]) == ("zh", "zh-Hans", "2024-05-03")
    assert made["removed"] == [{"reason": "share_bar", "count": 2}, {"reason": "menu", "count": 1}]
    assert made["is_article"] is None


def test_a_record_of_this_version_stays_as_it_is() -> None:
    new = json.loads(record(page_of()).json_line())
    assert upgraded(new) == new


@pytest.mark.parametrize("changes", [{"schema_version": 3}, {"removed": 5}, {"images": [3]}, {"language": 7}])
def test_a_line_that_cannot_be_read_is_reported(changes: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        upgraded(version_1() | changes)
