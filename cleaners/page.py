"""A Page: bytes (or text) and where they came from. Decoded: the page's text, and how the bytes were read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

SourceType = Literal["crawl", "html", "warc", "text"]
Markup = Literal["html", "text"]
CharsetSource = Literal["given", "bom", "http", "meta", "utf8_valid", "nul_pattern", "detected", "fallback"]


@dataclass(frozen=True, slots=True)
class Page:
    """What one record is made from.

    content       the bytes as served or saved (also a bytearray or memoryview), or text that was decoded elsewhere
    markup        "html" or "text": which segmentation reads the content
    url           the address it was fetched from, if known
    source_type, source_path, fetched_at (UTC, ISO 8601), http_status: provenance, copied to the record
    content_type  the HTTP Content-Type header, evidence for the charset
    stated        facts that came with the content (a dump's `date` or `headline` field)
    extra         fields of the row that the content comes from, which the record keeps as they are
    more_pages    the further pages of an article split over several, in order: one record is made from all of them

    Raises TypeError if the content or the URL is of another type.
    """

    content: bytes | str
    markup: Markup = "html"
    url: str | None = None
    source_type: SourceType = "html"
    source_path: str | None = None
    fetched_at: str | None = None
    http_status: int | None = None
    content_type: str | None = None
    stated: tuple[tuple[str, str], ...] = ()
    more_pages: tuple[Page, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Check the types, and make any kind of bytes into bytes."""
        if isinstance(self.content, bytearray | memoryview):
            object.__setattr__(self, "content", bytes(self.content))
        if not isinstance(self.content, bytes | str):
            kind = type(self.content).__name__
            raise TypeError(f"the content of a page is bytes or str, not {kind}; read a file before you pass it on")
        if not isinstance(self.url, str | None):
            raise TypeError(f"the URL of a page is a str or None, not {type(self.url).__name__}")


class Decoded(NamedTuple):
    """Text and the evidence for its charset.

    damaged  how many characters could not be read
    utf8     the page's own bytes, where they are this text in UTF-8 and hold no NUL
    """

    text: str
    encoding: str
    source: CharsetSource
    damaged: int = 0
    utf8: bytes | None = None
