"""A kind of input: newsletters saved as mail (.eml)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default

from cleaners.errors import InputError
from cleaners.page import Markup, Page
from pipelines.inputs.limits import whole
from pipelines.inputs.reader import InputKind, ReadOptions
from pipelines.inputs.streams import ByteStream


def pages_of_mail(stream: ByteStream, options: ReadOptions, skipped: Counter[str]) -> Iterator[Page | InputError]:
    """Yield the page of a mail, with the address from its Archived-At header (RFC 5064)."""
    mail = message_from_bytes(whole(stream), policy=default)
    body = mail.get_body(("html", "plain"))
    if body is None:
        yield InputError(f"{stream.source_name}: a mail without a text. Leave it out.", "no_text")
        return
    url = (mail.get("Archived-At") or "").strip("<> ") or None
    markup: Markup = "html" if body.get_content_subtype() == "html" else "text"
    yield Page(body.get_content(), markup, url, source_type=markup, source_path=stream.source_name)


MAIL = InputKind("eml", "a mail", pages_of_mail, (".eml",))
