"""What speaks for a list of authors besides its places: what its names read like, and how it compares with others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from pipelines.evidence.person_names import fold_name, is_agency, is_organisation, reads_like_person
from pipelines.evidence.ranking import Features, bucket


class AuthorsCandidate(NamedTuple):
    """The names that one place states."""

    names: tuple[str, ...]
    source: str
    raw: str
    block: int = -1


@dataclass
class AuthorsEntry:
    """A list of names with the places that state it, and what speaks for it by name."""

    candidate: AuthorsCandidate
    features: Features = field(default_factory=dict)
    places: set[str] = field(default_factory=set)


_CLOSE: Final = frozenset(("near -1", "near +2", "near +5", "near +12"))  # to the headline
_TRUSTED: Final = ("ld_article", "meta", "rel", "class", "property", "block by")
Entries = Mapping[frozenset[str], AuthorsEntry]  # by the folded names


def describe(entries: Entries, site: frozenset[str], paragraphs: str) -> None:
    """Add to every entry the features that do not depend on its places alone.

    site        folded names of the site, and its domain without dots
    paragraphs  the page's longer blocks, each after a line break: a biography begins with the name
    """
    people = {fold_name(name) for entry in entries.values() for name in entry.candidate.names if _is_person(name)}
    reach = {key: _reach(entry) for key, entry in entries.items()}
    in_code = {key for key, found in reach.items() if "code" in found}
    is_near = any("near" in found for found in reach.values())
    lists = {key for key, entry in entries.items() if _lists_people(entry)}
    someone = any(key <= people and _is_trusted(entry) for key, entry in entries.items())
    for key, entry in entries.items():
        found = entry.features
        found |= dict.fromkeys(_by_places(entry), 1.0)
        found |= dict.fromkeys(_by_names(key, entry.candidate.names), 1.0)
        found |= dict.fromkeys(_among_others(key, entries, people), 1.0)
        found |= dict.fromkeys(_against_lists(key, lists, in_code), 1.0)
        if not any(place.startswith("wide") for place in entry.places):  # such a label counts wherever it is
            found[_by_reach(reach[key], is_near)] = 1.0
        if len(key) > 1 and key & site:
            found["adds the site"] = 1.0
        if key & site or {name.replace(" ", "") for name in key} & site:
            found["is site, a person is named" if someone else "is site"] = 1.0
        if any(f"\n{name}" in paragraphs for name in entry.candidate.names if " " in name):
            found["begins a paragraph"] = 1.0


def _is_person(name: str) -> bool:
    return reads_like_person(name) and not is_organisation(name)


def _is_trusted(entry: AuthorsEntry) -> bool:
    """Whether a place that mostly holds authors states the names."""
    return any(
        place.startswith(("ld_article", "meta", "rel", "class", "property", "block by")) for place in entry.places
    )


def _by_places(entry: AuthorsEntry) -> list[str]:
    kinds = {place.split()[0] for place in entry.places}
    names = [bucket("places", len(kinds), (2, 3, 4))]
    if len(kinds) == 1:
        names.append(f"only {min(entry.places)}")
    if len(entry.candidate.names) > 1:
        names += [f"several in {kind}" for kind in kinds & {"ld_article", "meta", "rel"}]
    return names


def _reach(entry: AuthorsEntry) -> list[str]:
    """Where a list is stated: in code, near the headline, in both or in neither."""
    found = ["code"] if any(place.startswith(("ld_", "meta")) for place in entry.places) else []
    return [*found, "near"] if not _CLOSE.isdisjoint(entry.features) else found


def _by_reach(reach: list[str], another_near: bool) -> str:
    if reach:
        return f"stated {' and '.join(reach)}"
    return "stated far, another near" if another_near else "stated far"


def _by_names(key: frozenset[str], names: tuple[str, ...]) -> list[str]:
    found = [
        bucket("names", len(names), (2, 3, 4, 6)),
        bucket("longest name", max(len(n.split()) for n in key), (2, 3, 4, 5)),
    ]
    persons = sum(map(reads_like_person, names))
    if persons == len(names):
        found.append("all people")
    elif not persons:
        found.append("no people")
    if any(map(is_organisation, names)):
        found.append("organisation word")
    if any(map(is_agency, names)):
        found.append("agency")
    if any(name.islower() or any(map(str.isdigit, name)) for name in names):
        found.append("user name")
    return found


def _lists_people(entry: AuthorsEntry) -> bool:
    """Whether the article's JSON-LD states a list of several people."""
    names = entry.candidate.names
    return len(names) > 1 and "ld_article author" in entry.places and all(map(_is_person, names))


def _against_lists(
    key: frozenset[str], lists: Collection[frozenset[str]], in_code: Collection[frozenset[str]]
) -> list[str]:
    """How a list compares with the lists of people in JSON-LD: it is one, or a part of one.

    A part is likelier right if the code states it elsewhere: the first author alone, without the one who helped.
    """
    if key in lists:
        alone = "" if any(part < key for part in in_code) else ", no part in code"
        return [f"list of people in ld_article{alone}"]
    if any(key < whole for whole in lists):
        return ["part of a list in ld_article" + (", in code" if key in in_code else "")]
    return []


def _among_others(key: frozenset[str], entries: Entries, people: set[str]) -> list[str]:
    """How a list lies within longer ones, and which names it adds to shorter ones."""
    names: set[str] = set()
    for other, entry in entries.items():
        if key < other:
            adds = "people" if other - key <= people else "others"
            names |= {"in others", f"in others that add {adds}"}
            if "ld_article author" in entry.places:
                names.add(f"in a list of ld_article that adds {adds}")
        elif other < key:
            adds = "people" if key - other <= people else "others"
            names |= {"holds others", f"adds {adds}"}
            if any(frozenset((name,)) in entries for name in key - other):
                names.add(f"adds {adds} named alone")
    return sorted(names)
