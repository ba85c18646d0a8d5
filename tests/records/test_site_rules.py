"""A user's own rules for a site: CSS selectors, XPaths, and the configurations that read-later programs share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cleaners import Page
from cleaners.errors import UsageError
from cleaners.options import CleanOptions
from cleaners.page import Decoded
from cleaners.parsing.html import segment_html
from copydesk.cli.main import main
from pipelines.evidence.page_nodes import nodes_of
from pipelines.evidence.site_entries import site_table
from pipelines.record.build import Extraction, record_of
from tests.records.making import PARAGRAPH, page_of

HEAD = """
domain = "lantern.example"
valid_until = 2090-01-01
reason = "The town's notices stand outside the article."
"""
PAGE = page_of(
    '<title>Lantern</title><style>p { margin: 0 }</style><meta name="writer" content="Cleo Marsh">',
    "<h1>The ferry stays</h1><p class='teaser'>Subscribers read on.</p>",
    "<div id='notices'><script>var a = '<p>no</p>';</script><h2 class='name'>Notices of the week</h2>"
    "<p>The bakery closes at noon <span class='offer'>Buy two loaves!</span> on Sunday.</p>"
    "<p class='offer'>All cakes at half price.</p><p><i class='icon'>arrow_right</i>The band plays at four.</p>"
    "<p class='signed'>By Ada Brandt</p><p class='signed'>By Bo Linden</p>"
    "<p class='day'>4 November 2021</p></div>",
)
RULES = {
    "lantern.example.toml": HEAD
    + """
body = "css:div#notices"
drop = ["css:.offer", "xpath://p[@class='signed']", "css:.day, h2.name"]
headline = "css:div#notices > h2"
author = "xpath://p[@class='signed']"
published = "css:.day"
""",
    "lantern.example.txt": """# by readers
title: //h2[@class='name']
body: //div[@id='nowhere']
body: //div[@id='notices']
strip: //p[@class='signed']
strip: //p[@class='day'] | //h2[@class='name']
strip_id_or_class: offer
author: //p[@class='signed']
date: //p[@class='day']/text()
test_url: https://lantern.example/notices
replace_string(<b>): <i>
prune: no
""",
}


def made(folder: Path, name: str, text: str, markup: str = PAGE) -> Extraction:
    (folder / name).write_text(text)
    return record_of(Page(markup, url="https://www.lantern.example/notices"), CleanOptions(sites=str(folder)))


@pytest.mark.parametrize("name", RULES)
def test_rules_choose_the_body_and_the_fields(tmp_path: Path, name: str) -> None:
    extraction = made(tmp_path, name, RULES[name])
    article = extraction.article
    assert article.body == "The bakery closes at noon on Sunday.\n\nThe band plays at four."
    assert article.headline == "Notices of the week"
    assert article.authors == ["Ada Brandt", "Bo Linden"]
    assert (article.date_published, article.date_published_source) == ("2021-11-04", "site_rule")
    assert "site_facts_unmatched" not in article.flags
    sources = {choice.field: choice.source for choice in extraction.choices}
    assert (sources["headline"], sources["authors"]) == ("site_rule", "site_rule")


def test_each_removal_names_the_rule(tmp_path: Path) -> None:
    name = "lantern.example.toml"
    removed = [mark for _, mark in made(tmp_path, name, RULES[name]).cleaned.dropped if mark.reason == "site_rule"]
    assert {mark.evidence for mark in removed} == {
        "css:div#notices",
        "css:.offer",
        "xpath://p[@class='signed']",
        "css:.day, h2.name",
    }


def test_explain_says_which_rule_gave_a_field(tmp_path: Path) -> None:
    name = "lantern.example.toml"
    rows = [row for row in made(tmp_path, name, RULES[name]).explanation() if row.get("field") == "site_rule"]
    assert ("published", "css:.day") in {(row["value"], row["raw"]) for row in rows}


def test_a_rule_that_only_drops_leaves_the_rest_to_the_model(tmp_path: Path) -> None:
    article = made(tmp_path, "lantern.example.toml", HEAD + 'drop = ["css:article p:nth-of-type(2)"]').article
    assert article.body.count(PARAGRAPH.strip()) == 4


def test_an_attribute_holds_the_value_of_a_meta_or_time_element(tmp_path: Path) -> None:
    markup = PAGE.replace("<h1>", "<time datetime='2022-05-06'>Friday</time><h1>")
    article = made(
        tmp_path, "lantern.example.toml", HEAD + 'published = "css:time"\nauthor = "css:meta[name=writer]"', markup
    ).article
    assert (article.date_published, article.authors) == ("2022-05-06", ["Cleo Marsh"])


@pytest.mark.parametrize(
    "rule",
    [
        'body = "css:div.gone"',
        'body = "xpath:string(//h1)"',
        'body = "xpath:count(//p)"',
        "body = \"xpath://p[ends-with(@class, 'r')]\"",
        'body = "css:style"',
    ],
)
def test_a_page_on_which_no_rule_finds_the_body_is_cleaned_without_rules(tmp_path: Path, rule: str) -> None:
    extraction = made(tmp_path, "lantern.example.toml", HEAD + rule)
    plain = record_of(Page(PAGE, url="https://www.lantern.example/notices")).article
    assert extraction.article.body == plain.body
    assert "site_facts_unmatched" in extraction.article.flags
    rules_used = [choice.raw for choice in extraction.choices if choice.field == "site_facts"]
    assert rules_used == [f"lantern.example: body = {rule.partition('= ')[2][1:-1]}"]


def test_other_sites_have_the_same_records_as_without_rules(tmp_path: Path) -> None:
    (tmp_path / "lantern.example.txt").write_text(RULES["lantern.example.txt"])
    page = Page(PAGE, url="https://harbour.example/notices")
    assert record_of(page, CleanOptions(sites=str(tmp_path))).json_line() == record_of(page).json_line()


def test_an_entry_wins_over_a_shared_configuration(tmp_path: Path) -> None:
    (tmp_path / "lantern.example.txt").write_text(RULES["lantern.example.txt"])
    article = made(tmp_path, "lantern.example.toml", HEAD + 'headline = "css:h1"').article
    assert article.headline == "The ferry stays"
    assert PARAGRAPH.strip() in article.body


def test_a_text_file_without_a_host_as_name_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "README.txt").write_text("body: //[")
    (tmp_path / ".www.lantern.example.txt").write_text("body: //div")
    assert {"lantern.example", "example.org"} == set(site_table(str(tmp_path)).entries)


WRONG: dict[str, tuple[str, str]] = {
    "xpath": ("lantern.example.txt", "# note\nbody: //div[\n"),
    "quotation mark": ("lantern.example.txt", '# note\nstrip_id_or_class: a"b\n'),
    "css": ("lantern.example.toml", 'body = "css:div["' + HEAD),
    "css of an element's part": ("lantern.example.toml", HEAD.strip() + '\ndrop = ["css:p:hover(", "css:p"]'),
}


@pytest.mark.parametrize(
    ("case", "line"), [("xpath", 2), ("quotation mark", 2), ("css", 1), ("css of an element's part", 4)]
)
def test_a_wrong_rule_is_reported_with_its_file_and_line(tmp_path: Path, case: str, line: int) -> None:
    name, text = WRONG[case]
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match=rf"{name}, line {line}: "):
        site_table(str(tmp_path))


@pytest.mark.parametrize("rule", ['body = "div.story"', "body = 3", 'drop = "css:p"', "drop = [3]", "headline = 3"])
def test_a_rule_of_an_unknown_kind_is_reported_with_its_key(tmp_path: Path, rule: str) -> None:
    (tmp_path / "lantern.example.toml").write_text(HEAD + rule)
    with pytest.raises(UsageError, match=rf"lantern\.example\.toml: {rule.split()[0]} is "):
        site_table(str(tmp_path))


COMMANDS = {
    "clean": ["clean", "{page}", "-o", "{out}"],
    "inspect": ["inspect", "{page}", "-o", "{out}"],
    "crawl": ["crawl", "http://127.0.0.1:9/", "-o", "{out}.jsonl"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_refuse_a_wrong_rule_before_they_read_a_page(tmp_path: Path, command: str, capsys: Any) -> None:
    page, out, sites = tmp_path / "a.html", tmp_path / "out", tmp_path / "sites"
    page.write_text(PAGE)
    sites.mkdir()
    (sites / "lantern.example.txt").write_text("body: //div[")
    called = [part.format(page=page, out=out) for part in COMMANDS[command]]
    assert main([*called, "--sites", str(sites)]) == 2
    assert "lantern.example.txt, line 1: '//div[' is no XPath" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "sites"]


def test_clean_and_inspect_follow_the_rules(tmp_path: Path) -> None:
    page, sites = tmp_path / "a.html", tmp_path / "sites"
    page.write_text(PAGE)
    sites.mkdir()
    (sites / "lantern.example.txt").write_text(RULES["lantern.example.txt"])
    more = ["--url", "https://lantern.example/notices", "--sites", str(sites), "-o"]
    assert main(["clean", str(page), "--workers", "1", *more, str(tmp_path / "out.jsonl")]) == 0
    assert json.loads((tmp_path / "out.jsonl").read_text())["headline"] == "Notices of the week"
    assert main(["inspect", str(page), *more, str(tmp_path / "out.html")]) == 0
    assert "site_rule" in (tmp_path / "out.html").read_text()


MARKUPS = {
    "ordinary": PAGE,
    "unclosed": "<p>One<p>Two<div>Three<table><td>Four<li>Five</b></i>Six",
    "misnested": "<b><p>One</b>Two<a>Three<a>Four</p></a><form><div></form>Five</div>",
    "scripts": "<template><p>No</p></template><p>One<script><p>No</script>Two<template shadowrootmode=open><p>Three",
    "foreign": "<svg:g><o:p>One</o:p><svg><title>Two</title><style>x</style></svg><math><mi>x</mi></math></svg:g>",
    "two bodies": "<html><body><p>One</body></html><html class=a><body><p>Two</body><p>Three",
    "comments": "<!-- a --><p>One<!-- b -->Two<?php c ?>Three",
}


@pytest.mark.parametrize("name", MARKUPS)
def test_elements_are_the_same_in_both_trees(name: str) -> None:
    document = segment_html(Decoded(MARKUPS[name], "utf-8", "given"))
    nodes, tree = nodes_of(document), document.tree
    assert nodes
    assert tree
    for node, element in nodes.indices.items():
        assert nodes.indices.get(node.getparent(), -1) == tree.parents[element]
        own = "".join([node.text or "", *(child.tail or "" for child in node)])
        runs = [text for text, owner in zip(tree.run_text, tree.run_element, strict=True) if owner == element]
        assert node.tag == "title" or "".join(own.split()) == "".join("".join(runs).split())
