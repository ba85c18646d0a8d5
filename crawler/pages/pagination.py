"""Recognises the pages of an article that is split over several: the next page, and the first."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.pages.links import Pointers
from crawler.urls.spelling import site_of, within

_QUERY_NAMES: Final = ("page", "seite", "pg", "pagina", "paged")
_PATH_FORMS: Final = (
    re.compile(r"^(?P<base>.+?)/(?:page|seite)[/-]?(?P<number>\d{1,3})/?$"),
    re.compile(r"^(?P<base>.*/(?=\d*[^/\d])[^/]++)/(?P<number>\d{1,2})/?$"),
    re.compile(r"^(?P<base>.+?)(?:,seite-|[-_]p(?:age)?[-_]?|_)(?P<number>\d{1,2})(?P<ext>\.s?html?)?$"),
)
_EXTENSION = re.compile(r"\.\w{2,5}$")
# story-2.html may be the second page of story.html, or another article with a similar name. Only rel=next or rel=prev
# on a page can tell, so an address alone is not read in this form.
_STATED_FORM: Final = re.compile(r"^(?P<base>.+?[^/\d-])-(?P<number>[2-9]|[1-9]\d)(?P<ext>\.\w{2,5})?/?$")


class Numbered(NamedTuple):
    """An address read as page `number` of the article at `base`."""

    base: str
    number: int


def numbered(url: str) -> Numbered:
    """Read an address as a page of an article; page 1 of itself if it has no page number.

    >>> numbered("https://a.org/bridge-vote?page=2")
    Numbered(base='https://a.org/bridge-vote', number=2)
    >>> numbered("https://a.org/bridge-vote/3/")
    Numbered(base='https://a.org/bridge-vote', number=3)
    >>> numbered("https://a.org/bridge-vote/").number
    1
    """
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    for name, value in pairs:
        if name in _QUERY_NAMES and value.isdecimal() and len(value) <= 3:
            rest = urlencode([pair for pair in pairs if pair[0] != name])
            return Numbered(_base(urlunsplit(parts._replace(query=rest))), int(value))
    for form in _PATH_FORMS:
        if match := form.match(parts.path):
            path = match["base"] + (match.groupdict().get("ext") or "")
            return Numbered(_base(urlunsplit(parts._replace(path=path))), int(match["number"]))
    return Numbered(_base(url), 1)


def named_first_page(url: str) -> str | None:
    """The first page, if a parameter of the address says that it is a later page; else None.

    >>> named_first_page("https://a.org/bridge-vote?page=2")
    'https://a.org/bridge-vote'
    >>> named_first_page("https://a.org/bridge-vote/2") is None
    True
    """
    base, number = numbered(url)
    return base if number > 1 and urlsplit(base).query != urlsplit(url).query else None


def next_page(url: str, pointers: Pointers) -> str | None:
    """The next page of the article at `url`: rel=next or a numbered link that is this article's, or None."""
    here = numbered(url)
    wanted = Numbered(here.base, here.number + 1)
    if pointers.next and wanted in (numbered(pointers.next), _stated(pointers.next)):
        return pointers.next
    stem = _stem(here.base)
    if link := next((u for u, _, _ in pointers.links if u.startswith(stem) and numbered(u) == wanted), None):
        return link
    later = _stated(url)
    goes_on = pointers.next and _stated(pointers.next) == Numbered(later.base, later.number + 1)
    return pointers.next if goes_on and first_page(url, pointers) else None


def first_page(url: str, pointers: Pointers) -> str | None:
    """The first page of the article that `url` continues, or None if this is no later page of one."""
    here = numbered(url)
    if here.number < 2:
        here = _stated(url)
        before = pointers.prev and Numbered(here.base, here.number - 1)
        if not before or before not in (numbered(pointers.prev or ""), _stated(pointers.prev or "")):
            return None
    if here.number < 2:
        return None
    stem = _stem(here.base)
    near = [pointers.prev, pointers.canonical, *(link.url for link in pointers.links if link.url.startswith(stem))]
    return next((link for link in near if link and numbered(link) == Numbered(here.base, 1)), None)


def is_same_page(asked: str, answered: str) -> bool:
    """Whether a further page of an article, asked for at one address, was answered at another one: it has moved.

    >>> is_same_page("https://a.org/bridge-vote?page=2", "https://a.org/bridge-vote/2")
    True
    >>> is_same_page("https://a.org/bridge-vote?page=2", "https://a.org/")
    False
    """
    if not within(answered, site_of(asked)) or urlsplit(answered).path == "/":
        return asked == answered
    return numbered(asked).number == numbered(answered).number


def _stated(url: str) -> Numbered:
    # Read an address by the form that counts only if the page itself confirms it; page 1 of itself if it has none.
    parts = urlsplit(url)
    match = _STATED_FORM.match(parts.path)
    if match is None:
        return Numbered(_base(url), 1)
    return Numbered(_base(urlunsplit(parts._replace(path=match["base"] + (match["ext"] or "")))), int(match["number"]))


def _stem(base: str) -> str:
    # The common beginning of the addresses of an article's pages, whatever they have in place of the number.
    parts = urlsplit(base)
    return urlunsplit(parts._replace(path=_EXTENSION.sub("", parts.path), query=""))


def _base(url: str) -> str:
    return url.rstrip("/") if urlsplit(url).path != "/" else url
