"""Candidates for the authors: each place's list of names, and what speaks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Final, NamedTuple

from cleaners.document import Block, Document
from cleaners.parsing.json_ld import types_of
from pipelines.evidence.page.json_ld import Linked
from pipelines.evidence.page.markup import MarkedElement, Stated
from pipelines.evidence.page.surroundings import Surroundings, body_start
from pipelines.evidence.person_names import (
    LONGEST_CHARS,
    fold_name,
    is_organisation,
    leads_to_name,
    names_in,
    reads_like_person,
)
from pipelines.evidence.ranking import Features, bucket, rank

_MARKED: Final = 12  # elements marked as authors that are read; listings have hundreds
_NEAR_BEFORE: Final = 6  # blocks before and after the headline in which a byline is looked for
_NEAR_AFTER: Final = 14
_BYLINE_CHARS: Final = 120
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# <meta> names common enough to have a weight of their own.
_OWN_WEIGHT: Final = frozenset(
    "author article:author parsely-author byl dc.creator sailthru.author citation_author creator".split()
)


def has_year(text: str) -> bool:
    """Whether a short text holds a four-digit year: a date line, most likely."""
    return len(text) < _BYLINE_CHARS and bool(_YEAR.search(text))


class AuthorsCandidate(NamedTuple):
    """The names that one place states."""

    names: tuple[str, ...]
    source: str
    raw: str
    block: int = -1


@dataclass
class _Entry:
    candidate: AuthorsCandidate
    features: Features = field(default_factory=dict)
    places: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Bylines:
    """Lists of names, best first (None: "the page names no author"), with the model's probability of each."""

    candidates: tuple[AuthorsCandidate | None, ...] = ()
    probability: tuple[float, ...] = ()


def bylines(document: Document, stated: Stated, anchor: int, site: frozenset[str]) -> Bylines:
    """All candidates of a page, ranked. `site` holds the folded names of the site, `anchor` is the headline's block."""
    rows = _rows(document, stated, anchor, site)
    order = rank("authors", [features for _, features in rows])
    return Bylines(tuple(rows[i][0] for i in order.order), order.probability)


def training_rows(
    document: Document, stated: Stated, anchor: int, site: frozenset[str]
) -> list[tuple[tuple[str, ...], Features]]:
    """Each candidate's names and features, the empty list first: what pipelines.training.evidence learns from."""
    return [(c.names if c else (), features) for c, features in _rows(document, stated, anchor, site)]


def _rows(
    document: Document, stated: Stated, anchor: int, site: frozenset[str]
) -> list[tuple[AuthorsCandidate | None, Features]]:
    entries = _entries(document, stated, anchor)
    for key, entry in entries.items():
        _describe(key, entry, entries, site)
    none: Features = {"none": 1.0, bucket("none entries", len(entries), (1, 2, 4)): 1.0}
    return [(None, none), *((entry.candidate, entry.features) for entry in entries.values())]


def _entries(document: Document, stated: Stated, anchor: int) -> dict[frozenset[str], _Entry]:
    entries: dict[frozenset[str], _Entry] = {}
    for statement in _statements(document, stated, anchor):
        if not statement.names or not all(map(fold_name, statement.names)):
            continue
        _note(entries, statement)
        people = [name for name in statement.names if not is_organisation(name)]
        if statement.source in _MIXED and 0 < len(people) < len(statement.names):
            mixed = (*statement.notes, "people of a mixed byline")
            _note(entries, statement._replace(names=people, notes=mixed))
    return entries


# In these sources "Ann Lee, Harbour Post" names an author and her paper, which is not a second author.
_MIXED: Final = ("text", "meta", "microdata")


class _Statement(NamedTuple):
    """Names as one place states them. `place` and `notes` name features; `block` is -1 for names in code."""

    names: list[str]
    source: str
    raw: str
    place: str
    block: int = -1
    notes: tuple[str, ...] = ()


def _note(entries: dict[frozenset[str], _Entry], statement: _Statement) -> None:
    """Add a statement to the entry of its names, which is made with the first one."""
    key = frozenset(map(fold_name, statement.names))
    if key not in entries:
        names = tuple(statement.names)
        entries[key] = _Entry(AuthorsCandidate(names, statement.source, statement.raw, statement.block))
    entries[key].places.add(statement.place)
    entries[key].features |= dict.fromkeys((statement.place, *statement.notes), 1.0)


def _statements(document: Document, stated: Stated, anchor: int) -> Iterator[_Statement]:
    yield from _from_json_ld(stated.linked)
    yield from _from_metas(stated)
    around = Surroundings(document, anchor)
    yield from _from_elements(document, stated, around)
    yield from _from_blocks(document, anchor, around)


def _from_json_ld(linked: Linked) -> Iterator[_Statement]:
    for group, node in linked.nodes():
        for key in ("author", "creator"):
            named = [(name, thing) for thing in linked.things(node, key) for name in _thing_names(thing)]
            raw = ", ".join(name for name, _ in named)[:LONGEST_CHARS]
            people = [one for name, thing in named if not types_of(thing) & _ORGANISATIONS for one in names_in(name)]
            others = [one for name, thing in named if types_of(thing) & _ORGANISATIONS for one in names_in(name)]
            note = "ld both" if people and others else "ld people" if people else "ld organisation"
            yield _Statement([*people, *others], "json_ld", raw, f"ld_{group} {key}", notes=(note,))
            if people and others:
                yield _Statement(people, "json_ld", raw, f"ld_{group} {key} people")


_ORGANISATIONS: Final = frozenset(("organization", "newsmediaorganization"))


def _thing_names(thing: dict[str, Any]) -> list[str]:
    name = thing.get("name")
    if isinstance(name, list):
        return [one for one in name if isinstance(one, str)]
    if isinstance(name, str):
        return [name]
    parts = [thing.get(key) for key in ("givenName", "familyName")]
    return [" ".join(part for part in parts if isinstance(part, str))]


def _from_metas(stated: Stated) -> Iterator[_Statement]:
    by_name: dict[str, list[str]] = {}
    for meta in stated.metas.get("authors", ()):
        by_name.setdefault(meta.name, []).append(meta.content)
    for name, contents in by_name.items():
        place = f"meta {name}" if name in _OWN_WEIGHT else "meta other"
        names = [one for content in contents for one in names_in(_in_order(content) if len(contents) > 1 else content)]
        yield _Statement(names, "meta", ", ".join(contents)[:LONGEST_CHARS], place)
    for number in ("1", "2"):
        label, value = stated.other.get(f"twitter:label{number}", ""), stated.other.get(f"twitter:data{number}", "")
        if value and leads_to_name(label + " x"):
            yield _Statement(names_in(value), "meta", value, "meta twitter data")
    for meta in stated.metas.get("itemprop authors", [])[:2]:
        yield _Statement(names_in(meta.content), "microdata", meta.content, "meta itemprop")


def _in_order(name: str) -> str:
    """ "Lee, Ann" as "Ann Lee": the form of citation metadata, where each name has an element of its own."""
    last, comma, rest = name.partition(",")
    return f"{rest.strip()} {last.strip()}" if comma and "," not in rest and len(last.split()) <= 2 else name


def _from_elements(document: Document, stated: Stated, around: Surroundings) -> Iterator[_Statement]:
    start = body_start(document, around.anchor)
    marked = [one for one in stated.marked.get("authors", []) if not _signs_comment(document, one, around, start)]
    by_how: dict[str, list[MarkedElement]] = {}
    for one in marked:
        by_how.setdefault(one.how, []).append(one)
    for how, ones in by_how.items():
        yield from _together(document, how, ones[:4])
        for nth, one in enumerate(ones[:_MARKED]):
            yield from _from_element(document, one, how if nth == 0 else f"{how} later", around)


def _signs_comment(document: Document, marked: MarkedElement, around: Surroundings, start: int) -> bool:
    """Whether an element below the start of the body names the writer of a reader's comment."""
    tree = document.tree
    if tree is None or tree.first_block[marked.element] <= start:
        return False
    return "in comment" in around.classes(marked.element)


def _together(document: Document, how: str, ones: list[MarkedElement]) -> Iterator[_Statement]:
    """The names of several marked elements with one parent, taken together."""
    tree = document.tree
    if tree is None or len(ones) < 2:
        return
    parent = tree.parents[ones[0].element]
    row = [one for one in ones if tree.parents[one.element] == parent]
    if len(row) > 1:
        texts = [tree.text(one.element) for one in row]
        names = [name for text in texts for name in names_in(text)]
        yield _Statement(
            names, "text", ", ".join(texts)[:LONGEST_CHARS], f"{how} row", tree.first_block[row[0].element], ()
        )


def _from_element(document: Document, marked: MarkedElement, how: str, around: Surroundings) -> Iterator[_Statement]:
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
        yield _Statement(names_in(content), source, content, f"{how} content", start, notes)
    if 0 < len(text) <= LONGEST_CHARS:
        led = ("led by",) if leads_to_name(text) else ()
        shown = " , ".join(b.text for b in document.blocks[start:end] if not b.detached) if end > start else text
        yield _Statement(names_in(shown), source, text, how, start, (*notes, *led))
    links = [e for e in range(element + 1, tree.ends[element]) if tree.tags[e] == "a"][:4]
    texts = [t for e in links if (t := tree.text(e)) and len(t) < 60]
    if texts:
        yield _Statement(names_in(" , ".join(texts)), source, text[:LONGEST_CHARS], f"{how} links", start, notes)
        yield _Statement(names_in(texts[0]), source, text[:LONGEST_CHARS], f"{how} first link", start, notes)


def _from_blocks(document: Document, anchor: int, around: Surroundings) -> Iterator[_Statement]:
    """Blocks near the headline that begin like a byline or hold only a name."""
    start = max(0, anchor - _NEAR_BEFORE)
    near = document.blocks[start : max(anchor, 0) + _NEAR_AFTER]
    for block, after in zip_longest(near, near[1:]):
        text = block.text
        if block.index == anchor or len(text) > _BYLINE_CHARS or (text.endswith(("?", "!", ":")) and len(text) > 20):
            continue
        if leads_to_name(f"{text} x") and after:
            whole = f"{text} {after.text}"
            notes = _notes_of(block, around)
            yield _Statement(names_in(after.text), "text", whole[:LONGEST_CHARS], "block after by", after.index, notes)
        if leads_to_name(text) and len(text.split()) > 1:
            notes = (*_notes_of(block, around), "led by")
            yield _Statement(names_in(text), "text", text, "block by", block.index, notes)
        elif anchor >= 0 and reads_like_person(text):
            follows = "block name near" if after and has_year(after.text) else "block name"
            yield _Statement(names_in(text), "text", text, follows, block.index, _notes_of(block, around))


def _notes_of(block: Block, around: Surroundings) -> tuple[str, ...]:
    return around.distance(block.index), *around.classes(block.element)


def _describe(key: frozenset[str], entry: _Entry, entries: dict[frozenset[str], _Entry], site: frozenset[str]) -> None:
    """Add the features that do not depend on the place."""
    found = entry.features
    names = entry.candidate.names
    found[bucket("names", len(names), (2, 3, 4, 6))] = 1.0
    found[bucket("places", len({p.split()[0] for p in entry.places}), (2, 3, 4))] = 1.0
    if len({place.split()[0] for place in entry.places}) == 1:
        found[f"only {min(entry.places)}"] = 1.0
    if all(reads_like_person(name) for name in names):
        found["all people"] = 1.0
    elif not any(reads_like_person(name) for name in names):
        found["no people"] = 1.0
    if any(is_organisation(name) for name in names):
        found["organisation word"] = 1.0
    if key & site:
        found["is site"] = 1.0
    if any(name.islower() or any(c.isdigit() for c in name) for name in names):
        found["user name"] = 1.0
    words = [len(name.split()) for name in key]
    found[bucket("longest name", max(words), (2, 3, 4, 5))] = 1.0
    if any(key < other for other in entries):
        found["in others"] = 1.0
    if any(other < key for other in entries):
        found["holds others"] = 1.0
