"""Features of a list of authors besides its places: how its names read, and how it compares with other lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from pipelines.evidence.name_kinds import fold_name, is_agency, is_organisation, reads_like_person
from pipelines.evidence.ranking import Features, bucket


class AuthorsCandidate(NamedTuple):
    """The names that one place states."""

    names: tuple[str, ...]
    source: str
    raw: str
    block: int = -1


@dataclass
class AuthorsEntry:
    """A list of names with the places that state it, and its features by name."""

    candidate: AuthorsCandidate
    features: Features = field(default_factory=dict)
    places: set[str] = field(default_factory=set)


_CLOSE: Final = frozenset(("near -1", "near +2", "near +5", "near +12"))  # distance to the headline
_OF_OTHER_TEXTS: Final = frozenset(("in related", "in listed", "in aside", "in li"))
_LED: Final = frozenset(("led by", "block by", "block dated by", "block after by"))
_INITIALS: Final = 4  # letters with which a paper's writers sign
_TRUSTED: Final = ("ld_article", "meta", "rel", "class", "property", "block by")
_BARE: Final = ("block name", "name ")  # places that are lines with nothing but a name
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
    trusted = [key for key, entry in entries.items() if key <= people and _is_trusted(entry)]
    is_named_near = any("near" in reach[key] for key in trusted)
    for key, entry in entries.items():
        names = [
            *_by_places(entry),
            *_by_names(key, entry.candidate.names),
            *_among_others(key, entries, people, "near" in reach[key]),
            *_against_lists(key, lists, in_code),
            *_against_site(key, site, bool(trusted), is_named_near),
            *_against_people(key, entry.features, people, trusted),
        ]
        if not any(place.startswith("wide") for place in entry.places):  # such a label counts at any distance
            names.append(_by_reach(reach[key], is_near))
        if not reach[key] and not _OF_OTHER_TEXTS.isdisjoint(entry.features):
            names.append("stated far, among other texts")
        if any(f"\n{name}" in paragraphs for name in entry.candidate.names if " " in name):
            names.append("begins a paragraph")
        if any(_is_of_words(name, paragraphs) for name in entry.candidate.names):
            is_bare = all(place.startswith(_BARE) for place in entry.places)
            names.append("bare, of words in the text" if is_bare else "of words in the text")
        entry.features |= dict.fromkeys(names, 1.0)


def _against_site(key: frozenset[str], site: frozenset[str], is_named: bool, is_named_near: bool) -> list[str]:
    """Whether the site is among the names, and whether a person is named elsewhere, or even by the headline."""
    found = ["adds the site"] if len(key) > 1 and key & site else []
    if key & site or {name.replace(" ", "") for name in key} & site:
        found.append("is site, a person is named" if is_named else "is site")
        if is_named_near:
            found.append("is site, a person is named by the headline")
    return found


def _against_people(
    key: frozenset[str], features: Features, people: set[str], trusted: Sequence[frozenset[str]]
) -> list[str]:
    """Whether a list is a person's initials, or a photographer or an organisation where someone else is named."""
    found = []
    if "ld organisation" in features and any(not other & key for other in trusted):
        found.append("ld organisation, a person is named")
    if len(key) == 1 and any(_abbreviates(min(key), name) for name in people):
        found.append("initials of a person")
    if "led by photo" in features and "led by" not in features and any(not other & key for other in trusted):
        found.append("led by photo, another is named")
    return found


def _abbreviates(word: str, name: str) -> bool:
    """Whether a short word is made of the beginnings of a person's names: "abr" of "ada brandt"."""
    if not 2 <= len(word) <= _INITIALS or " " in word or " " not in name:
        return False
    first, *_, last = name.split(" ")
    return any(first.startswith(word[:cut]) and last.startswith(word[cut:]) for cut in range(1, len(word)))


def _is_of_words(name: str, paragraphs: str) -> bool:
    """Whether the text has every word of a name of two words or more, all in lower case before a space: "Beard Oil"."""
    words = name.split()
    return len(words) > 1 and all(len(word) > 2 and f" {word.lower()} " in paragraphs for word in words)


def _is_person(name: str) -> bool:
    return reads_like_person(name) and not is_organisation(name)


def _is_trusted(entry: AuthorsEntry) -> bool:
    """Whether a place that mostly holds authors states the names."""
    return any(place.startswith(_TRUSTED) for place in entry.places)


def _by_places(entry: AuthorsEntry) -> list[str]:
    kinds = {place.split()[0] for place in entry.places}
    names = [bucket("places", len(kinds), (2, 3, 4))]
    if len(kinds) == 1:
        names.append(f"only {min(entry.places)}")
    if len(entry.candidate.names) > 1:
        names += [f"several in {kind}" for kind in kinds & {"ld_article", "meta", "rel"}]
    return names


def _reach(entry: AuthorsEntry) -> list[str]:
    """Where on the page a list is stated: in code, near the headline, in both or in neither."""
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
    """Features of a list that equals a list of people in JSON-LD, or is a part of one.

    A part is more likely right if the code states it elsewhere too: the main author, without a contributor.
    """
    if key in lists:
        alone = "" if any(part < key for part in in_code) else ", no part in code"
        return [f"list of people in ld_article{alone}"]
    if any(key < whole for whole in lists):
        return ["part of a list in ld_article" + (", in code" if key in in_code else "")]
    return []


def _among_others(key: frozenset[str], entries: Entries, people: set[str], is_near: bool) -> list[str]:
    """Features of a list that is part of longer lists, or that adds names to shorter ones.

    `is_near`: it is stated by the headline, where a line that begins with "By" names everyone who wrote.
    """
    names: set[str] = set()
    is_byline = is_near and not _LED.isdisjoint(entries[key].features)
    for other, entry in entries.items():
        if key < other:
            adds = _kind_added(other - key, people)
            names |= {"in others", f"in others that add {adds}"}
            if "ld_article author" in entry.places:
                names.add(f"in a list of ld_article that adds {adds}")
        elif other < key:
            adds = _kind_added(key - other, people)
            names |= {"holds others", f"adds {adds}"}
            if is_byline:
                names.add(f"adds {adds} in a byline")
            if any(frozenset((name,)) in entries for name in key - other):
                names.add(f"adds {adds} named alone")
    return sorted(names)


def _kind_added(names: frozenset[str], people: set[str]) -> str:
    """What the names are that a list has and another one lacks."""
    if names <= people:
        return "people"
    return "organisations" if all(map(is_organisation, names)) else "others"
