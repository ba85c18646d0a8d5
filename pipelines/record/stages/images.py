"""Sets the article's images: the one for sharing, then those between the headline and the end of the body."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pipelines.evidence.page.text_forms import tidy
from pipelines.record.article import Article, Image, changed
from pipelines.record.context import RecordInputs, StageResult
from pipelines.record.picture_addresses import picture_key
from pipelines.record.plain_text import plain_line
from pipelines.record.stages.address import resolved

_IMAGES: Final = 40


def images(article: Article, inputs: RecordInputs) -> StageResult:
    """Set the images with their alternative texts and captions in reading order, each picture once."""
    found: dict[str, Image] = {}
    base = article.url or article.canonical_url
    for raw, alt, caption in (*_stated(inputs), *_shown(inputs)):
        url = resolved(raw, base)
        if not url or len(found) >= _IMAGES:
            continue
        image = Image(url, plain_line(tidy(alt)) or None, plain_line(tidy(caption)) or None)
        key = picture_key(url)
        before = found.get(key, image)
        found[key] = Image(before.url, before.alt or image.alt, before.caption or image.caption)
    return StageResult(changed(article, images=list(found.values())))


def _stated(inputs: RecordInputs) -> Iterator[tuple[str, str, str]]:
    """The page's picture for sharing: address, alternative text, caption."""
    stated = inputs.evidence.stated
    alt = stated.other.get("og:image:alt") or stated.other.get("twitter:image:alt") or ""
    for raw in stated.meta("image")[:1]:
        yield raw, alt, ""
        return
    for node in stated.linked.articles[:1]:
        for thing in stated.linked.things(node, "image")[:1]:
            yield _image_url(thing), "", ""


def _image_url(thing: dict[str, Any]) -> str:
    url = thing.get("url") or thing.get("contentUrl") or thing.get("name")
    return url if isinstance(url, str) else ""


def _shown(inputs: RecordInputs) -> Iterator[tuple[str, str, str]]:
    """The pictures in the article: address, alternative text, caption."""
    for picture in inputs.pictures:
        yield picture.raw, picture.alt, picture.caption
