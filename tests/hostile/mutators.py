"""Twenty ways to damage a page. Each is a function of the bytes, a random generator and the bytes it may add."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from random import Random
from typing import Any, Final, NamedTuple

from tests.hostile.corpus import seeds
from tests.hostile.pieces import (
    ADDRESSES,
    CHARSETS,
    CONTROLS,
    DATES,
    ENTITIES,
    LABELS,
    OPENINGS,
    STRANGE,
    TYPES,
)

_TAG: Final = re.compile(rb"<[a-zA-Z][^>]{0,200}>")


class Mutator(NamedTuple):
    """One way to damage a page: its name and its function."""

    name: str
    spoil: Callable[[bytes, Random, int], bytes]


def _place(content: bytes, chance: Random) -> int:
    return chance.randint(0, len(content))


def _slice(content: bytes, chance: Random, most: int = 2_000) -> tuple[int, int]:
    start = _place(content, chance)
    return start, min(len(content), start + chance.randint(1, most))


def _after_tag(content: bytes, chance: Random) -> int:
    places = [hit.end() for hit in _TAG.finditer(content)]
    return chance.choice(places) if places else _place(content, chance)


def _inserted(content: bytes, at: int, piece: bytes) -> bytes:
    return content[:at] + piece + content[at:]


def _times(piece: bytes, chance: Random, room: int) -> bytes:
    """The piece repeated: once, a few times, or as often as it fits."""
    most = max(1, room // max(1, len(piece)))
    return piece * chance.choice((1, min(7, most), chance.randint(1, most), most))


def flip_bits(content: bytes, chance: Random, room: int) -> bytes:
    spoiled = bytearray(content)
    for _ in range(chance.randint(1, 1 + len(spoiled) // 50)):
        if spoiled:
            spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
    return bytes(spoiled)


def cut_off(content: bytes, chance: Random, room: int) -> bytes:
    start, end = sorted((_place(content, chance), _place(content, chance)))
    return chance.choice((content[:end], content[start:], content[start:end]))


def drop_slices(content: bytes, chance: Random, room: int) -> bytes:
    for _ in range(chance.randint(1, 6)):
        start, end = _slice(content, chance, 300)
        content = content[:start] + content[end:]
    return content


def repeat_slice(content: bytes, chance: Random, room: int) -> bytes:
    start, end = _slice(content, chance, chance.choice((3, 40, 600)))
    return content[:start] + _times(content[start:end], chance, room) + content[end:]


def swap_slices(content: bytes, chance: Random, room: int) -> bytes:
    one, two, three = sorted(_place(content, chance) for _ in range(3))
    return content[:one] + content[two:three] + content[one:two] + content[three:]


def splice_pages(content: bytes, chance: Random, room: int) -> bytes:
    other = chance.choice(seeds()).content
    return content[: _place(content, chance)] + other[_place(other, chance) :]


def add_controls(content: bytes, chance: Random, room: int) -> bytes:
    for _ in range(chance.randint(1, 30)):
        content = _inserted(content, _place(content, chance), chance.choice(CONTROLS))
    return content


def add_strange_characters(content: bytes, chance: Random, room: int) -> bytes:
    for _ in range(chance.randint(1, 10)):
        piece = _times(chance.choice(STRANGE), chance, min(room, 300))
        content = _inserted(content, _place(content, chance), piece)
    return content


def recode(content: bytes, chance: Random, room: int) -> bytes:
    text = content.decode("utf-8", "replace")
    return text.encode(
        chance.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "shift_jis", "gb18030", "utf-7")), "xmlcharrefreplace"
    )


def declare_charset(content: bytes, chance: Random, room: int) -> bytes:
    name = chance.choice(CHARSETS)
    form = chance.choice(
        (
            b'<meta charset="%s">',
            b"<meta http-equiv=content-type content='text/html; charset=%s'>",
            b'<?xml version="1.0" encoding="%s"?>',
        )
    )
    return form % name + content


def nest_deeply(content: bytes, chance: Random, room: int) -> bytes:
    return _inserted(content, _after_tag(content, chance), _times(chance.choice(OPENINGS), chance, room))


def break_tags(content: bytes, chance: Random, room: int) -> bytes:
    places = [hit.start() for hit in re.finditer(rb"[<>/\"'=&]", content)] or [0]
    for _ in range(chance.randint(1, 30)):
        at = chance.choice(places)
        content = content[:at] + chance.choice((b"", b"<", b">", b'"', b"</", b"<!--", b"\x00")) + content[at + 1 :]
    return content


def stretch_attribute(content: bytes, chance: Random, room: int) -> bytes:
    name = chance.choice(
        (b"class", b"id", b"style", b"href", b"datetime", b"content", b"alt", b"src", b"srcset", b"title")
    )
    value = _times(
        chance.choice((b"a", b"share-bar ", b"x;", b"/", b"1", b"%20", b"-", b"\xc3\xa9", b", a.jpg 2w")), chance, room
    )
    return _inserted(content, _after_tag(content, chance), b'<div %s="%s">' % (name, value))


def add_attributes(content: bytes, chance: Random, room: int) -> bytes:
    many = b" ".join(b"data-%d=%d" % (n, n) for n in range(chance.randint(1, max(2, room // 12))))
    return _inserted(content, _after_tag(content, chance), b"<p %s>" % many)


def state_dates(content: bytes, chance: Random, room: int) -> bytes:
    day = chance.choice(DATES)
    form = chance.choice((
        b'<meta property="article:published_time" content="%s">',
        b'<time datetime="%s" itemprop="datePublished">when</time>',
        b"<p>Published %s by Ada Quill</p>",
        b"%s\n",
        b'<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"%s"}</script>',
        b'<meta name="last-modified" content="%s"><link rel=canonical href="/2024/13/45/%s">',
    ))  # fmt: skip
    return _inserted(content, _after_tag(content, chance), form.replace(b"%s", day))


def state_json(content: bytes, chance: Random, room: int) -> bytes:
    value = _json_value(chance, 4)
    text = json.dumps({"@context": "https://schema.org", **value} if isinstance(value, dict) else value).encode()
    odd = (
        text,
        b"[" * min(room, 60_000),
        text[: _place(text, chance)],
        text.replace(b":", b"::"),
        b'{"a":1e999, "b":' + text + b"}",
    )
    kind = chance.choice((b"application/ld+json", b"application/json", b"application/ld+json; charset=x"))
    return _inserted(
        content, _after_tag(content, chance), b'<script type="%s">%s</script>' % (kind, chance.choice(odd))
    )


def _json_value(chance: Random, depth: int) -> Any:
    if depth and chance.random() < 0.75:
        if chance.random() < 0.25:
            return [_json_value(chance, depth - 1) for _ in range(chance.randint(0, 3))]
        names = chance.sample(sorted(TYPES), chance.randint(1, 8))
        return {
            name: chance.choice(TYPES[name]) if chance.random() < 0.4 else _json_value(chance, depth - 1)
            for name in names
        }
    plain: tuple[Any, ...] = (
        None,
        True,
        -1,
        0,
        1e300,
        10**40,
        "",
        "\x00",
        "\ud800",
        "a" * 300,
        "2024-05-03",
        "https://[::1/a",
        {},
        [],
        [[]],
    )
    return chance.choice(plain)


def state_addresses(content: bytes, chance: Random, room: int) -> bytes:
    form = chance.choice((
        b'<link rel="canonical" href="%s">', b'<base href="%s">', b'<meta property="og:url" content="%s">',
        b'<a href="%s">Home</a>', b'<img src="%s" srcset="%s 2x">', b'<link rel="next" href="%s">',
        b'<meta property="og:image" content="%s">', b'<link rel="amphtml" href="%s">',
    ))  # fmt: skip
    return _inserted(content, _after_tag(content, chance), form.replace(b"%s", chance.choice(ADDRESSES)))


def confuse_parser(content: bytes, chance: Random, room: int) -> bytes:
    openings = (
        b"<!--", b"<![CDATA[", b"<script>", b"<style>", b"<plaintext>", b"<xmp>", b"<template>", b"<textarea>",
        b"<title>",
        b"<svg><foreignObject><p>", b"<math><annotation-xml encoding='text/html'><p>", b"<noscript><", b"</p></html>",
        b"<?php echo '>' ?>",
        b"<!doctype x [<!ENTITY a '&b;'>]>", b"<frameset>", b"<table><p>", b"<select><option><div>", b"--!>",
        b"<a><a><a>", b"<form><form>",
    )  # fmt: skip
    return _inserted(content, _after_tag(content, chance), _times(chance.choice(openings), chance, min(room, 20_000)))


def add_entities(content: bytes, chance: Random, room: int) -> bytes:
    return _inserted(
        content, _after_tag(content, chance), b"<p>" + _times(chance.choice(ENTITIES), chance, room) + b"</p>"
    )


def repeat_label(content: bytes, chance: Random, room: int) -> bytes:
    label, gap = chance.choice(LABELS), chance.choice((b"", b" ", b"\n", b"<br>", b" | ", b"</p><p>", b"\t"))
    return _inserted(content, _after_tag(content, chance), _times(label + gap, chance, room))


def add_metadata(content: bytes, chance: Random, room: int) -> bytes:
    names = (
        b"og:title",
        b"author",
        b"description",
        b"keywords",
        b"og:type",
        b"robots",
        b"og:locale",
        b"article:tag",
        b"viewport",
    )
    rows = b"".join(
        b'<meta name="%s" property="%s" content="%s">'
        % (name, name, chance.choice((*DATES, *ADDRESSES, *LABELS, *STRANGE)).replace(b'"', b""))
        for name in (chance.choice(names) for _ in range(chance.randint(1, max(2, min(200, room // 60)))))
    )
    return chance.choice((rows + content, content + rows, b"<head>" + rows + b"</head>" + content))


MUTATORS: Final[tuple[Mutator, ...]] = (
    Mutator("bits flipped", flip_bits),
    Mutator("cut off", cut_off),
    Mutator("slices dropped", drop_slices),
    Mutator("a slice repeated", repeat_slice),
    Mutator("slices swapped", swap_slices),
    Mutator("two pages spliced", splice_pages),
    Mutator("control characters", add_controls),
    Mutator("strange characters", add_strange_characters),
    Mutator("another charset", recode),
    Mutator("a wrong charset declared", declare_charset),
    Mutator("deep nesting", nest_deeply),
    Mutator("broken tags", break_tags),
    Mutator("a long attribute", stretch_attribute),
    Mutator("many attributes", add_attributes),
    Mutator("impossible dates", state_dates),
    Mutator("wrong types in JSON", state_json),
    Mutator("impossible addresses", state_addresses),
    Mutator("what confuses parsers", confuse_parser),
    Mutator("entities", add_entities),
    Mutator("labels repeated", repeat_label),
    Mutator("contradicting metadata", add_metadata),
)
