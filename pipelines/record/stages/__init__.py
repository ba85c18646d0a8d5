"""STAGES: the ordered steps from a Cleaned to an Article. Each is a pure function from an Article to a StageResult."""

from __future__ import annotations

from pipelines.record.context import Stage
from pipelines.record.stages.address import address
from pipelines.record.stages.authors import authors
from pipelines.record.stages.body import body, counts
from pipelines.record.stages.comments import comments
from pipelines.record.stages.dates import dates
from pipelines.record.stages.headline import headline
from pipelines.record.stages.images import images
from pipelines.record.stages.kind import kind
from pipelines.record.stages.language import language
from pipelines.record.stages.provenance import identity, provenance
from pipelines.record.stages.reservations import reservations
from pipelines.record.stages.topics import topics
from pipelines.record.stages.validation import validation

STAGES: tuple[Stage, ...] = (
    Stage("provenance", provenance),
    Stage("address", address),
    Stage("headline", headline),
    Stage("dates", dates),
    Stage("authors", authors),
    Stage("language", language),
    Stage("topics", topics),
    Stage("images", images),
    Stage("body", body),
    Stage("counts", counts),
    Stage("comments", comments),
    Stage("kind", kind),
    Stage("reservations", reservations),
    Stage("identity", identity),
    Stage("validation", validation),
)
