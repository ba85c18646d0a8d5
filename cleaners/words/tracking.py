"""Query parameters that say where a reader came from, or who the reader is, but not which page is meant."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from w3lib.url import url_query_cleaner

# Each is documented by the service that adds it: Google Analytics and Ads, Matomo, Meta, Microsoft, Yandex, X, TikTok,
# LinkedIn, HubSpot, Mailchimp, Marketo, Adobe, AT Internet, comScore, Instagram, Shopify, share buttons of news sites.
_TRACKING: Final = re.compile(
    r"(?:utm_\w+|(?:mtm|pk|piwik|matomo|hsa|stm|at|ns|oly|vero|wt)_\w+|_?hs(?:enc|mi)|gclid|gclsrc|dclid|gbraid|wbraid"
    r"|fbclid|fb_\w+|igshid|igsh|msclkid|yclid|ysclid|twclid|ttclid|li_fat_id|mc_[ce]id|mkt_tok|s_cid|ncid|cmpid|icid|ocid"
    r"|srsltid|__twitter_impression|spm|share_?source|sharetype|smid|smtyp|xtor|_ga|_gl|ref_src|ref_url|cmp|trk)$",
    re.IGNORECASE,
)
_SESSION: Final = re.compile(r"(?:jsessionid|phpsessid|sid|sessionid)$", re.IGNORECASE)


def is_tracking(name: str) -> bool:
    """Whether a parameter of this name says where the reader came from.

    >>> is_tracking("utm_source"), is_tracking("page")
    (True, False)
    """
    return _TRACKING.match(name) is not None


def is_session(name: str) -> bool:
    """Whether a parameter of this name says who the reader is."""
    return _SESSION.match(name) is not None


def without_tracking(url: str) -> str:
    """The address without the parameters of both sorts; everything else stays as it is. Raises ValueError for "http://[".

    >>> without_tracking("https://example.org/a?page=2&utm_source=x&sid=9#top")
    'https://example.org/a?page=2#top'
    """
    if "?" not in url:
        return url
    names = {pair.partition("=")[0] for pair in urlsplit(url).query.split("&")}
    gone = [name for name in names if is_tracking(name) or is_session(name)]
    return url_query_cleaner(url, gone, remove=True, unique=False, keep_fragments=True) if gone else url
