"""The labels of Chinese and Japanese bylines by their roles, from page/cjk_labels.toml."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from cleaners.words.toml_tables import read_toml

KINDS: Final = ("writer", "edit", "source", "photo")
"""The roles, most telling of authorship first."""


@cache
def label_rows() -> tuple[dict[str, Any], ...]:
    """The rows of the table."""
    return tuple(read_toml("pipelines.evidence.page", "cjk_labels.toml")["row"])


@cache
def kind_of_label() -> dict[str, str]:
    """The role of each label."""
    return {label: row["role"] for row in label_rows() for label in row["labels"]}


@cache
def short_labels() -> frozenset[str]:
    """Labels that are also parts of common words, so that they count only before a sign."""
    return _labels_with("short")


@cache
def following_labels() -> frozenset[str]:
    """Short labels that follow the name of a paper or a desk: 國際中心／."""
    return _labels_with("follows")


def _labels_with(key: str) -> frozenset[str]:
    return frozenset(label for row in label_rows() if row.get(key) for label in row["labels"])
