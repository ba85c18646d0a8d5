"""Candidates for the dates: every day that a page states, which places state it, how it compares with others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date as calendar_date
from typing import Final

from cleaners.document import Document
from pipelines.dates.names import language_of_script
from pipelines.dates.order import Order, order_of
from pipelines.evidence.date_places import DateCandidate, Notes, Scene, statements
from pipelines.evidence.page.markup import Stated
from pipelines.evidence.page.surroundings import Surroundings, body_start
from pipelines.evidence.page.terms import is_wide
from pipelines.evidence.page_state_dates import from_state
from pipelines.evidence.ranking import Features, bucket, rank
from pipelines.evidence.undated import undated_features

# A date below the start of the body is not the article's if an element around it has one of these names.
_OF_OTHERS: Final = frozenset(("in comment", "in related", "in aside", "in nav", "in event", "text says other"))
# The article's own date line may still come this many blocks below the start of the body, whatever its frame is called.
_STILL_TOP: Final = 3
_SHORT_LINES: Final = frozenset(("text rest<3", "text rest<15"))
_TITLE_CHARS: Final = 40  # a linked line of this length is the title of another text
_WIDE_TITLE_CHARS: Final = 10  # the same in Chinese and Japanese
_PROSE: Final = frozenset(("text rest<300", "text rest>=300"))
# Places that are named after the date of publication.
_SAYS_PUBLISHED: Final = frozenset(
    ("ld_article published", "ld_page published", "meta published", "meta itemprop published", "published property")
)
_BY_HEADLINE: Final = frozenset(("text line by headline", "near -1", "near +2", "near +5"))
# If several places state the same day, the record names the first of these sources.
SOURCES: Final = ("json_ld", "meta", "microdata", "time_element", "text", "dump", "state", "url")
_IN_CODE: Final = SOURCES[:4]
OF_A_CHANGE: Final = "modified"  # the source of a publication date that only statements of a change support


@dataclass
class _Day:
    """All statements of one day."""

    candidates: list[DateCandidate] = field(default_factory=list)
    features: Features = field(default_factory=dict)


@dataclass(frozen=True)
class Dates:
    """Days that may be the publication date, best first (None: "the page states none"), and days of changes.

    `unclear` holds the words of a date that can be read in two ways, if nothing decides between them.
    """

    published: tuple[DateCandidate | None, ...] = ()
    probability: tuple[float, ...] = ()
    modified: tuple[DateCandidate, ...] = ()
    unclear: str | None = None


def dates(
    document: Document,
    stated: Stated,
    around: Surroundings,
    language: str | None = None,
    fetched_at: str | None = None,
    order: Order | None = None,
) -> Dates:
    """All candidates of a page, ranked. `around` holds the headline's block; `order`, if given, is certain."""
    scene = _scene(document, stated, around, language, fetched_at)
    scene = scene._replace(order=order or scene.order)
    days = _days(scene)
    listed = list(days.values())
    ranked = rank("published", [_undated(scene, days), *(day.features for day in listed)])
    published = tuple(None if i == 0 else _as_published(listed[i - 1]) for i in ranked.order)
    modified = [c for day in listed for c in day.candidates if _tells_change(c)]
    modified.sort(key=lambda c: (SOURCES.index(c.source), c.block))
    return Dates(published, ranked.probability, tuple(modified))


def training_rows(
    document: Document, stated: Stated, around: Surroundings, language: str | None = None
) -> list[tuple[str, Features]]:
    """Each day's date and features, the empty date first: what pipelines.training.evidence learns from."""
    scene = _scene(document, stated, around, language, None)
    days = _days(scene)
    return [("", _undated(scene, days)), *((day, entry.features) for day, entry in days.items())]


def _is_of_change(candidate: DateCandidate) -> bool:
    """Whether the place that states a day says that something changed on it."""
    return "modified" in candidate.place


def _tells_change(candidate: DateCandidate) -> bool:
    """Whether the place, or the words before the date, say that something changed on that day."""
    return candidate.tells_change or _is_of_change(candidate)


def _scene(
    document: Document, stated: Stated, around: Surroundings, language: str | None, fetched_at: str | None
) -> Scene:
    language = language or language_of_script(document.tree.title if document.tree else "")
    texts = "\n".join([block.text for block in document.blocks if len(block.text) < 80])
    order = order_of(language, document.url, [texts])
    start = body_start(document, around.anchor)
    return Scene(document, stated, around.anchor, language, order, fetched_at, around, start)


def _as_published(day: _Day) -> DateCandidate:
    """A day's most telling statement. If all statements of the day are of a change, its source says so."""
    chosen = _most_telling(day.candidates)
    return chosen._replace(source=OF_A_CHANGE) if _tells_change(chosen) else chosen


def _most_telling(candidates: list[DateCandidate]) -> DateCandidate:
    """The best of a day's statements: one of publication, then one with a time, then the most telling source."""
    return min(
        candidates,
        key=lambda c: (_tells_change(c), c.moment.hour is None, c.moment.offset is None, SOURCES.index(c.source)),
    )


def _days(scene: Scene) -> dict[str, _Day]:
    days: dict[str, _Day] = {}
    found = list(statements(scene))
    _collect(found, days, scene)
    if not any(map(_is_settled, days.values())):
        _collect(list(from_state(scene)), days, scene)
    _compare(days)
    return days


def _is_settled(day: _Day) -> bool:
    """Whether no search of the scripts' JSON is needed: a day is stated as that of publication, or has a date line."""
    found = day.features
    is_line = "text line by headline" in found and "text modified" not in found
    return is_line or not _SAYS_PUBLISHED.isdisjoint(found)


def _collect(found: list[tuple[DateCandidate, Notes]], days: dict[str, _Day], scene: Scene) -> None:
    """Sort statements by the day that they state."""
    certain = {c.moment.date for c, notes in found if "text ambiguous" not in notes}
    for candidate, notes in found:
        if "text ambiguous" in notes:
            candidate, notes = _settled(candidate, notes, certain)
        when = candidate.moment
        if when.is_after(scene.fetched_at) or _is_of_another(candidate, notes, scene):
            continue
        day = days.setdefault(when.date or when.iso(), _Day())
        day.candidates.append(candidate)
        day.features[candidate.place] = 1.0
        for name in notes:
            day.features[name] = 1.0


def _is_of_another(candidate: DateCandidate, notes: Notes, scene: Scene) -> bool:
    """Whether a date is in a copyright line, or after the start of the body in comments, lists, links or menus."""
    if "text says other" in notes and _PROSE.isdisjoint(notes):
        return True
    if candidate.block <= scene.body_start or "published" in candidate.place:
        return False
    if "text link" in notes and _is_beside_title(candidate, scene):
        return True
    is_short = not _SHORT_LINES.isdisjoint(notes)
    if candidate.block <= scene.body_start + _STILL_TOP and (is_short or candidate.source == "time_element"):
        return "in event" in notes
    return not _OF_OTHERS.isdisjoint(notes) and not ("text says published" in notes and is_short)


def _is_beside_title(candidate: DateCandidate, scene: Scene) -> bool:
    """Whether a date in a line that is mostly a link is the day of the text to which the link leads."""
    text = scene.document.blocks[candidate.block].text
    return len(text) - len(candidate.raw) >= (_WIDE_TITLE_CHARS if is_wide(text) else _TITLE_CHARS)


def _settled(candidate: DateCandidate, notes: Notes, certain: set[str | None]) -> tuple[DateCandidate, Notes]:
    """Swap day and month of a date that allows it, if only the swapped date agrees with another date of the page."""
    when = candidate.moment
    swapped = when._replace(month=when.day, day=when.month)
    if when.date not in certain and swapped.date in certain:
        return candidate._replace(moment=swapped), tuple(note for note in notes if note != "text ambiguous")
    return candidate, notes


def _compare(days: dict[str, _Day]) -> None:
    """Features that compare a day with the page's other days."""
    stated = sorted(d for d, day in days.items() if any(c.source in _IN_CODE for c in day.candidates))
    said = sorted(date for date, day in days.items() if not _SAYS_PUBLISHED.isdisjoint(day.features))
    changes = [date for date, day in days.items() if all(map(_is_of_change, day.candidates))]
    shown = [date for date, day in days.items() if not _BY_HEADLINE.isdisjoint(day.features)]
    is_said_of_article = any("ld_article published" in days[date].features for date in said)
    for date, day in days.items():
        names = [*_of_one_day(date, day), *_among_stated(date, stated)]
        if date in said:
            names += _among_said(date, said, shown, changes)
        elif said:
            names += _beside_said(date, day, said, date in shown, is_said_of_article)
        if date in changes:
            names += ["only change", "only change, alone" if len(changes) == 1 else "only change, of several"]
            if len(changes) == len(days):
                names.append("only change, nothing else")
        day.features |= dict.fromkeys(names, 1.0)


def _of_one_day(date: str, day: _Day) -> list[str]:
    places = {c.place for c in day.candidates}
    names = [f"only {place}" for place in places] if len(places) == 1 else []
    names.append(bucket("sources", len({c.source for c in day.candidates}), (2, 3, 4)))
    names.append(bucket("statements", len(day.candidates), (2, 3, 5, 9)))
    if len(date) < 10:
        names.append("no day")
    if any(c.moment.hour is not None for c in day.candidates):
        names.append("has time")
    return names


def _among_stated(date: str, stated: list[str]) -> list[str]:
    if len(stated) < 2 or date not in stated:
        return []
    names = ["earliest stated" if date == stated[0] else "not earliest stated"]
    return [*names, "latest stated"] if date == stated[-1] else names


def _among_said(date: str, said: list[str], shown: list[str], changes: list[str]) -> list[str]:
    """Features of a day that is stated as that of publication, if the page states or shows other days too."""
    names = ["alone said published" if len(said) == 1 else "said published"]
    if len(said) > 1:
        names.append("earliest said published" if date == said[0] else "later said published")
    if date in shown:
        names.append("said published, shown")
    elif shown:
        names.append("said published, change shown" if set(shown) & set(changes) else "said published, another shown")
    return names


def _beside_said(date: str, day: _Day, said: list[str], is_shown: bool, is_said_of_article: bool) -> list[str]:
    """Features of a day that is not stated as that of publication, on a page that so states another day.

    `is_said_of_article`: the article's JSON-LD is what states it.
    """
    names = ["another is said published"]
    if any(map(_is_of_change, day.candidates)):
        names.append("modified, another is said published")
        in_code = any(_is_of_change(c) and c.source in _IN_CODE for c in day.candidates)
        names.append(f"modified {'in code' if in_code else 'in text'}{', shown' if is_shown else ''}, another is said")
        if date < min(said):
            names.append("modified before publication")
    elif is_shown:
        names.append("shown, another is said published")
    if {c.source for c in day.candidates} == {"text"} and is_said_of_article:
        names.append("only text, another is said of the article")
    apart = min((_days_between(date, other) for other in said), default=0)
    return [*names, "next to one said published"] if apart == 1 else names


def _days_between(one: str, other: str) -> int:
    try:
        return abs((calendar_date.fromisoformat(one) - calendar_date.fromisoformat(other)).days)
    except ValueError:
        return 9999


def _undated(scene: Scene, days: dict[str, _Day]) -> Features:
    candidates = [candidate for day in days.values() for candidate in day.candidates]
    return undated_features(scene, len(days), bool(candidates) and all(map(_is_of_change, candidates)))
