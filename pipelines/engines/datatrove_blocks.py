"""Blocks for datatrove's pipelines: inputs to records, and documents of any reader to records.

Pages are cleaned in processes beside datatrove's own, with a time limit each: a page that hangs, dies or needs too much
memory costs its own document, and is counted in datatrove's statistics.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from datatrove.data import Document
from datatrove.pipeline.base import PipelineStep

from cleaners.errors import InputError
from cleaners.options import DEFAULT, CleanOptions
from cleaners.page import Page
from pipelines.engines.frames import made_of_pages
from pipelines.inputs.reader import ReadOptions, pages_of
from pipelines.inputs.work_list import Part
from pipelines.workers.pool import TIME_LIMIT, PagePool


class CleanDocuments(PipelineStep):  # type: ignore[misc]  # the library has no types
    """Cleans documents whose text is markup, as datatrove's readers give it; the `url` comes from their metadata.

    The text becomes the body, the id the record's, and the metadata the other fields of the record. A document that
    gives no record is dropped and counted as `failed_` with the cause.

    workers     processes beside this one
    time_limit  seconds a page may take
    """

    name = "📰 Copydesk"
    type = "🧹 - CLEANER"

    def __init__(self, options: CleanOptions = DEFAULT, workers: int = 1, time_limit: float = TIME_LIMIT) -> None:
        super().__init__()
        self.options = options
        self.workers = workers
        self.time_limit = time_limit

    def run(self, data: Iterable[Document], rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """The documents of records, in order."""
        return self._cleaned(_page(document) for document in data or ())

    def _cleaned(self, pages: Iterable[Page]) -> Iterator[Document]:
        with PagePool(self.workers, self.time_limit) as pool:
            for _, made in made_of_pages(pages, pool, self.options):
                if made.failure is not None:
                    self.stat_update(f"failed_{made.failure.cause}")
                    continue
                document = _document(json.loads(made.record))
                self.stat_update("records")
                self.update_doc_stats(document)
                yield document


class CleanInputs(CleanDocuments):
    """Reads and cleans inputs of every kind that `copydesk clean` reads; each task takes its part of them.

    inputs  files, folders, globs and addresses; a list of many is best, since a task takes every N-th of them
    read    how they are read
    """

    name = "📰 Copydesk inputs"
    type = "📖 - READER"

    def __init__(self, inputs: Sequence[str], read: ReadOptions | None = None, **how: Any) -> None:
        super().__init__(**how)
        self.inputs = list(inputs)
        self.read = read

    def run(self, data: Iterable[Document] | None = None, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """The documents of the blocks before this one, then those of this task's inputs."""
        yield from data or ()
        yield from self._cleaned(self._pages(Part(rank + 1, world_size).of(self.inputs)))

    def _pages(self, inputs: Iterable[str]) -> Iterator[Page]:
        for page in pages_of(inputs, self.read or ReadOptions(), Counter()):
            if isinstance(page, InputError):
                self.stat_update(f"failed_{page.cause}")
            else:
                yield page


def record_of_document(writer: object, document: Document) -> dict[str, Any]:
    """The record of a document, for the `adapter` of datatrove's writers: the lines that `copydesk clean` writes."""
    return {name: document.text if name == "body" else value for name, value in document.metadata.items()}


def _document(record: dict[str, Any]) -> Document:
    # The body's place among the fields is kept, so that the record can be written as it was.
    return Document(text=record["body"], id=record["id"], metadata={**record, "body": None})


def _page(document: Document) -> Page:
    url = document.metadata.get("url")
    return Page(document.text, url=url if isinstance(url, str) else None, source_path=document.id)
