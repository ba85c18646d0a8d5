"""The language of a text, detected from its bytes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from cleaners.document import Block

# Characters that detection reads: more cost time and change few answers.
READ_CHARS: Final = 600


def sample_of(blocks: Sequence[Block]) -> str:
    """The start of a body, whole blocks until there is enough."""
    parts: list[str] = []
    chars = 0
    for block in blocks:
        parts.append(block.text)
        chars += len(block.text)
        if chars >= READ_CHARS:
            break
    return " ".join(parts)[:READ_CHARS]


def detect(text: str) -> tuple[str, float]:
    """The language of a text (BCP 47, primary tag) and the detector's probability for it."""
    code, probability = _identifier().classify(text)
    return str(code), float(probability)


@cache
def _identifier() -> Any:
    # Loading the model takes 0.8 s: only a run that makes records pays for it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
