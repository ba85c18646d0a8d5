"""Sets the page's canonical URL and the name of its site."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from cleaners.words.addresses import registered_domain
from cleaners.words.surrogates import encodable
from cleaners.words.tracking import is_tracking
from pipelines.record.article import Article, changed
from pipelines.record.context import FieldChoice, RecordInputs, StageResult
from pipelines.record.plain_text import plain_line

_ABSOLUTE: Final = re.compile(r"https?://[^/;][^;]*$")


def address(article: Article, inputs: RecordInputs) -> StageResult:
    """Set the canonical URL and the site's name."""
    page_url = article.url
    chosen = _canonical(inputs, page_url)
    choices = []
    if chosen:
        choices.append(FieldChoice("canonical_url", chosen[0], chosen[1], chosen[2], None))
    site = next(iter(inputs.evidence.site_names), None)
    if site:
        choices.append(FieldChoice("site_name", site.name, site.source, site.name, None))
    article = changed(
        article,
        canonical_url=chosen[0] if chosen else None,
        site_name=(plain_line(site.name) or None) if site else None,
    )
    return StageResult(article, tuple(choices))


def _canonical(inputs: RecordInputs, page_url: str | None) -> tuple[str, str, str] | None:
    stated = inputs.evidence.stated
    places = [("link", raw) for raw in stated.links.get("canonical", ())]
    places += [("meta", raw) for raw in stated.meta("canonical")[:2]]
    for source, raw in places:
        url = resolved(raw, page_url)
        if url and (not page_url or is_same_page(url, page_url)):
            return url, source, raw
    return None


def resolved(raw: str, base: str | None) -> str | None:
    """The absolute http(s) URL of a text, without tracking parameters or fragment; None if the text is not a URL."""
    try:
        text = encodable(raw.strip())
        # Joining changes nothing in an address with a host except empty parameters (";"), and costs more than the rest.
        parts = urlsplit(text if _ABSOLUTE.match(text) else urljoin(base or "", text))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        query = parts.query
        if query:
            pairs = parse_qsl(query, keep_blank_values=True)
            wanted = [pair for pair in pairs if not is_tracking(pair[0])]
            query = urlencode(wanted) if len(wanted) < len(pairs) else query
        return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", query, ""))
    except ValueError:
        return None


def is_same_page(url: str, page_url: str) -> bool:
    """Whether a stated canonical URL can be the page's own: on the same site, and a home page only if the page is."""
    try:
        own, other = urlsplit(page_url), urlsplit(url)
    except ValueError:
        return False
    if own.netloc != other.netloc and registered_domain(page_url) != registered_domain(url):
        return False
    is_home = other.path in ("", "/") and not other.query
    return not is_home or (own.path in ("", "/") and not own.query)
