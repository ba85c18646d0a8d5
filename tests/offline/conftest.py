from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from copydesk.cli.main import main


class Run(NamedTuple):
    status: int
    records: list[dict[str, Any]]
    messages: str

    @property
    def sources(self) -> list[str]:
        return [Path(str(record["source_path"])).name for record in self.records]


@pytest.fixture
def clean(tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """`copydesk clean` with two workers: exit status, records and messages."""
    out = tmp_path_factory.mktemp("out") / "records.jsonl"

    def run(*arguments: object) -> Run:
        out.unlink(missing_ok=True)
        try:
            status = main(["clean", *map(str, arguments), "-o", str(out), "--workers", "2"])
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        lines = out.read_text("utf-8").splitlines() if out.exists() else []
        return Run(status, [json.loads(line) for line in lines], capsys.readouterr().err)

    return run
