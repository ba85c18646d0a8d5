"""Converts records of schema version 1 to version 2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleaners.errors import InputError
from pipelines.evidence.name_kinds import name_kind
from pipelines.record.article import FIELD_NAMES, SCHEMA_VERSION, Article
from pipelines.record.calendar import day_of, instant_of

_EMPTY = Article().as_dict()


def upgraded(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record in the present schema, its keys in order. A record of this schema only gains the keys that it lacks.

    Fields that version 1 lacked (the kind of page, captions) are null; the kinds of authors are guessed from names.
    Raises InputError for a record of a later version, and for one whose fields do not have the types of version 1.
    """
    version = record.get("schema_version")
    if version == SCHEMA_VERSION:
        return dict(record) if record.keys() >= _EMPTY.keys() else {**_EMPTY, **record}
    if version is None:
        raise InputError("no record: it has no schema_version")
    if version != 1:
        raise InputError(f"a record of schema version {version!r}; this copydesk knows 1 and {SCHEMA_VERSION}")
    try:
        changed = _of_version_1(record)
    except (AttributeError, TypeError, KeyError) as error:
        raise InputError(f"a field of the record has a wrong type ({error})") from error
    return {name: changed.get(name, record.get(name, _EMPTY[name])) for name in FIELD_NAMES}


def _of_version_1(record: Mapping[str, Any]) -> dict[str, Any]:
    tag = record["language"]
    return {
        "schema_version": SCHEMA_VERSION,
        "language": tag.split("-")[0].lower() if tag else None,
        "language_tag": tag,
        "removed": [{"reason": reason, "count": count} for reason, count in record["removed"].items()],
        "images": [{"url": image["url"], "alt": image["alt"], "caption": None} for image in record["images"]],
        "author_kinds": [name_kind(name) for name in record["authors"]],
        "published_day": day_of(record["date_published"]),
        "published_at": instant_of(record["date_published"]),
        "modified_day": day_of(record["date_modified"]),
        "modified_at": instant_of(record["date_modified"]),
        "is_article": None,
        "needs_javascript": None,
    }
