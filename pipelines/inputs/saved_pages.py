"""Reads pages as browsers save them: HTML with a note of its address (Save as, SingleFile), and MHTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.errors import CloseBoundaryNotFoundDefect
from email.message import Message
from email.policy import Compat32
from email.utils import parsedate_to_datetime
from typing import Final, cast

from cleaners.errors import InputError
from cleaners.page import Page
from pipelines.dates.utc import utc_stamp
from pipelines.inputs.limits import MAX_PAGE_BYTES, too_big, whole
from pipelines.inputs.streams import ByteStream

# An MHTML file also holds the pictures of its page.
_MAX_MHTML: Final = 10 * MAX_PAGE_BYTES
_NOTED: Final = 8192
# Characters of a header that are read: some of Python's readers of headers take the square of the length.
_MAX_HEADER: Final = 8192
# <!-- Page saved with SingleFile url: https://… saved date: Sat Mar 14 2026 10:11:12 GMT+0100 (…) -->
_SINGLE_FILE: Final = re.compile(
    rb"<!--\s*Page saved with SingleFile\s+url:\s*(https?://\S+)(?:\s+saved date:\s*([\w :+]{20,40}))?"
)
# <!-- saved from url=(0023)https://example.org/ -->: Internet Explorer began it, and all browsers write it.
_SAVED_FROM: Final = re.compile(rb"<!--\s*saved from url=\(\d+\)(https?://\S+?)\s*-->")
_SNAPSHOT: Final = "Snapshot-Content-Location"
_SINGLE_FILE_DATE: Final = "%a %b %d %Y %H:%M:%S GMT%z"


class _ShortHeaders(Compat32):
    """Reads each header as it is written, and no more than its first characters."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, "".join(value.splitlines())[:_MAX_HEADER]


def html_page(stream: ByteStream) -> Page:
    """A saved page, with the address and the time that the browser noted in it."""
    return with_note(Page(whole(stream), source_path=stream.source_name))


def with_note(page: Page) -> Page:
    """The page with the address and the time of the note at its start, if it has one."""
    start = cast("bytes", page.content)[:_NOTED]
    hit = _SINGLE_FILE.search(start) or _SAVED_FROM.search(start)
    if hit is None:
        return page
    said = hit[2].decode().strip() if hit.re is _SINGLE_FILE and hit[2] else ""
    return replace(page, url=hit[1].decode("utf-8", "replace"), fetched_at=_time_of_single_file(said))


def _time_of_single_file(said: str) -> str | None:
    with suppress(ValueError, OverflowError):  # OverflowError if an offset leads out of the calendar
        return utc_stamp(datetime.strptime(said, _SINGLE_FILE_DATE))
    return None


def mhtml_pages(stream: ByteStream) -> Iterator[Page]:
    """The page of an MHTML file (RFC 2557), with the address and the time that the file states.

    Raises InputError if the file holds no page.
    """
    mail = message_from_bytes(whole(stream, _MAX_MHTML), policy=_ShortHeaders())
    part = next((part for part in mail.walk() if part.get_content_type() == "text/html"), None)
    content = part.get_payload(decode=True) if part is not None else None
    if part is not None and _is_cut(mail, part):
        what = f"{stream.source_name}: the MHTML file ends in the middle of its page. Save the page again."
        raise InputError(what, "damaged")
    if part is None or not isinstance(content, bytes) or not content.strip():
        raise InputError(f"{stream.source_name}: an MHTML file without a page in it. Save the page again.", "no_text")
    if len(content) > MAX_PAGE_BYTES:
        raise too_big(stream.source_name)
    charset = part.get_content_charset()
    yield Page(
        content,
        url=_address(mail, part),
        source_path=stream.source_name,
        fetched_at=_time_of_mail(mail),
        content_type=f"text/html; charset={charset}" if charset else None,
    )


def _is_cut(mail: Message, page: Message) -> bool:
    """Whether the file ends within the page: the page is its last part, and the line that ends the parts is missing."""
    holders = [part for part in mail.walk() if part.is_multipart()]
    is_open = any(isinstance(defect, CloseBoundaryNotFoundDefect) for part in holders for defect in part.defects)
    return is_open and list(mail.walk())[-1] is page


def _address(mail: Message, part: Message) -> str | None:
    stated = (str(holder.get(name, "")).strip() for holder, name in ((mail, _SNAPSHOT), (part, "Content-Location")))
    return next((url for url in stated if url.startswith(("http://", "https://")) and len(url) < _MAX_HEADER), None)


def _time_of_mail(mail: Message) -> str | None:
    with suppress(ValueError, TypeError, IndexError):
        stated = str(mail["Date"]).strip()
        when = parsedate_to_datetime(stated)
        # -0000 is how browsers write UTC, and Python gives such a time no zone (RFC 5322, section 3.3).
        return utc_stamp(when) if when.tzinfo or stated.endswith("-0000") else None
    return None
