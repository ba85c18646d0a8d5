"""Candidates for the dates: every day that the page states, by which places, and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from cleaners.dates.moment import Moment, moment
from cleaners.dates.names import fold
from cleaners.dates.order import Order, order_of
from cleaners.dates.parse import DateFound, find_dates, parse_stated
from cleaners.dates.relative import relative_moment
from cleaners.document import Block, Document
from pipelines.evidence.choice import Features, bucket, rank
from pipelines.evidence.stated import Stated
from pipelines.evidence.surroundings import Surroundings, body_start
from pipelines.evidence.words import words

_TIMES: Final = 24  # <time> elements and elements marked as dates that are read; listings have hundreds
_BLOCKS: Final = 40  # blocks with a year that are read, nearest to the headline first
_EDGE_CHARS: Final = 140  # of a long block, only this much of its start and end can hold its date line
_LONG_CHARS: Final = 400
_BESIDE_CHARS: Final = 40  # text before a date that says what it is the date of
# What a date below the body's start is of, where an element around it says so: never of the article.
_OF_OTHERS: Final = frozenset(("in comment", "in related", "in aside", "in nav", "in event", "text says other"))
_SHORT_LINES: Final = frozenset(("text rest<3", "text rest<15"))
_CLASS_WORD: Final = re.compile(r"[a-z]+")
_CLASSES_OF_PUBLICATION: Final = frozenset("published publish pubdate posted publication created entry".split())
# Places whose name says that their date is that of publication.
_SAYS_PUBLISHED: Final = frozenset(
    ("ld_article published", "ld_page published", "meta published", "meta itemprop published", "published property")
)
_NEAR: Final = 12  # blocks around the headline in which a short date ("11.4.17", "3 hours ago") is looked for
_YEAR: Final = re.compile(r"(?<!\d)\d{4}(?!\d)")
_FOUR_DIGITS: Final = re.compile(r"\d\d\d\d")  # a third of the cost of _YEAR, for the first look at every block
_TOLD: Final = re.compile(r"[^\W\d_]+|©|\(c\)")
_URL_DAY: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_.-]?([01]?\d)[/_.-]?([0-3]?\d)(?!\d)")
_VALUE_ATTRIBUTES: Final = (
    "datetime", "content", "data-datetime", "data-timestamp", "data-time", "data-date", "data-published", "title",
)  # fmt: skip


class DateCandidate(NamedTuple):
    """A date as one place states it."""

    moment: Moment
    source: str
    raw: str
    place: str
    block: int = -1


@dataclass
class _Day:
    """Everything that states one day."""

    candidates: list[DateCandidate] = field(default_factory=list)
    features: Features = field(default_factory=dict)


@dataclass(frozen=True)
class Dates:
    """Days that may be the publication date, best first (None: "the page states none"), and those of changes.

    `unclear` holds the words of a date that can be read in two ways, where nothing tells which.
    """

    published: tuple[DateCandidate | None, ...] = ()
    probability: tuple[float, ...] = ()
    modified: tuple[DateCandidate, ...] = ()
    unclear: str | None = None


class _Scene(NamedTuple):
    """What the candidates of one page are read against."""

    document: Document
    stated: Stated
    anchor: int
    language: str | None
    order: Order
    fetched_at: str | None
    around: Surroundings
    body_start: int


# Where a place's date is taken from when several state the same day: the more telling source first.
_SOURCES: Final = ("json_ld", "meta", "microdata", "time_element", "text", "dump", "url")


def dates(
    document: Document,
    stated: Stated,
    anchor: int,
    language: str | None = None,
    fetched_at: str | None = None,
    order: Order | None = None,
) -> Dates:
    """All candidates of a page, ranked. `anchor` is the headline's block, -1 if it stands in none; `order` is known."""
    scene = _scene(document, stated, anchor, language, fetched_at)
    scene = scene._replace(order=order or scene.order)
    days = _days(scene)
    none = _none_features(scene, days)
    listed = [day for day in days.values() if not _is_of_change(day)]
    ranked = rank("published", [none, *(day.features for day in listed)])
    published = tuple(None if i == 0 else _most_telling(listed[i - 1].candidates) for i in ranked.order)
    modified = [c for day in days.values() for c in day.candidates if "modified" in c.place]
    modified.sort(key=lambda c: (_SOURCES.index(c.source), c.block))
    return Dates(published, ranked.probability, tuple(modified))


def training_rows(
    document: Document, stated: Stated, anchor: int, language: str | None = None
) -> list[tuple[str, Features]]:
    """Each day's date and features, the empty date first: what fit.py learns from."""
    scene = _scene(document, stated, anchor, language, None)
    days = _days(scene)
    rows = ((day, entry.features) for day, entry in days.items() if not _is_of_change(entry))
    return [("", _none_features(scene, days)), *rows]


def _is_of_change(day: _Day) -> bool:
    """Whether every place that states a day says that something changed on it: never the day of publication."""
    return all("modified" in candidate.place for candidate in day.candidates)


def _scene(document: Document, stated: Stated, anchor: int, language: str | None, fetched_at: str | None) -> _Scene:
    texts = "\n".join([block.text for block in document.blocks if len(block.text) < 80])
    order = order_of(language, document.url, [texts])
    start = body_start(document, anchor)
    return _Scene(document, stated, anchor, language, order, fetched_at, Surroundings(document, anchor), start)


def _most_telling(candidates: list[DateCandidate]) -> DateCandidate:
    """Of the statements of one day, one that is made for publication, with a time, in the most telling source."""
    return min(
        candidates,
        key=lambda c: ("modified" in c.place, c.moment.hour is None, c.moment.offset is None, _SOURCES.index(c.source)),
    )


def _days(scene: _Scene) -> dict[str, _Day]:
    days: dict[str, _Day] = {}
    statements = list(_statements(scene))
    certain = {c.moment.date for c, notes in statements if "text ambiguous" not in notes}
    for candidate, extra in statements:
        if "text ambiguous" in extra:
            candidate, extra = _settled(candidate, extra, certain)
        when = candidate.moment
        if when.is_after(scene.fetched_at) or _is_of_another(candidate, extra, scene):
            continue
        day = days.setdefault(when.date or when.iso(), _Day())
        day.candidates.append(candidate)
        day.features[candidate.place] = 1.0
        for name in extra:
            day.features[name] = 1.0
    _compare(days, scene)
    return days


def _is_of_another(candidate: DateCandidate, notes: tuple[str, ...], scene: _Scene) -> bool:
    """Copyright lines anywhere; below the body's start, what stands in comments, related articles, events, menus."""
    if "text says other" in notes and "text rest<300" not in notes and "text rest>=300" not in notes:
        return True
    if candidate.block <= scene.body_start or "published" in candidate.place:
        return False
    is_date_line = "text says published" in notes and not _SHORT_LINES.isdisjoint(notes)
    return not _OF_OTHERS.isdisjoint(notes) and not is_date_line


def _settled(
    candidate: DateCandidate, extra: tuple[str, ...], certain: set[str | None]
) -> tuple[DateCandidate, tuple[str, ...]]:
    """A date whose day and month could be swapped: swapped, where only that agrees with another date of the page."""
    when = candidate.moment
    swapped = when._replace(month=when.day, day=when.month)
    if when.date not in certain and swapped.date in certain:
        return candidate._replace(moment=swapped), tuple(note for note in extra if note != "text ambiguous")
    return candidate, extra


def _compare(days: dict[str, _Day], scene: _Scene) -> None:
    """Features that set a day against the page's others."""
    stated = sorted(d for d, day in days.items() if any(c.source in _SOURCES[:4] for c in day.candidates))
    said_published = [date for date, day in days.items() if not _SAYS_PUBLISHED.isdisjoint(day.features)]
    for date, day in days.items():
        found = day.features
        if date in said_published:
            found["alone said published" if len(said_published) == 1 else "said published"] = 1.0
        elif said_published:
            found["another is said published"] = 1.0
            if any("modified" in c.place for c in day.candidates):
                found["modified, another is said published"] = 1.0
        places = {c.place for c in day.candidates}
        if len(places) == 1:
            found[f"only {places.pop()}"] = 1.0
        sources = {c.source for c in day.candidates}
        found[bucket("sources", len(sources), (2, 3, 4))] = 1.0
        found[bucket("statements", len(day.candidates), (2, 3, 5, 9))] = 1.0
        if len(date) < 10:
            found["no day"] = 1.0
        if len(stated) > 1 and date in stated:
            found["earliest stated" if date == stated[0] else "not earliest stated"] = 1.0
            if date == stated[-1]:
                found["latest stated"] = 1.0
        if any(c.moment.hour is not None for c in day.candidates):
            found["has time"] = 1.0


def _none_features(scene: _Scene, days: dict[str, _Day]) -> Features:
    path = urlsplit(scene.document.url or "").path if _splits(scene.document.url) else ""
    linked = scene.stated.linked
    found: Features = {"none": 1.0}
    if linked.articles:
        found["none article"] = 1.0
    if scene.stated.other.get("og:type", "").lower() == "article":
        found["none og article"] = 1.0
    if path in ("", "/"):
        found["none home"] = 1.0
    found[bucket("none path", path.strip("/").count("/"), (1, 2, 3))] = 1.0
    found[bucket("none days", len(days), (2, 4, 8, 16))] = 1.0
    if "published" in scene.stated.metas:
        found["none meta"] = 1.0
    if linked.others:
        found["none other"] = 1.0
    return found


def _statements(scene: _Scene) -> Iterator[tuple[DateCandidate, tuple[str, ...]]]:
    for read in (_from_json_ld, _from_metas, _from_elements, _from_text, _from_url):
        yield from read(scene)


def _from_json_ld(scene: _Scene) -> Iterator[tuple[DateCandidate, tuple[str, ...]]]:
    keys = (("datePublished", "published"), ("dateCreated", "created"), ("uploadDate", "uploaded"),
            ("dateModified", "modified"))  # fmt: skip
    for group, node in scene.stated.linked.nodes():
        for key, name in keys:
            for raw in scene.stated.linked.strings(node, key)[:1]:
                when = parse_stated(raw, scene.language, scene.order)
                if when:
                    yield DateCandidate(when, "json_ld", raw, f"ld_{group} {name}"), ()


def _from_metas(scene: _Scene) -> Iterator[tuple[DateCandidate, tuple[str, ...]]]:
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


def _from_elements(scene: _Scene) -> Iterator[tuple[DateCandidate, tuple[str, ...]]]:
    """<time>, itemprop and RDFa properties, elements whose class names a date."""
    tree = scene.document.tree
    if tree is None:
        return
    times = tree.all("time")
    many = bucket("times", len(times), (2, 4, 9))
    for place, element in enumerate(times[:_TIMES]):
        name = "time first" if place == 0 else "time later"
        yield from _from_element(scene, element, "time_element", name, (f"{name} {many}",))
    for kind in ("published", "modified"):
        told = scene.stated.marked.get(kind, [])
        for one in told[:_TIMES]:
            first = "first" if one is told[0] else "later"
            source = "microdata" if one.how == "property" else "text"
            yield from _from_element(scene, one.element, source, f"{kind} {one.how}", (f"{kind} {one.how} {first}",))


def _from_element(
    scene: _Scene, element: int, source: str, place: str, extra: tuple[str, ...]
) -> Iterator[tuple[DateCandidate, tuple[str, ...]]]:
    tree = scene.document.tree
    if tree is None or tree.last_block[element] - tree.first_block[element] > 4:
        return  # the frame of a list, not a date
    block = tree.first_block[element]
    text = tree.text(element)[:_EDGE_CHARS]
    at = tree.attributes[element]
    raws = [at[name] for name in _VALUE_ATTRIBUTES if at.get(name)]
    if not any(map(str.isdigit, "".join(raws))):
        raws = [text]
    for raw in raws:
        when = parse_stated(raw, scene.language, scene.order) or relative_moment(raw, scene.fetched_at)
        if when:
            found = find_dates(raw, scene.language, scene.order)
            found = found or find_dates(raw, scene.language, scene.order, short_years=True)
            if found and found[0].ambiguous:
                extra = (*extra, "text ambiguous")
            said = _said(_beside(scene.document.blocks, block, text) if place.startswith("time") else text)
            around = scene.around.classes(element)
            if said == "modified" or _says_modified(tree.classes(element)):
                place = f"{place} modified"
            notes = (*extra, *around, scene.around.distance(block), f"element says {said}")
            yield DateCandidate(when, source, raw, place, block), notes
            return


def _says_modified(label: str) -> bool:
    """Whether an element's own class is of a change alone. WordPress marks one <time> as both where the days agree."""
    named = set(_CLASS_WORD.findall(label))
    return not named.isdisjoint(words("around")["modified"]) and named.isdisjoint(_CLASSES_OF_PUBLICATION)


def _beside(blocks: tuple[Block, ...], block: int, text: str) -> str:
    """What stands before an element's text in its own block, or in the short block before it."""
    if not 0 <= block < len(blocks):
        return ""
    own = blocks[block].text
    at = own.find(text) if text else -1
    before = own[max(0, at - _BESIDE_CHARS) : at] if at > 0 else ""
    if not before and block and len(blocks[block - 1].text) <= _BESIDE_CHARS:
        before = blocks[block - 1].text
    return before


def _from_text(scene: _Scene) -> Iterator[tuple[DateCandidate, tuple[str, ...]]]:
    blocks = scene.document.blocks
    dated = [b.index for b in blocks if _FOUR_DIGITS.search(_edges(b.text))]
    dated.sort(key=lambda i: (abs(i - scene.anchor), i))
    for index in sorted(dated[:_BLOCKS]):
        yield from _from_block(scene, blocks[index])
    if scene.anchor >= 0:
        for block in blocks[max(0, scene.anchor - _NEAR // 2) : scene.anchor + _NEAR]:
            if len(block.text) <= 60 and not _YEAR.search(block.text):
                yield from _short_dates(scene, block)


def _edges(text: str) -> str:
    """The start and end of a long text, the whole of a short one: where a date line can stand."""
    return text if len(text) <= _LONG_CHARS else f"{text[:_EDGE_CHARS]}\n{text[-_EDGE_CHARS:]}"


def _from_block(scene: _Scene, block: Block) -> Iterator[tuple[DateCandidate, tuple[str, ...]]]:
    text = _edges(block.text)
    found = find_dates(text, scene.language, scene.order)[:3]
    for place, hit in enumerate(found):
        yield _in_text(scene, block, text, hit, len(found), place)


def _short_dates(scene: _Scene, block: Block) -> Iterator[tuple[DateCandidate, tuple[str, ...]]]:
    when = relative_moment(block.text, scene.fetched_at)
    if when:
        hit = DateFound(when, 0, len(block.text), "relative")
        yield _in_text(scene, block, block.text, hit, 1, 0)
        return
    for hit in find_dates(block.text, scene.language, scene.order, short_years=True):
        yield _in_text(scene, block, block.text, hit._replace(shape="short"), 1, 0)


def _in_text(
    scene: _Scene, block: Block, text: str, hit: DateFound, count: int, place: int
) -> tuple[DateCandidate, tuple[str, ...]]:
    said = _said(text[max(0, hit.start - _BESIDE_CHARS) : hit.start])
    if said == "nothing" and hit.start < 3 and block.index:
        before = scene.document.blocks[block.index - 1].text
        said = _said(before) if len(before) <= _BESIDE_CHARS else said
    rest = len(block.text) - (hit.end - hit.start)
    distance = scene.around.distance(block.index)
    around = scene.around.classes(block.element)
    notes = [
        f"text {distance}", f"text says {said}", bucket("text rest", rest, (3, 15, 40, 100, 300)),
        f"text shape {hit.shape}", *around,
    ]  # fmt: skip
    if rest < 40 and distance in ("near -1", "near +2", "near +5"):
        notes.append("text line by headline")
    if count > 1:
        notes.append("text first of several" if place == 0 else "text later of several")
    if block.link_chars * 2 > len(block.text):
        notes.append("text link")
    if hit.ambiguous:
        notes.append("text ambiguous")
    name = "text modified" if said == "modified" else "text"
    raw = text[hit.start : hit.end]
    return DateCandidate(hit.moment, "text", raw, name, block.index), tuple(notes)


def _from_url(scene: _Scene) -> Iterator[tuple[DateCandidate, tuple[str, ...]]]:
    path = urlsplit(scene.document.url or "").path if _splits(scene.document.url) else ""
    hit = _URL_DAY.search(path)
    when = moment(int(hit[1]), int(hit[2]), int(hit[3])) if hit else None
    if hit and when:
        yield DateCandidate(when, "url", hit[0], "url"), ()


@cache
def _told_words() -> dict[str, str]:
    return {fold(word): kind for kind, listed in words("text").items() for word in listed}


@cache
def _told_phrases() -> tuple[tuple[str, str], ...]:
    """Those of other scripts, which may stand inside a run of letters."""
    return tuple((phrase, kind) for phrase, kind in _told_words().items() if not phrase.isascii())


def _said(text: str) -> str:
    """What the words before a date make of it: published, modified, other or nothing."""
    if not text.strip():
        return "nothing"
    told = _told_words()
    folded = fold(text)
    for word in reversed(_TOLD.findall(folded)):
        if kind := told.get(word):
            return kind
    if folded.isascii():
        return "unclear"
    return next((kind for phrase, kind in _told_phrases() if phrase in folded), "unclear")


def _splits(url: str | None) -> bool:
    try:
        urlsplit(url or "")
    except ValueError:
        return False
    return True
