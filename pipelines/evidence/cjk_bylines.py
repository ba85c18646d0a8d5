"""Names beside the labels of Chinese, Japanese and Korean bylines: 作者：, 记者 …, 文/, 责任编辑, 来源, … 기자."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from pipelines.evidence.cjk_labels import KINDS, following_labels, kind_of_label, short_labels
from pipelines.evidence.cjk_names import (
    CHARACTERS,
    is_japanese_part,
    is_japanese_surname,
    is_labelled_person,
    is_nobody,
    is_surname,
    is_wide_organisation,
    is_wide_person,
)
from pipelines.evidence.page.terms import is_wide

_OPEN: Final = "（(〔【［\\["
_LONGEST_FIRST: Final = "|".join(sorted(kind_of_label(), key=len, reverse=True))
# The sign between a label and the names: a colon, a slash, a bar, or the bracket that ends 【作者】.
_MARK: Final = r"\s*(?:[：:/／|｜丨┃＝=]|[】\]］](?=\s?\w))\s*"
_LABEL: Final = re.compile(rf"(?P<label>{_LONGEST_FIRST})(?P<mark>{_MARK}|\s+(?=\S)|)")
LABELS_AT: Final = re.compile(f"{_LONGEST_FIRST}|기자|특파원|논설위원|報導|报道|[电電][（(]")
_KOREAN: Final = re.compile(
    r"(?P<names>(?:[가-힣]{2,4}[·,]\s?){0,4}[가-힣]{2,4})\s?(?:인턴|선임|수습|객원|전문|사진)?\s?(?:기자|특파원|논설위원)(?![가-힣])"
)
_SEGMENT_CHARS: Final = 60
_TOKEN: Final = re.compile(
    rf"[A-Za-zÀ-ÿ][\w.'’-]*(?:\s[A-ZÀ-Þ][\w.'’-]*){{0,3}}|[{CHARACTERS}]+(?:[·・•][{CHARACTERS}]+)*"
)
_BETWEEN: Final = re.compile(r"[\s、，,;；&＆/／和與与]*")  # what may separate two names
_END: Final = re.compile(r"[。！？|｜_＿(（)）\]】\[【<>〔〕［］「」《》]|\s{2,}|\d")
_NAME_CHARS: Final = 12
_USER_CHARS: Final = 8  # a longer one that is not a paper or an office is the beginning of a sentence
_SOURCE_CHARS: Final = 20
_LINE_PARTS: Final = re.compile(r"[\s·|｜:：./\-\[\]()（）【】]+|\d+[年月日]?")
# The code of an editor behind the name: 王小明 PN031.
_CODE: Final = re.compile(r"(?<![A-Za-z])[A-Z]{1,5}_?\d{2,}")
# A name of two characters that is set as wide as one of three: 王 明.
_SPACED: Final = re.compile(rf"(?<![{CHARACTERS}])([{CHARACTERS}])[ \u3000]{{1,2}}(?=[{CHARACTERS}](?![{CHARACTERS}]))")
# Names before what they did: 王小明/文, 國際中心／王小明報導, 王小明 摄影报道.
_BEFORE: Final = re.compile(
    rf"(?P<name>[{CHARACTERS}]{{2,4}})(?:\s?[/／]\s?(?:文|撰文|採訪|采写|综合|綜合|整理|編譯|编译)(?![{CHARACTERS}])"
    rf"|(?<=[/／{_OPEN}]...)(?:综合|綜合)?(?:報導|报道|報道|报导)|\s+(?:摄影报道|報導|报道|攝影報導))"
)
# A reporter before the place and the day of a telegram: 記者王小明台北3日電.
_TELEGRAM: Final = re.compile(rf"(?:記者|记者)(?P<name>[{CHARACTERS}]{{3}})[{CHARACTERS}]{{2,4}}(?=\d{{1,2}}日[電电])")
# Names alone in brackets after the place and the day of a telegram: 人民网东港3月2日电（王小明）.
_AFTER_TELEGRAM: Final = re.compile(rf"[电電讯訊]\s?[（(]\s?(?P<names>[{CHARACTERS}\s、，]{{2,24}})[)）]")
# Whoever wrote, behind what they are: （作者系港口大学教授 王小明）.
_AUTHOR_IS: Final = re.compile(
    rf"[（(]\s?作者(?:系|为|是|為)[^（()）]{{2,30}}\s(?P<name>[{CHARACTERS}]{{2,4}})\s?[)）]"
)
# A person and a paper alone in a line: 王小明/港口日报, 港時 王小明.
_WITH_PAPER: Final = re.compile(rf"(?P<name>[{CHARACTERS}]{{2,4}})\s?[/／]\s?(?P<paper>[{CHARACTERS}]{{3,12}})$")
_PAPER_FIRST: Final = re.compile(rf"[{CHARACTERS}]{{2,3}}\s(?P<name>[{CHARACTERS}]{{3}})$")
_SIGNATURE: Final = re.compile(rf"[（(【［\[]\s?(?P<names>[{CHARACTERS}\s、，=＝]{{2,20}})[)）】］\]]\s*$")


class WideNames(NamedTuple):
    """The names beside one label, and their role by the label."""

    kind: str
    names: list[str]


def wide_names(text: str) -> list[WideNames]:
    """The names beside each label of a short text, in reading order.

    >>> [(found.kind, found.names) for found in wide_names("来源：港口日报 作者：王小明、李华 责任编辑：周洁_N12")]
    [('source', ['港口日报']), ('writer', ['王小明', '李华']), ('edit', ['周洁'])]
    >>> wide_names("记者了解到，渡轮将复航"), wide_names("港口时报刊文：渡轮将复航")
    ([], [])
    """
    korean = [name for hit in _KOREAN.finditer(text) for name in re.split(r"[·,]\s?", hit["names"])]
    if korean:
        return [WideNames("writer", korean)]
    text = without_wide_spaces(_CODE.sub("_", text))
    if (author := _AUTHOR_IS.search(text)) and is_labelled_person(author["name"]):
        return [WideNames("writer", [author["name"]])]
    if telegram := _telegram_names(text):
        return [WideNames("writer", telegram)]
    before = [hit["name"] for hit in _BEFORE.finditer(text) if is_labelled_person(hit["name"])]
    found = [WideNames("writer", before)] if before else []
    return found + _behind_labels(text)


def without_wide_spaces(text: str) -> str:
    """The text without the space inside names of two characters, which papers set as wide as others: 王 明."""
    return _SPACED.sub(_joined, text)


def _joined(hit: re.Match[str]) -> str:
    return hit[1] if is_surname(hit[1]) else hit[0]


def _telegram_names(text: str) -> list[str]:
    """The reporters that the beginning of a telegram names without a label, or glued to the place."""
    if hit := _TELEGRAM.search(text):
        return [hit["name"]] if is_labelled_person(hit["name"]) else []
    hit = _AFTER_TELEGRAM.search(text)
    names = re.split(r"[\s、，]+", without_wide_spaces(hit["names"]).strip()) if hit else []
    return names if all(map(is_labelled_person, names)) else []


def signature(text: str) -> list[str]:
    """The people who sign a paragraph, alone in brackets at its end: …。（王小明）"""
    hit = _SIGNATURE.search(text)
    return _people_alone(hit["names"]) if hit else []


def beside_paper(text: str) -> list[str]:
    """The person whom a line names with a paper, and nothing else.

    >>> beside_paper("王小明/港口日报"), beside_paper("港時 王小明"), beside_paper("港口 日报")
    (['王小明'], ['王小明'], [])
    """
    hit = _WITH_PAPER.match(text) or _PAPER_FIRST.match(text)
    if not hit or not is_labelled_person(hit["name"]):
        return []
    paper = hit.groupdict().get("paper")
    return [hit["name"]] if paper is None or is_wide_organisation(paper) else []


def _people_alone(text: str) -> list[str]:
    """The people of a list that names nobody else than people and papers; a Japanese name may have a space."""
    text = without_wide_spaces(text).strip()
    if is_wide_person(text):
        return [text]
    names = re.split(r"[\s、，=＝]+", text)
    people = [name for name in names if is_wide_person(name)]
    return people if all(is_wide_person(name) or is_wide_organisation(name) for name in names) else []


def _behind_labels(text: str) -> list[WideNames]:
    hits = [hit for hit in _LABEL.finditer(text) if _is_label(hit)]
    found: list[WideNames] = []
    carried = ""  # the role of a label that another one specifies: 摄影/本报记者 …
    for place, hit in enumerate(hits):
        after = hits[place + 1] if place + 1 < len(hits) else None
        segment = text[hit.end() : after.start() if after else len(text)]
        kind = carried or kind_of_label()[hit["label"]]
        is_marked = bool(hit["mark"].strip()) and not _is_glued_reporter(hit)
        carried = ""
        if after and _runs_into_label(segment, is_marked):
            carried = "" if kind == "source" else kind
            continue
        names = _names(segment[:_SEGMENT_CHARS], kind, is_marked)
        if names:
            found.append(WideNames("photo" if after and _ends_in_photo(segment, after) else kind, names))
    return found


def _is_label(hit: re.Match[str]) -> bool:
    if hit["label"] not in short_labels():
        return True
    before = hit.string[max(0, hit.start() - 1) : hit.start()]
    if hit["label"] not in following_labels() and before.isalpha() and is_wide(before):
        return False  # the end of another word: 晚报刊文：…
    return bool(hit["mark"].strip()) or (hit["label"] == "摄" and hit.end() == len(hit.string))


def _is_glued_reporter(hit: re.Match[str]) -> bool:
    """Whether other words run into the label of a reporter or a desk, so that a headline may go on behind its sign.

    市民怒斥记者：…
    """
    before = hit.string[max(0, hit.start() - 1) : hit.start()]
    return before.isalpha() and is_wide(before) and hit["label"].endswith(("记者", "記者", *following_labels()))


def best_names(text: str) -> list[str] | None:
    """The names of the label that says most of authorship, [] if labels name nobody; None if the text has no label."""
    found = wide_names(text)
    if not found:
        return [] if any(hit["mark"].strip() for hit in _LABEL.finditer(text) if _is_label(hit)) else None
    best = min((one.kind for one in found), key=KINDS.index)
    return [] if best == "photo" else names_of_kind(found, best)


def names_of_kind(found: Iterable[WideNames], kind: str) -> list[str]:
    """The names beside all labels of one kind, each once."""
    return list(dict.fromkeys(name for one in found if one.kind == kind for name in one.names))


def names_of_line(text: str) -> tuple[list[str], list[str]]:
    """The people, and the last paper or office, that a date line names without labels: 2005-03-12 港口日报 王小明."""
    parts = [part for part in _LINE_PARTS.split(without_wide_spaces(text)) if part and len(part) <= _SOURCE_CHARS]
    parts = [part for part in parts if not is_nobody(part)]
    return [part for part in parts if is_labelled_person(part)], list(filter(is_wide_organisation, parts))[-1:]


def _runs_into_label(segment: str, is_marked: bool) -> bool:
    """Whether the next label says more of this one: 采写：南都见习记者 林子沛, 图/记者 王小明."""
    if not segment:
        return is_marked
    if len(segment) > _NAME_CHARS or _END.search(segment):
        return False
    return not segment[-1].isspace() and segment[-1] not in "、，,;；|｜/／)）】]〕［[【(（■□"


def _ends_in_photo(segment: str, after: re.Match[str]) -> bool:
    """Whether the names took pictures by the label glued behind them, which has no sign of its own: 李华 摄."""
    is_photo = kind_of_label()[after["label"]] == "photo" and after["label"] != "摄影报道"
    return is_photo and not after["mark"].strip() and len(segment.rstrip()) >= len(segment) - 1


def _names(segment: str, kind: str, is_marked: bool) -> list[str]:
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
        elif not found and kind != "source" and _is_employer(token[0]):
            pass  # 作者：港口日报 王小明
        else:
            break
        at = token.end()
    if is_marked and kind != "source" and len(found) > 1 and is_wide_organisation(found[0]):
        found = found[1:]
    return [name for name in found if not is_nobody(name)]


def _is_employer(token: str) -> bool:
    return is_wide(token) and is_wide_organisation(token)


def _is_name(token: str, is_marked: bool) -> bool:
    """Whether a token can be a name: anything short behind a sign, else what reads like a name."""
    if is_marked:
        is_office = is_wide(token) and is_wide_organisation(token)
        return len(token) <= (_NAME_CHARS if is_office else _USER_CHARS if is_wide(token) else _SEGMENT_CHARS)
    return is_labelled_person(token) if is_wide(token) else token[0].isupper() and not token.isupper()


def _is_given_name(token: str, before: list[str]) -> bool:
    """Whether a token is the given name of a Japanese person whose family name is before it."""
    if len(before) != 1 or not all(map(is_japanese_part, (before[0], token))):
        return False
    is_chinese = is_surname(before[0][0]) and not is_japanese_surname(before[0])
    return not is_chinese and not is_wide_organisation(before[0]) and not is_nobody(token)
