"""STAGES: the ordered steps from a Cleaned to an Article. Each is a function (Article, RecordInputs) -> Article."""

from __future__ import annotations

from pipelines.record.context import Stage
from pipelines.record.stages.address import address
from pipelines.record.stages.authors import authors
from pipelines.record.stages.body import body, counts
from pipelines.record.stages.dates import dates
from pipelines.record.stages.headline import headline
from pipelines.record.stages.images import images
from pipelines.record.stages.language import language
from pipelines.record.stages.provenance import identity, provenance
from pipelines.record.stages.reservations import reservations
from pipelines.record.stages.topics import topics
from pipelines.record.stages.validation import validation

STAGES: dict[str, Stage] = {
    "provenance": provenance,
    "address": address,
    "headline": headline,
    "dates": dates,
    "authors": authors,
    "language": language,
    "topics": topics,
    "images": images,
    "body": body,
    "counts": counts,
    "reservations": reservations,
    "identity": identity,
    "validation": validation,
}
