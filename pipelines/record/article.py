"""The Article: the record that is written, one JSON object a line. Schema version 2."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from dataclasses import replace as changed  # a type checker sees dataclasses.replace, and so checks names and types
else:

    def changed(article: Article, **values: Any) -> Article:
        """The article with other values of some keys, fifty times as fast as dataclasses.replace: every stage calls it.

        Raises TypeError for a key that no record has.
        """
        if not values.keys() <= vars(article).keys():
            raise TypeError(f"an Article has no {', '.join(sorted(values.keys() - vars(article).keys()))}")
        made = object.__new__(Article)
        vars(made).update(vars(article), **values)
        return made


__all__ = ["FIELD_NAMES", "PROVENANCE", "SCHEMA_VERSION", "Article", "Comment", "Image", "Removed", "changed"]

SCHEMA_VERSION: Final = 2


@dataclass(frozen=True, slots=True)
class Image:
    """An image of the article: absolute URL, alternative text, and the caption under it."""

    url: str
    alt: str | None = None
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """What one reader wrote under the article, or one review under a product.

    author  as the page states it
    date    ISO 8601, as precise as the page states it
    text    paragraphs separated by a blank line
    depth   0 for a comment on the article, 1 for an answer to one, and so on
    """

    author: str | None
    date: str | None
    text: str
    depth: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the body: its text, and its absolute address."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class BodyBlock:
    """One part of the body.

    kind   heading, paragraph, list_item, table_row, quote or code
    level  1 to 6 for a heading, the nesting depth for an item or a quote, else 0
    """

    kind: str
    level: int
    text: str
    links: list[Link] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Extra:
    """A field of the row that a record was made from, passed through: text as it is, other values as JSON."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Removed:
    """How many blocks and passages were removed for one reason."""

    reason: str
    count: int


@dataclass(frozen=True)
class Article:
    """One clean record. Every key is always written: null where unknown, [] for an empty list.

    Every key has one type, whatever its value. Dates are ISO 8601, as precise as the evidence, with an offset only if
    the page states one. `published_day` is the date of publication as a day, `published_at` as an instant in UTC; each
    is null if the page states less. If `date_published_source` is "modified", the page states only the day of its last
    change. `author_kinds` says for each of the `authors` whether it is a person, an organisation or an agency.
    `comments` holds readers' comments, in the page's order, if they were asked for. `removed` counts blocks by reason;
    `confidence` is the expected F1 of the body, 0 to 1.
    """

    schema_version: int = SCHEMA_VERSION
    id: str = ""
    url: str | None = None
    canonical_url: str | None = None
    site_name: str | None = None
    headline: str | None = None
    description: str | None = None
    body: str = ""
    body_markdown: str | None = None
    body_html: str | None = None
    blocks: list[BodyBlock] = field(default_factory=list)
    word_count: int = 0
    date_published: str | None = None
    date_published_raw: str | None = None
    date_published_source: str | None = None
    published_day: str | None = None
    published_at: str | None = None
    date_modified: str | None = None
    date_modified_raw: str | None = None
    date_modified_source: str | None = None
    modified_day: str | None = None
    modified_at: str | None = None
    authors: list[str] = field(default_factory=list)
    author_kinds: list[str] = field(default_factory=list)
    section: str | None = None
    tags: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    language: str | None = None
    language_tag: str | None = None
    language_source: str | None = None
    page_kind: str | None = None
    page_kind_probability: float | None = None
    is_article: bool | None = None
    needs_javascript: bool | None = None
    confidence: float = 0.0
    engine: str = "blocks"
    removed: list[Removed] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    page_urls: list[str] = field(default_factory=list)
    duplicate_of: str | None = None
    similarity: float | None = None
    source_type: str = "html"
    source_path: str | None = None
    fetched_at: str | None = None
    http_status: int | None = None
    extra: list[Extra] = field(default_factory=list)
    content_sha256: str = ""
    body_sha256: str = ""
    cleaner_version: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The record as plain values, keys in the schema's order."""
        out = {name: getattr(self, name) for name in FIELD_NAMES}
        out["images"] = [{"url": one.url, "alt": one.alt, "caption": one.caption} for one in self.images]
        out["comments"] = [
            {"author": one.author, "date": one.date, "text": one.text, "depth": one.depth} for one in self.comments
        ]
        out["removed"] = [{"reason": one.reason, "count": one.count} for one in self.removed]
        out["extra"] = [{"name": one.name, "value": one.value} for one in self.extra]
        out["blocks"] = [
            {
                "kind": one.kind,
                "level": one.level,
                "text": one.text,
                "links": [{"text": link.text, "url": link.url} for link in one.links],
            }
            for one in self.blocks
        ]
        return out


FIELD_NAMES: Final = tuple(f.name for f in fields(Article))
PROVENANCE: Final = ("source_type", "source_path", "fetched_at", "http_status")
