"""No command destroys what it reads, and no input ends the run of the others."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from copydesk.cli.main import main
from copydesk.cli.terminal import printable
from tests import warm
from tests.offline import samples
from tests.offline.conftest import Run

Clean = Callable[..., Run]
DEEP = b'{"a":' + b"[" * 60_000


def status_of(*arguments: object) -> int:
    return main([*map(str, arguments)])


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "ok.html"
    path.write_bytes(samples.page(1))
    return path


@pytest.mark.parametrize("how", ["itself", "symbolic link", "hard link", "other spelling"])
def test_an_output_that_is_the_input_is_refused(tmp_path: Path, page: Path, how: str) -> None:
    before = page.read_bytes()
    output = {"itself": page, "other spelling": tmp_path / "x" / ".." / "ok.html"}.get(how, tmp_path / "link.html")
    (tmp_path / "x").mkdir()
    if how == "symbolic link":
        output.symlink_to(page)
    if how == "hard link":
        output.hardlink_to(page)
    assert status_of("clean", page, "-o", output, "--quiet") == 2
    assert page.read_bytes() == before


def test_an_explanation_that_is_an_input_is_refused(tmp_path: Path, page: Path) -> None:
    before = page.read_bytes()
    assert status_of("clean", page, "-o", tmp_path / "out.jsonl", "--explain", page, "--quiet") == 2
    assert page.read_bytes() == before
    assert not (tmp_path / "out.jsonl").exists()


def test_two_outputs_in_one_file_are_refused(tmp_path: Path, page: Path) -> None:
    (tmp_path / "a.jsonl").write_text("kept\n")
    (tmp_path / "b.jsonl").hardlink_to(tmp_path / "a.jsonl")
    assert status_of("clean", page, "-o", tmp_path / "a.jsonl", "--explain", tmp_path / "b.jsonl") == 2
    assert (tmp_path / "a.jsonl").read_text() == "kept\n"


def test_a_page_of_an_input_folder_cannot_be_the_output(tmp_path: Path, page: Path) -> None:
    before = page.read_bytes()
    assert status_of("clean", tmp_path, "-o", page, "--quiet") == 2
    assert page.read_bytes() == before


def test_a_manifest_cannot_be_the_output(tmp_path: Path, page: Path) -> None:
    manifest = tmp_path / "urls.csv"
    manifest.write_text("path,url\nok.html,https://example.org/a\n")
    assert status_of("clean", page, "-o", manifest, "--manifest", manifest, "--quiet") == 2
    assert manifest.read_text().startswith("path,url")


def test_outputs_of_an_earlier_run_in_the_input_folder_are_skipped(
    tmp_path: Path, page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, why = tmp_path / "out.jsonl", tmp_path / "why.jsonl"
    for _ in range(3):
        assert status_of("clean", tmp_path, "-o", out, "--explain", why, "--workers", 1) == 0
        assert [record["source_path"] for record in samples.records(out)] == [str(page)]
    other = tmp_path / "other.jsonl"
    assert status_of("clean", tmp_path, "-o", other, "--workers", 1) == 0
    assert len(samples.records(other)) == 1
    assert "2 own_output" in capsys.readouterr().err


def test_an_export_never_overwrites_its_records(tmp_path: Path, page: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert status_of("clean", page, "-o", out, "--quiet", "--workers", 1) == 0
    before = out.read_bytes()
    assert status_of("export", "newsarticle", out, "-o", out) == 2
    assert out.read_bytes() == before


def test_an_export_reports_bad_lines_and_converts_the_others(
    tmp_path: Path, page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, exported = tmp_path / "out.jsonl", tmp_path / "exported.jsonl"
    assert status_of("clean", page, "-o", out, "--quiet", "--workers", 1) == 0
    good = out.read_bytes()
    record = json.loads(good)
    wrong = json.dumps({**record, "authors": 7}).encode() + b"\n"
    out.write_bytes(good + DEEP + b"\n" + wrong + good)
    assert status_of("export", "newsarticle", out, "-o", exported) == 1
    assert len(samples.records(exported)) == 2
    told = capsys.readouterr().err
    assert f"{out}, line 2: no JSON (nested too deeply)" in told
    assert f"{out}, line 3: authors holds int where list is wanted" in told


def archive(tmp_path: Path, *bodies: bytes) -> Path:
    path = tmp_path / "hostile.warc"
    with path.open("wb") as file:
        for number, body in enumerate(bodies):
            answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n" + body
            file.write(
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
                f"WARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Target-URI: https://example.org/{number}\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n".encode()
                + answer
                + b"\r\n\r\n"
            )
    return path


def test_deeply_nested_json_ends_no_run(tmp_path: Path, page: Path, clean: Clean) -> None:
    (tmp_path / "deep.bin").write_bytes(DEEP)
    (tmp_path / "deep.jsonl").write_bytes(DEEP + b"\n")
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_bytes(DEEP + b'\n{"path": "ok.html", "url": "https://example.org/a"}\n')
    hostile = archive(tmp_path, DEEP, samples.page(2))
    run = clean(tmp_path / "deep.bin", tmp_path / "deep.jsonl", hostile, page, "--manifest", manifest)
    assert run.status == 1
    assert "ok.html" in run.sources
    assert run.records[-1]["url"] == "https://example.org/a"
    assert any("hostile.warc" in source for source in run.sources)


def test_a_record_that_declares_gigabytes_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "huge.warc"
    path.write_bytes(
        b"WARC/1.0\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
        b"Content-Length: 8589934592\r\n\r\n" + b"a" * 1_000_000
    )
    script, out = tmp_path / "limited.py", tmp_path / "out.jsonl"
    script.write_text(
        "import resource, sys\nfrom copydesk.cli.main import main\n"
        "if __name__ == '__main__':\n"
        "    resource.setrlimit(resource.RLIMIT_AS, (3_000_000_000, 3_000_000_000))\n"
        "    main(['clean', *sys.argv[2:], '-o', sys.argv[1], '--workers', '1'])\n"
    )
    warm.run("python", str(script), str(out), str(path), str(samples.SEEDS / "dump.txt"))
    assert len(samples.records(out)) == 1


def test_a_run_started_with_nohup_outlives_its_terminal(tmp_path: Path, page: Path) -> None:
    script = tmp_path / "hang_up.py"
    script.write_text(
        "import os, signal, sys\nfrom copydesk.cli.main import main\n"
        "if __name__ == '__main__':\n"
        "    signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "    status = main(['clean', sys.argv[1], '-o', sys.argv[2], '--workers', '1', '--quiet'])\n"
        "    os.kill(os.getpid(), signal.SIGHUP)\n    print('alive', status)\n"
    )
    done = warm.run("python", str(script), str(page), str(tmp_path / "out.jsonl"))
    assert done.stdout == "alive 0\n"


def test_files_of_a_killed_run_are_removed_and_files_of_a_running_one_stay(tmp_path: Path, page: Path) -> None:
    left = tmp_path / f".out.jsonl.{os.getpid()}.part"
    left.write_bytes(b"half")
    living = tmp_path / ".out.jsonl.abc.part"
    with living.open("wb") as file:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX)
        assert status_of("clean", page, "-o", tmp_path / "out.jsonl", "--quiet", "--workers", 1) == 0
    assert not left.exists()
    assert living.exists()
    assert len(samples.records(tmp_path / "out.jsonl")) == 1


def test_a_text_cannot_steer_the_terminal() -> None:
    assert printable("a\x1b[2Jb\r\u202ec") == "a\ufffd[2Jb\ufffd\ufffdc"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes with a name, and links need rights")
def test_unreadable_files_in_a_folder_are_reported_and_the_rest_is_read(tmp_path: Path, clean: Clean) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "lost.html").symlink_to(tmp_path / "nowhere.html")
    os.mkfifo(pages / "pipe.html")
    (pages / "real.html").write_bytes(samples.page(1))
    run = clean(str(pages))
    assert run.status == 1
    assert "lost.html: a link that leads nowhere" in run.messages
    assert "pipe.html: no ordinary file" in run.messages
    assert run.sources == ["real.html"]


@pytest.mark.skipif(sys.platform == "win32", reason="no stream of a POSIX shell is closed there")
@pytest.mark.parametrize(("closed", "status"), [(2, 0), (0, 1), (1, 3)], ids=["2>&-", "<&-", ">&-"])
def test_a_closed_stream_fails_only_a_run_that_needs_it(tmp_path: Path, page: Path, closed: int, status: int) -> None:
    source, output = ("-" if closed == 0 else str(page)), ("-" if closed == 1 else "out.jsonl")
    run = warm.run("copydesk", "clean", source, "-o", output, "--workers", "1", folder=tmp_path, closed=closed)
    assert run.returncode == status
    assert "Traceback" not in run.stderr
    if status == 0:
        assert len((tmp_path / "out.jsonl").read_text("utf-8").splitlines()) == 1
