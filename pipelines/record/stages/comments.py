"""Sets readers' comments, in a field of their own, if they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cleaners.rules.comment_containers import comment_containers
from cleaners.rules.comments import PERHAPS_A_THREAD
from cleaners.rules.page_forms import stated_form
from pipelines.dates.order import order_of
from pipelines.evidence.page.json_ld import Linked
from pipelines.evidence.page.text_forms import tidy
from pipelines.record.article import Article, Comment, changed
from pipelines.record.comment_parts import CommentReader, signed_by_a_line, without_wrappers
from pipelines.record.context import RecordInputs, StageResult
from pipelines.record.plain_text import plain, plain_line

_MOST: Final = 10_000
_DEEPEST: Final = 50


def comments(article: Article, inputs: RecordInputs) -> StageResult:
    """Set the comments under an article and the reviews under a product; on a thread the posts are the body."""
    document, kinds = inputs.cleaned.document, inputs.cleaned.kinds
    tree = document.tree
    if inputs.options.comments != "field" or tree is None:
        return StageResult(article)
    if kinds.get("forum", 0.0) >= PERHAPS_A_THREAD and stated_form(document) != "article":
        return StageResult(article)
    languages = inputs.evidence.languages
    language = languages[0].tag if languages else article.language
    short = "\n".join(block.text for block in document.blocks if len(block.text) < 80)
    order = order_of(language, document.url, [short])
    reader = CommentReader(document, tree, language, order, inputs.page.fetched_at)
    found = signed_by_a_line(reader, list(_shown(reader, inputs))) or list(
        _stated(reader, inputs.evidence.stated.linked, article)
    )
    return StageResult(changed(article, comments=found[:_MOST]))


def _shown(reader: CommentReader, inputs: RecordInputs) -> Iterator[Comment]:
    """The comments that the page shows outside the body."""
    kept = {block.index for block in inputs.cleaned.kept}
    for container in without_wrappers(reader, comment_containers(reader.tree)):
        made = None if kept.intersection(container.blocks) else reader.comment(container)
        if made:
            yield made


def _stated(reader: CommentReader, linked: Linked, article: Article) -> Iterator[Comment]:
    """The comments that JSON-LD states, without those that the body holds."""
    for _, node in linked.nodes():
        for made in _of_node(reader, linked, node, 0):
            if made.text not in article.body:
                yield made


def _of_node(reader: CommentReader, linked: Linked, node: dict[str, Any], depth: int) -> Iterator[Comment]:
    if depth > _DEEPEST:
        return
    for thing in (*linked.things(node, "comment"), *linked.things(node, "review")):
        made = _of_thing(reader, linked, thing, depth)
        if made:
            yield made
        yield from _of_node(reader, linked, thing, depth + 1)


def _of_thing(reader: CommentReader, linked: Linked, thing: dict[str, Any], depth: int) -> Comment | None:
    said = _first(linked, thing, "text", "reviewBody", "description")
    author = plain_line(tidy(_first(linked, thing, "author", "creator")))
    date = reader.date(_first(linked, thing, "dateCreated", "datePublished"))
    text = plain(tidy(said))
    return Comment(author or None, date, text, depth) if text else None


def _first(linked: Linked, thing: dict[str, Any], *keys: str) -> str:
    return next((text for key in keys for text in linked.strings(thing, key)), "")
