"""STAGES: the ordered steps from a Cleaned to an Article. Each is a pure function (Article, Context) -> Article."""

from __future__ import annotations

from pipelines.context import Stage
from pipelines.stages.address import address
from pipelines.stages.authors import authors
from pipelines.stages.body import body, counts
from pipelines.stages.dates import dates
from pipelines.stages.headline import headline
from pipelines.stages.images import images
from pipelines.stages.language import language
from pipelines.stages.provenance import identity, provenance
from pipelines.stages.reservations import reservations
from pipelines.stages.topics import topics
from pipelines.stages.validation import validation

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
