"""Makes records with only some fields: runs the stages that these fields need, and no others."""

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
"""Fields that identify a record's page and the program that made the record; they are always filled."""


def check_fields(names: Sequence[str]) -> None:
    """Raise UsageError for a name that is no field of a record."""
    for name in names:
        if name not in FIELD_NAMES:
            raise UsageError(f"{name!r} is no field of a record; {suggestion(name, FIELD_NAMES)}")


@lru_cache(maxsize=64)
def stages_for(fields: tuple[str, ...], stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """The stages that fill these fields, and all stages that those need. Raises UsageError for an unknown field."""
    check_fields(fields)
    wanted = {*fields, *ALWAYS_THERE}
    needed: list[Stage] = []
    for place, stage in reversed(list(enumerate(stages))):
        if not stage.fills:  # nobody knows which fields this stage reads
            return (*stages[: place + 1], *reversed(needed))
        if not wanted.isdisjoint(stage.fills):
            needed.append(stage)
            wanted.update(stage.reads, *(read for name, read in stage.reads_for if name in wanted))
    return tuple(reversed(needed))


def with_only(article: Article, fields: Sequence[str]) -> Article:
    """The article with these fields and those that are always filled; every other key as in an empty record."""
    return changed(Article(), **{name: getattr(article, name) for name in (*fields, *ALWAYS_THERE)})
