"""Every place that names authors: JSON-LD, meta elements, marked elements, and lines that a reader sees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cleaners.document import Document
from cleaners.parsing.json_ld import types_of
from pipelines.evidence.byline_lines import BYLINE_CHARS, AuthorStatement, statements_in_lines
from pipelines.evidence.name_kinds import fold_name, reads_like_person
from pipelines.evidence.page.json_ld import ORGANISATION_TYPES, Linked
from pipelines.evidence.page.markup import MarkedElement, Stated
from pipelines.evidence.page.surroundings import Surroundings, body_start
from pipelines.evidence.person_names import LONGEST_CHARS, lead_kind, leads_to_name, names_in

_MARKED: Final = 12  # elements marked as authors that are read; listings have hundreds
_TOGETHER: Final = 4  # how many marked elements may name one author each of the same text
# <meta> names common enough to have a weight of their own.
_OWN_WEIGHT: Final = frozenset(
    "author article:author parsely-author byl dc.creator sailthru.author citation_author creator".split()
)


def statements(document: Document, stated: Stated, around: Surroundings) -> Iterator[AuthorStatement]:
    """All names that a page states, place by place. `around` holds the headline's block."""
    yield from _from_json_ld(stated.linked)
    yield from _from_metas(stated)
    yield from _from_elements(document, stated, around)
    yield from statements_in_lines(document, around)


def _from_json_ld(linked: Linked) -> Iterator[AuthorStatement]:
    for group, node in linked.nodes():
        for key in ("author", "creator"):
            named = [(name, thing) for thing in linked.things(node, key) for name in _thing_names(thing)]
            raw = ", ".join(name for name, _ in named)[:LONGEST_CHARS]
            people = [
                one for name, thing in named if not types_of(thing) & ORGANISATION_TYPES for one in names_in(name)
            ]
            others = [one for name, thing in named if types_of(thing) & ORGANISATION_TYPES for one in names_in(name)]
            note = "ld both" if people and others else "ld people" if people else "ld organisation"
            names = _each_once([*people, *others])
            yield AuthorStatement(names, "json_ld", raw, f"ld_{group} {key}", notes=(note,))
            if people and others:
                yield AuthorStatement(_each_once(people), "json_ld", raw, f"ld_{group} {key} people")


def _thing_names(thing: dict[str, Any]) -> list[str]:
    name = thing.get("name")
    if isinstance(name, list):
        return [one for one in name if isinstance(one, str)]
    if isinstance(name, str):
        return [name]
    parts = [thing.get(key) for key in ("givenName", "familyName")]
    return [" ".join(part for part in parts if isinstance(part, str))]


def _from_metas(stated: Stated) -> Iterator[AuthorStatement]:
    by_name: dict[str, list[str]] = {}
    for meta in stated.metas.get("authors", ()):
        by_name.setdefault(meta.name, []).append(meta.content)
    for name, contents in by_name.items():
        place = f"meta {name}" if name in _OWN_WEIGHT else "meta other"
        names = [one for content in contents for one in names_in(_in_order(content) if len(contents) > 1 else content)]
        yield AuthorStatement(_each_once(names), "meta", ", ".join(contents)[:LONGEST_CHARS], place)
    for number in ("1", "2"):
        label, value = stated.other.get(f"twitter:label{number}", ""), stated.other.get(f"twitter:data{number}", "")
        if value and leads_to_name(label + " x"):
            yield AuthorStatement(names_in(value), "meta", value, "meta twitter data")
    for meta in stated.metas.get("itemprop authors", [])[:2]:
        yield AuthorStatement(names_in(meta.content), "microdata", meta.content, "meta itemprop")


def _in_order(name: str) -> str:
    """Turn "Lee, Ann" into "Ann Lee": citation metadata has this form, with an element for each name.

    "Ann Lee, Tom Roe" is two people.
    """
    last, comma, rest = name.partition(",")
    is_one = len(last.split()) == 1 or (len(last.split()) == 2 and len(rest.split()) == 1)
    return f"{rest.strip()} {last.strip()}" if comma and "," not in rest and is_one else name


def _from_elements(document: Document, stated: Stated, around: Surroundings) -> Iterator[AuthorStatement]:
    """Names in marked elements: for each way of marking, the names of several elements together, then each alone."""
    start = body_start(document, around.anchor)
    marked = [one for one in stated.marked.get("authors", []) if not _signs_comment(document, one, around, start)]
    by_how: dict[str, list[MarkedElement]] = {}
    for one in marked:
        by_how.setdefault(one.how, []).append(one)
    for how, ones in by_how.items():
        yield from _together(document, how, ones[:_TOGETHER])
        for nth, one in enumerate(ones[:_MARKED]):
            yield from _from_element(document, one, how if nth == 0 else f"{how} later", around)


def _signs_comment(document: Document, marked: MarkedElement, around: Surroundings, start: int) -> bool:
    """Whether an element below the start of the body names the writer of a reader's comment."""
    tree = document.tree
    if tree is None or tree.first_block[marked.element] <= start:
        return False
    return "in comment" in around.classes(marked.element)


def _together(document: Document, how: str, ones: list[MarkedElement]) -> Iterator[AuthorStatement]:
    """The names of several marked elements as one list: of those with one parent, and of those near each other."""
    tree = document.tree
    if tree is None or len(ones) < 2:
        return
    parent = tree.parents[ones[0].element]
    row = [one for one in ones if tree.parents[one.element] == parent]
    near = [one for one in ones if tree.first_block[one.element] - tree.first_block[ones[0].element] <= _TOGETHER]
    for place, group in (("row", row), ("near each other", near)):
        texts = [text for one in group if len(text := tree.text(one.element)) <= BYLINE_CHARS]
        names = _each_once([name for text in texts for name in names_in(text)])
        if len(group) > 1:
            raw = ", ".join(texts)[:LONGEST_CHARS]
            yield AuthorStatement(names, "text", raw, f"{how} {place}", tree.first_block[group[0].element])


def _each_once(names: list[str]) -> list[str]:
    return list({fold_name(name): name for name in reversed(names)}.values())[::-1]


def _from_element(
    document: Document, marked: MarkedElement, how: str, around: Surroundings
) -> Iterator[AuthorStatement]:
    tree = document.tree
    if tree is None:
        return
    element = marked.element
    start, end = tree.first_block[element], tree.last_block[element]
    if end - start > 8:
        return
    source = "microdata" if marked.how == "property" else "text"
    notes = (*around.classes(element), around.distance(start))
    content = tree.get(element, "content")
    text = tree.text(element)
    if content:
        yield AuthorStatement(names_in(content), source, content, f"{how} content", start, notes)
    if 0 < len(text) <= LONGEST_CHARS:
        kind = lead_kind(text)
        led = ("led by",) if kind == "by" else (f"led by {kind}",) if kind else ()
        shown = " , ".join(b.text for b in document.blocks[start:end] if not b.detached) if end > start else text
        yield AuthorStatement(names_in(shown), source, text, how, start, (*notes, *led))
    links = [e for e in range(element + 1, tree.ends[element]) if tree.tags[e] == "a"][:4]
    texts = [t for e in links if (t := tree.text(e)) and len(t) < 60]
    if texts:
        yield AuthorStatement(names_in(" , ".join(texts)), source, text[:LONGEST_CHARS], f"{how} links", start, notes)
        # If several links name people, the first one names only one of the authors.
        several = sum(reads_like_person(text) for text in texts) > 1
        first = f"{how} first of several links" if several else f"{how} first link"
        yield AuthorStatement(names_in(texts[0]), source, text[:LONGEST_CHARS], first, start, notes)
