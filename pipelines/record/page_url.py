"""Finds the address of a saved page that came without one, in the page itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from cleaners.document import Document
from cleaners.page import Page
from cleaners.tree import Tree
from pipelines.record.stages.address import resolved


def with_address(page: Page, document: Document) -> tuple[Page, Document]:
    """The page and its Document with the canonical link or og:url as URL, if none was given.

    A home page's address is not used: if a site states it on every page, all its pages would have one identity.
    """
    tree = document.tree
    if page.url or tree is None:
        return page, document
    url = next((url for url in map(_absolute, _stated(tree)) if url), None)
    if url is None:
        return page, document
    return replace(page, url=url), replace(document, url=url)


def _stated(tree: Tree) -> Iterator[str]:
    for link in tree.all("link"):
        if "canonical" in tree.get(link, "rel").lower().split():
            yield tree.get(link, "href")
    for meta in tree.all("meta"):
        if tree.get(meta, "property").lower() == "og:url":
            yield tree.get(meta, "content")


def _absolute(raw: str) -> str | None:
    url = resolved(raw, None)
    return url if url and (urlsplit(url).path.strip("/") or urlsplit(url).query) else None
