"""Sets the body in all its forms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from cleaners.document import Block, Mark
from cleaners.options import CleanOptions
from cleaners.words.scripts import words_of
from pipelines.evidence.page.text_forms import fold
from pipelines.record.article import Article, BodyBlock, Link, Removed, changed
from pipelines.record.context import RecordInputs, StageResult
from pipelines.record.page_pictures import PagePicture
from pipelines.record.picture_addresses import picture_key
from pipelines.record.plain_text import composed, plain
from pipelines.record.stages.address import resolved
from pipelines.rendering.blocks import as_blocks
from pipelines.rendering.html import Figure, as_html
from pipelines.rendering.markdown import as_markdown
from pipelines.rendering.parts import Part, parts_of
from pipelines.rendering.text import as_text

# How many blocks at the start of the body may be headline or byline: a kicker may come before them.
_START: Final = 4
# The most words of a byline besides names ("By", "for", "on", a month): with a number in it, and without.
_BYLINE_WORDS, _DATELESS_WORDS = 6, 2
# Keeps the characters of words and turns all others into spaces: a fast way to count the words of ASCII text.
_LETTERS_ALONE: Final = bytes(
    byte if (chr(byte).isalnum() and byte < 128) or byte == ord("_") else 32 for byte in range(256)
)
# Signs that keep most English lines from being ASCII; none is part of a word.
_SIGNS: Final = "\u2019\u2018\u201c\u201d\u2013\u2014\u2026\u2022\u00a0"


def body(article: Article, inputs: RecordInputs) -> StageResult:
    """Set the body in the forms that the options ask for, and the counts of removals by reason."""
    cleaned = inputs.cleaned
    front = front_matter(cleaned.kept, article)
    removed = Counter(mark.reason for mark in (*(mark for _, mark in cleaned.dropped), *front))
    gone = {mark.block for mark in front}
    kept = [block for block in cleaned.kept if block.index not in gone]
    parts = parts_of(cleaned, kept, has_marks(inputs.options))
    pictures = inputs.pictures if inputs.options.html else ()
    article = changed(
        with_body(article, parts, inputs.options, pictures),
        confidence=cleaned.confidence,
        engine=cleaned.engine,
        removed=[Removed(reason, count) for reason, count in sorted(removed.items())],
        flags=list(dict.fromkeys((*cleaned.flags, *article.flags))),
    )
    return StageResult(article, removals=tuple(front))


def has_marks(options: CleanOptions) -> bool:
    """Whether a form is asked for that holds links or emphasis."""
    return options.markdown or options.html or options.blocks


def with_body(
    article: Article, parts: Sequence[Part], options: CleanOptions, pictures: Sequence[PagePicture] = ()
) -> Article:
    """The article with these parts as its body, in every form that the options ask for; only the HTML has pictures."""
    blocks = as_blocks(parts, plain, composed) if options.blocks else []
    text = as_text(parts, plain, composed)
    figures = _figures(article, pictures, text)
    return changed(
        article,
        body=text,
        body_markdown=composed(as_markdown(parts)) if options.markdown else None,
        body_html=composed(as_html(parts, figures)) if options.html else None,
        blocks=[
            BodyBlock(one.kind, one.level, one.text, [Link(link.text, link.url) for link in one.links])
            for one in blocks
        ],
    )


def _figures(article: Article, pictures: Sequence[PagePicture], text: str) -> list[Figure]:
    """Each of the article's images at its first place on the page, with its caption unless the body has the caption."""
    images = {picture_key(image.url): image for image in article.images} if pictures else {}
    figures = []
    for picture in pictures:
        url = resolved(picture.raw, article.url or article.canonical_url)
        image = images.pop(picture_key(url), None) if url else None
        if image:
            caption = image.caption or ""
            figures.append(Figure(picture.block, image.url, image.alt or "", "" if caption in text else caption))
    return figures


def front_matter(kept: Sequence[Block], article: Article) -> list[Mark]:
    """Marks that drop the blocks at the start of the body whose text other fields of the record hold."""
    headline = fold(article.headline or "")
    marks: list[Mark] = []
    for block in kept[:_START]:
        text = fold(block.text)
        if headline and text == headline:
            marks.append(Mark(block.index, "drop", "headline", "says what the record's headline says"))
        elif _is_byline(text, article.authors):
            marks.append(Mark(block.index, "drop", "byline", "holds little but the record's authors and a date"))
    return marks


def _is_byline(text: str, authors: Sequence[str]) -> bool:
    """Whether a folded text has hardly any words besides the authors' names and numbers."""
    rest = f" {text} "
    for author in authors:
        rest = rest.replace(f" {fold(author)} ", " ")
    words = rest.split()
    if len(words) == len(text.split()):
        return False
    letters = [word for word in words if word.isalpha()]
    return len(letters) <= (_BYLINE_WORDS if len(letters) < len(words) else _DATELESS_WORDS)


def counts(article: Article, inputs: RecordInputs) -> StageResult:
    """Count the body's words; each Chinese or Japanese character is one."""
    lines: tuple[list[str], list[str]] = ([], [])
    text = article.body
    if not text.isascii():
        for sign in _SIGNS:
            text = text.replace(sign, " ")
    for line in text.split("\n"):
        lines[line.isascii()].append(line)
    other, plain_ones = ("\n".join(some) for some in lines)
    words = plain_ones.encode("ascii").translate(_LETTERS_ALONE).split()
    return StageResult(changed(article, word_count=len(words_of(other)) + len(words)))
