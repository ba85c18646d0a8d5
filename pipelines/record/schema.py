"""The record's JSON Schema: made from the Article dataclass, kept in article.schema.json, applied to every record.

`python -m pipelines.record.schema` writes the file anew after a change of the dataclass.
"""

from __future__ import annotations

import json
import types
import typing
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema_rs

from cleaners.errors import CopydeskError
from cleaners.words.scripts import one_line
from pipelines.record.article import SCHEMA_VERSION, Article

FILE: Final = Path(__file__).with_name("article.schema.json")
_NAMES: Final = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}
_MOMENT: Final = r"^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2})?([+-]\d{2}:\d{2})?)?)?)?$"
_DAY: Final = r"^\d{4}-\d{2}-\d{2}$"
_INSTANT: Final = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"
# Constraints that the types alone do not express.
_NARROWER: Final[dict[str, dict[str, Any]]] = {
    "schema_version": {"const": SCHEMA_VERSION},
    "id": {"pattern": "^[0-9a-f]{64}$"},
    "content_sha256": {"pattern": "^[0-9a-f]{64}$"},
    "body_sha256": {"pattern": "^([0-9a-f]{64})?$"},
    "confidence": {"minimum": 0, "maximum": 1},
    "word_count": {"minimum": 0},
    "published_day": {"pattern": _DAY},
    "published_at": {"pattern": _INSTANT},
    "modified_day": {"pattern": _DAY},
    "modified_at": {"pattern": _INSTANT},
    "page_kind_probability": {"minimum": 0, "maximum": 1},
    "similarity": {"minimum": 0, "maximum": 1},
    "date_published": {"pattern": _MOMENT},
    "date_modified": {"pattern": _MOMENT},
    "author_kinds": {"items": {"type": "string", "enum": ["person", "organisation", "agency"]}},
    "engine": {"enum": ["blocks", "trafilatura", "both", "text"]},
    "source_type": {"enum": ["crawl", "html", "warc", "text"]},
}


class SchemaError(CopydeskError):
    """A record is not valid against the schema: a fault of the program, not of the page."""


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a record. Every key is required; no other is allowed."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Copydesk article record",
        "description": one_line(Article.__doc__ or ""),
        **_object(Article),
    }


def validate(record: dict[str, Any], where: str) -> None:
    """Check a record. Raises SchemaError naming the record, the key and what was found."""
    checker = _validator()
    if checker.is_valid(record):
        return
    fault = next(iter(checker.iter_errors(record)))
    key = "/".join(str(part) for part in fault.instance_path)
    raise SchemaError(f"{where}: record key {key!r} is not valid: {fault.message}; this is a fault, please report it")


@cache
def _validator() -> Any:
    return jsonschema_rs.validator_for(json.loads(FILE.read_text(encoding="utf-8")))


def _object(cls: type) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    narrower = _NARROWER if cls is Article else {}
    properties = {f.name: _of(hints[f.name]) | narrower.get(f.name, {}) for f in fields(cls)}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _of(hint: Any) -> dict[str, Any]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType:
        kinds = [_of(argument) for argument in arguments]
        return {"type": [kind["type"] for kind in kinds]}
    if origin is list:
        return {"type": "array", "items": _of(arguments[0])}
    if is_dataclass(hint) and isinstance(hint, type):
        return _object(hint)
    return {"type": _NAMES[hint]}


if __name__ == "__main__":
    FILE.write_text(json.dumps(schema(), indent=2) + "\n", encoding="utf-8")
