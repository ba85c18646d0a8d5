"""Sentences for the made-up site: the same number always gives the same text."""

from __future__ import annotations

import random

_WHO = (
    "The town council",
    "A small team of engineers",
    "The regional railway",
    "The harbour authority",
    "A group of teachers",
    "The weather service",
    "A retired baker",
    "The orchestra",
    "A family of farmers",
    "The museum's new director",
    "A student from the north",
    "The fire brigade",
)
_DID = (
    "opened",
    "repaired",
    "measured",
    "sold",
    "painted",
    "closed",
    "discovered",
    "postponed",
    "praised",
    "rebuilt",
    "counted",
    "moved",
)
_WHAT = (
    "the old bridge",
    "two hundred lanterns",
    "a forgotten canal",
    "the northern library",
    "its largest greenhouse",
    "a narrow staircase",
    "the winter market",
    "an unusual clock",
    "the ferry terminal",
    "a field of barley",
    "the glass factory",
    "a box of letters",
)
_WHEN = (
    "on Tuesday",
    "after a long debate",
    "before the first snow",
    "without much notice",
    "for the third time",
    "in front of a silent crowd",
    "at half past seven",
    "despite the heavy rain",
    "with borrowed tools",
    "under a clear sky",
)
_THEN = (
    "and nobody in the street had expected it",
    "while the neighbours watched from their windows",
    "because the plans had been ready for years",
    "although the money had run out in spring",
    "so that the work could finally begin",
    "which surprised even the oldest residents",
    "and the costs remained below the estimate",
    "until the light failed in the evening",
)


def _chance(number: int, salt: str) -> random.Random:
    return random.Random(f"{salt}-{number}")


def headline(number: int) -> str:
    """A headline of seven words or so, different for each number."""
    chance = _chance(number, "headline")
    return f"{chance.choice(_WHO)} {chance.choice(_DID)} {chance.choice(_WHAT)} in district {number}"


def sentence(chance: random.Random) -> str:
    """One sentence."""
    parts = (chance.choice(_WHO), chance.choice(_DID), chance.choice(_WHAT), chance.choice(_WHEN))
    return f"{' '.join(parts)}, {chance.choice(_THEN)}."


def paragraphs(number: int, count: int = 5) -> list[str]:
    """Paragraphs of an article; the first names its number, so that no two articles are alike."""
    chance = _chance(number, "text")
    texts = [" ".join(sentence(chance) for _ in range(chance.randint(3, 5))) for _ in range(count)]
    return [f"Report {number} from district {number}: {texts[0]}", *texts[1:]]


def slug(number: int) -> str:
    """The headline as the last segment of an address."""
    return "-".join(headline(number).lower().replace("'", "").split())
