"""Takes names out of bylines: without "By", roles, dates, addresses and words of buttons, split, each once."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from cleaners.words.remembering import remembered
from cleaners.words.scripts import CJK, one_line
from pipelines.dates.names import fold_accents, month_number
from pipelines.dates.parse import find_dates
from pipelines.evidence.cjk_bylines import best_names, without_wide_spaces
from pipelines.evidence.name_kinds import fold_name
from pipelines.evidence.name_words import is_degree, is_no_name, is_post, is_weekday, table
from pipelines.evidence.page.terms import is_wide

LONGEST_CHARS: Final = 200  # a longer text is a biography, not a byline
_REMEMBERED_CHARS: Final = 500  # longest text whose names are cached: longer ones come once
_NAME_CHARS: Final = 60
_NAME_WORDS: Final = 6
_LETTERS: Final = 5  # the longest usual title after a name: PHARM, DNSc
_LEAD_KINDS: Final = ("by", "photo", "review", "edit", "source")  # tables of words.toml
_BEFORE_DAY: Final = frozenset(("on", "am", "el", "le"))
_ADDRESS: Final = re.compile(r"https?://\S*|www\.\S*|\S+@\S+|[\w-]+\.(?:com|org|net)\b(?! (?:[Ss]taff|[Tt]eam)\b)\S*")
_HANDLE: Final = re.compile(r"(?<!\w)@\w+")
_BRACKETS: Final = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]")
_SPLIT: Final = re.compile(
    r"\s*(?:[;,、，،;/|•·⋅●\n\t&]|\s[-–—+]\s|\s[-–—]|\band\b|\bund\b|\bet\b|\by\b|\be\b(?=\s\w)|\boch\b|\bog\b|\ben\b|\bи\b"
    r"|\bwith\b|\s[»›]\s)\s*",
    re.IGNORECASE,
)
_CUT: Final = re.compile(
    r"(?i)\s+(?:\|.*|(?:is|was|ist|est|es|for|für|pour|para|per|of|at|from|bei|mit|avec|on|in|the|published|updated|posted)\s.*"
    r"|\d.*|\b(?:mon|tue|wed|thu|fri|sat|sun)\w*,?\s\d.*)$"
)
# "Interview: Ann Lee", "COMMENTARY BY Ann Lee"
_LEAD: Final = re.compile(r"^(?:[^\W\d]+\s){0,2}[^\W\d]+\s?:\s+|^(?:[^\W\d]+\s){0,3}by:?\s+", re.IGNORECASE)
_OF_AUTHOR: Final = frozenset("von vom by par por di de door av af".split())  # between a kind of text and its author
# "Ann Lee, in News, Sports": what a text was filed under.
_SECTIONS: Final = re.compile(r",\s(?:in|under)\s(?=[A-Z]).*$|\s(?:[Pp]osted in|[Ff]iled under)[\s:].*$")
_LEAD_WORDS: Final = 6  # how many first words of a line may hold the lead
# "ByAnn Lee", "vonAnn Lee", where markup parted the two
_GLUED_BY: Final = re.compile(r"^(?:(?:[Ww]ritten\s)?[Bb]y|von)(?=[A-ZÀ-Þ][\w.])")
_MADE_BY: Final = re.compile(
    r"(?i)\W*(?:powered|hosted|protected|provided|developed|designed|built|managed|operated) by\b"
)
_LED_BY_DE: Final = re.compile(r"^de (?=[A-ZÀ-ȚŞ]\S+ [A-ZÀ-ȚŞ]\S+$)")  # "de Ana Popescu" in a Romanian byline
_GLUED: Final = re.compile(r"[^\W\d_][a-zà-ÿ](?P<label>[A-ZÀ-Þ][a-zà-ÿ]{2,})(?=\s|$)")
_GLUED_COLON: Final = re.compile(r"(?<=[^\W\d_]):(?=[^\W\d_])")
_CODE_NAME: Final = re.compile(r"[a-z]{2}\.[a-z]{3,}\.[a-z]{3}|[{}<>=]")  # a template's variable, not filled in
_TAIL_NUMBER: Final = re.compile(r"(?<=\s)(\S*[^\W\d_]{2})\d{1,2}$")
_WORD: Final = re.compile(r"[^\W_]+")
_HAS_LABELS: Final = re.compile(f"[{CJK}\uac00-\ud7ff]")  # scripts whose labels cjk_bylines handles
_EDGE: Final = " .,:;|-–—·•●◎■□▲◆*+_/\\\"“”„«»’'‘()[]~#>​<←→⋅"


@cache
def _leads() -> dict[str, str]:
    """The words that lead to a name, with the role of that name."""
    return {lead: kind for kind in reversed(_LEAD_KINDS) for lead in table(kind)}


@cache
def _first_words() -> frozenset[str]:
    return frozenset(lead.split()[0] for lead in _leads())


@cache
def _photo_labels() -> re.Pattern[str]:
    """The space before a label inside a byline that names who took the pictures: "Text: Ann Lee Foto: Tom Roe"."""
    labels = "|".join(re.escape(label) for label in sorted(table("photo"), key=len, reverse=True))
    return re.compile(rf"(?<=[\w.]) (?=(?:{labels}):)", re.IGNORECASE)


def names_in(text: str) -> list[str]:
    """The names in a byline or an author field, in order. [] where it holds none."""
    return list(_names(text))


@remembered(1024, _REMEMBERED_CHARS)
def _names(text: str) -> Sequence[str]:
    """The names in a text, cached: a page names its author in several places; this saves 1.5 % of a record's time."""
    text = one_line(html.unescape(text).replace("\u200b", ""))
    if not text or len(text) > LONGEST_CHARS:
        return []
    if not text.isascii() and _HAS_LABELS.search(text):
        if (labelled := best_names(text)) is not None:
            return labelled
        text = without_wide_spaces(text)
    if "(" in text or "[" in text:
        text = _BRACKETS.sub(", ", text)
    if "." in text or "@" in text or "://" in text:
        text = _HANDLE.sub(" ", _ADDRESS.sub(" ", text))
    text = _SECTIONS.sub("", _without_dates(text))
    if ":" in text:
        text = _photo_labels().sub(" ; ", text)
    found: list[str] = []
    for piece in _without_suffixes(_SPLIT.split(without_by(text))):
        name = None if found and _is_other_role(piece) else _name(piece)
        if name and all(fold_name(name) != fold_name(other) for other in found):
            found.append(name)
    return found


def _is_other_role(piece: str) -> bool:
    """Whether a piece names who took the pictures, or has the label of an editor: no author beside a writer."""
    kind = lead_kind(piece)
    return kind == "photo" or (kind == "edit" and ":" in piece)


def led_names_in(text: str) -> list[str]:
    """The names behind words that lead to one, anywhere in a line: "Posted on 3 May 2021 by Ann Lee | 2 comments"."""
    if is_wide(text):
        return []
    led = [(kind, piece) for piece in _SPLIT.split(_without_dates(text)) if (kind := lead_kind(piece))]
    written = [piece for kind, piece in led if kind == "by"] or [piece for _, piece in led]
    return [name for piece in written if (name := _name(piece))]


def _without_dates(text: str) -> str:
    """The byline with a semicolon for each date, since the words before and after it are not one name."""
    if not any(map(str.isdigit, text)):
        return text
    for hit in reversed(find_dates(text, short_years=True) or find_dates(text)):
        text = f"{text[: hit.start]} ; {text[hit.end :]}"
    return text


def without_by(text: str) -> str:
    """The text without the words that lead to a name ("By", "Geschrieben von", "Автор:")."""
    return _after_lead(text)[1]


def lead_kind(text: str) -> str:
    """The role that a text's first words give to the name after them: by, photo, review, edit, source; "" for none."""
    return _after_lead(text)[0]


def may_lead(word: str) -> bool:
    """Whether a lead ("By", "Posted by") can begin with this word: a first look, much cheaper than lead_kind."""
    return (word.lower() if word.isascii() else fold_accents(word)).strip(":.") in _first_words()


def leads_to_name(text: str) -> bool:
    """Whether a text begins with a word that leads to a name."""
    return bool(lead_kind(text))


def _after_lead(text: str) -> tuple[str, str]:
    """The kind of the lead that begins a text ("" if none does), and the text without it."""
    kind = ""
    if ":" in text:
        text = _GLUED_COLON.sub(": ", text)
    for _ in range(2):
        text = text.strip(_EDGE)
        lead = _lead_of(text)
        if not lead:
            break
        kind = kind or lead[0]
        text = lead[1]
    return kind, text.strip(_EDGE)


def _lead_of(text: str) -> tuple[str, str] | None:
    parts = text.split(" ")
    if may_lead(parts[0]):
        for count in (4, 3, 2, 1):
            kind = _leads().get(fold_accents(" ".join(parts[:count])).strip(":"))
            is_sure = kind == "by" or count > 1 or parts[0].endswith(":") or _is_hangul(parts[0])
            if kind and len(parts) > count and is_sure:
                return kind, " ".join(parts[count:])
    glued = _GLUED_BY.match(text)
    if glued:
        return "by", text[glued.end() :]
    return _long_lead(parts)


def _is_hangul(word: str) -> bool:
    return "가" <= word[:1] <= "힣"


def _long_lead(parts: list[str]) -> tuple[str, str] | None:
    """ "Eine Kolumne von Ann Lee", "All posts by Ann Lee": a lead if a word before says what was written."""
    for place, part in enumerate(parts[1:_LEAD_WORDS], 1):
        if part.lower() in _OF_AUTHOR and len(parts) > place + 1:
            is_lead = not table("piece").isdisjoint(map(fold_accents, parts[:place]))
            return ("by", " ".join(parts[place + 1 :])) if is_lead else None
    return None


def _without_suffixes(pieces: list[str]) -> list[str]:
    """ "Ann Lee, PhD, FAND" is one name: letters after a name are dropped, not taken for another."""
    kept = [piece for piece in pieces if fold_accents(piece).replace("-", "") not in table("suffix")]
    if len(kept) < len(pieces):
        kept = kept[:1] + [piece for piece in kept[1:] if not (piece.isupper() and len(piece) <= _LETTERS)]
    return kept


def _name(piece: str) -> str | None:
    if _MADE_BY.match(piece):
        return None
    piece = _LED_BY_DE.sub("", without_by(_LEAD.sub("", piece)))
    cut = _CUT.search(piece)
    if cut and " " in piece[: cut.start()].strip():  # "Ann Lee of the Post", but "University of Somewhere"
        piece = piece[: cut.start()]
    piece = _without_glued_label(piece)
    piece = _without_edges(_TAIL_NUMBER.sub(r"\1", piece).strip(_EDGE))
    folded = _WORD.findall(fold_accents(piece))
    if not folded or len(piece) > _NAME_CHARS or len(folded) > _NAME_WORDS or len(piece) < 2:
        return None
    if (folded[0] in _leads() and len(folded) == 1) or folded[-1] == "by" or is_post(folded):
        return None
    if _CODE_NAME.search(piece) or is_weekday(folded) or is_no_name(piece, folded):
        return None
    roles = sum(word in table("role") for word in folded)
    # Some pages are signed "Harbour Post Staff", which counts; "Staff" or "Staff Writer" is nobody.
    signed = 0 < roles < len(folded) and any(word in table("collective") for word in folded)
    if roles and roles * 3 >= len(folded) and not signed:
        return None
    return piece


def _without_glued_label(piece: str) -> str:
    """A name without a label glued to it, which markup had separated: "Ann LeePublished", "Ann LeeRedakteur"."""
    for hit in _GLUED.finditer(piece):
        word = fold_accents(hit["label"])
        if word in table("role") or word in table("interface") or month_number(word):
            return piece[: hit.start("label")]
    return piece


def _without_edges(piece: str) -> str:
    """A name without the words around it: "Ann Lee on", "Rechtsanwalt Ann Lee", "Ann Lee Reporter"."""
    parts = piece.split()
    if len(parts) > 3 and parts[-1] == "Staff":  # "Ann Lee Globe Staff"
        del parts[-2:]
    while len(parts) > 1 and _ends_no_name(parts):
        parts.pop()
    while len(parts) > 1 and not parts[0].isascii() and parts[0] in table("interface"):
        del parts[0]
    while len(parts) > 1 and not parts[-1].isascii() and fold_accents(parts[-1]) in table("interface"):
        parts.pop()
    if len(parts) > 2 and fold_accents(parts[0]) in table("title", "name"):
        del parts[0]
    if len(parts) > 2 and (fold_accents(parts[-1]) in table("title", "name") or is_degree(parts[-1])):
        parts.pop()
    return " ".join(parts).strip(_EDGE)


def _ends_no_name(parts: list[str]) -> bool:
    """Whether the last word is not part of a name: "Ann Lee on", "Harbour Post on Tuesday"."""
    last = fold_accents(parts[-1])
    if parts[-1].islower():
        return last in table("after", "name")
    return fold_accents(parts[-2]) in _BEFORE_DAY and is_weekday([last])
