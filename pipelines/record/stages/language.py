"""The language: what the page declares, held against the cleaned body."""

from __future__ import annotations

from typing import Final

from pipelines.evidence.language import detect, sample_of
from pipelines.record.article import Article, changed
from pipelines.record.context import FieldChoice, RecordInputs, StageResult

# A shorter body is too little to detect anything, and a body below the second mark too little to contradict the page.
_DETECTED_CHARS: Final = 60
_CONTRADICTS_CHARS: Final = 300
_CERTAIN: Final = 0.99
_AGREES_CHARS: Final = 160  # at the end of a sample, where no notice stands: enough to agree with the declared one
# Written languages that a detector of byte sequences cannot tell apart: there the page knows better.
_ALIKE: Final = tuple(
    map(frozenset, (("no", "nb", "nn", "da"), ("hr", "bs", "sr", "sh"), ("id", "ms"), ("zh", "yue"), ("cs", "sk"),
                    ("gl", "pt"), ("af", "nl"), ("fil", "tl"), ("ca", "oc", "es"), ("uk", "ru", "be"), ("lb", "de")))
)  # fmt: skip


def language(article: Article, inputs: RecordInputs) -> StageResult:
    """The declared language where the body agrees or is too short to tell, else the detected one.

    As a tag (BCP 47), and its primary part alone.
    """
    declared = inputs.evidence.languages
    sample = sample_of(inputs.cleaned.kept)
    stated = declared[0][0] if declared else ""
    detected, certainty = _detected(sample, stated) if len(sample) >= _DETECTED_CHARS else ("", 0.0)
    chosen, source = _chosen(stated, detected, certainty, len(sample))
    raw = declared[0][1] if declared else None
    choice = FieldChoice("language_tag", chosen or None, source, raw, detected or None)
    primary = chosen.split("-")[0].lower() or None
    article = changed(article, language=primary, language_tag=chosen or None, language_source=source)
    return StageResult(article, (choice,))


def _detected(sample: str, declared: str) -> tuple[str, float]:
    """The language of a sample. Where its end agrees with the declared one, the rest costs time and tells nothing."""
    if declared and len(sample) > _AGREES_CHARS:
        found = detect(sample[-_AGREES_CHARS:])
        if found[0] == declared.split("-")[0]:
            return found
    return detect(sample)


def _chosen(declared: str, detected: str, certainty: float, chars: int) -> tuple[str, str | None]:
    if not declared:
        return (detected, "detected") if detected and certainty >= 0.5 else ("", None)
    primary = declared.split("-")[0]
    alike = primary == detected or any(primary in group and detected in group for group in _ALIKE)
    if detected and not alike and certainty >= _CERTAIN and chars >= _CONTRADICTS_CHARS:
        return detected, "detected"
    return declared, "html"
