"""Reads site configurations in the text form that read-later programs share: HOST.txt, one rule a line, in XPath.

    # lantern.example.txt
    title: //h1[@class='story']
    body: //div[@id='story']
    strip: //div[@class='offer']
    strip_id_or_class: newsletter
    author: //span[@class='writer']
    date: //time/@datetime
    next_page_link: //a[@class='onward']
    single_page_link: //a[@class='whole']

Lines with other names are ignored: they tell those programs how to fetch a page, or how to change its code.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pipelines.evidence.site_rules import Rule, SiteRuleError, SiteRules, read_rule, read_text

_BODY, _DROP = "body", "drop"
_USE_OF_LINE: Final = {
    "title": "headline",
    "date": "published",
    "author": "author",
    "body": _BODY,
    "strip": _DROP,
    "strip_id_or_class": _DROP,
    "next_page_link": "next_page",
    "single_page_link": "single_page",
}
_LINKS: Final = ("next_page", "single_page")


def host_of(path: Path) -> str:
    """The host that a configuration's file name states (`.HOST.txt` too); "" if the name is not that of a host."""
    host = path.stem.lower().removeprefix(".").removeprefix("www.")
    return host if "." in host else ""


def read_config(path: Path) -> SiteRules:
    """Read one configuration. Raises SiteRuleError naming the file and the line."""
    lines = read_text(path, "utf-8-sig", "replace").splitlines()
    found: dict[str, tuple[Rule, ...]] = {}
    for number, line in enumerate(lines, 1):
        name, _, value = (part.strip() for part in line.partition(":"))
        use = _USE_OF_LINE.get(name)
        if use and value:
            found[use] = (*found.get(use, ()), _rule(name, value, f"{path}, line {number}"))
    links: dict[str, tuple[Rule, ...]] = {use: found.pop(use) for use in _LINKS if use in found}
    return SiteRules(found.pop(_BODY, ()), found.pop(_DROP, ()), found, links)


def _rule(name: str, value: str, where: str) -> Rule:
    if name != "strip_id_or_class":
        return read_rule(f"xpath:{value}", where)
    text = value.strip("'\"")
    if '"' in text:
        raise SiteRuleError(f"{where}: {value!r} has a quotation mark, which no id or class has; correct it")
    return read_rule(f'xpath://*[contains(@class, "{text}") or contains(@id, "{text}")]', where)
