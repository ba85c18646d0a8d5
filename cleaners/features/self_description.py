"""Features from the page's own description for machines: does it repeat a block?"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.features.columns import BlockTexts, Columns
from cleaners.tree import Tree

_ARTICLE_BODY = re.compile(r"\"(?:articleBody|reviewBody|description|text)\"\s*:\s*\"([^\"\\]*(?:\\.[^\"\\]*)*)\"")
_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|<[^>]*>|&\w+;|\W+")
_ESCAPES: Final = ("\\", "<", "&")
_NO_LETTERS = re.compile(r"[^\w\n]+")
_START_CHARS: Final = 60  # a block is looked up in the page's own description by its start
_FEW_CHARS: Final = 5  # a shorter start is found by chance
_STATED_CHARS: Final = 200_000  # characters of JSON-LD, and of descriptions, in which blocks are looked up
_PLANE: Final = 0x10000  # the basic plane's code points
_NOT_ALONE: Final = 0xFFFFFFFF  # a character whose lower case depends on what is around it


def stated_body(columns: Columns, texts: BlockTexts, tree: Tree) -> None:
    """Add whether the page's own description for machines repeats the block; -1 if the page has none."""
    stated = _squeezed(" ".join(_ARTICLE_BODY.findall("\n".join(tree.json_ld)[:_STATED_CHARS])))
    described = " ".join(tree.get(e, "content") for e in tree.all("meta") if _describes(tree, e))
    summary = _squeezed(described[:_STATED_CHARS])
    starts = "\n".join([text[:_START_CHARS] for text in texts.texts]) if stated or summary else ""
    short = [start[:30] for start in _letters(starts).split("\n")]
    for name, text in (("body", stated), ("summary", summary)):
        found = {start for start in set(short) if len(start) > _FEW_CHARS and start in text} if text else set()
        columns.add(f"stated_{name}", np.array([start in found for start in short]) if text else -1.0)
    columns.add("stated_body_chars", np.log1p(len(stated)))


def _describes(tree: Tree, element: int) -> bool:
    return "description" in (tree.get(element, "name") + tree.get(element, "property")).lower()


def _squeezed(text: str) -> str:
    """The text's letters and digits in lower case, without escapes and tags. Linear in its length."""
    if not any(sign in text for sign in _ESCAPES):
        return _letters(text.replace("\n", " "))
    end = text.rfind(">") + 1  # a "<" after the last ">" opens no tag, so nothing after it is searched
    return _ESCAPE.sub("", text[:end] + text[end:].replace("<", " ")).lower()


def _letters(text: str) -> str:
    """Letters and digits in lower case, and line breaks."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    found = _letter_table().take(codes, mode="clip")
    found = found.take(np.flatnonzero(found))
    if (found == _NOT_ALONE).any():
        return _NO_LETTERS.sub("", text).lower()
    return found.tobytes().decode("utf-32-le", "surrogatepass")


@cache
def _letter_table() -> NDArray[np.uint32]:
    """By code point its lower case, 0 for what is left out; the last entry is for all planes above."""
    table = np.zeros(_PLANE + 1, np.uint32)
    for code in range(_PLANE):
        character = chr(code)
        if character.isalnum() or character in "_\n":
            lower = character.lower()
            table[code] = ord(lower) if len(lower) == 1 and character != "Σ" else _NOT_ALONE  # Σ: ς ends a word
    table[_PLANE] = _NOT_ALONE
    return table
