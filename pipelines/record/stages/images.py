"""Sets the article's images: the one for sharing, then those between the headline and the end of the body."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pipelines.evidence.page.text_forms import tidy
from pipelines.record.article import Article, Image, changed
from pipelines.record.context import RecordInputs, StageResult
from pipelines.record.page_pictures import PagePicture
from pipelines.record.picture_addresses import picture_key
from pipelines.record.plain_text import plain_line
from pipelines.record.stages.address import resolved

_IMAGES: Final = 40


def images(article: Article, inputs: RecordInputs) -> StageResult:
    """Set the images with their alternative texts and captions in reading order, each picture once."""
    found: dict[str, Image] = {}
    base = article.url or article.canonical_url
    for picture in (*_stated(inputs), *inputs.pictures):
        url = resolved(picture.raw, base)
        if not url or len(found) >= _IMAGES:
            continue
        image = Image(url, plain_line(tidy(picture.alt)) or None, plain_line(tidy(picture.caption)) or None)
        key = picture_key(url)
        before = found.get(key, image)
        found[key] = Image(before.url, before.alt or image.alt, before.caption or image.caption)
    return StageResult(changed(article, images=list(found.values())))


def _stated(inputs: RecordInputs) -> Iterator[PagePicture]:
    """The page's picture for sharing: of its meta elements, else of its JSON-LD."""
    stated = inputs.evidence.stated
    alt = stated.other.get("og:image:alt") or stated.other.get("twitter:image:alt") or ""
    for raw in stated.meta("image")[:1]:
        yield PagePicture(raw, alt)
        return
    for node in stated.linked.articles[:1]:
        for thing in stated.linked.things(node, "image")[:1]:
            yield PagePicture(_image_url(thing))


def _image_url(thing: dict[str, Any]) -> str:
    url = thing.get("url") or thing.get("contentUrl") or thing.get("name")
    return url if isinstance(url, str) else ""
