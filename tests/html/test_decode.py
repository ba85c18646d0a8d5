"""Any bytes become text, and the evidence that chose the charset is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.parsing.decode import decode
from tests.drawn import examples

RUSSIAN = "Лодка вышла из гавани на час позже, потому что таблица на причале показывала зимнее время. " * 5
KOREAN = "배는 부두의 표가 겨울 시간을 가리키고 있어서 한 시간 늦게 항구를 떠났다. " * 5
FRENCH = "Les bateaux ont quitté le port une heure après l’heure prévue, à cause d’un tableau erroné. "

CASES = {
    "UTF-8 with a byte-order mark": (b"\xef\xbb\xbf" + FRENCH.encode(), None, "bom", FRENCH),
    "UTF-16 with a byte-order mark": (FRENCH.encode("utf-16"), None, "bom", FRENCH),
    "UTF-16 without one": (FRENCH.encode("utf-16-le"), None, "nul_pattern", FRENCH),
    "the HTTP header": (RUSSIAN.encode("koi8-r"), "text/html; charset=koi8-r", "http", RUSSIAN),
    "the HTTP header before meta": (
        b"<meta charset=koi8-r>" + RUSSIAN.encode("cp1251"),
        "text/html; charset=windows-1251",
        "http",
        "<meta charset=koi8-r>" + RUSSIAN,
    ),
    "meta": (b'<meta charset="euc-kr">' + KOREAN.encode("cp949"), None, "meta", '<meta charset="euc-kr">' + KOREAN),
    "nothing but valid UTF-8": (FRENCH.encode(), None, "utf8_valid", FRENCH),
    "UTF-8 that calls itself Latin-1": (
        b"<meta charset=iso-8859-1>" + FRENCH.encode(),
        None,
        "utf8_valid",
        "<meta charset=iso-8859-1>" + FRENCH,
    ),
    "nothing, in Cyrillic": (RUSSIAN.encode("cp1251"), None, "detected", RUSSIAN),
    "an unknown charset": (b"<meta charset=klingon>" + FRENCH.encode(), None, "utf8_valid", None),
}


@pytest.mark.parametrize("name", CASES)
def test_the_charset_comes_from_the_best_evidence(name: str) -> None:
    content, header, source, text = CASES[name]
    decoded = decode(content, header)
    assert decoded.source == source
    if text is not None:
        assert decoded.text == text


def test_a_truncated_last_character_costs_only_itself() -> None:
    decoded = decode(FRENCH.encode()[:-1] + "é".encode()[:1])
    assert decoded.text.startswith(FRENCH[:-1])
    assert decoded.encoding == "utf-8"


@examples
@given(st.binary(max_size=400), st.sampled_from([None, "text/html; charset=utf-16", "text/html; charset=gb2312"]))
def test_no_bytes_raise(content: bytes, header: str | None) -> None:
    assert isinstance(decode(content, header).text, str)


CHINESE = "<title>渡轮下周复航</title><p>渡轮将在下周复航，票价不变，船员和居民都很高兴，一切都准备好了。</p>" * 4


@pytest.mark.parametrize(
    "content",
    [
        CHINESE.encode("gb2312"),
        CHINESE.encode("gb2312").replace("票".encode("gb2312"), b"\xc6", 1),  # half a character
        CHINESE.encode("gb2312").replace("船".encode("gb2312"), b"\xff\xff"),
        b"<meta charset=iso-8859-1>" + CHINESE.encode("gb2312"),
        b"<meta charset=utf-8>" + CHINESE.encode("gb2312"),
    ],
    ids=["undeclared", "half a character", "wrong bytes", "called Latin", "called UTF-8"],
)
def test_chinese_pages_in_gb_are_recognised_without_a_correct_declaration(content: bytes) -> None:
    decoded = decode(content)
    assert decoded.encoding == "gb18030"
    assert "居民都很高兴" in decoded.text


JAPANESE = "渡し船は来週から再び運航する。運賃は変わらず、島の人たちは待合室で切符を買うことができる。" * 4


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (CHINESE.replace("轮", "輪").replace("复", "復").replace("价", "價").replace("变", "變"), "big5"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (KOREAN, "euc_kr"),
    ],
)
def test_damaged_pages_in_other_charsets_of_east_asia_are_recognised(text: str, charset: str) -> None:
    content = text.encode(charset, "ignore")
    half = len(content) // 2
    decoded = decode(content[:half] + b"\xff\xa0" + content[half + 1 :])
    assert content[-40:].decode(charset, "ignore")[-10:] == decoded.text[-10:]


def test_french_that_is_called_latin_stays_latin() -> None:
    assert decode(b"<meta charset=iso-8859-1>" + (FRENCH * 5).encode("cp1252")).encoding == "cp1252"


def test_a_page_that_says_utf_8_and_has_none_is_read_as_windows_1252() -> None:
    page = "<meta charset=utf-8><p>Dát is waar – zegt de bakker. " + "Every loaf is baked before six. " * 60
    decoded = decode(page.encode("cp1252"))
    assert (decoded.text, decoded.encoding, decoded.source) == (page, "cp1252", "fallback")


def test_a_utf_8_page_with_one_byte_of_another_charset_stays_utf_8() -> None:
    page = "<meta charset=utf-8><p>Größe, Maß und Küche. " + "Every loaf is baked before six. " * 60
    decoded = decode(page.encode() + b"K\xfcchen")
    assert decoded.text == page + "K\ufffdchen"
    assert decoded.encoding == "utf-8"
