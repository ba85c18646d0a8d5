"""Names after the labels of Chinese, Japanese and Korean bylines: 作者：, 记者 …, 文/, 责任编辑, 来源, … 기자."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

from cleaners.words.scripts import CJK
from pipelines.evidence.page.terms import is_wide
from pipelines.evidence.page.words import words

_CHARACTERS: Final = "々" + CJK  # the characters of names
# The role that a label gives to the names behind it, longest label first: 责任编辑 before 编辑.
KINDS: Final = ("writer", "edit", "source", "photo")
_LABELS: Final = {
    "writer": "特约记者 见习记者 通讯员 评论员 作者 记者 記者 撰文 撰稿 采写 编译 文字 文/图 图/文 文".split()
    + "执笔 執筆 筆者 著者 取材 ライター".split(),
    "edit": "责任编辑 責任編輯 責任編集 值班编辑 编辑 責编 责编 編輯 編集".split(),
    "source": "文章来源 本文来源 信息来源 来源于 来源 來源 稿源 出处 出典".split(),
    "photo": "图片来源 摄影 攝影 撮影 摄 图 翻訳者 翻译 校对 审核 监制".split(),
}  # fmt: skip
_KIND_OF: Final = {label: kind for kind, labels in _LABELS.items() for label in labels}
_SHORT: Final = frozenset("文摄图")  # a label of one character is one only before a sign
_MARK: Final = r"\s*[：:/／|｜丨┃＝=]\s*"
_LABEL: Final = re.compile(
    rf"(?P<label>{'|'.join(sorted(_KIND_OF, key=len, reverse=True))})(?P<mark>{_MARK}|\s+(?=\S)|)"
)
LABELS_AT: Final = re.compile(f"{'|'.join(sorted(_KIND_OF, key=len, reverse=True))}|기자|특파원|논설위원")
_KOREAN: Final = re.compile(r"(?P<name>[가-힣]{2,4})\s?(?:인턴|선임|수습|객원)?\s?(?:기자|특파원|논설위원)(?![가-힣])")
_SEGMENT_CHARS: Final = 60
_TOKEN: Final = re.compile(
    rf"[A-Za-zÀ-ÿ][\w.'’-]*(?:\s[A-ZÀ-Þ][\w.'’-]*){{0,3}}|[{_CHARACTERS}]+(?:[·・•][{_CHARACTERS}]+)*"
)
_BETWEEN: Final = re.compile(r"[\s、，,;；&＆/／和與与]*")  # what may separate two names
_END: Final = re.compile(r"[。！？|｜_＿(（)）\]】\[【<>]|\s{2,}|\d")
_NAME_CHARS: Final = 12
_JAPANESE_PART: Final = re.compile(rf"[{_CHARACTERS}]{{1,3}}$")
_ENDINGS: Final = tuple(
    "网 社 报 報 台 局 部 院 会 會 公司 中心 频道 杂志 周刊 在线 客户端 支部 委 厅 办 集团 银行 大学 学院".split()
    + "工作室 新闻 新聞 通信 放送 编辑部 編集部 网站 门户 财经 日报 晚报 发布 传媒 科技 政府 快讯 观察 时报".split()
)


class WideNames(NamedTuple):
    """The names behind one label, their role by the label, and where the label begins in the text."""

    kind: str
    names: list[str]
    start: int


def wide_names(text: str) -> list[WideNames]:
    """The names behind each label of a short text, in reading order.

    >>> [(found.kind, found.names) for found in wide_names("来源：港口日报 作者：王小明、李华 责任编辑：周洁_N12")]
    [('source', ['港口日报']), ('writer', ['王小明', '李华']), ('edit', ['周洁'])]
    >>> wide_names("记者了解到，渡轮将复航"), wide_names("港口时报刊文：渡轮将复航")
    ([], [])
    """
    korean = [WideNames("writer", [hit["name"]], hit.start()) for hit in _KOREAN.finditer(text)]
    if korean:
        return [WideNames("writer", [name for found in korean for name in found.names], korean[0].start)]
    hits = [hit for hit in _LABEL.finditer(text) if _is_label(hit)]
    found: list[WideNames] = []
    for place, hit in enumerate(hits):
        stop = hits[place + 1].start() if place + 1 < len(hits) else len(text)
        if place + 1 < len(hits) and _runs_into_label(text[hit.end() : stop]):
            continue
        segment = text[hit.end() : min(stop, hit.end() + _SEGMENT_CHARS)]
        names = _names(segment, is_marked=bool(hit["mark"].strip()))
        if names:
            is_photo = stop < len(text) and text[stop] in "摄攝撮"
            found.append(WideNames("photo" if is_photo else _KIND_OF[hit["label"]], names, hit.start()))
    return found


def _is_label(hit: re.Match[str]) -> bool:
    before = hit.string[max(0, hit.start() - 1) : hit.start()]
    if hit["label"] in _SHORT and before.isalpha() and is_wide(before):
        return False  # the end of another word: 晚报刊文：…
    return (
        hit["label"] not in _SHORT
        or bool(hit["mark"].strip())
        or (hit["label"] == "摄" and hit.end() == len(hit.string))
    )


def best_names(text: str) -> list[str] | None:
    """The names of the label that says most of authorship, [] if labels name nobody; None if the text has no label."""
    found = wide_names(text)
    if not found:
        return [] if any(hit["mark"].strip() for hit in _LABEL.finditer(text)) else None
    best = min((one.kind for one in found), key=KINDS.index)
    return [] if best == "photo" else names_of_kind(found, best)


def names_of_kind(found: Iterable[WideNames], kind: str) -> list[str]:
    """The names behind all labels of one kind, each once."""
    return list(dict.fromkeys(name for one in found if one.kind == kind for name in one.names))


def is_wide_organisation(name: str) -> bool:
    """Whether a Chinese or Japanese name ends like that of a paper, an office or a company."""
    return is_wide(name) and name.endswith(_ENDINGS) and not is_wide_person(name)


def is_wide_person(name: str) -> bool:
    """Whether a name reads like a person's: a Chinese one of two to four characters, or a Japanese one in two parts."""
    first, _, last = name.partition(" ")
    if last:
        return _nobody().isdisjoint((first, last)) and bool(_JAPANESE_PART.match(first) and _JAPANESE_PART.match(last))
    if not 2 <= len(name) <= 4 or name[0] not in _surnames():
        return False
    return len(name) < 4 or not name.endswith(_ENDINGS)


def _runs_into_label(segment: str) -> bool:
    """Whether the text before the next label belongs to that label: 采写：南都见习记者 林子沛."""
    return bool(segment) and not segment[-1].isspace() and segment[-1] not in "、，,;；|｜/／)）】]"


def _names(segment: str, is_marked: bool) -> list[str]:
    end = _END.search(segment)
    segment = segment[: end.start()] if end else segment
    found: list[str] = []
    at = 0
    for token in _TOKEN.finditer(segment):
        between = segment[at : token.start()]
        if is_marked and between.isspace() and _is_given_name(token[0], found):
            found = [f"{found[0]} {token[0]}"]
        elif _BETWEEN.fullmatch(between) and _is_name(token[0], is_marked and (not found or bool(between.strip()))):
            found.append(token[0])
        else:
            break
        at = token.end()
    return [name for name in found if name not in _nobody()]


def _is_name(token: str, is_marked: bool) -> bool:
    """Whether a token can be a name: anything short behind a sign, else what reads like a name."""
    if is_marked:
        return len(token) <= (_NAME_CHARS if is_wide(token) else _SEGMENT_CHARS)
    return is_wide_person(token) if is_wide(token) else token[0].isupper()


def _is_given_name(token: str, before: list[str]) -> bool:
    """Whether a token is the given name of a Japanese person whose family name is before it."""
    if len(before) != 1 or not all(map(_JAPANESE_PART.match, (before[0], token))):
        return False
    return before[0][0] not in _surnames() and not before[0].endswith(_ENDINGS) and token not in _nobody()


@cache
def _surnames() -> frozenset[str]:
    return frozenset("".join(words("name")["surnames"]))


@cache
def _nobody() -> frozenset[str]:
    return frozenset(words("byline")["interface"])
