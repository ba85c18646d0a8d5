"""Writes the records of a crawl as one JSON array or one XML document, with Scrapy's exporters."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from pipelines.outputs.files import Output
from pipelines.outputs.formats import OutputFormat

if TYPE_CHECKING:
    from scrapy.exporters import BaseItemExporter


class DocumentOutput:
    """One document of all records. Like every output, it appears under its name when it is complete."""

    def __init__(self, name: str, exporter_for: Callable[[io.BytesIO], BaseItemExporter]) -> None:
        self._output = Output(name)
        self._written = io.BytesIO()  # what the exporter wrote last: it asks more of a file than an Output has
        self._exporter = exporter_for(self._written)

    def write(self, lines: bytes) -> None:
        """Add records: lines of JSON."""
        for line in lines.splitlines():
            self._exporter.export_item(json.loads(line))
        self._pass_on()

    def flush(self) -> None:
        """Does nothing: half a document is of no use."""

    def __enter__(self) -> Self:
        """Begin the document."""
        self._exporter.start_exporting()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End the document, or discard it after an error."""
        if kind is None:
            self._exporter.finish_exporting()
            self._pass_on()
        self._output.__exit__(kind, error, at)

    def _pass_on(self) -> None:
        self._output.write(self._written.getvalue())
        self._written.seek(0)
        self._written.truncate()


def _json(file: io.BytesIO) -> BaseItemExporter:
    from scrapy.exporters import JsonItemExporter  # heavy to import, and only this needs it

    return JsonItemExporter(file, encoding="utf-8")


def _xml(file: io.BytesIO) -> BaseItemExporter:
    from scrapy.exporters import XmlItemExporter

    return XmlItemExporter(file, encoding="utf-8")


DOCUMENT_FORMATS: Final = (
    OutputFormat("json", (".json",), partial(DocumentOutput, exporter_for=_json)),
    OutputFormat("xml", (".xml",), partial(DocumentOutput, exporter_for=_xml)),
)
