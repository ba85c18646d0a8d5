"""Reads one comment: its author, its date, and the rest as its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Final, NamedTuple

from cleaners.document import Block, Document, paragraphs
from cleaners.rules.comment_containers import Container
from cleaners.tree import Tree
from cleaners.words.scripts import SENTENCE_ENDS
from cleaners.words.toml_tables import read_toml
from pipelines.dates.order import Order
from pipelines.dates.parse import find_dates, parse_stated
from pipelines.dates.relative import relative_moment
from pipelines.evidence.page.text_forms import fold, tidy
from pipelines.record.article import Comment
from pipelines.record.plain_text import plain, plain_line

_AUTHOR_PROPERTIES: Final = frozenset(("author", "creator"))
_DATE_PROPERTIES: Final = frozenset(("datepublished", "datecreated", "commenttime", "datemodified"))
_NAMING: Final = ("class", "data-hook", "data-spot-im-class")
_AUTHOR_CHARS: Final = 60
_FIRST_LINE_CHARS: Final = 30  # of a first line that is a name, and its words
_NAME_WORDS: Final = 4
_SIGNATURE_CHARS: Final = 200  # a longer line is not a signature
_UNSIGNED: Final = 0.2  # the share of comments that may lack a signature where the others have one
_PART_WORDS: Final = 7  # a longer part of a line is running text
# A line with the name or the date may hold this many other words: a place, a rank.
_OTHER_WORDS: Final = 3
_BEFORE_NAME: Final = re.compile(
    r"(?:(?:comment|posted|submitted|written|added|left|kommentar|geschrieben|verfasst|commentaire|publié|posté|écrit"
    r"|escrito|publicado|inviato|scritto)\s+)?(?:by|from|von|par|por|di|от)\b:?\s+",
    re.IGNORECASE,
)
_AFTER_NAME: Final = re.compile(
    r"[\s,]*\b(?P<verb>says?|said|writes|wrote|commented|sagte?|schrieb|dit|dice|dijo|disse|ha detto|zegt|pisze|пишет)?"
    r"(?:\s*\b(?:on|at|am|le|el|il))?(?:\.{2,})?[\s:：,·•|–—…-]*$",
    re.IGNORECASE,
)
# What separates the parts of a line such as "#3 - Ann - 5 May 2010 - (Reply)".
_BETWEEN_PARTS: Final = re.compile(r"[|·•»«#()\[\]–—]|\s[:~-]\s|,\s")
_CLOCK: Final = re.compile(r"\b\d{1,2}[:.h]\d\d(?::\d\d)?(?:\s*[ap]\.?m\b\.?|\s*uhr\b)?", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[^\W\d_]+")


class Signature(NamedTuple):
    """Who wrote a comment, and when (ISO 8601); None for what a line does not say."""

    name: str | None
    date: str | None


class CommentReader(NamedTuple):
    """How the comments of a page are read: its language, the order of day and month, and when it was fetched."""

    document: Document
    tree: Tree
    language: str | None
    order: Order
    fetched_at: str | None

    def comment(self, container: Container) -> Comment | None:
        """The comment in a container; None if no text is left."""
        elements = list(_own_elements(self.tree, container))
        author, of_author = self._author(elements)
        date, of_date = self._date(elements)
        if author is None and of_date >= 0:
            author = self.signature(self.tree.text(of_date)).name
        asked = _blocks_of_forms(self.tree, elements)
        if author is None and of_date < 0 and any(self.tree.tags[element] == "textarea" for element in elements):
            return None  # the form for writing a comment
        blocks = [self.document.blocks[block] for block in container.blocks if block not in asked]
        date = date or next((found for block in blocks if (found := self._date_in_line(block, author))), None)
        signature = {self.tree.first_block[one] for one in (of_author, of_date) if one >= 0}
        left = (self._without_signature(block, author, block.index in signature) for block in blocks)
        text = plain(paragraphs([block for block in left if block.text]))
        return Comment(author, date, text, container.depth) if text else None

    def says_who_or_when(self, container: Container) -> bool:
        """Whether a container states an author or a date of its own."""
        elements = list(_own_elements(self.tree, container))
        return self._author(elements)[0] is not None or self._date(elements)[0] is not None

    def is_only_signed(self, container: Container) -> bool:
        """Whether a container has no text of its own but a signature."""
        made = self.comment(container)
        return made is None or ("\n" not in made.text and self.signature(made.text).name is not None)

    def _author(self, elements: Sequence[int]) -> tuple[str | None, int]:
        """The author's name and the element that states it."""
        for element in _by_rank(self.tree, elements, _author_rank):
            name = self._name(self.tree.get(element, "content") or self.tree.text(element))
            if name:
                return name, element
        return None, -1

    def _name(self, text: str) -> str | None:
        dates = find_dates(text, self.language, self.order)
        text = plain_line(tidy(text[: dates[0].start] if dates else text))
        name = _AFTER_NAME.sub("", text[:_SIGNATURE_CHARS])
        name = _BEFORE_NAME.sub("", name, count=1) if _BEFORE_NAME.match(name) else name
        return name if 0 < len(name) <= _AUTHOR_CHARS else None

    def _date(self, elements: Sequence[int]) -> tuple[str | None, int]:
        """The date and the element that states it."""
        for element in _by_rank(self.tree, elements, _date_rank):
            for text in (
                self.tree.get(element, "datetime"),
                self.tree.get(element, "content"),
                self.tree.text(element),
            ):
                found = self.date(text)
                if found:
                    return found, element
        return None, -1

    def _date_in_line(self, block: Block, author: str | None) -> str | None:
        return self.date(block.text) if not self._other_words(block.text, author) else None

    def signature(self, line: str) -> Signature:
        """Who wrote a comment, and when, if a line of it says so: a name with a date, or with a word such as "by"."""
        if len(line) > _SIGNATURE_CHARS:
            return Signature(None, None)
        rest = self._without_dates(line, " | ")
        parts = [part for part in _BETWEEN_PARTS.split(_CLOCK.sub(" | ", rest)) if _LETTERS.search(part)]
        names = [_part_of_signature(part) for part in parts]
        told = [name for name, is_told in names if is_told]
        date = self.date(line) if rest != line else None
        name = next((name for name in (*told, *(name for name, _ in names)) if name), None)
        says_so = bool(told) or (date is not None and line[-1:] not in SENTENCE_ENDS)
        is_signed = says_so and all(len(part.split()) <= _PART_WORDS for part in parts)
        return Signature(name, date) if name and is_signed else Signature(None, None)

    def _without_dates(self, text: str, sign: str) -> str:
        """The text with a sign in the place of each date."""
        for found in reversed(find_dates(text, self.language, self.order)):
            text = text[: found.start] + sign + text[found.end :]
        return text

    def date(self, text: str) -> str | None:
        """The date that a text states, ISO 8601."""
        when = parse_stated(text, self.language, self.order) or relative_moment(text, self.fetched_at)
        return when.iso() if when else None

    def _without_signature(self, block: Block, author: str | None, is_signature: bool) -> Block:
        """The block without the name that it begins with; without any text if it holds only a signature or buttons."""
        others = self._other_words(block.text, author)
        if block.detached or len(others) <= (_OTHER_WORDS if is_signature else 0):
            return block._replace(text="")
        if is_signature and author and block.text.startswith(author):
            return block._replace(text=block.text.removeprefix(author).lstrip(" :：,·•|–—-"))
        return block

    def _other_words(self, text: str, author: str | None) -> list[str]:
        """The words of a line besides the author's name, dates and the words of buttons."""
        text = self._without_dates(text, " ")
        text = f" {fold(text)} ".replace(f" {fold(author)} ", " ", 1) if author else fold(text)
        return [word for word in _LETTERS.findall(text) if word not in _line_words()]


def _part_of_signature(part: str) -> tuple[str | None, bool]:
    """The name in a part of a signature, and whether a word such as "by" or "said" is beside it."""
    bare = part.strip(" .:,…")
    before = _BEFORE_NAME.match(bare)
    after = _AFTER_NAME.search(bare, before.end() if before else 0)
    name = bare[before.end() if before else 0 : after.start() if after else None].strip(" .:,…")
    words = fold(name).split()
    if (
        not 0 < len(words) <= _NAME_WORDS
        or (" " in name and name[0].islower())
        or all(word in _line_words() or not _LETTERS.search(word) for word in words)
    ):
        return None, False
    return name, bool(before or (after and after["verb"]))


def without_wrappers(reader: CommentReader, containers: Sequence[Container]) -> Iterator[Container]:
    """The containers, where a comment whose text is in an inner element that is named a comment too counts once."""
    by_element = {container.element: container for container in containers}
    texts: set[int] = set()
    for container in containers:
        if container.element in texts:
            continue
        text = by_element.get(container.nested[0]) if container.nested else None
        if text and not reader.says_who_or_when(text) and reader.is_only_signed(container):
            texts.add(text.element)
            blocks = tuple(sorted((*container.blocks, *text.blocks)))
            container = container._replace(blocks=blocks, nested=(*container.nested[1:], *text.nested))
        yield container


def signed_by_a_line(reader: CommentReader, found: list[Comment]) -> list[Comment]:
    """The comments with authors and dates from a line of their texts, if none has an author and most have such a line.

    The line is the last or the first one; without dates and signing words, a first line that may be a name is one.
    """
    if any(comment.author for comment in found):
        return found
    for where in (-1, 0):
        signed = [_signed(reader, comment, where) for comment in found]
        if signed.count(None) <= _UNSIGNED * len(found):
            return [after or before for before, after in zip(found, signed, strict=True)]
    parts = [comment.text.partition("\n") for comment in found]
    if not all(_may_sign(first) and rest for first, _, rest in parts):
        return found
    pairs = zip(found, parts, strict=True)
    return [replace(comment, author=first, text=rest.lstrip("\n")) for comment, (first, _, rest) in pairs]


def _signed(reader: CommentReader, comment: Comment, where: int) -> Comment | None:
    """The comment without its last (-1) or first (0) line, which is its signature; None if it is none."""
    lines = comment.text.split("\n")
    name, date = reader.signature(lines.pop(where))
    text = "\n".join(lines).strip("\n")
    return replace(comment, author=name, date=comment.date or date, text=text) if name and text else None


def _may_sign(line: str) -> bool:
    """Whether a line may be a name: a few words that do not end like a sentence or an address to someone."""
    return len(line) <= _FIRST_LINE_CHARS and len(line.split()) <= _NAME_WORDS and line[-1:].isalnum()


def _blocks_of_forms(tree: Tree, elements: Iterable[int]) -> set[int]:
    """The blocks of forms, such as "Leave a reply", which are not part of a comment."""
    forms = [element for element in elements if tree.tags[element] == "form"]
    return {block for form in forms for block in range(tree.first_block[form], tree.last_block[form])}


def _own_elements(tree: Tree, container: Container) -> Iterator[int]:
    """The elements of a comment without those of the comments nested in it."""
    element, end, nested = container.element, container.end, set(container.nested)
    while element < end:
        if element in nested:
            element = tree.ends[element]
        else:
            yield element
            element += 1


def _by_rank(tree: Tree, elements: Iterable[int], rank: Callable[[Tree, int], int | None]) -> list[int]:
    ranked = [(found, element) for element in elements if (found := rank(tree, element)) is not None]
    return [element for _, element in sorted(ranked)]


def _author_rank(tree: Tree, element: int) -> int | None:
    """How reliably an element names the author, 0 for most; None if it does not."""
    if tree.get(element, "itemprop").lower() in _AUTHOR_PROPERTIES:
        return 1
    if tree.get(element, "itemprop").lower() == "name":
        return 0 if tree.get(tree.parents[element], "itemprop").lower() in _AUTHOR_PROPERTIES else None
    if tree.tags[element] == "cite" or "author" in tree.get(element, "rel").lower().split():
        return 2
    return _class_rank(tree, element, "author")


def _date_rank(tree: Tree, element: int) -> int | None:
    if tree.get(element, "itemprop").lower() in _DATE_PROPERTIES:
        return 0
    if tree.tags[element] == "time":
        return 1
    return _class_rank(tree, element, "date")


def _class_rank(tree: Tree, element: int, table: str) -> int | None:
    names = _words()[table]["classes"]
    given = (name for attribute in _NAMING for name in tree.get(element, attribute).lower().split())
    ranks = [names.index(name) for name in given if name in names]
    return 3 + min(ranks) if ranks else None


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    return read_toml("pipelines.record", "comment_words.toml")


@cache
def _line_words() -> frozenset[str]:
    return frozenset(word for line in _words()["line"]["words"] for word in fold(line).split())
