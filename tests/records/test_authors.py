"""Authors: only names, split, each once, people before organisations."""

from __future__ import annotations

import json

import pytest

from pipelines.evidence.name_kinds import is_organisation
from pipelines.evidence.person_names import lead_kind, names_in
from tests.records.making import article, page_of

TITLE = "<title>Council keeps the winter ferry</title>"
HEADING = "<h1>Council keeps the winter ferry</h1>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Ada Brandt", ["Ada Brandt"]),
        ("by Ada Brandt and Nils Holm", ["Ada Brandt", "Nils Holm"]),
        ("Ada Brandt, Nils Holm & Ida Roux", ["Ada Brandt", "Nils Holm", "Ida Roux"]),
        ("Von Ada Brandt und Nils Holm", ["Ada Brandt", "Nils Holm"]),
        ("Par Ada Brandt et Nils Holm", ["Ada Brandt", "Nils Holm"]),
        ("Автор: Ада Брандт", ["Ада Брандт"]),
        ("Ada Brandt, Senior Reporter", ["Ada Brandt"]),
        ("Ada Brandt | 3 May 2021", ["Ada Brandt"]),
        ("By Ada Brandt May 3, 2021", ["Ada Brandt"]),
        ("Ada Brandt, PhD, MPH", ["Ada Brandt"]),
        ("Ada Brandt (ada@harbour.example)", ["Ada Brandt"]),
        ("Ada Brandt @adabrandt", ["Ada Brandt"]),
        ("Ada Brandt, ada brandt", ["Ada Brandt"]),
        ("Interview: Ada Brandt", ["Ada Brandt"]),
        ("University of Northharbour", ["University of Northharbour"]),
        ("Ursula von der Aue", ["Ursula von der Aue"]),
        ("Text: Ada Brandt Foto: Nils Holm", ["Ada Brandt"]),
        ("Text: Ada Brandt, Fotos: Nils Holm", ["Ada Brandt"]),
        ("Foto: Nils Holm", ["Nils Holm"]),
        ("Tekst og foto: Ada Brandt", ["Ada Brandt"]),
        ("Par Ada Brandt avec AFP", ["Ada Brandt"]),
        ("Írta: Brandt Ada", ["Brandt Ada"]),
        ("Scris de Ada Brandt", ["Ada Brandt"]),
        ("Piše: Ada Brandt", ["Ada Brandt"]),
        ("Napisała Ada Brandt", ["Ada Brandt"]),
        ("Oprac. Ada Brandt", ["Ada Brandt"]),
        ("Kirjoittaja Ada Brandt", ["Ada Brandt"]),
        ("Shkruar nga Ada Brandt", ["Ada Brandt"]),
        ("Γράφει η Άντα Μπραντ", ["Άντα Μπραντ"]),
        ("Автори: Ада Брандт", ["Ада Брандт"]),
        ("מאת עדה ברנדט", ["עדה ברנדט"]),
        ("نویسنده: سارا احمدی", ["سارا احمدی"]),
        ("โดย สมชาย ใจดี", ["สมชาย ใจดี"]),
        ("लेखक: रवि कुमार", ["रवि कुमार"]),
        ("Staff", []),
        ("Staff Writer", []),
        ("Author Message", []),
        ("Related Links", []),
        ("New Account Information", []),
        ("https://harbour.example/ada", []),
        ("3 May 2021", []),
        ("By", []),
        ("", []),
    ],
)
def test_a_byline_is_read_as_only_names(text: str, expected: list[str]) -> None:
    assert names_in(text) == expected


def linked(author: object, **more: object) -> str:
    node = {"@type": "NewsArticle", "headline": "Council keeps the winter ferry", "author": author} | more
    return f'{TITLE}<script type="application/ld+json">{json.dumps(node)}</script>'


def test_nested_authors_and_authors_by_reference_are_found_in_their_order() -> None:
    graph = {
        "@graph": [
            {"@type": "NewsArticle", "author": [{"@id": "#2"}, {"@type": "Person", "name": "Ada Brandt"}]},
            {"@type": "Person", "@id": "#2", "name": "Nils Holm"},
        ]
    }
    head = f'{TITLE}<script type="application/ld+json">{json.dumps(graph)}</script>'
    assert article(page_of(head, HEADING)).authors == ["Nils Holm", "Ada Brandt"]


@pytest.mark.parametrize(
    "line",
    [
        "Create Account",  # what a button does
        "Für Hochschulen",
        "Siehe auch",
        "Weiterführende Informationen",
        "↓ Zu den Kommentaren",
        "« Ferries Again",  # a link to another text
        "Starting at:",  # a label
    ],
)
def test_a_short_line_that_reads_like_a_name_is_none_by_its_words(line: str) -> None:
    for text, expected in ((line, []), ("Ada Brandt", ["Ada Brandt"])):
        markup = page_of(TITLE, f"{HEADING}<p>{text}</p><p>3 May 2021</p>")
        assert article(markup).authors == expected


@pytest.mark.parametrize(("word", "expected"), [("crews", []), ("captains", ["Ferry Crews"])])
def test_a_line_whose_words_the_text_uses_as_words_is_no_name(word: str, expected: list[str]) -> None:
    body = f"The council keeps the winter ferry and its {word} , so that a ferry sails and all {word} are paid. " * 3
    assert article(page_of(TITLE, f"{HEADING}<p>Ferry Crews</p><p>3 May 2021</p>", body=body)).authors == expected


@pytest.mark.parametrize(
    "line",
    [
        "By the digits",
        "By signing up you agree that the harbour keeps a list",
        "By clicking, you agree that the harbour keeps a list",
        "By price",
        "by 23 people",
    ],
)
def test_a_line_that_goes_on_with_a_phrase_behind_by_is_no_byline(line: str) -> None:
    assert article(page_of(TITLE, f"{HEADING}<p>{line}</p>")).authors == []


def test_a_place_behind_the_name_in_a_date_line_is_no_second_author() -> None:
    above = "<p>Ada Brandt | Palma de Mallorca | 08/01/2014</p>"
    assert article(page_of(TITLE, HEADING + above)).authors == ["Ada Brandt"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("The Harbour Newsroom", "organisation"),
        ("harbour.de", "organisation"),
        ("Harbour Works Limited", "organisation"),
        ("Fjordwerk s.r.o", "organisation"),
        ("Harbour Contributor", "organisation"),
        ("christian.stadtholm", "person"),
        ("Reuters", "agency"),
    ],
)
def test_the_kind_of_an_author_follows_from_the_name(name: str, kind: str) -> None:
    assert article(page_of(linked(name), HEADING)).author_kinds == [kind]


def test_an_author_with_the_name_of_the_domain_is_an_organisation() -> None:
    made = article(page_of(linked("Fjordwerk"), HEADING), "https://www.fjordwerk.example/winter-ferry")
    assert (made.authors, made.author_kinds) == (["Fjordwerk"], ["organisation"])


def test_people_come_before_organisations() -> None:
    authors = [{"@type": "Organization", "name": "Harbour News Agency"}, {"@type": "Person", "name": "Ada Brandt"}]
    made = article(page_of(linked(authors), HEADING)).authors
    assert made[0] == "Ada Brandt"


@pytest.mark.parametrize(
    "above",
    [
        '<p class="byline">By <a href="/authors/ada-brandt">Ada Brandt</a></p>',
        '<a rel="author" href="/people/ada">Ada Brandt</a>',
        '<span itemprop="author" itemscope><span itemprop="name">Ada Brandt</span></span>',
        "<p>By Ada Brandt</p>",
        f'<i class="{"İ" * 40}">9</i><div class="byline">Ada Brandt</div>',  # in lower case İ is two characters
    ],
)
def test_a_visible_byline_is_enough(above: str) -> None:
    assert article(page_of(TITLE, HEADING + above)).authors == ["Ada Brandt"]


def test_the_employer_of_an_author_is_not_a_second_author() -> None:
    above = '<p class="byline">By Ada Brandt, Harbour News Agency</p>'
    assert article(page_of(TITLE, HEADING + above)).authors == ["Ada Brandt"]


@pytest.mark.parametrize(
    ("byline", "expected"),
    [("By Ada Byron, Northern Loaf", ["Ada Byron"]), ("By Northern Loaf", ["Northern Loaf"])],
    ids=["beside an author", "alone"],
)
def test_the_sites_own_name_is_an_author_only_alone(byline: str, expected: list[str]) -> None:
    page = page_of("<title>Ferry runs again | Northern Loaf</title>", f'{HEADING}<p class="byline">{byline}</p>')
    assert article(page).authors == expected


def test_a_page_that_names_no_author_has_none() -> None:
    below = '<div class="comment"><b class="comment-author">nils77</b> Good!</div>'
    assert article(page_of(TITLE, HEADING, below)).authors == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Harbour News Agency", True),
        ("Портовый вестник", True),
        ("Ada Brandt", False),
    ],
)
def test_organisations_and_people_are_distinguished(name: str, expected: bool) -> None:
    assert is_organisation(name) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ByAda Brandt", ["Ada Brandt"]),
        ("Written by:Ada Brandt", ["Ada Brandt"]),
        ("By Ada Maio on January 21, 2023", ["Ada Maio"]),
        ("Posted on 2015-04-05 by nils | Leave a comment", ["nils"]),
        ("Zeige alle Beiträge von Ada Brandt", ["Ada Brandt"]),
        ("Eine Kolumne von Ada Brandt", ["Ada Brandt"]),
        ("Gespeichert von nils am 24. Juli 2017 - 18:55", ["nils"]),
        ("Rechtsanwalt Nils Holm", ["Nils Holm"]),
        ("Ada Brandt Harbour Staff", ["Ada Brandt"]),
        ("Harbour Post Editorial Team", ["Harbour Post Editorial Team"]),
        ("user3080392", ["user3080392"]),
        ("Ada BrandtPublished", ["Ada Brandt"]),
        ("Nils HolmRedakteur", ["Nils Holm"]),
        ("Ada McIntyre", ["Ada McIntyre"]),
        ("By Ada Brandt, in News, Ferries, Trade", ["Ada Brandt"]),
        ("By Ada Brandt in Oslo and Nils Holm in Bergen", ["Ada Brandt", "Nils Holm"]),
        ("page.author.name", []),
        ("Link Copied", []),
        ("Reading time", []),
        ("Keine Kommentare", []),
        ("最新 編集", []),
        ("by Taboolaby Taboola", []),
        ("Alle Beiträge", []),
        ("Veröffentlicht am", []),
        ("Erscheinungsdatum", []),
        ("Skip Navigation", []),
        ("Drupal", []),
        ("December 21", []),
        ("Harbour Post Editorial Board", ["Harbour Post Editorial Board"]),
        ("Harbour.com Staff", ["Harbour.com Staff"]),
        ("harbour.com", []),
        ("Reporting by Ada Brandt; editing by Nils Holm", ["Ada Brandt", "Nils Holm"]),
        ("Head of Harbour Works", []),
        ("Editor at Large", []),
        ("Ada Brandt, Head of Harbour Works", ["Ada Brandt"]),
        ("Commentary by", []),
        ("Buy Tickets", []),
        ("Report this post", []),
        ("Staff Reports", ["Staff Reports"]),
        ("Sun", []),
        ("Sun 12", []),
        ("Tuesday Briefing", []),
        ("Sun Wei", ["Sun Wei"]),
        ("Sun Harbour Editorial Board", ["Sun Harbour Editorial Board"]),
        ("Ada Brandt MS, RD", ["Ada Brandt"]),
        ("Ada Brandt J.D.", ["Ada Brandt J.D"]),
        ("Ada Brandt III", ["Ada Brandt III"]),
        ("Already registered?", []),
        ("Question * Required", []),
        ("Join Now!", []),
        ("A Small Ferry¶", []),
        ("FERRY MODEL ®", []),
        ("by 23 people", []),
        ("10+ Years", []),
        ("By price", []),
        ("Por defecto", []),
        ("undefined", []),
        ("Powered by Harbourcast", []),
        ("© Harbour Post", []),
        ("nils, in Uncategorized, Hinterlasse einen Kommentar", ["nils"]),
        ("Letters to the Editor", []),
        ("ログイン", []),
        ("by nils » Sat Feb 24, 2024", ["nils"]),
        ("Posted by FerryWorks on Tuesday, 29 August 2017", ["FerryWorks"]),
        ("vonAda Brandt", ["Ada Brandt"]),
        ("de Ada Brandt", ["Ada Brandt"]),
        ("Reporter: Ada Brandt | Editor: Nils Holm", ["Ada Brandt"]),
    ],
)
def test_labels_buttons_and_programs_are_not_names(text: str, expected: list[str]) -> None:
    assert names_in(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("作者：王小明", ["王小明"]),
        ("来源：港口日报 作者：王小明、李华 责任编辑：周洁_N12", ["王小明", "李华"]),
        ("2019-09-26 12:11来源：港口时报网作者：李在山", ["李在山"]),
        ("（记者 张三 李四）", ["张三", "李四"]),
        ("港口晚报记者 陆一夫", ["陆一夫"]),
        ("文丨小刀&李小飞", ["小刀", "李小飞"]),
        ("文/图 刘玺东 易赛楠", ["刘玺东", "易赛楠"]),
        ("采写：港报见习记者 林子沛", ["林子沛"]),
        ("责任编辑： 周洁", ["周洁"]),
        ("来源：港口日报", ["港口日报"]),
        ("作者：未知 来源：网络", []),
        ("港口社记者 贾天 摄", []),
        ("記者 張文", ["張文"]),
        ("取材・文＝佐々木 真子", ["佐々木 真子"]),
        ("김하늘 기자", ["김하늘"]),
        ("Автор: Анна Брандт", ["Анна Брандт"]),
        ("كتبت: سلمى الخطيب", ["سلمى الخطيب"]),
    ],
)
def test_bylines_of_other_scripts_are_read(text: str, expected: list[str]) -> None:
    assert names_in(text) == expected


def test_a_sentence_about_what_a_reporter_was_told_is_not_a_byline() -> None:
    assert names_in("记者了解到，渡轮将复航") != ["了解到"]
    body = "记者了解到，渡轮将于下周复航，票价不变，船员已经到位，居民对此表示欢迎。" * 4
    markup = page_of("<title>渡轮复航_新闻_港口网</title>", "<h1>渡轮复航</h1>", language="zh", body=body)
    assert article(markup).authors == []


@pytest.mark.parametrize(
    "above",
    [
        "<p>2005年03月12日 10:22 来源：港口日报 作者：王小明</p>",
        "<div>作者：王小明 责任编辑：周洁</div>",
        "<p>港口晚报记者 王小明</p>",
        "<p>文/王小明</p>",
    ],
)
def test_a_chinese_byline_names_the_writer_before_editor_and_source(above: str) -> None:
    body = "渡轮将于下周复航，票价不变，船员已经到位，居民对此表示欢迎，港务局说冬天也会照常开船。" * 4
    markup = page_of(
        "<title>渡轮下周在港口复航_新闻_港口网</title>", f"<h1>渡轮下周在港口复航</h1>{above}", language="zh", body=body
    )
    assert article(markup).authors == ["王小明"]


def test_a_chinese_label_names_the_author_wherever_it_is_and_whatever_the_address() -> None:
    body = "渡轮将于下周复航，票价不变，船员已经到位，居民对此表示欢迎，港务局说冬天也会照常开船。" * 4
    below = f"<p>责任编辑：王小明_N12</p><ul>{'<li><a href=/x>港口时报刊文：渡轮和港口</a></li>' * 30}</ul>"
    markup = page_of(
        "<title>渡轮下周在港口复航</title>", "<h1>渡轮下周在港口复航</h1>", below, language="zh", body=body
    )
    assert article(markup, None).authors == ["王小明"]


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("Person", "Ada Brandt", "person"),
        ("Organization", "Winter Ferry Friends", "organisation"),
        ("Organization", "Deutsche Presse-Agentur", "agency"),
    ],
)
def test_each_author_has_a_kind(kind: str, name: str, expected: str) -> None:
    made = article(page_of(linked({"@type": kind, "name": name}), HEADING))
    assert (made.authors, made.author_kinds) == ([name], [expected])


def test_a_name_in_capitals_is_changed_to_normal_case() -> None:
    assert article(page_of(linked("ADA O'BRANDT"), HEADING)).authors == ["Ada O'Brandt"]


def test_a_spelling_in_normal_case_wins_over_capitals() -> None:
    head = linked("ADA DEBRANDT") + '<meta name="author" content="Ada DeBrandt">'
    assert article(page_of(head, HEADING)).authors == ["Ada DeBrandt"]


def test_a_name_before_its_biography_is_the_author() -> None:
    below = "<h3>Ada Brandt</h3><p>Ada Brandt has written about ferries and their crews since the winter of 1998.</p>"
    assert article(page_of(TITLE, HEADING, f"<section>{below}</section>")).authors == ["Ada Brandt"]


def test_everyone_on_a_stated_list_is_an_author_if_the_page_shows_them_one_by_one() -> None:
    people = [{"@type": "Person", "name": name} for name in ("Ada Brandt", "Nils Holm")]
    above = "<div>By</div><div class='who'>Ada Brandt</div><div class='who'>Nils Holm</div>"
    assert article(page_of(linked(people), HEADING + above)).authors == ["Ada Brandt", "Nils Holm"]


def test_a_byline_is_found_beside_a_heading_that_adds_a_kicker_to_the_headline() -> None:
    headline = "Night ferry returns after six winters"
    head = f'<title>{headline} | Harbour Post</title><meta property="og:title" content="{headline}">'
    above = f"<h3>Winter in the harbour - {headline}</h3><div>Thu 25.04.2024 | 14:07 | By Ada Brandt</div>"
    made = article(page_of(head, above))
    assert (made.headline, made.authors) == (headline, ["Ada Brandt"])
    assert made.published_day == "2024-04-25"


def test_a_name_after_the_last_paragraph_signs_the_text() -> None:
    markup = page_of(TITLE, HEADING, "<ul><li>Ferries</li></ul>").replace("</article>", "<p>Ada Brandt</p></article>")
    assert article(markup).authors == ["Ada Brandt"]


def test_a_shop_that_names_people_in_passing_has_no_author() -> None:
    head = "<title>Oak desk</title><meta property='og:type' content='product'>"
    below = "<form><input><select></select><button>Buy</button></form><p>$120</p><h4>Nils Holm</h4><p>5 stars</p>"
    assert article(page_of(head, "<h1>Oak desk</h1>", below), "https://shop.example/products/oak-desk").authors == []


def test_authors_in_several_elements_of_the_code_are_named_once() -> None:
    head = TITLE + "".join('<meta name="author" content="Ada Brandt, Nils Holm">' for _ in range(2))
    assert article(page_of(head, HEADING)).authors == ["Ada Brandt", "Nils Holm"]


def test_a_person_by_the_headline_goes_before_the_paper_that_the_code_names_as_a_person() -> None:
    head = linked({"@type": "Person", "name": "Harbour Post"}) + '<meta property="og:site_name" content="Harbour Post">'
    byline = '<div class="byline"><a class="author-link" href="/staff/ada-brandt">Ada Brandt</a></div>'
    assert article(page_of(head, HEADING + byline)).authors == ["Ada Brandt"]


def test_the_initials_of_a_person_are_not_a_second_author() -> None:
    head = linked([{"@type": "Person", "name": "Ada Brandt"}, {"@type": "Organization", "name": "Harbour Post"}])
    byline = '<p class="meta">Von <a href="/autor/abr">abr</a></p>'
    assert article(page_of(head, HEADING + byline, language="de")).authors == ["Ada Brandt"]


def test_the_photographer_is_not_an_author_of_the_text() -> None:
    people = [{"@type": "Person", "name": name} for name in ("Ada Brandt", "Nils Holm")]
    head = linked(people) + "".join(f'<meta property="article:author" content="{one["name"]}">' for one in people)
    picture = '<figure><figcaption>Photo: <span itemprop="author">Ida Roux</span></figcaption></figure>'
    byline = "<p class='byline'>Ada Brandt, Nils Holm</p>"
    assert article(page_of(head, HEADING + picture + byline)).authors == ["Ada Brandt", "Nils Holm"]


def test_the_author_of_a_related_text_is_not_an_author_of_the_page() -> None:
    agency = [{"@type": "Organization", "name": "Reuters"}, {"@type": "Person", "name": "Ada Brandt"}]
    byline = "<p>3 May 2021</p><p>Ada Brandt</p>"
    teaser = '<li><h3>Ice in the bay</h3><p class="author">By Nils Holm</p></li>'
    related = f'<section class="related"><ul>{teaser * 3}</ul></section>'
    made = article(page_of(linked(agency), HEADING + byline, f"{'<p>More about the winter.</p>' * 40}{related}"))
    assert "Ada Brandt" in made.authors
    assert "Nils Holm" not in made.authors


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Írta: Brandt Ada", "by"),
        ("Kuva: Ada Brandt", "photo"),
        ("Zdjęcia: Ada Brandt", "photo"),
        ("צילום: עדה ברנדט", "photo"),
        ("Szerkesztette: Brandt Ada", "edit"),
        ("Editing by Ada Brandt", "edit"),
        ("Forrás: Harbour Post", "source"),
        ("Źródło: Harbour Post", "source"),
        ("Джерело: Harbour Post", "source"),
        ("Ada Brandt", ""),
    ],
)
def test_what_leads_to_a_name_says_what_the_person_did(text: str, expected: str) -> None:
    assert lead_kind(text) == expected
