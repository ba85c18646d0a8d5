"""What mutators put into pages: the values that programs stumble over."""

from __future__ import annotations

from typing import Any, Final

CONTROLS: Final = (
    *(bytes([n]) for n in (0, 1, 8, 11, 12, 13, 27, 127)), b"\x1b[2J", b"\r\n", b"\xc2\x85", b"\xef\xbf\xbe",
)  # fmt: skip
STRANGE: Final = tuple(
    text.encode("utf-8", "surrogatepass")
    for text in (
        "\u202e", "\u200d", "\u200b", "\ufeff", "\u2028", "\u00ad", "\u0301", "\U0001f469\u200d\U0001f52c", "\ud800",
        "\udfff",
        "\ufdfa", "İ", "ẞ", "ﬃ", "²", "٣", "〇", "\U000e0041", "\U0010ffff", "ＡＢ", "ก็็็็", "한", "中文。", "\u3000",
        "١٢/٠٣/٢٠٢٤", "Ǆ",
    )
)  # fmt: skip
CHARSETS: Final = (
    b"utf-8", b"utf-16", b"utf-7", b"x-user-defined", b"replacement", b"iso-2022-kr", b"hz-gb-2312", b"idna",
    b"punycode", b"base64",
    b"hex", b"rot13", b"zlib", b"undefined", b"unicode_escape", b"mbcs", b"", b"'", b"\x00", b"a" * 3000,
    b"utf-8;charset=utf-16", b"euc-tw", b"cp037",
)  # fmt: skip
OPENINGS: Final = (
    b"<div>", b"<p>", b"<b>", b"<a href=x>", b"<ul><li>", b"<table><tr><td>", b"<blockquote>",
    b"<section class='share-bar'>", b"<span class=icon>",
    b"<svg>", b"<font>", b"<article itemscope>", b"<br>", b"<h2>a", b"<td>", b"</div>", b"<i></i>",
    b"<li><a href=/a>b</a>",
)  # fmt: skip
DATES: Final = (
    b"0000-00-00", b"0001-01-01", b"9999-12-31", b"99999-01-01", b"2024-13-45", b"2024-02-30T25:61:61+99:99",
    b"1970-01-01T00:00:00Z",
    b"2024-05-03T07:29:00-23:59", b"2024-05-03T07:29:00+24:00", b"-1", b"1714723200", b"1714723200000", b"9" * 400,
    b"1" * 20 + b"/1/1",
    b"3 days ago", b"999999999 days ago", b"yesterday", b"01/02/03", b"31.02.2024 24:00",
    b"\xd9\xa3 \xd9\x85\xd8\xa7\xd9\x8a\xd9\x88 2024",
    b"May", b"May 2024 May 2024", b"2024" * 100, b"12:" * 200, b"2024-W53-7", b"2024-366", b"1e9", b"NaN", b"inf",
    b"\xc2\xb2024-05-03",
    b"11 pm pm pm", b"in 999999 months", b"Mon, 31 Feb 0000 99:99:99 GMT", b"0001-01-01T00:00:00+14:00",
    b"9999-12-31T23:59:59-12:00",
)  # fmt: skip
ADDRESSES: Final = (
    b"", b"/", b"//", b"///", b"http://", b"http:///a", b"http://[::1", b"http://[::1]:99999/", b"http://a:b:c/",
    b"http://user:secret@example.org/a",
    b"javascript:alert(1)", b"data:text/html,<p>a", b"file:///etc/passwd", b"http://\xe2\x80\xae.example/",
    b"http://" + b"a." * 200 + b"example/",
    b"/a?" + b"b=c&" * 300, b"../" * 200, b"http://example.org/%zz%", b"http://xn--/", b"http://example.org:port/",
    b"http://1.2.3.4.5.6/",
    b"\x00http://example.org/", b"http://example.org/\x00", b"http://ex ample.org/ a", b"HTTP://EXAMPLE.ORG:80/A",
    b"?page=99999999999999999999", b"#", b"http://0x7f.1/",
    b"http://\xc3\xa9\xcc\x81/", b"http://example.org/2024/99/99/a", b"mailto:a@b", b"a" * 3000,
    b"http://" + b"a" * 300 + b"/",
)  # fmt: skip
ENTITIES: Final = (
    b"&amp;", b"&#0;", b"&#xD800;", b"&#99999999999;", b"&#x110000;", b"&nbsp;", b"&CounterClockwiseContourIntegral;",
    b"&amp", b"&;", b"&#", b"&#x",
    b"&lt;p&gt;", b"&zwnj;", b"&shy;", b"&#x202e;", b"&#13;", b"&amp;amp;amp;", b"&notit;",
)  # fmt: skip
LABELS: Final = (
    b"Read more", b"Share this article", b"Home", b"By Ada Quill", b"Photo: Ada Quill", b"3 Comments",
    b"Advertisement", b"chevron_right", b"a",
    b"All rights reserved", b"Subscribe to our newsletter", b"12", b"...", b" ", b"\xe5\xba\x83\xe5\x91\x8a",
    b"Updated 3 May 2024", b"We use cookies",
    b"Related articles", b"(", b"[", b"-", b"http://example.org/", b"@ada", b"#tide",
    b"The weir was mended on Monday. ", b"A.B.C.D. ", b"\xc2\xa9 2024",
    b"1:", b"+", b"$1,", b"Mon ", b"a-", b"Mc", b"von ", b"' ", b"|", b"\xe2\x80\xa2", b"<", b"5 min read",
)  # fmt: skip
TYPES: Final[dict[str, tuple[Any, ...]]] = {
    "@type": ("NewsArticle", "LiveBlogPosting", ["Article", 3], "BreadcrumbList", "Person", "WebSite", None),
    "@graph": ([{"@type": "Article"}], {"@type": "Article"}, [[[]]]),
    "@id": ("#a", 7, None),
    "headline": ("Weir", ["a", "b"], {"@value": "Weir"}, 3),
    "name": ("Ada Quill", ["Ada", None], {"a": 1}),
    "author": ("Ada Quill", [{"name": ["Ada Quill", 4]}], {"@id": "#a"}, [None, "", []]),
    "publisher": ({"name": {"name": "x"}}, "The Street Paper"),
    "datePublished": ("2024-05-03", 20240503, 1714723200.5, ["2024-05-03"], {"@value": "x"}, 10**30, -(10**15)),
    "dateModified": ("0001-01-01", True),
    "image": ({"url": ["/a.jpg", {}]}, ["/a.jpg"], 7, {"@list": []}),
    "articleBody": ("The weir was mended. " * 20, ["a"], 3),
    "keywords": ("a,b", ["a", 3, {"name": "b"}], {"a": []}),
    "articleSection": (["News", 3], {"name": 4}),
    "inLanguage": ("en", {"name": "English"}, 4, "x" * 300),
    "isAccessibleForFree": ("False", False, "maybe", 0),
    "itemListElement": ([{"position": "x", "item": {"name": 3}}], "x", {"item": "/a"}),
    "liveBlogUpdate": ([{"datePublished": 3}], {}, "x"),
    "url": ("https://example.org/a", 3, ["/a"], {"@id": "/a"}),
    "mainEntityOfPage": ({"@id": 3}, "/a", True),
    "coverageEndTime": ("2024-05-03T99:00", 4),
    "description": ("", {"a": "b"}, ["x"]),
}
