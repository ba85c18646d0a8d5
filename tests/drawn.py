"""What Hypothesis draws in tests, and how often: `COPYDESK_EXAMPLES=500` draws more, as `make soak` does."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

examples = settings(
    max_examples=int(os.environ.get("COPYDESK_EXAMPLES", "25")),
    deadline=None,  # a busy machine would miss it
    suppress_health_check=[HealthCheck.too_slow],
)
"""Put this on every test that Hypothesis feeds."""

# Hypothesis's own characters cost two seconds in a fresh checkout, where it first sorts all of Unicode.
_characters = st.one_of(
    st.sampled_from(" \n\t.,|<&'aAzZ09é好。"),
    st.integers(0, 0x17F).map(chr),
    st.integers(0, 0xD7FF).map(chr),
    st.integers(0xE000, 0x10FFFF).map(chr),
)


def any_text(most: int) -> st.SearchStrategy[str]:
    """Text of any characters but surrogates, at most so many."""
    return st.text(_characters, max_size=most)
