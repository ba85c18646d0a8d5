"""Makes names.json from the Unicode CLDR with Babel: `python -m tools.date_names`.

Only this command needs Babel. For the locales below, the file has:
  months       folded month name -> its number, or {language: number} where languages disagree (Polish and Croatian
               "listopad")
  ago          folded phrase with # for the number ("vor # stunden") -> unit
  weekdays     folded full names of the days of the week
  afternoon    folded words for the afternoon half of the day ("pm", "오후"); morning: the other half
  month_first  languages and territories that write 4/11 for 11 April
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pipelines.dates.names import fold_accents

LOCALES: Final = """en de fr es it pt nl sv da nb nn is fi et lv lt pl cs sk sl hr bs sr sr_Latn mk bg ru uk be ro hu el
 tr az kk uz ar ar_SY ar_DZ ar_MA ar_EG he hi bn ta te mr gu pa ur th vi id ms fil sw af ca gl eu ga cy sq hy ka ko ja
 zh zh_Hant mn de_AT en_GB en_AU en_CA en_ZA es_MX es_UY es_PE fr_CA pt_PT ka kn ml si ne my km lo am so rm lb fo
 """.split()
# Abbreviations that pages use and the CLDR lacks, from January on.
ALSO_WRITTEN: Final = {
    "ru": "янв фев мар апр май июн июл авг сен окт ноя дек",
    "bg": "яну фев мар апр май юни юли авг сеп окт ное дек",
}
UNITS: Final = ("second", "minute", "hour", "day", "week", "month", "year")
FILE: Final = Path(__file__).parents[1] / "pipelines" / "dates" / "names.json"


def main() -> None:
    """Write names.json next to this module."""
    FILE.write_text(json.dumps(table(), ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")


def table() -> dict[str, Any]:
    """The whole table, from the installed Babel."""
    from babel import Locale

    locales = [Locale.parse(name) for name in dict.fromkeys(LOCALES)]
    return {
        "months": _months(locales),
        "ago": dict(sorted(pair for locale in locales for pair in _ago(locale))),
        "weekdays": sorted(
            {fold_accents(name) for locale in locales for name in dict(locale.days["format"]["wide"]).values()}
        ),
        "morning": _periods(locales, "am"),
        "afternoon": _periods(locales, "pm"),
        "month_first": {"languages": _month_first_languages(locales), "territories": _month_first_territories()},
    }


def _months(locales: list[Any]) -> dict[str, Any]:
    seen: dict[str, dict[str, int]] = {}
    for locale in locales:
        for name, number in _month_names(locale):
            seen.setdefault(name, {}).setdefault(locale.language, number)
    for language, listed in ALSO_WRITTEN.items():
        for number, name in enumerate(listed.split(), 1):
            seen.setdefault(name, {}).setdefault(language, number)
    return {name: _agreed(numbers) for name, numbers in seen.items()}


def _month_names(locale: Any) -> Iterator[tuple[str, int]]:
    for use in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in dict(locale.months[use][width]).items():
                folded = fold_accents(name)
                # Digits and ideographs (4月) are shapes, not names.
                if len(folded) > 1 and not re.search(r"[\d月월\s]", name):
                    yield folded, int(number)


def _agreed(numbers: dict[str, int]) -> int | dict[str, int]:
    return next(iter(numbers.values())) if len(set(numbers.values())) == 1 else numbers


def _ago(locale: Any) -> Iterator[tuple[str, str]]:
    fields = locale._data["date_fields"]
    for unit in UNITS:
        for name in (unit, f"{unit}-short", f"{unit}-narrow"):
            for pattern in dict(dict(fields.get(name, {})).get("past", {})).values():
                if "{0}" in pattern and re.search(r"[^\W\d_]{2}|[^\x00-\x7f]", pattern.replace("{0}", "")):
                    yield fold_accents(pattern.replace("{0}", "#")), unit


def _periods(locales: list[Any], name: str) -> list[str]:
    words = set()
    for locale in locales:
        for width in ("wide", "abbreviated", "narrow"):
            word = dict(locale.day_periods["format"].get(width, {})).get(name)
            if word and len(fold_accents(word)) > 1:
                words.add(fold_accents(word))
    return sorted(words)


def _month_first_languages(locales: list[Any]) -> list[str]:
    return sorted({locale.language for locale in locales if not locale.territory and _is_month_first(locale)})


def _is_month_first(locale: Any) -> bool:
    pattern = locale.date_formats["short"].pattern.lower()
    return bool(re.match(r"[^dy]*m[^y]*d", pattern))


def _month_first_territories() -> list[str]:
    from babel import Locale, UnknownLocaleError
    from babel.languages import get_official_languages

    found = []
    for territory in map(str, Locale("en").territories):
        if len(territory) != 2:
            continue
        for language in get_official_languages(territory, de_facto=True)[:1]:
            try:
                locale = Locale.parse(f"{language}_{territory}")
            except (UnknownLocaleError, ValueError):
                continue
            if _is_month_first(locale):
                found.append(territory.lower())
    return sorted(found)


if __name__ == "__main__":
    main()
