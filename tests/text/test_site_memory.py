"""Lines that a site's documents share are boilerplate; a heading or quotation between a document's own lines stays."""

import random
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from cleaners import CleanOptions, Page, clean
from cleaners.document import Cleaned, Document
from cleaners.errors import InputError
from cleaners.options import DEFAULT
from cleaners.page import Decoded
from cleaners.parsing.text import segment_text
from cleaners.plan import document_of
from cleaners.rules.repeated_on_site import mark_repeated
from cleaners.site_memory import SiteMemory

TOPICS = ("ferries", "lamps", "tides", "ropes", "gulls", "buoys", "piers", "sails")
LAW = "Every boat shall carry a light from dusk to dawn."


def dump(topic: str, number: int) -> str:
    return "\n".join(
        [
            "The Harbour Gazette",
            "All the news of the eastern quay",
            f"{number} readers online",
            f"What became of the {topic}",
            f"The {topic} of the old harbour are older than anyone who looks after them, we were told.",
            LAW,
            f"Nobody could say why the {topic} were moved in the autumn.",
            "Write to the editor with your own story",
            "Printed on paper from the mill up the river",
        ]
    )


def document(topic: str, number: int = 7, site: str = "gazette.example") -> Document:
    return segment_text(Decoded(dump(topic, number), "str", "given"), f"https://www.{site}/{topic}")


DOCUMENTS = [document(topic, number) for number, topic in enumerate(TOPICS)]


def memory_of(documents: Iterable[Document]) -> SiteMemory:
    memory = SiteMemory()
    for seen in documents:
        memory.observe(seen)
    return memory


def dropped(page: Document, memory: SiteMemory | None) -> dict[str, str]:
    marks = mark_repeated(page, (), CleanOptions(site_memory=memory)).marks
    return {block.text: mark.evidence for block, mark in Cleaned(page, tuple(marks)).dropped}


def test_lines_that_the_site_repeats_are_removed_with_the_count_as_evidence() -> None:
    gone = dropped(DOCUMENTS[0], memory_of(DOCUMENTS))
    assert list(gone)[:2] == ["The Harbour Gazette", "All the news of the eastern quay"]
    assert "Printed on paper from the mill up the river" in gone
    assert gone["The Harbour Gazette"] == "on 8 of 8 documents of gazette.example"


def test_a_counter_in_a_line_does_not_hide_that_it_repeats() -> None:
    memory = memory_of(DOCUMENTS)
    assert memory.line_counts(["12345 readers online"], "gazette.example").tolist() == [8]


def test_a_law_quoted_in_every_article_stays() -> None:
    assert LAW not in dropped(DOCUMENTS[0], memory_of(DOCUMENTS))


def test_nothing_is_dropped_if_the_site_is_unknown_or_was_seen_too_little() -> None:
    memory = memory_of(DOCUMENTS)
    assert dropped(document("ferries", site="other.example"), memory) == {}
    assert dropped(DOCUMENTS[0], memory_of(DOCUMENTS[:2])) == {}
    assert dropped(DOCUMENTS[0], None) == {}


def saved(memory: SiteMemory, path: Path) -> bytes:
    memory.save(path)
    return path.read_bytes()


def test_the_order_of_documents_does_not_matter(tmp_path: Path) -> None:
    shuffled = random.Random(4).sample(DOCUMENTS, len(DOCUMENTS))
    expected = saved(memory_of(DOCUMENTS), tmp_path / "site.npz")
    assert saved(memory_of(shuffled), tmp_path / "site.npz") == expected
    assert saved(memory_of(DOCUMENTS[1:]), tmp_path / "site.npz") != expected


def test_a_saved_memory_is_the_same_memory(tmp_path: Path) -> None:
    memory = memory_of(DOCUMENTS)
    content = saved(memory, tmp_path / "site.npz")
    again = SiteMemory.load(tmp_path / "site.npz")
    assert saved(again, tmp_path / "again.npz") == content
    assert dropped(DOCUMENTS[0], again) == dropped(DOCUMENTS[0], memory)


@pytest.mark.parametrize(
    ("width", "version"), [(16, np.array([1, 2])), (0, np.array(1)), (1, np.array(1)), (1000, np.array(1))]
)
def test_the_error_names_a_file_with_counts_that_no_memory_has(
    tmp_path: Path, width: int, version: NDArray[np.int64]
) -> None:
    np.savez(tmp_path / "odd.npz", counts=np.zeros((4, width), np.uint32), version=version)
    with pytest.raises(InputError, match=r"odd\.npz"):
        SiteMemory.load(tmp_path / "odd.npz")


@pytest.mark.parametrize("content", [b"", b"not a memory", b"PK\x03\x04broken"])
def test_the_error_names_a_file_that_is_not_a_site_memory(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.npz"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"broken\.npz"):
        SiteMemory.load(path)


def test_memory_is_bounded_and_an_overfull_sketch_forgets_rather_than_invents() -> None:
    memory = SiteMemory(width_bits=8)
    for number in range(300):
        lines = "\n".join(f"line {chr(97 + number % 26)}{chr(97 + number // 26)}{letter}" for letter in "abcdefghij")
        memory.observe(segment_text(Decoded(lines, "str", "given"), f"https://site{number}.example/"))
    counts = memory.line_counts(["never seen", "nor this", "nor that one", "nor the other"], "site1.example")
    assert counts.max() < 3


def test_it_works_on_markup_and_on_dumps_through_the_plan() -> None:
    pages = [
        "".join(f"<p>{line}</p>" for line in dump(topic, number).splitlines()) for number, topic in enumerate(TOPICS)
    ]
    url = "https://gazette.example/a"
    memory = memory_of(document_of(Page(page.encode(), url=url)) for page in pages)
    options = CleanOptions(engine=DEFAULT.engine, site_memory=memory)
    for page in (Page(pages[0].encode(), url=url), Page(dump("ferries", 3).encode(), markup="text", url=url)):
        reasons = [mark.reason for block, mark in clean(page, options=options).dropped]
        assert reasons.count("repeated_on_site") >= 3
