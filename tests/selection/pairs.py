"""Pairs of bodies that are duplicates or only similar, from made-up sentences and a seed."""

from __future__ import annotations

import random
from typing import Literal, NamedTuple

Sort = Literal["syndicated", "updated", "same_template", "boilerplate_only", "unlike"]

_NOUNS = """harbour ferry council bridge market school storm winter library garden railway river theatre bakery
    museum""".split()
_VERBS = "opens closes moves repairs paints sells finds asks praises measures builds lends rents sweeps counts".split()
_REST = (
    "before the summer",
    "after a long quarrel",
    "with money from the state",
    "against the advice of its engineers",
    "for one year",
)
_TEMPLATE = (
    "The weather in {place} on {day} will be {sky} with {low} degrees in the morning and {high} degrees in the "
    "afternoon. The wind comes from the {side} with {wind} knots. The tide is high at {tide}. "
)
_NOTICE = (
    "This text was written by our own staff and may be printed again if the source is named. Corrections go to the "
    "desk. All times are local times unless another zone is given. Prices include tax. "
)


class Pair(NamedTuple):
    """Two bodies, and whether they are duplicates."""

    sort: Sort
    one: str
    other: str
    same: bool


def pairs(count: int, seed: int = 7) -> list[Pair]:
    """`count` pairs of each kind."""
    chance = random.Random(seed)
    made: list[Pair] = []
    for _ in range(count):
        story = _story(chance, 30)
        edited = [_edited(sentence, chance) if chance.random() < 0.08 else sentence for sentence in story]
        made.append(Pair("syndicated", " ".join(story), " ".join(edited[:-1]), same=True))
        made.append(Pair("updated", " ".join(story), " ".join([*story, *_story(chance, 4)]), same=True))
        made.append(Pair("same_template", _weather(chance), _weather(chance), same=False))
        made.append(
            Pair("boilerplate_only", _NOTICE + " ".join(story), _NOTICE + " ".join(_story(chance, 30)), same=False)
        )
        made.append(Pair("unlike", " ".join(story), " ".join(_story(chance, 30)), same=False))
    return made


def _story(chance: random.Random, sentences: int) -> list[str]:
    return [
        f"The {chance.choice(_NOUNS)} of {_name(chance)} {chance.choice(_VERBS)} the {chance.choice(_NOUNS)} near "
        f"{_name(chance)} {chance.choice(_REST)}."
        for _ in range(sentences)
    ]


def _name(chance: random.Random) -> str:
    return "".join(chance.choice("bdfgklmnprst") + chance.choice("aeiou") for _ in range(3)).capitalize()


def _edited(sentence: str, chance: random.Random) -> str:
    words = sentence.split()
    words[chance.randrange(len(words))] = _name(chance)
    return " ".join(words)


def _weather(chance: random.Random) -> str:
    return "".join(
        _TEMPLATE.format(
            place=_name(chance), day=_name(chance), sky=_name(chance), low=chance.randint(-9, 9), side=_name(chance),
            high=chance.randint(10, 35), wind=chance.randint(1, 60), tide=chance.randint(1000, 2359),
        )
        for _ in range(6)
    )  # fmt: skip
