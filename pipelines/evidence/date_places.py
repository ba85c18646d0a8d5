"""Finds every date that a page states, with its place and its surroundings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from cleaners.document import Block, Document
from cleaners.words.addresses import path_of
from pipelines.dates.calendars import OTHER_YEARS
from pipelines.dates.moment import Moment, moment
from pipelines.dates.order import Order
from pipelines.dates.parse import DateFound, find_dates, parse_stated
from pipelines.dates.relative import relative_moment
from pipelines.evidence.date_words import said_of, tells_change_of
from pipelines.evidence.page.markup import Stated
from pipelines.evidence.page.surroundings import Surroundings
from pipelines.evidence.page.text_search import texts_at
from pipelines.evidence.page.words import words
from pipelines.evidence.ranking import bucket
from pipelines.evidence.split_dates import split_dates

_TIMES: Final = 24  # <time> elements and elements marked as dates that are read; listings have hundreds
_BLOCKS: Final = 20  # how many blocks with a year are read, nearest to the headline first; 40 found nothing more
_EDGE_CHARS: Final = 140  # characters at the start and end of a long block that can hold its date line
_LONG_CHARS: Final = 400
_LINE_CHARS: Final = 40  # what a date line has besides its date, unless it begins with a label: 发布时间：…
_LABEL_CHARS: Final = 12
_BESIDE_CHARS: Final = 40  # characters before a date that may say what the date is about
_CLASS_WORD: Final = re.compile(r"[a-z]+")
_CLASSES_OF_PUBLICATION: Final = frozenset("published publish pubdate posted publication created entry".split())
_NEAR: Final = 12  # how many blocks around the headline are searched for a short date ("11.4.17", "3 hours ago")
_YEAR: Final = re.compile(r"(?<!\d)\d{4}(?!\d)")
_FOUR_DIGITS: Final = re.compile(r"\d\d\d\d")  # for a first search of the page, at a third of the cost of _YEAR
_OTHER_YEARS: Final = re.compile(OTHER_YEARS)
# 2017/4/11, 2017-04-11, 20170411, 11-04-2017; never 2017/12/, and never digits inside a word or a longer number.
_URL_DAY: Final = re.compile(
    r"(?<!\d)(?:(?P<y>(?:19|20)\d\d)(?:(?P<sign>[/_.-])(?P<m>0?[1-9]|1[0-2])(?P=sign)(?P<d>0[1-9]|[12]\d|3[01]|[1-9](?=/|$))"
    r"|(?P<m2>0[1-9]|1[0-2])(?P<d2>0[1-9]|[12]\d|3[01]))"
    r"|(?P<d3>0[1-9]|[12]\d|3[01])(?P<sign3>[-.])(?P<m3>0[1-9]|1[0-2])(?P=sign3)(?P<y3>20\d\d))(?!\d)"
)
_URL_PARTS: Final = (("y", "y3"), ("m", "m2", "m3"), ("d", "d2", "d3"))
_VALUE_ATTRIBUTES: Final = (
    "datetime", "content", "data-datetime", "data-timestamp", "data-time", "data-date", "data-published", "title",
)  # fmt: skip


class DateCandidate(NamedTuple):
    """A date in the form in which one place states it. `tells_change`: the words before it speak of a change."""

    moment: Moment
    source: str
    raw: str
    place: str
    block: int = -1
    tells_change: bool = False


Notes = tuple[str, ...]


class Scene(NamedTuple):
    """The facts of a page that are needed to read its candidates."""

    document: Document
    stated: Stated
    anchor: int
    language: str | None
    order: Order
    fetched_at: str | None
    around: Surroundings
    body_start: int


def statements(scene: Scene) -> Iterator[tuple[DateCandidate, Notes]]:
    """Every date that the page states, with the names of the features of its place."""
    for read in (_from_json_ld, _from_metas, _from_elements, _from_text, _from_url):
        yield from read(scene)


def _from_json_ld(scene: Scene) -> Iterator[tuple[DateCandidate, Notes]]:
    keys = (("datePublished", "published"), ("dateCreated", "created"), ("uploadDate", "uploaded"),
            ("dateModified", "modified"))  # fmt: skip
    for group, node in scene.stated.linked.nodes():
        for key, name in keys:
            for raw in scene.stated.linked.strings(node, key)[:1]:
                when = parse_stated(raw, scene.language, scene.order)
                if when:
                    yield DateCandidate(when, "json_ld", raw, f"ld_{group} {name}"), ()


def _from_metas(scene: Scene) -> Iterator[tuple[DateCandidate, Notes]]:
    for kind in ("published", "dated", "modified", "itemprop published", "itemprop modified"):
        for meta in scene.stated.metas.get(kind, ())[:6]:
            when = parse_stated(meta.content, scene.language, scene.order)
            if when:
                source = "microdata" if kind.startswith("itemprop") else "meta"
                named = ("meta first name",) if kind == "published" and meta.rank < 3 else ()
                yield DateCandidate(when, source, meta.content, f"meta {kind}"), named
    for name, content in scene.stated.other.items():
        if ("date" in name or "publish" in name) and len(content) <= _BESIDE_CHARS and "expir" not in name:
            when = parse_stated(content, scene.language, scene.order)
            if when:
                changed = "mod" in name or "updat" in name or "revis" in name
                yield DateCandidate(when, "meta", content, "meta unlisted modified" if changed else "meta unlisted"), ()


def _from_elements(scene: Scene) -> Iterator[tuple[DateCandidate, Notes]]:
    """Dates in <time>, in itemprop and RDFa properties, and in elements whose class names a date."""
    tree = scene.document.tree
    if tree is None:
        return
    times = tree.all("time")
    many = bucket("times", len(times), (2, 4, 9))
    for place, element in enumerate(times[:_TIMES]):
        name = "time first" if place == 0 else "time later"
        yield from _from_element(scene, element, "time_element", name, (f"{name} {many}",))
    for kind in ("published", "modified"):
        marked = scene.stated.marked.get(kind, [])
        for one in marked[:_TIMES]:
            first = "first" if one is marked[0] else "later"
            source = "microdata" if one.how == "property" else "text"
            yield from _from_element(scene, one.element, source, f"{kind} {one.how}", (f"{kind} {one.how} {first}",))


def _from_element(
    scene: Scene, element: int, source: str, place: str, extra: tuple[str, ...]
) -> Iterator[tuple[DateCandidate, Notes]]:
    tree = scene.document.tree
    if tree is None or tree.last_block[element] - tree.first_block[element] > 4:
        return  # a frame around a list, not a date
    block = tree.first_block[element]
    text = tree.text(element)[:_EDGE_CHARS]
    at = tree.attributes[element]
    raws = [at[name] for name in _VALUE_ATTRIBUTES if at.get(name)]
    if not any(map(str.isdigit, "".join(raws))):
        raws = [text]
    for raw in raws:
        when = parse_stated(raw, scene.language, scene.order) or relative_moment(raw, scene.fetched_at)
        if when is None:
            continue
        before = _beside(scene.document.blocks, block, text) if place.startswith("time") else text
        said = said_of(before)
        is_modified = said == "modified" or _says_modified(tree.classes(element))
        ambiguous = ("text ambiguous",) if _is_ambiguous(raw, scene) else ()
        around = (*scene.around.classes(element), scene.around.distance(block))
        name = f"{place} modified" if is_modified else place
        candidate = DateCandidate(when, source, raw, name, block, tells_change_of(before, said))
        yield candidate, (*extra, *ambiguous, *around, f"element says {said}")
        return


def _is_ambiguous(raw: str, scene: Scene) -> bool:
    """Whether day and month of a stated date could be swapped, as they cannot if the year comes first."""
    if raw[4:5] == "-" and raw[:4].isdigit():
        return False
    found = find_dates(raw, scene.language, scene.order)
    found = found or find_dates(raw, scene.language, scene.order, short_years=True)
    return bool(found) and found[0].ambiguous


def _says_modified(label: str) -> bool:
    """Whether an element's own class names only a change. WordPress gives one <time> both classes if the days agree."""
    named = set(_CLASS_WORD.findall(label))
    return not named.isdisjoint(words("around")["modified"]) and named.isdisjoint(_CLASSES_OF_PUBLICATION)


def _beside(blocks: tuple[Block, ...], block: int, text: str) -> str:
    """The text before an element's text in its own block, or the short block before it."""
    if not 0 <= block < len(blocks):
        return ""
    own = blocks[block].text
    at = own.find(text) if text else -1
    before = own[max(0, at - _BESIDE_CHARS) : at] if at > 0 else ""
    if not before and block and len(blocks[block - 1].text) <= _BESIDE_CHARS:
        before = blocks[block - 1].text
    return before


def _from_text(scene: Scene) -> Iterator[tuple[DateCandidate, Notes]]:
    blocks = scene.document.blocks
    dated = _with_year(blocks)
    dated.sort(key=lambda i: (abs(i - scene.anchor), i))
    for index in sorted(dated[:_BLOCKS]):
        yield from _from_block(scene, blocks[index])
    if scene.anchor >= 0:
        near = blocks[max(0, scene.anchor - _NEAR // 2) : scene.anchor + _NEAR]
        for block in near:
            if len(block.text) <= 60 and not _YEAR.search(block.text):
                yield from _short_dates(scene, block)
        for block, whole, hit in split_dates(near, scene.language, scene.order):
            yield _in_text(scene, block, whole, hit, 1, 0)


def _with_year(blocks: Sequence[Block]) -> list[int]:
    """The blocks that have four digits where a date line can be, found by one search over all of them.

    A search in each block makes a record 3 % slower (measured on 70 pages).
    """
    texts = [_edges(block.text) for block in blocks]
    lines = "\n".join(texts)
    hits = [hit.start() for hit in _FOUR_DIGITS.finditer(lines)]
    if "年" in lines:
        hits = sorted({*hits, *(hit.start() for hit in _OTHER_YEARS.finditer(lines))})
    return [blocks[place].index for place in texts_at(hits, texts)]


def _edges(text: str) -> str:
    """The parts of a text that can hold a date line: its start and end, or all of a short text."""
    return text if len(text) <= _LONG_CHARS else f"{text[:_EDGE_CHARS]}\n{text[-_EDGE_CHARS:]}"


def _from_block(scene: Scene, block: Block) -> Iterator[tuple[DateCandidate, Notes]]:
    text = _edges(block.text)
    found = find_dates(text, scene.language, scene.order)[:3]
    for place, hit in enumerate(found):
        yield _in_text(scene, block, text, hit, len(found), place)


def _short_dates(scene: Scene, block: Block) -> Iterator[tuple[DateCandidate, Notes]]:
    when = relative_moment(block.text, scene.fetched_at)
    if when:
        hit = DateFound(when, 0, len(block.text), "relative")
        yield _in_text(scene, block, block.text, hit, 1, 0)
        return
    for hit in find_dates(block.text, scene.language, scene.order, short_years=True):
        yield _in_text(scene, block, block.text, hit._replace(shape="short"), 1, 0)


def _in_text(
    scene: Scene, block: Block, text: str, hit: DateFound, count: int, place: int
) -> tuple[DateCandidate, Notes]:
    before = _before(scene.document.blocks, block, text, hit)
    said = said_of(before)
    rest = len(block.text) - (hit.end - hit.start)
    distance = scene.around.distance(block.index)
    around = scene.around.classes(block.element)
    notes = [
        f"text {distance}", f"text says {said}", bucket("text rest", rest, (3, 15, 40, 100, 300)),
        f"text shape {hit.shape}", *around,
    ]  # fmt: skip
    is_line = rest < _LINE_CHARS or (said == "published" and hit.start <= _LABEL_CHARS and rest < _EDGE_CHARS)
    if is_line and distance in ("near -1", "near +2", "near +5"):
        notes.append("text line by headline")
    if count > 1:
        notes.append("text first of several" if place == 0 else "text later of several")
    if block.link_chars * 2 > len(block.text):
        notes.append("text link")
    if hit.ambiguous:
        notes.append("text ambiguous")
    name = "text modified" if said == "modified" else "text"
    raw = text[hit.start : hit.end]
    return DateCandidate(hit.moment, "text", raw, name, block.index, tells_change_of(before, said)), tuple(notes)


def _before(blocks: Sequence[Block], block: Block, text: str, hit: DateFound) -> str:
    """The words before a date in its block. If the date begins the block: the block above, if it is short."""
    before = text[max(0, hit.start - _BESIDE_CHARS) : hit.start]
    if before.strip() or hit.start >= 3 or not block.index:
        return before
    above = blocks[block.index - 1].text
    return above if len(above) <= _BESIDE_CHARS else before


def _from_url(scene: Scene) -> Iterator[tuple[DateCandidate, Notes]]:
    hit = _URL_DAY.search(path_of(scene.document.url))
    if not hit:
        return
    year, month, day = (next(int(hit[name]) for name in names if hit[name]) for names in _URL_PARTS)
    if when := moment(year, month, day):
        yield DateCandidate(when, "url", hit[0], "url"), ()
