"""The last stage: makes sure that every record is valid against the JSON Schema and can be written as UTF-8."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import orjson

from cleaners.words.surrogates import encodable
from pipelines.record.article import Article, changed
from pipelines.record.context import RecordInputs, StageResult
from pipelines.record.schema import validate


def validation(article: Article, inputs: RecordInputs) -> StageResult:
    """Make every text encodable, then check the record. Raises SchemaError if it is not valid, which is a bug."""
    record = article.as_dict()
    if not _can_be_written(record):
        article = changed(article, **{f.name: _encodable(getattr(article, f.name)) for f in fields(article)})
        record = article.as_dict()
    validate(record, article.source_path or article.url or article.id)
    return StageResult(article)


def _can_be_written(record: dict[str, Any]) -> bool:
    """Whether all texts are encodable, as nearly always: writing the record tells that sooner than looking at each."""
    try:
        orjson.dumps(record)
    except orjson.JSONEncodeError:
        return False
    return True


def _encodable(value: Any) -> Any:
    """The value with every text in it encodable: of a list, and of an image, a comment or another part of a record."""
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, list):
        return [_encodable(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _encodable(getattr(value, one.name)) for one in fields(value)})
    return value
