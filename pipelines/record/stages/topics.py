"""Sets description, section and tags, and flags a page behind a paywall."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from cleaners.parsing.json_ld import types_of
from pipelines.evidence.page.markup import Stated
from pipelines.evidence.page.text_forms import fold, tidy
from pipelines.record.article import Article, changed
from pipelines.record.cms_codes import is_cms_code
from pipelines.record.context import FieldChoice, RecordInputs, StageResult
from pipelines.record.plain_text import plain_line

_TAGS: Final = 50  # a page with more lists keywords for machines
_TAG_CHARS: Final = 80
_SECTION_CHARS: Final = 80
_LOCKED: Final = frozenset(("locked", "metered", "paid", "premium", "subscriber"))


def topics(article: Article, inputs: RecordInputs) -> StageResult:
    """Set description, section and tags."""
    stated = inputs.evidence.stated
    article = changed(
        article,
        description=_description(stated, article.headline),
        section=_section(stated, article.headline),
        tags=_tags(inputs),
    )
    return StageResult(article)


def paywall(article: Article, inputs: RecordInputs) -> StageResult:
    """Flag a page behind a paywall."""
    found = _paywall(inputs)
    if found is None:
        return StageResult(article)
    return StageResult(changed(article, flags=list(dict.fromkeys((*article.flags, "paywalled")))), (found,))


def _description(stated: Stated, headline: str | None) -> str | None:
    texts = [*stated.meta("description")]
    texts += [text for _, node in stated.linked.nodes() for text in stated.linked.strings(node, "description")]
    for text in texts:
        line = plain_line(tidy(text))
        if line and fold(line) != fold(headline or ""):
            return line
    return None


def _section(stated: Stated, headline: str | None) -> str | None:
    texts = [text for _, node in stated.linked.nodes() for text in stated.linked.strings(node, "articleSection")]
    texts = [*stated.meta("section"), *texts, *_crumb(stated, headline)]
    lines = (plain_line(tidy(text)) for text in texts)
    return next((line for line in lines if line and len(line) <= _SECTION_CHARS and "://" not in line), None)


def _crumb(stated: Stated, headline: str | None) -> Iterator[str]:
    """The last step of the breadcrumbs that is neither the article itself nor the home page."""
    for node in stated.linked.around:
        if "breadcrumblist" not in types_of(node):
            continue
        names = [_crumb_name(item) for item in stated.linked.things(node, "itemListElement")]
        steps = [name for name in names[1:] if name and fold(name) != fold(headline or "")]
        if steps and len(names) > len(steps) + 1:
            yield steps[-1]


def _crumb_name(item: dict[str, Any]) -> str:
    inner = item.get("item")
    name = item.get("name") or (inner.get("name") if isinstance(inner, dict) else "")
    return name if isinstance(name, str) else ""


def _tags(inputs: RecordInputs) -> list[str]:
    """The tags of the first source that has any: article:tag, JSON-LD keywords, rel=tag links, meta keywords."""
    stated = inputs.evidence.stated
    tree = inputs.cleaned.document.tree
    metas = stated.metas.get("tags", [])
    own = [meta.content for meta in metas if meta.name.endswith("article:tag")]
    linked = [text for _, node in stated.linked.nodes() for text in stated.linked.strings(node, "keywords")]
    links = [tree.text(one.element) for one in stated.marked.get("tags", ()) if one.how == "rel"] if tree else []
    other = [meta.content for meta in metas if not meta.name.endswith("article:tag")]
    for texts in (own, linked, links, other[:1]):
        found = _listed(texts)
        if found:
            return found
    return []


def _listed(texts: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for text in texts:
        for piece in text.replace(";", ",").split(","):
            tag = plain_line(tidy(piece)).strip(" #")
            if tag and len(tag) <= _TAG_CHARS and not is_cms_code(tag):
                found.setdefault(fold(tag) or tag, tag)
    return list(found.values())[:_TAGS]


def _paywall(inputs: RecordInputs) -> FieldChoice | None:
    """The evidence that the page is behind a paywall: schema.org, the publisher's meta, or a removed prompt."""
    stated = inputs.evidence.stated
    for _, node in stated.linked.nodes():
        for text in stated.linked.strings(node, "isAccessibleForFree"):
            if text.strip().lower() in ("false", "no", "0"):
                return FieldChoice("flags", "paywalled", "json_ld", text, None)
    tier = next((tier for tier in stated.meta("paywall") if tier.lower() in _LOCKED), None)
    if tier:
        return FieldChoice("flags", "paywalled", "meta", tier, None)
    prompt = next((block for block, mark in inputs.cleaned.dropped if mark.reason == "paywall_prompt"), None)
    return FieldChoice("flags", "paywalled", "text", prompt.text, None) if prompt else None
