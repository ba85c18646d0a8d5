"""Single comments and reviews of readers: the elements that hold one each, and how they are nested."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from cleaners.document import Mark
from cleaners.rules.comments import REASON, REVIEW
from cleaners.rules.rows import load_patterns
from cleaners.tree import Tree

_HOLDERS: Final = frozenset("article blockquote dd div dt li section table td tr".split())
# Names of an element that holds all comments, or all reviews, of a page.
_REGION: Final = re.compile(
    r"(?:[a-z]+[-_]|item)?(?:(?:comments|reviews|discussion|kommentare|commentaires|comentarios|commenti)"
    r"(?:[-_]*(?:list|area|section|wrap|wrapper|container|thread|block|content|holder|inner))?"
    r"|(?:comment|review)[-_]*(?:list|area|section|wrap|thread|tree))",
)
# So many parts are needed to tell the box around one of them from the list of all.
_SEVERAL: Final = 2
# Elements that a list of terms consists of.
_ENTRY: Final = ("dt", "dd")
_SIGNED: Final = re.compile(r"author|user|name|date|time|nick|by", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# Class names that tell one sibling from the next, not one kind of element from another.
_COUNTING: Final = frozenset("odd even alt first last".split())


class ContainerRow(NamedTuple):
    """One row of the table: the tags and names that mark a comment. comment_containers.toml explains the keys."""

    name: str
    looks_at: str
    pattern: re.Pattern[str]
    why: str
    hit: str
    miss: str
    part: bool = False
    region: bool = False


class Container(NamedTuple):
    """One comment on the page.

    element  the element that holds it, or the first of them
    end      the element after the last one in it
    depth    in how many other comments it is nested
    blocks   its own blocks, without those of the comments nested in it
    nested   the elements of the comments that are nested directly in it
    """

    element: int
    end: int
    depth: int
    blocks: tuple[int, ...]
    nested: tuple[int, ...]


@cache
def container_rows() -> tuple[ContainerRow, ...]:
    """The rows of comment_containers.toml. Raises RulesError."""
    return load_patterns(ContainerRow, "comment_containers")


def comment_containers(tree: Tree) -> list[Container]:
    """Every single comment or review of a page in reading order, found by names, else by likeness within a list."""
    named = _named(tree)
    return _nested(tree, _whole(tree, named or dict.fromkeys(_alike(tree), False)))


def container_hints(tree: Tree) -> list[Mark]:
    """A hint on every block of a comment or review, for the classifier to decide on."""
    made: dict[int, Mark] = {}
    for one in comment_containers(tree):
        name = REVIEW if _is_review(tree, one.element) else "comment_container"
        evidence = f"{name}: <{tree.tags[one.element]} {tree.classes(one.element)}>"
        made.update((block, Mark(block, "hint", REASON, evidence)) for block in one.blocks)
    return list(made.values())


def _is_review(tree: Tree, element: int) -> bool:
    return "review" in f"{tree.get(element, 'itemtype')} {tree.classes(element)}".lower()


def _named(tree: Tree) -> dict[int, bool]:
    """The elements that match a row, each with whether it may be only a part of a comment."""
    headings = tree.all("h1")
    found: dict[int, bool] = {}
    for element, attributes in enumerate(tree.attributes):
        if not attributes or tree.tags[element] not in _HOLDERS:
            continue
        rows = [row for row in container_rows() if _matches(row, tree, element)]
        if (
            rows
            and not _is_region(tree, element)
            and not any(element < heading < tree.ends[element] for heading in headings)
        ):
            found[element] = all(row.part for row in rows)
    return found


def _matches(row: ContainerRow, tree: Tree, element: int) -> bool:
    value = tree.get(element, row.looks_at)
    if not value:
        return False
    values = [value.rstrip("/").rsplit("/", 1)[-1]] if row.looks_at == "itemtype" else value.split()
    if not any(row.pattern.fullmatch(one.lower()) for one in values):
        return False
    return not row.region or any(_is_region(tree, one) for one in tree.ancestors(tree.parents[element]))


def _is_region(tree: Tree, element: int) -> bool:
    if tree.get(element, "itemtype").lower().endswith("/product"):
        return True
    return tree.tags[element] != "body" and any(_REGION.fullmatch(word) for word in tree.classes(element).split())


def _alike(tree: Tree) -> Iterator[int]:
    """The elements of one form in a list of comments whose single comments have no telling names."""
    end = 0
    for region, attributes in enumerate(tree.attributes):
        if region >= end and attributes and _is_region(tree, region):
            end = tree.ends[region]
            yield from _of_one_form(tree, region)


def _of_one_form(tree: Tree, region: int) -> list[int]:
    """The outermost siblings of one form that state an author or a time; with a class, also those in replies."""
    groups: dict[tuple[int, str, tuple[str, ...]], list[int]] = {}
    for element in range(region + 1, tree.ends[region]):
        if tree.tags[element] in _HOLDERS:
            groups.setdefault((tree.parents[element], *_form(tree, element)), []).append(element)
    for (_, tag, names), members in groups.items():
        if len(members) > 1 and 2 * sum(_is_signed(tree, one) for one in members) >= len(members):
            same = (one for key, ones in groups.items() if key[1:] == (tag, names) for one in ones)
            return sorted(same) if names else members
    return []


def _form(tree: Tree, element: int) -> tuple[str, tuple[str, ...]]:
    names = tree.get(element, "class").lower().split()
    telling = {name for name in names if name not in _COUNTING and not any(char.isdigit() for char in name)}
    return tree.tags[element], tuple(sorted(telling))


def _is_signed(tree: Tree, element: int) -> bool:
    inner = range(element + 1, tree.ends[element])
    if any(tree.tags[one] in ("time", "cite") or _SIGNED.search(tree.get(one, "class")) for one in inner):
        return len(tree.text(element).split()) > 2
    return bool(_YEAR.search(tree.text(element)))


def _whole(tree: Tree, found: dict[int, bool]) -> list[int]:
    """The elements that hold one whole comment each; parts of comments and elements named twice are left out."""
    whole = {element: False for element, is_part in found.items() if not is_part}
    parts = [e for e, is_part in found.items() if is_part and not _is_within(tree, e, whole)]
    left = sorted((*whole, *_boxes_of(tree, parts)))
    children = _children({element: tree.ends[element] for element in left})
    gone: set[int] = set()
    for element in left:
        while element not in gone and children[element] and not _own_blocks(tree, element, children[element]):
            first, *others = children[element]
            if any(
                _form(tree, one) == _form(tree, first) and tree.parents[one] == tree.parents[first] for one in others
            ):
                gone.add(element)  # it holds a list of comments
            else:
                gone.add(first)  # the same comment, named twice
                children[element] = [*children[first], *others]
    return [element for element in left if element not in gone]


def _boxes_of(tree: Tree, parts: Sequence[int]) -> Sequence[int]:
    """The boxes around the parts of comments, one each, if these are siblings of one form; else the parts."""
    if len(parts) < _SEVERAL:
        return parts
    around = zip([-1, *parts[:-1]], parts, [*parts[1:], -1], strict=True)
    boxes = [_box_of(tree, before, part, after) for before, part, after in around]
    forms = {(tree.parents[box], *_form(tree, box)) for box in boxes}
    return boxes if len(forms) == 1 else parts


def _box_of(tree: Tree, before: int, part: int, after: int) -> int:
    """The outermost element around a part that does not hold the part before it or after it."""
    box = part
    for element in tree.ancestors(tree.parents[part]):
        if element <= before or element < after < tree.ends[element] or tree.tags[element] not in _HOLDERS:
            break
        box = element
    return box


def _is_within(tree: Tree, element: int, others: Iterable[int]) -> bool:
    return any(one in others for one in tree.ancestors(tree.parents[element]))


def _with_terms(tree: Tree, elements: Sequence[int]) -> dict[int, int]:
    """For each comment its first and its last element: in a list of terms, a comment is a term with what follows it."""
    lists = dict.fromkeys(tree.parents[element] for element in elements if tree.tags[element] in _ENTRY)
    entries = {one: entry for around in lists for entry in _entries(tree, around) for one in entry}
    return {entry[0]: entry[-1] for entry in (entries.get(element, [element]) for element in elements)}


def _entries(tree: Tree, around: int) -> list[list[int]]:
    """The entries of a list of terms, each a term and the descriptions after it."""
    entries: list[list[int]] = []
    element = around + 1
    while element < tree.ends[around]:
        if not entries or (tree.tags[element] == "dt" and tree.tags[entries[-1][-1]] != "dt"):
            entries.append([])
        entries[-1].append(element)
        element = tree.ends[element]
    return entries


def _children(ends: Mapping[int, int]) -> dict[int, list[int]]:
    """For each of the elements (in document order), those of the others that are nested directly in it.

    ends  for each element the one after its last
    """
    children: dict[int, list[int]] = {element: [] for element in ends}
    around: list[int] = []
    for element in ends:
        while around and ends[around[-1]] <= element:
            around.pop()
        if around:
            children[around[-1]].append(element)
        around.append(element)
    return children


def _own_blocks(tree: Tree, element: int, nested: Sequence[int]) -> tuple[int, ...]:
    others = {block for one in nested for block in range(tree.first_block[one], tree.last_block[one])}
    return tuple(b for b in range(tree.first_block[element], tree.last_block[element]) if b not in others)


def _nested(tree: Tree, elements: Sequence[int]) -> list[Container]:
    last = _with_terms(tree, elements)
    ends = {element: tree.ends[last[element]] for element in sorted(last)}
    children = _children(ends)
    depths = dict.fromkeys(ends, 0)
    found = []
    for element, end in ends.items():
        depths.update((one, depths[element] + 1) for one in children[element])
        nested = {block for one in children[element] for block in _blocks(tree, one, last[one])}
        own = tuple(block for block in _blocks(tree, element, last[element]) if block not in nested)
        found.append(Container(element, end, depths[element], own, tuple(children[element])))
    return found


def _blocks(tree: Tree, first: int, last: int) -> range:
    """The blocks from one element to another."""
    return range(tree.first_block[first], tree.last_block[last])
