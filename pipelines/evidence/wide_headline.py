"""The headline of a Chinese page that marks none: the block above the line with its day and its source."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from cleaners.document import Block, Document
from pipelines.evidence.page.terms import is_wide

_LINE_CHARS: Final = 80
_SHORTEST_CHARS: Final = 8  # a shorter block is the name of a section
_DATE_LINE: Final = re.compile(  # 发布时间：2019-05-18, 2019年05月18日 来源：…
    r"(?:时间|日期|時間)\s?[:：]\s?(?:19|20)\d\d\D|^\W*(?:19|20)\d\d[-./年]\d\d?[-./月]\d\d?.{0,20}(?:来源|來源|作者)"
)


def above_date_line(document: Document) -> Block | None:
    """The first block that is above a line with a day and a source, if it is no link and can be a headline."""
    if not document.tree or not is_wide(document.tree.title):
        return None
    for above, line in pairwise(document.blocks):
        if _can_be_headline(above) and _DATE_LINE.search(line.text[:_LINE_CHARS]):
            return above
    return None


def _can_be_headline(block: Block) -> bool:
    return _SHORTEST_CHARS <= len(block.text) <= _LINE_CHARS and block.link_chars * 2 < len(block.text)
