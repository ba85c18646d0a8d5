"""Converts records for other projects: schema.org's NewsArticle, zyte-common-items' Article, datatrove's Document."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar

from cleaners.errors import InputError, UsageError
from cleaners.parsing.foreign_json import read_foreign_json
from pipelines.dates.utc import utc_beginning
from pipelines.evidence.name_kinds import name_kind
from pipelines.record.upgrade import upgraded

_TEXT_OF: Final = (
    ("headline", "headline"),
    ("description", "description"),
    ("articleBody", "body"),
    ("wordCount", "word_count"),
    ("datePublished", "date_published"),
    ("dateModified", "date_modified"),
    ("articleSection", "section"),
    ("keywords", "tags"),
    ("inLanguage", "language_tag"),
)
_ORGANISATION: Final = "Organization"
Converted = TypeVar("Converted")


def export(lines: Iterable[str], shape: str) -> Iterator[str | InputError]:
    """Turn JSON Lines records into JSON Lines of another shape, one for one, in order.

    An InputError takes the place of a line that is not a record. Raises UsageError for a shape that is not in SHAPES.
    """
    if shape not in SHAPES:
        raise UsageError(f"{shape!r} is not an export shape; choose one of {', '.join(sorted(SHAPES))}")
    return _exported(lines, SHAPES[shape])


def _exported(lines: Iterable[str], convert: Callable[[dict[str, Any]], dict[str, Any]]) -> Iterator[str | InputError]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                row = converted(_record(line, number), convert)
                yield json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
            except InputError as error:
                yield error


def converted(record: Mapping[str, Any], convert: Callable[[dict[str, Any]], Converted]) -> Converted:
    """The record in another shape. Raises InputError that names it if one of its fields has a wrong value."""
    try:
        return convert(dict(record))
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        why = f"record {record.get('id')}: a field has a wrong value ({error}). The record is left out."
        raise InputError(why) from error


def news_article(record: dict[str, Any]) -> dict[str, Any]:
    """The record as a schema.org NewsArticle (https://schema.org/NewsArticle); unknown fields are left out."""
    url = record.get("canonical_url") or record.get("url")
    node: dict[str, Any] = {"@context": "https://schema.org", "@type": "NewsArticle"}
    if url:
        node |= {"@id": url, "url": url, "mainEntityOfPage": {"@type": "WebPage", "@id": url}}
    node |= {key: record[name] for key, name in _TEXT_OF if record.get(name)}
    if record.get("authors"):
        kinds = record.get("author_kinds") or list(map(name_kind, record["authors"]))
        node["author"] = [
            {"@type": "Person" if kind == "person" else _ORGANISATION, "name": name}
            for name, kind in zip(record["authors"], kinds, strict=True)
        ]
    if record.get("site_name"):
        node["publisher"] = {"@type": _ORGANISATION, "name": record["site_name"]}
    if record.get("images"):
        node["image"] = [_image_node(image) for image in record["images"]]
    if record.get("comments"):
        node["comment"] = [_comment_node(comment) for comment in record["comments"]]
    if "paywalled" in (record.get("flags") or ()):
        node["isAccessibleForFree"] = False
    if record.get("id"):
        node["identifier"] = record["id"]
    return node


def zyte_article(record: dict[str, Any]) -> dict[str, Any]:
    """The record as zyte-common-items' Article, in plain values. Raises UsageError without that package."""
    try:
        from itemadapter import ItemAdapter
        from zyte_common_items import Article, Author, Breadcrumb, Image, ZyteItemAdapter
        from zyte_common_items.items.article import ArticleMetadata
    except ImportError as error:
        raise UsageError(f"the zyte shape needs zyte-common-items ({error}); pip install 'copydesk[zyte]'") from error

    class Adapter(ItemAdapter):
        ADAPTER_CLASSES = (ZyteItemAdapter, *ItemAdapter.ADAPTER_CLASSES)

    images = [Image(url=image["url"]) for image in record.get("images") or ()]
    item = Article(
        url=record.get("url") or record.get("canonical_url") or record.get("source_path") or "",
        canonicalUrl=record.get("canonical_url"),
        headline=record.get("headline"),
        datePublished=_utc(record.get("date_published")),
        datePublishedRaw=record.get("date_published_raw"),
        dateModified=_utc(record.get("date_modified")),
        dateModifiedRaw=record.get("date_modified_raw"),
        authors=[Author(name=name, nameRaw=name) for name in record.get("authors") or ()] or None,
        breadcrumbs=[Breadcrumb(name=record["section"])] if record.get("section") else None,
        inLanguage=record.get("language"),
        mainImage=images[0] if images else None,
        images=images or None,
        description=record.get("description"),
        articleBody=record.get("body") or None,
        metadata=ArticleMetadata(probability=record.get("confidence")),
    )
    plain: dict[str, Any] = Adapter(item).asdict()
    return plain


def datatrove_document(record: dict[str, Any]) -> dict[str, Any]:
    """The record as datatrove's Document, as its JsonlReader takes it: text, id, other fields as metadata."""
    left_out = ("id", "body", "body_markdown", "body_html", "blocks")
    metadata = {name: value for name, value in record.items() if name not in left_out and value not in (None, [])}
    return {"text": record["body"], "id": record["id"], "metadata": metadata}


SHAPES: Final[dict[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "datatrove": datatrove_document,
    "newsarticle": news_article,
    "zyte": zyte_article,
}


def _record(line: str, number: int) -> dict[str, Any]:
    try:
        record = read_foreign_json(line)
    except ValueError as error:
        raise InputError(f"line {number} is not JSON ({error}); export reads what `copydesk clean` wrote") from error
    if not isinstance(record, dict) or "schema_version" not in record:
        raise InputError(f"line {number} is not a record (no schema_version); export reads what `copydesk clean` wrote")
    try:
        return upgraded(record)
    except InputError as error:
        raise InputError(f"line {number}: {error}; leave the line out") from error


def _comment_node(comment: dict[str, Any]) -> dict[str, Any]:
    node: dict[str, Any] = {"@type": "Comment", "text": comment["text"]}
    if comment["author"]:
        node["author"] = {"@type": "Person", "name": comment["author"]}
    if comment["date"]:
        node["dateCreated"] = comment["date"]
    return node


def _image_node(image: dict[str, Any]) -> dict[str, Any]:
    node = {"@type": "ImageObject", "url": image["url"]}
    said = image.get("caption") or image.get("alt")
    return node | {"caption": said} if said else node


def _utc(text: str | None) -> str | None:
    """A date in the one form that zyte-common-items takes (UTC, seconds, Z); a local time counts as UTC.

    A day counts as its beginning, a month as its first day; a year alone is left out.
    """
    return utc_beginning(f"{text}-01" if text and len(text) == len("2024-05") else text)
