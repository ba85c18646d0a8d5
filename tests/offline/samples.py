"""Inputs for the tests, in our own words: pages, dumps, archives."""

from __future__ import annotations

import gzip
import json
import os
import time
import uuid
from pathlib import Path

from pipelines.workers.batches import Batch, Made, clean_batch

SEEDS = Path(__file__).parents[2] / "seeds"
SITE = SEEDS / "site"

_SUBJECTS = ("The baker", "A retired pilot", "The choir", "Our postman", "The night nurse", "A beekeeper")
_VERBS = ("repaired", "painted", "carried home", "catalogued", "sold", "measured")
_THINGS = ("the old clock", "a wooden boat", "eleven chairs", "the library's globe", "a broken loom", "the town bell")


def paragraph(number: int) -> str:
    """Two sentences that are different for each number."""
    subject, verb, thing = (words[number // 6**i % 6] for i, words in enumerate((_SUBJECTS, _VERBS, _THINGS)))
    return (
        f"{subject} {verb} {thing} in the {number}th week of the year, while the rest of the street looked on. "
        f"It took {number + 2} hours, and {number % 7 + 2} neighbours brought soup, advice and a ladder."
    )


def text(number: int, paragraphs: int = 4) -> str:
    return "\n".join(paragraph(number * 10 + i) for i in range(paragraphs))


def page(number: int, paragraphs: int = 4) -> bytes:
    body = "".join(f"<p>{paragraph(number * 10 + i)}</p>" for i in range(paragraphs))
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>Story {number}</title></head><body>"
        f"<nav><a href=/>Home</a> <a href=/news>News</a></nav><article><h1>Story number {number}</h1>{body}</article>"
        "<footer>© The Street Paper. All rights reserved.</footer></body></html>"
    ).encode()


def hanging_batch(batch: Batch) -> list[Made]:
    """The batch of a worker in which a library hangs on one page and crashes on another."""
    for page in batch.pages:
        if b"never comes back" in page.content:
            time.sleep(60)
        if b"takes the worker along" in page.content:
            os.abort()
    return clean_batch(batch)


def folder(at: Path, pages: int) -> Path:
    at.mkdir(parents=True, exist_ok=True)
    for number in range(pages):
        (at / f"{number:04}.html").write_bytes(page(number))
    return at


def archive(at: Path, *records: tuple[str, str, int, dict[str, str], bytes]) -> Path:
    """A WARC of (type, URL, status, HTTP headers, body as on the wire), each record its own gzip member."""
    pack = gzip.compress if at.suffix == ".gz" else bytes
    parts = [_warc_record("warcinfo", None, "application/warc-fields", b"software: tests\r\n")]
    for kind, url, status, headers, body in records:
        http = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        wire = f"HTTP/1.1 {status} X\r\n{http}\r\n".encode() + body
        if kind == "conversion":
            parts.append(_warc_record(kind, url, "text/plain", body))
        else:
            message = "request" if kind == "request" else "response"
            parts.append(_warc_record(kind, url, f"application/http; msgtype={message}", wire))
    at.write_bytes(b"".join(map(pack, parts)))
    return at


def _warc_record(kind: str, url: str | None, content_type: str, block: bytes) -> bytes:
    target = f"WARC-Target-URI: {url}\r\n" if url else ""
    return (
        (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {_name(url)}\r\n"
            f"{target}WARC-Date: 2025-04-01T10:20:30Z\r\nContent-Type: {content_type}\r\n"
            f"Content-Length: {len(block)}\r\n\r\n"
        ).encode()
        + block
        + b"\r\n\r\n"
    )


def records(at: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in at.read_text("utf-8").splitlines()]


def _name(url: str | None) -> str:
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, str(url))}>"
