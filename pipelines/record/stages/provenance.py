"""Sets the record's provenance, its id, and the hash of its body."""

from __future__ import annotations

import hashlib
from importlib.metadata import version

from pipelines.record.article import Article, Extra, changed
from pipelines.record.context import FieldChoice, RecordInputs, StageResult

_VERSION = version("copydesk")


def provenance(article: Article, inputs: RecordInputs) -> StageResult:
    """Copy the page's provenance and hash its content."""
    page = inputs.page
    content = page.content if isinstance(page.content, bytes) else page.content.encode("utf-8", "surrogatepass")
    unmatched = inputs.evidence.unmatched
    article = changed(
        article,
        flags=["site_facts_unmatched"] if unmatched else article.flags,
        url=page.url,
        source_type=page.source_type,
        source_path=page.source_path,
        fetched_at=page.fetched_at,
        http_status=page.http_status,
        extra=[Extra(name, value) for name, value in page.extra],
        content_sha256=hashlib.sha256(content).hexdigest(),
        cleaner_version=" + ".join((_VERSION, *inputs.options.plugins)),
    )
    failed = (FieldChoice("site_facts", None, "site_facts", selector, None) for selector in unmatched)
    used = (FieldChoice("site_rule", name, "site_rule", rule, None) for name, rule in inputs.evidence.rules)
    return StageResult(article, (*failed, *used))


def identity(article: Article, inputs: RecordInputs) -> StageResult:
    """The id: SHA-256 of the canonical URL, else the URL, else the source path."""
    name = article.canonical_url or article.url or article.source_path or article.content_sha256
    return StageResult(changed(article, id=_hash_of(name)))


def body_hash(article: Article, inputs: RecordInputs) -> StageResult:
    """SHA-256 of the body."""
    return StageResult(changed(article, body_sha256=_hash_of(article.body)))


def _hash_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
