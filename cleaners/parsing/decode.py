"""Bytes to text, with the evidence that chose the charset. Never raises on any input."""

from __future__ import annotations

import re

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

from cleaners.page import CharsetSource, Decoded
from cleaners.words.surrogates import encodable

# A non-UTF-8 text that happens to be valid UTF-8 is already unlikely with one multi-byte sequence
# and practically impossible with three (each multiplies the odds by about 1/30 in Windows-1252 prose).
_UTF8_SEQUENCES = 3
# Share of replacement characters above which a declared charset is not believed.
_WRONG_CHARSET_SHARE = 0.005
# Sound multi-byte sequences that outweigh a damaged one (a page cut off, two charsets in one page).
_SOUND_SEQUENCES = 3
# Detection looks at this many bytes at most: its cost grows with length, its answer does not improve.
_DETECT_BYTES = 32_768

# Common characters of Chinese, Japanese and Korean: a tenth and more of a text, rare by chance in other charsets. The
# charset in which they are the largest share of the pairs of high bytes is the page's, if pairs and share suffice.
_SIGNS = {
    "gb18030": tuple(sign.encode("gb18030") for sign in "，的了在是不一有和中国人"),
    "big5": tuple(sign.encode("big5") for sign in "，的了在是不一有和中國人"),
    "euc_jp": tuple(sign.encode("euc_jp") for sign in "、。のにはをたがでと"),
    "shift_jis": tuple(sign.encode("shift_jis") for sign in "、。のにはをたがでと"),
    "euc_kr": tuple(sign.encode("euc_kr") for sign in "이다는을에가의고하지"),
}
_SIGN_SHARE = 0.03
_LEAST_PAIRS = 12

_HIGH_PAIR = re.compile(rb"[\x81-\xfe][\x40-\xfe]")
_HIGH = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")


def decode(content: bytes | str, content_type: str | None = None) -> Decoded:
    """Decode a page in the order of the HTML standard: BOM, HTTP, meta, then the bytes themselves.

    One exception: bytes that are valid UTF-8 with several multi-byte sequences are UTF-8 whatever was declared.
    Source: https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding
    """
    if isinstance(content, str):
        # Parsers refuse surrogates, and UTF-8 files cannot hold them.
        return Decoded(encodable(content), "str", "given")
    return _by_bom(content) or _by_nul_pattern(content) or _by_declaration(content, content_type)


def _by_bom(content: bytes) -> Decoded | None:
    encoding, bom = read_bom(content)
    if not encoding or bom is None:
        return None
    return _read(content[len(bom) :], encoding, "bom")


def _by_nul_pattern(content: bytes) -> Decoded | None:
    """UTF-16 without a BOM: in Western text every second byte is NUL."""
    head = content[:512]
    if head.count(0) < len(head) * 0.3 or len(head) < 8:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if min(even, odd) > max(even, odd) * 0.1:
        return None
    return _read(content, "utf-16-le" if odd > even else "utf-16-be", "nul_pattern")


def _by_declaration(content: bytes, content_type: str | None) -> Decoded:
    http = http_content_type_encoding(content_type)
    meta = None if http else html_body_declared_encoding(content[:4096])
    declared: str | None = http or meta
    source: CharsetSource = "http" if http else "meta"
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _declared_or_detected(content, declared, source)
    valid = Decoded(text, "utf-8", "utf8_valid", utf8=None if b"\0" in content else content)
    if not declared:
        return valid
    if resolve_encoding(declared) == "utf-8":
        return valid._replace(source=source)
    certain = _multibyte_sequences(content) >= _UTF8_SEQUENCES or content.isascii()
    # ISO-2022-JP is ASCII bytes with escapes, so the bytes look like ASCII: trust the declaration.
    if certain and b"\x1b" not in content:
        return valid
    return _read(content, declared, source) or valid


def _declared_or_detected(content: bytes, declared: str | None, source: CharsetSource) -> Decoded:
    if declared:
        found = _read(content, declared, source)
        if found and found.damaged <= len(found.text) * _WRONG_CHARSET_SHARE and not _is_gb_as_latin(found, content):
            # A page that says UTF-8 and has not one sound sequence is older text under a newer template.
            is_utf8 = found.encoding != "utf-8" or _multibyte_sequences(content)
            return found if is_utf8 else _fallback(content)
    mostly_utf8 = _read(content, "utf-8", "utf8_valid")
    if mostly_utf8 and mostly_utf8.damaged * _SOUND_SEQUENCES <= _multibyte_sequences(content):
        return mostly_utf8
    return _detected(content)


def _detected(content: bytes) -> Decoded:
    lines = _telling_lines(content)
    if (wide := _wide_charset(lines)) and (found := _read(content, wide, "detected")):
        return found
    best = from_bytes(lines[:_DETECT_BYTES]).best()
    found = _read(content, best.encoding, "detected") if best else None
    return found or _fallback(content)


def _fallback(content: bytes) -> Decoded:
    """The text in Windows-1252, the web's charset for Western pages that do not say theirs."""
    return Decoded(content.decode("cp1252", "replace"), "cp1252", "fallback")


def _telling_lines(content: bytes) -> bytes:
    """The lines that hold more than ASCII: markup is ASCII and drowns the evidence."""
    return b"\n".join(line[:2000] for line in content.split(b"\n") if not line.isascii())


def _is_gb_as_latin(found: Decoded, content: bytes) -> bool:
    """Whether a page says that it is Latin but is Chinese: nearly every byte is a letter in Windows-1252."""
    if found.encoding != "cp1252":
        return False
    lines = _telling_lines(content)
    head = lines[:_DETECT_BYTES]  # most pages in Latin hold none of the signs, and are asked no more
    return any(sign in head for sign in _SIGNS["gb18030"]) and _wide_charset(lines) == "gb18030"


def _wide_charset(lines: bytes) -> str:
    """The charset in which lines look like Chinese, Japanese or Korean text, even with wrong bytes; "" if in none."""
    head = lines[:_DETECT_BYTES]
    pairs = len(_HIGH_PAIR.findall(head))
    if pairs < _LEAST_PAIRS:
        return ""
    shares = {charset: sum(map(head.count, signs)) for charset, signs in _SIGNS.items()}
    best = max(shares, key=lambda charset: shares[charset])
    return best if shares[best] >= pairs * _SIGN_SHARE else ""


def _read(content: bytes, label: str, source: CharsetSource) -> Decoded | None:
    encoding = resolve_encoding(label)
    if not encoding:
        return None
    try:
        text = content.decode(encoding, "replace")
    except (LookupError, UnicodeError, ValueError):
        return None
    return Decoded(text, encoding, source, text.count("\ufffd"))


def _multibyte_sequences(content: bytes) -> int:
    return sum(1 for _ in _HIGH.finditer(content[:_DETECT_BYTES])) or sum(1 for _ in _HIGH.finditer(content))
