"""The language: what the page declares, held against the cleaned body."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any, Final

from cleaners.document import Cleaned
from pipelines.article import Article
from pipelines.context import Context, Decision

# Characters of the body that detection reads: more cost time and change few answers.
_READ_CHARS: Final = 600
# A shorter body is too little to detect anything, and a body below the second mark too little to contradict the page.
_DETECTED_CHARS: Final = 60
_CONTRADICTS_CHARS: Final = 300
_CERTAIN: Final = 0.99
# Written languages that a detector of byte sequences cannot tell apart: there the page knows better.
_ALIKE: Final = tuple(
    map(frozenset, (("no", "nb", "nn", "da"), ("hr", "bs", "sr", "sh"), ("id", "ms"), ("zh", "yue"), ("cs", "sk"),
                    ("gl", "pt"), ("af", "nl"), ("fil", "tl"), ("ca", "oc", "es"), ("uk", "ru", "be"), ("lb", "de")))
)  # fmt: skip


def language(article: Article, context: Context) -> Article:
    """The declared language where the body agrees or is too short to tell, else the detected one; BCP 47."""
    declared = context.evidence.languages
    sample = _sample(context.cleaned)
    detected, certainty = detect(sample) if len(sample) >= _DETECTED_CHARS else ("", 0.0)
    chosen, source = _chosen(declared[0][0] if declared else "", detected, certainty, len(sample))
    raw = declared[0][1] if declared else None
    context.decisions.append(Decision("language", chosen or None, source, raw, detected or None))
    return replace(article, language=chosen or None, language_source=source)


def _chosen(declared: str, detected: str, certainty: float, chars: int) -> tuple[str, str | None]:
    if not declared:
        return (detected, "detected") if detected and certainty >= 0.5 else ("", None)
    primary = declared.split("-")[0]
    alike = primary == detected or any(primary in group and detected in group for group in _ALIKE)
    if detected and not alike and certainty >= _CERTAIN and chars >= _CONTRADICTS_CHARS:
        return detected, "detected"
    return declared, "html"


def _sample(cleaned: Cleaned) -> str:
    """The start of the body, whole blocks until there is enough."""
    parts: list[str] = []
    chars = 0
    for block in cleaned.kept:
        parts.append(block.text)
        chars += len(block.text)
        if chars >= _READ_CHARS:
            break
    return " ".join(parts)[:_READ_CHARS]


def detect(text: str) -> tuple[str, float]:
    """The language of a text (BCP 47, primary tag) and the detector's probability for it."""
    code, probability = _identifier().classify(text)
    return str(code), float(probability)


@cache
def _identifier() -> Any:
    # Loading the model takes 0.8 s: only a run that makes records pays for it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
