"""The Article: the record that is written, one JSON object a line. Schema version 1."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Final

SCHEMA_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Image:
    """An image of the article: absolute URL and alternative text."""

    url: str
    alt: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One clean record. Every key is always written: null where unknown, [] for an empty list.

    Dates are ISO 8601, as precise as the evidence; an offset stands only where the page states one. Where
    `date_published_source` is "modified", the page states no day but that of its last change.
    `removed` counts blocks by reason; `confidence` is the expected F1 of the body, 0 to 1.
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
    word_count: int = 0
    date_published: str | None = None
    date_published_raw: str | None = None
    date_published_source: str | None = None
    date_modified: str | None = None
    date_modified_raw: str | None = None
    date_modified_source: str | None = None
    authors: list[str] = field(default_factory=list)
    section: str | None = None
    tags: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    language: str | None = None
    language_source: str | None = None
    confidence: float = 0.0
    engine: str = "blocks"
    removed: dict[str, int] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    page_urls: list[str] = field(default_factory=list)
    source_type: str = "html"
    source_path: str | None = None
    fetched_at: str | None = None
    http_status: int | None = None
    content_sha256: str = ""
    body_sha256: str = ""
    cleaner_version: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The record as plain values, keys in the schema's order."""
        out = {name: getattr(self, name) for name in FIELD_NAMES}
        out["images"] = [{"url": image.url, "alt": image.alt} for image in self.images]
        return out


FIELD_NAMES: Final = tuple(f.name for f in fields(Article))
PROVENANCE: Final = ("source_type", "source_path", "fetched_at", "http_status")
