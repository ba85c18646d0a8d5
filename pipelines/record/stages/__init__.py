"""STAGES: the ordered steps from a Cleaned to an Article. Each is a pure function from an Article to a StageResult."""

from __future__ import annotations

from typing import Final

from pipelines.record.article import PROVENANCE
from pipelines.record.context import Stage
from pipelines.record.stages.address import address
from pipelines.record.stages.authors import authors
from pipelines.record.stages.body import body, counts
from pipelines.record.stages.comments import comments
from pipelines.record.stages.dates import dates
from pipelines.record.stages.headline import headline
from pipelines.record.stages.images import images
from pipelines.record.stages.kind import kind
from pipelines.record.stages.language import language
from pipelines.record.stages.provenance import body_hash, identity, provenance
from pipelines.record.stages.reservations import reservations
from pipelines.record.stages.topics import paywall, topics
from pipelines.record.stages.validation import validation

_DATES: Final = (
    "date_published", "date_published_raw", "date_published_source", "published_day", "published_at",
    "date_modified", "date_modified_raw", "date_modified_source", "modified_day", "modified_at",
)  # fmt: skip
_FORMS: Final = ("body", "body_markdown", "body_html", "blocks")
_KINDS: Final = ("page_kind", "page_kind_probability", "is_article", "needs_javascript")

STAGES: tuple[Stage, ...] = (
    Stage(
        "provenance",
        provenance,
        ("url", *PROVENANCE, "extra", "content_sha256", "cleaner_version", "flags"),
        needs_cleaned=False,
    ),
    Stage("address", address, ("canonical_url", "site_name"), ("url",), needs_cleaned=False),
    Stage("headline", headline, ("headline",), needs_cleaned=False),
    Stage("dates", dates, (*_DATES, "flags"), needs_cleaned=False),
    Stage("authors", authors, ("authors", "author_kinds"), needs_cleaned=False),
    Stage("language", language, ("language", "language_tag", "language_source")),
    Stage("topics", topics, ("description", "section", "tags"), ("headline",), needs_cleaned=False),
    Stage("paywall", paywall, ("flags",)),
    Stage("images", images, ("images",), ("url", "canonical_url")),
    Stage(
        "body",
        body,
        (*_FORMS, "confidence", "engine", "removed", "flags"),
        ("headline", "authors"),
        reads_for=(("body_html", ("url", "canonical_url", "images")),),
    ),
    Stage("counts", counts, ("word_count",), ("body",)),
    Stage("comments", comments, ("comments",), ("language", "body")),
    Stage("kind", kind, _KINDS, ("url", "body", "date_published", "authors", "flags")),
    Stage("reservations", reservations, ("flags",), needs_cleaned=False),
    Stage("identity", identity, ("id",), ("canonical_url", "url", "source_path"), needs_cleaned=False),
    Stage("body_hash", body_hash, ("body_sha256",), ("body",)),
    # This stage guarantees the schema version, which every record has.
    Stage("validation", validation, ("schema_version",), needs_cleaned=False),
)
