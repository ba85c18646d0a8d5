"""Cuts out of headings and terms what is a control: the sign that links to the heading itself, and links to edit it.

Manuals and wikis put such a sign or word beside each of their headings, and many show it only under the pointer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

from cleaners.document import Block, CleanerResult, Document, Mark
from cleaners.options import CleanOptions
from cleaners.tree import HEADING_TAGS, Tree
from cleaners.words.scripts import one_line

REASON: Final = "page_tools"
# Elements that get a control: headings, terms of a manual, and captions.
_HEADED: Final = (*HEADING_TAGS, "dt", "figcaption", "caption")
# How many blocks of such an element are read; one with more is no heading.
_LINES: Final = 3
# What a link to the heading itself says: Sphinx, MkDocs and Docusaurus, GitHub, AsciiDoc, man7.org, texinfo.
_SIGNS: Final = frozenset(
    ("", "¶", "#", "§", "🔗", "∞", "†", "⚓", "permalink", "anchor", "link", "direct link", "top", "back to top")
)
# What MediaWiki and its like say in a link to the editor: in English, German, French, Spanish, Italian, and more.
_EDIT: Final = frozenset(
    (
        "edit", "edit source", "edit section", "bearbeiten", "quelltext bearbeiten", "modifier", "modifier le code",
        "editar", "editar código", "editar a fonte", "modifica", "modifica wikitesto", "bewerken", "brontekst bewerken",
        "править", "править код", "edytuj", "edytuj kod", "編集", "编辑", "編輯", "redigera", "redigera wikitext",
    )
)  # fmt: skip
_EDIT_CLASS: Final = "editsection"
# Around the links to the editor.
_AROUND: Final = " []|·\u200b\u2060\ufeff"


def cut_heading_links(document: Document, marks: Sequence[Mark], options: CleanOptions) -> CleanerResult:
    """Cut links to the heading itself and to its editor; drop the blocks that are nothing else."""
    tree = document.tree
    if tree is None:
        return CleanerResult()
    elements = (element for tag in _HEADED for element in tree.all(tag))
    spans = ((tree.first_block[e], min(tree.last_block[e], tree.first_block[e] + _LINES)) for e in elements)
    blocks = (document.blocks[i] for i in sorted({i for first, last in spans for i in range(first, last)}))
    return CleanerResult([mark for block in blocks if block.link_chars for mark in _marks(tree, block)])


def _marks(tree: Tree, block: Block) -> Iterator[Mark]:
    """The cut at the end of a heading, else the cut at its start; a drop if there is no more text."""
    size = len(block.text)
    for runs, at_end in ((block.runs[::-1], True), (block.runs, False)):
        link = _link_of(tree, runs[0], block)
        if link < 0 or not _may_be_control(address := tree.get(link, "href")):
            continue
        said = one_line("".join([tree.run_text[run] for run in block.runs if _link_of(tree, run, block) == link]))
        if not said or not _is_control(said, address):
            continue
        if said == block.text:
            yield Mark(block.index, "drop", REASON, f"only a link: “{said}”")
        elif block.text.endswith(said) if at_end else block.text.startswith(said):
            start, end = (size - len(said), size) if at_end else (0, len(said))
            yield Mark(block.index, "cut", REASON, f"a link beside a heading: “{said}”", start, end)
        return


def _link_of(tree: Tree, run: int, block: Block) -> int:
    """The outermost link, or box of links to the editor, around a run of a heading's text; -1 if there is none."""
    inline = takewhile(lambda element: element != block.element, tree.ancestors(tree.run_element[run]))
    boxes = [element for element in inline if tree.tags[element] == "a" or _EDIT_CLASS in tree.classes(element)]
    return boxes[-1] if boxes else -1


def _may_be_control(address: str) -> bool:
    """Whether a link can lead to the heading itself or to its editor: most links of headings lead to articles."""
    return not address or "#" in address or "edit" in address


def _is_control(said: str, address: str) -> bool:
    """Whether this is what a link to the heading itself says, or a link to its editor."""
    if said.strip(_AROUND).lower() in _SIGNS:
        return not address or "#" in address
    return (not address or "edit" in address) and all(word.strip(_AROUND).lower() in _EDIT for word in said.split("|"))
