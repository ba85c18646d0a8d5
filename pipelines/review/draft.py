"""Writes drafts for a person to correct (a page's fields, and its blocks with a sign each), and reads them back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from cleaners.errors import InputError
from pipelines.record.build import Extraction

FIRST_LINE: Final = "# A draft of `copydesk label`."
_HELP: Final = """\
# "+" before a line keeps it in the body, "-" leaves it out: change what is wrong. Fields may be changed, or left empty.
# Then: copydesk label PAGE --corrected THIS_FILE -o FOLDER"""
_FIELDS: Final = ("url", "kind", "headline", "date", "authors")
_KEPT, _DROPPED = "+ ", "- "


class Correction(NamedTuple):
    """A person's correction of a page. A field is None if the person left it alone, and empty if the page has none."""

    body: str
    url: str | None = None
    kind: str | None = None
    headline: str | None = None
    date: str | None = None
    authors: tuple[str, ...] | None = None


def draft_of(extraction: Extraction) -> str:
    """The draft of a page, as text."""
    article = extraction.article
    values = (
        article.url,
        article.page_kind,
        article.headline,
        article.date_published,
        "; ".join(article.authors),
    )
    fields = [f"{name}: {value or ''}".rstrip() for name, value in zip(_FIELDS, values, strict=True)]
    kept = {block.index for block in extraction.cleaned.kept}
    blocks = [(_KEPT if block.index in kept else _DROPPED) + block.text for block in extraction.cleaned.document.blocks]
    return "\n".join([FIRST_LINE, _HELP, *fields, "", *blocks, ""])


def read_correction(text: str) -> Correction:
    """Read a corrected draft; any other text is a body. Raises InputError for a mistake in a draft."""
    if not text.startswith(FIRST_LINE):
        return Correction(text.strip())
    fields: dict[str, str] = {}
    body: list[str] = []
    for number, line in _lines(text):
        if line.startswith(_KEPT):
            body.append(line.removeprefix(_KEPT).strip())
        elif not line.startswith(_DROPPED):
            name, colon, value = line.partition(":")
            if not colon or name not in _FIELDS:
                raise InputError(
                    f'line {number}: "{line[:60]}" is neither a field nor a block; begin it with "+ " or "- "',
                    "bad_draft",
                )
            fields[name] = value.strip()
    return Correction(
        "\n\n".join(body),
        url=fields.get("url"),
        kind=fields.get("kind"),
        headline=fields.get("headline"),
        date=fields.get("date"),
        authors=_names(fields["authors"]) if "authors" in fields else None,
    )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are neither blank nor comments, with their numbers."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line.lstrip("\ufeff")


def _names(listed: str) -> tuple[str, ...]:
    return tuple(name for name in map(str.strip, listed.split(";")) if name)
