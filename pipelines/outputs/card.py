"""Writes the card of a dataset: what a folder of records holds, with the head that Hugging Face's programs read."""

from __future__ import annotations

import json
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from cleaners.words.addresses import host_name
from cleaners.words.amounts import amount
from pipelines.record.columns import arrow_text, dataset_features

MADE_BY: Final = "made by Copydesk"
"""A phrase that every card has, so that a folder is recognised as an output of copydesk."""
_SHOWN: Final = 30
"""Rows of a table of counts; all further rows are added up in one."""
_SIZES: Final = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
                 (10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"))  # fmt: skip
_NESTED: Final = (".jsonl", ".ndjson", ".parquet")
"""Files whose columns have the types of the schema, lists included. Their card states the types: from lines of JSON
alone, a column that is null all through the first file would be taken for one that is always null."""
_LIBRARIES: Final = ("copydesk", "trafilatura", "lxml", "onnxruntime", "pyarrow")


class Contents:
    """Counts over the records of a dataset, filled one by one."""

    def __init__(self) -> None:
        self.records = self.words = 0
        self.days: list[str] = []
        self.counts: dict[str, Counter[str]] = {name: Counter() for name in ("language", "page_kind", "site")}

    def add(self, record: Mapping[str, Any]) -> None:
        """Count one record."""
        self.records += 1
        self.words += int(record.get("word_count") or 0)
        host = host_name(str(record.get("url") or record.get("canonical_url") or ""))
        for name, value in (
            ("language", record.get("language")),
            ("page_kind", record.get("page_kind")),
            ("site", host),
        ):
            self.counts[name][str(value or "unknown")] += 1
        if day := record.get("published_day"):
            self.days = [min([*self.days, day]), max([*self.days, day])]


def card(name: str, contents: Contents, files: Sequence[str], licence: str | None, settings: Mapping[str, Any]) -> str:
    """The card as Markdown with a head in YAML.

    files     paths in the folder, in order
    licence   licence of the texts, as Hugging Face spells it (cc-by-4.0); unknown if not given
    settings  settings of the run that made the records
    """
    head = _head(name, contents, files, licence)
    records, words = amount(contents.records, "record"), amount(contents.words, "word")
    lines = (
        "---",
        *(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()),  # JSON is YAML
        "---",
        f"# {name}",
        "",
        f"{records} with {words} in {amount(len(files), 'file')}, {MADE_BY}.",
        *_days(contents),
        f"Licence of the texts: {licence or 'unknown; ask the sites before you publish them'}.",
        "",
        *_table("Sources", "site", contents.counts["site"]),
        *_table("Languages", "language", contents.counts["language"]),
        *_table("Kinds of page", "kind", contents.counts["page_kind"]),
        *_code("Schema", "", arrow_text()),
        *_code("Settings", "json", json.dumps(dict(settings), indent=2, ensure_ascii=False, default=str)),
        "## Versions",
        "",
        *(f"- {line}" for line in _versions()),
        "",
    )
    return "\n".join(lines)


def _head(name: str, contents: Contents, files: Sequence[str], licence: str | None) -> dict[str, Any]:
    """The keys of the card's head, as Hugging Face's programs read them."""
    head: dict[str, Any] = {
        "pretty_name": name,
        "license": licence or "unknown",
        "language": sorted(code for code in contents.counts["language"] if code != "unknown"),
        "size_categories": [_size(contents.records)],
        "configs": [{"config_name": "default", "data_files": [{"split": "train", "path": list(files)}]}],
    }
    if all(any(ending in file for ending in _NESTED) for file in files):
        head["dataset_info"] = {"features": dataset_features()}
    return head


def _size(records: int) -> str:
    return next((name for most, name in _SIZES if records < most), "n>100M")


def _days(contents: Contents) -> list[str]:
    return [f"Published from {contents.days[0]} to {contents.days[-1]}, where a day is known."] if contents.days else []


def _table(title: str, name: str, counts: Counter[str]) -> list[str]:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    rows = [f"| {value.replace('|', ' ')} | {count:,} |" for value, count in ranked[:_SHOWN]]
    if len(ranked) > _SHOWN:
        rows.append(f"| {len(ranked) - _SHOWN:,} others | {sum(count for _, count in ranked[_SHOWN:]):,} |")
    return [f"## {title}", "", f"| {name} | records |", "|---|---|", *rows, ""]


def _code(title: str, language: str, text: str) -> list[str]:
    return [f"## {title}", "", f"```{language}", text, "```", ""]


def _versions() -> list[str]:
    found = [f"Python {platform.python_version()}"]
    for library in _LIBRARIES:
        try:
            found.append(f"{library} {version(library)}")
        except PackageNotFoundError:
            continue
    return found
