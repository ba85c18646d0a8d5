"""Where the record comes from, and what it is called."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from importlib.metadata import version

from pipelines.record.article import Article
from pipelines.record.context import FieldChoice, RecordInputs

_VERSION = version("copydesk")


def provenance(article: Article, context: RecordInputs) -> Article:
    """Copy the page's provenance and hash its content."""
    page = context.page
    content = page.content if isinstance(page.content, bytes) else page.content.encode("utf-8", "surrogatepass")
    flags = list(article.flags)
    for selector in context.evidence.unmatched:
        context.decisions.append(FieldChoice("site_facts", None, "site_facts", selector, None))
        flags = ["site_facts_unmatched"]
    return replace(
        article,
        flags=flags,
        url=page.url,
        source_type=page.source_type,
        source_path=page.source_path,
        fetched_at=page.fetched_at,
        http_status=page.http_status,
        content_sha256=hashlib.sha256(content).hexdigest(),
        cleaner_version=_VERSION,
    )


def identity(article: Article, context: RecordInputs) -> Article:
    """The id: SHA-256 of the canonical URL, else the URL, else the source path; and the hash of the body."""
    name = article.canonical_url or article.url or article.source_path or article.content_sha256
    return replace(
        article,
        id=hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest(),
        body_sha256=hashlib.sha256(article.body.encode("utf-8", "surrogatepass")).hexdigest(),
    )
