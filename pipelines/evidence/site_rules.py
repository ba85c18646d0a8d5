"""Rules of a site that select or drop elements by CSS selector or XPath, and the search of a page for them.

The rules of a field are alternatives: the first that finds something counts. All rules that drop apply.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from lxml import etree

from cleaners.document import Document
from cleaners.errors import UsageError
from cleaners.words.scripts import one_line
from pipelines.evidence.page_nodes import PageNodes, nodes_of

# Elements that hold their value in an attribute rather than in their text.
_VALUE_ATTRIBUTES: Final = {"meta": "content", "time": "datetime"}
MAX_BYTES: Final = 32 * 1024
"""The most bytes that a site's file may have; files that people write have two or three thousand."""
_SELECTOR_KINDS: Final = ("css:", "xpath:")


class SiteRuleError(UsageError):
    """A rule about a site is written wrongly."""


class Rule(NamedTuple):
    """One rule: its text, as its author wrote it, and the XPath that the text means."""

    text: str
    xpath: etree.XPath


@dataclass(frozen=True)
class SiteRules:
    """The rules of one site.

    fields  the alternatives for headline, published and author
    links   the alternatives for next_page and single_page: links to the next page of an article, and to the whole of it
    """

    body: tuple[Rule, ...] = ()
    drop: tuple[Rule, ...] = ()
    fields: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    links: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        """Whether there is any rule."""
        return bool(self.body or self.drop or self.fields or self.links)


class Hit(NamedTuple):
    """A rule and the elements of the page's Tree that it selects."""

    rule: Rule
    elements: tuple[int, ...]


@dataclass(frozen=True)
class Found:
    """What a site's rules find on one page.

    body      the rule that selects the body, with its elements; None if no rule does
    drops     every rule that drops something
    texts     the text of each field that a rule finds, with the rule
    links     the address that each rule for a link finds, as the page writes it; most pages have no such link
    missing   each field whose rules find nothing, with the text of its first rule
    """

    body: Hit | None = None
    drops: tuple[Hit, ...] = ()
    texts: Mapping[str, tuple[str, Rule]] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[tuple[str, str], ...] = ()


def read_text(path: Path, encoding: str = "utf-8", errors: str = "strict") -> str:
    """The text of a file of rules. Raises SiteRuleError if it cannot be read or is larger than MAX_BYTES."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise SiteRuleError(f"{path}: larger than {MAX_BYTES // 1024} KiB, which no site needs; shorten it")
        return content.decode(encoding, errors)
    except OSError as error:
        raise SiteRuleError(f"{path}: cannot be read ({error.strerror}); check the file") from error
    except UnicodeDecodeError as error:
        raise SiteRuleError(f"{path}: not in UTF-8 ({error}); save it so") from error


def is_selector(text: str) -> bool:
    """Whether a text is a CSS selector (`css:…`) or an XPath (`xpath:…`)."""
    return text.startswith(_SELECTOR_KINDS)


def read_rule(text: str, where: str) -> Rule:
    """Read `css:SELECTOR` or `xpath:EXPRESSION`. Raises SiteRuleError that begins with `where`."""
    kind, _, expression = text.partition(":")
    try:
        return Rule(text, etree.XPath(_from_css(expression) if kind == "css" else expression, smart_strings=False))
    except (etree.XPathError, ValueError, SyntaxError, RecursionError) as error:
        name = "CSS selector" if kind == "css" else "XPath"
        shown = expression.strip()[:200]
        raise SiteRuleError(f"{where}: {shown!r} is no {name} ({str(error)[:200]}); correct it") from error


def _from_css(selector: str) -> str:
    from cssselect import HTMLTranslator, SelectorError  # only sites with such rules need it

    try:
        return HTMLTranslator().css_to_xpath(selector)
    except SelectorError as error:
        raise ValueError(error) from error


def find(rules: SiteRules, document: Document) -> Found:
    """Apply a site's rules to a page. If the page cannot be parsed for them, they find nothing."""
    nodes = nodes_of(document)
    body = next(_hits(rules.body, nodes), None)
    texts: dict[str, tuple[str, Rule]] = {}
    for name, alternatives in rules.fields.items():
        found = ((text, rule) for rule in alternatives if (text := _text(name, rule, nodes)))
        if first := next(found, None):
            texts[name] = first
    missing = [(name, those[0].text) for name, those in rules.fields.items() if name not in texts]
    if rules.body and body is None:
        missing.insert(0, ("body", rules.body[0].text))
    return Found(body, tuple(_hits(rules.drop, nodes)), texts, _links(rules, nodes), tuple(missing))


def _links(rules: SiteRules, nodes: PageNodes | None) -> dict[str, str]:
    """The first address that the rules for each link find."""
    found: dict[str, str] = {}
    for name, alternatives in rules.links.items():
        hits = (node for rule in alternatives if nodes for node in _selected(rule, nodes))
        addresses = (node if isinstance(node, str) else node.get("href") or "" for node in hits)
        if first := next((address.strip() for address in addresses if address.strip()), None):
            found[name] = first
    return found


def _hits(rules: Iterable[Rule], nodes: PageNodes | None) -> Iterator[Hit]:
    """Each rule that selects elements with text, in order."""
    if nodes is None:
        return
    for rule in rules:
        selected = (nodes.element(node) for node in _selected(rule, nodes) if not isinstance(node, str))
        if elements := tuple(e for e in selected if e is not None and nodes.has_text(e)):
            yield Hit(rule, elements)


def _text(name: str, rule: Rule, nodes: PageNodes | None) -> str:
    """The first text that a rule finds; for authors all of them."""
    texts = [text for node in _selected(rule, nodes) if (text := _value(node, nodes))] if nodes else []
    return "; ".join(texts) if name == "author" else next(iter(texts), "")


def _value(node: Any, nodes: PageNodes) -> str:
    if isinstance(node, str):
        return one_line(node)
    attribute = _VALUE_ATTRIBUTES.get(node.tag)
    stated = node.get(attribute) if attribute else None
    return one_line(stated or "") or nodes.text(node)


def _selected(rule: Rule, nodes: PageNodes) -> Sequence[Any]:
    """The elements and texts that a rule selects: none if it fails, or gives a number or a truth value."""
    try:
        result = rule.xpath(nodes.root)
    except etree.XPathError:  # a function that XPath 1.0 does not have
        return []
    if isinstance(result, str):
        return [result]
    return result if isinstance(result, list) else []
