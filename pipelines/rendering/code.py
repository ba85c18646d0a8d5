"""Reads the text of code exactly as the page has it, and the language that the page states for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from cleaners.document import Block
from cleaners.tree import Tree

_NO_TEXT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\ufeff]")
# How highlighters write the language: Prism and HTML's own advice (language-x, lang-x), GitHub (highlight-source-x),
# Sphinx and Jekyll (highlight-x), SyntaxHighlighter (brush: x), Pandoc (sourceCode x).
_CLASS: Final = re.compile(
    r"(?:^|\s)(?:lang(?:uage)?-|highlight-(?:source-|text-)?|brush:\s*|(?:sourceCode|prettyprint|hljs)\s+(?:lang-)?)"
    r"([\w+#.-]{1,30})(?=$|[\s;])",
    re.IGNORECASE,
)
_ATTRIBUTES: Final = ("data-lang", "data-language", "lang-code")
_NO_LANGUAGE: Final = frozenset(("none", "plaintext", "text", "plain", "default", "nohighlight", "source", "wrapper"))
_AROUND: Final = 3  # how many elements around <pre> may be a highlighter's


def code_text(tree: Tree, lines: Sequence[tuple[Block, bool]]) -> str:
    """The text of the blocks of one <pre>, with line breaks and indentation, without blank lines around it.

    lines  the blocks, each with whether it is whole: a block with cuts loses its white space
    """
    text = ""
    for at, (block, is_whole) in enumerate(lines):
        joint = "\n\n" if at and _is_apart(lines[at - 1][0], block) else "\n" if at else ""
        raw = "".join([tree.run_text[run] for run in block.runs]) if is_whole and block.runs else block.text
        text += joint + raw.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    text = _NO_TEXT.sub("", text.replace("\xa0", " "))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def _is_apart(before: Block, block: Block) -> bool:
    """Whether two line breaks lie between two blocks: both are in one element, and none continues the other."""
    return before.element == block.element and not block.continues


def code_language(tree: Tree, pre: int) -> str | None:
    """The language that a <pre>, the <code> in it or a highlighter's element around it names; None for plain text."""
    inside = [e for e in range(pre + 1, min(tree.ends[pre], pre + 3)) if tree.tags[e] == "code"]
    around = list(tree.ancestors(tree.parents[pre]))[:_AROUND]
    for element in (pre, *inside, *around):
        attributes = tree.attributes[element]
        stated = next((attributes[name] for name in _ATTRIBUTES if attributes.get(name)), None)
        hit = None if stated else _CLASS.search(attributes.get("class") or "")
        language = (stated or (hit[1] if hit else "")).strip().lower()
        if language and re.fullmatch(r"[\w+#.-]{1,30}", language):
            return None if language in _NO_LANGUAGE else language
    return None
