"""Makes records from markup written in a test."""

from __future__ import annotations

from typing import Any

from cleaners import Page
from pipelines.record.article import Article
from pipelines.record.build import Extraction, record_of

PARAGRAPH = (
    "The council of the small harbour town voted on Tuesday evening to keep the old ferry running through the winter, "
    "although fewer than forty people a day cross the bay once the summer guests have gone home. "
)


def page_of(head: str = "", above: str = "", below: str = "", language: str = "en", body: str = PARAGRAPH) -> str:
    """A page with an article, and markup above and below its paragraphs."""
    paragraphs = "".join(f"<p>{body}</p>" for _ in range(5))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">{head}</head><body>'
        f"<main><article>{above}{paragraphs}</article></main>{below}</body></html>"
    )


def record(markup: str, url: str | None = "https://harbour.example/news/ferry", **more: Any) -> Extraction:
    return record_of(Page(markup.encode("utf-8", "surrogatepass"), url=url, **more))


def article(markup: str, url: str | None = "https://harbour.example/news/ferry", **more: Any) -> Article:
    return record(markup, url, **more).article
