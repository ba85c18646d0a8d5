"""Records with some fields alone: the stages that these need are run, the others are not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from cleaners.errors import UsageError, suggestion
from pipelines.record.article import FIELD_NAMES, PROVENANCE, Article, changed
from pipelines.record.context import Stage

ALWAYS_THERE: Final = (
    "schema_version", "id", "url", "canonical_url", "page_urls", *PROVENANCE, "extra", "content_sha256",
    "cleaner_version",
)  # fmt: skip
"""What says of which page a record is, and by what it was made."""


def check_fields(names: Sequence[str]) -> None:
    """Raise UsageError for a name that is no field of a record."""
    for name in names:
        if name not in FIELD_NAMES:
            raise UsageError(f"{name!r} is no field of a record; {suggestion(name, FIELD_NAMES)}")


@lru_cache(maxsize=64)
def stages_for(fields: tuple[str, ...], stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """The stages that fill these fields, and before each those that fill what it reads. Raises UsageError."""
    check_fields(fields)
    wanted = {*fields, *ALWAYS_THERE}
    needed: list[Stage] = []
    for place, stage in reversed(list(enumerate(stages))):
        if not stage.fills:  # of what it reads nothing is known
            return (*stages[: place + 1], *reversed(needed))
        if not wanted.isdisjoint(stage.fills):
            needed.append(stage)
            wanted.update(stage.reads, *(read for name, read in stage.reads_for if name in wanted))
    return tuple(reversed(needed))


def with_only(article: Article, fields: Sequence[str]) -> Article:
    """The article with these fields and what is always there; every other key as in an empty record."""
    return changed(Article(), **{name: getattr(article, name) for name in (*fields, *ALWAYS_THERE)})
