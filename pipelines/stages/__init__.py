"""STAGES: the ordered steps from a Cleaned to an Article. Each is a pure function (Article, Context) -> Article."""

from __future__ import annotations

from pipelines.context import Stage
from pipelines.stages.body import body
from pipelines.stages.provenance import identity, provenance

STAGES: dict[str, Stage] = {
    "provenance": provenance,
    "body": body,
    "identity": identity,
}
