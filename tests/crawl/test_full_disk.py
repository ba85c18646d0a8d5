from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import warm
from tests.crawl.running import ROOT, crawl, crawl_arguments, environment, records, serving_plainly

SMALL_DISK = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")


def can_mount() -> bool:
    """Whether a small disk can be mounted here (Linux with user namespaces)."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*SMALL_DISK, "mount -t tmpfs t /mnt"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not can_mount(), reason="no user namespaces: a small disk cannot be mounted")
def test_a_crawl_reports_a_full_disk_and_continues_when_there_is_space(tmp_path: Path) -> None:
    disk, kept = tmp_path / "disk", tmp_path / "kept"
    disk.mkdir()
    with serving_plainly(24) as base:
        arguments = ("-a", f"url={base}/", "-O", str(disk / "articles.jsonl"))
        crawling = crawl_arguments(*arguments, LOG_LEVEL="WARNING")
        command = shlex.join([sys.executable, "-c", warm.code_of("scrapy"), *crawling])
        script = f"mount -t tmpfs -o size=280k t {disk} && {{ {command}; s=$?; cp -r {disk} {kept}; exit $s; }}"
        full = subprocess.run(
            [*SMALL_DISK, script], cwd=ROOT, capture_output=True, text=True, env=environment(), timeout=120
        )
        assert full.returncode == 1
        assert "free some space and run it again" in full.stderr
        assert "Traceback" not in full.stderr
        shutil.copytree(kept, disk, dirs_exist_ok=True)
        done = crawl(*arguments)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "the interrupted run before this one is complete now" in done.stderr
    found = [record["id"] for record in records(disk / "articles.jsonl")]
    assert len(found) == len(set(found)) == 24
