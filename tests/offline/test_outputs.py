from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from cleaners.errors import OutputError
from copydesk.cli.main import main
from pipelines.outputs.files import Output
from tests import warm
from tests.offline import samples


def cleaned(*arguments: object) -> bytes:
    out = Path(str(arguments[arguments.index("-o") + 1]))
    assert main(["clean", *map(str, arguments), "--quiet"]) == 0
    return out.read_bytes()


def test_one_worker_and_eight_write_the_same_bytes_and_so_does_a_second_run(tmp_path: Path) -> None:
    pages = samples.folder(tmp_path / "pages", 30)
    samples.folder(pages / "more", 30)
    (pages / "big.html").write_bytes(samples.page(1, 2_000))
    one = cleaned(pages, "-o", tmp_path / "1.jsonl", "--explain", tmp_path / "1.why.jsonl", "--workers", 1)
    eight = cleaned(pages, "-o", tmp_path / "8.jsonl", "--explain", tmp_path / "8.why.jsonl", "--workers", 8)
    again = cleaned(pages, "-o", tmp_path / "2.jsonl", "--workers", 1)
    assert one == eight == again
    assert one.count(b"\n") == 61
    assert (tmp_path / "1.why.jsonl").read_bytes() == (tmp_path / "8.why.jsonl").read_bytes()


def test_the_name_chooses_the_compression_and_the_bytes_do_not_depend_on_the_clock(tmp_path: Path) -> None:
    pages = samples.folder(tmp_path / "pages", 3)
    plain = cleaned(pages, "-o", tmp_path / "a.jsonl", "--workers", 1)
    packed = cleaned(pages, "-o", tmp_path / "a.jsonl.gz", "--workers", 1)
    time.sleep(1.1)  # gzip's header counts in seconds
    assert packed == cleaned(pages, "-o", tmp_path / "b.jsonl.gz", "--workers", 1)
    assert gzip.decompress(packed) == plain
    cleaned(pages, "-o", tmp_path / "a.jsonl.zst", "--workers", 1)
    again = cleaned(tmp_path / "a.jsonl.zst", "-o", tmp_path / "c.jsonl", "--text-field", "body", "--workers", 1)
    assert again.count(b"\n") == 3


def test_records_are_explained(tmp_path: Path) -> None:
    why = tmp_path / "why.jsonl"
    cleaned(samples.SITE, "-o", tmp_path / "a.jsonl", "--explain", why, "--workers", 2)
    ids = {record["id"] for record in samples.records(tmp_path / "a.jsonl")}
    removed = [row for row in samples.records(why) if "reason" in row]
    assert removed
    assert {row["id"] for row in removed} <= ids
    assert all(row["reason"] and row["text"] for row in removed)


# The limit applies to a whole process, even to output that goes to a file, so this runs in a separate process.
NEARLY_FULL_DISK = """
import resource, sys
from copydesk.cli.main import main
if __name__ == "__main__":
    pages, *outputs = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
    print([main(["clean", pages, "-o", out, "--workers", "1"]) for out in outputs])
"""


def test_a_disk_that_fills_up_leaves_no_half_file_and_the_old_one_untouched(tmp_path: Path) -> None:
    pages = tmp_path / "pages.jsonl"
    noise = random.Random(7)
    words = [" ".join(f"{noise.getrandbits(60):x}" for _ in range(3_000)) + "." for _ in range(2)]
    pages.write_text("".join(json.dumps({"text": text}) + "\n" for text in words))
    outputs = [tmp_path / name for name in ("out.jsonl", "out.jsonl.gz", "out.jsonl.zst")]
    for out in outputs:
        out.write_text("yesterday's\n")
    script = tmp_path / "limited.py"
    script.write_text(NEARLY_FULL_DISK)
    done = warm.run("python", str(script), str(pages), *map(str, outputs))
    assert done.stdout == "[3, 3, 3]\n", done.stderr
    for out in outputs:
        assert f"{out}: cannot be written (File too large)" in done.stderr
        assert out.read_text() == "yesterday's\n"
    names = [*(out.name for out in outputs), "limited.py", "pages.jsonl"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["-o", "/dev/full"], ["-o", "/dev/null", "--explain", "/dev/full"]])
def test_a_full_device_is_a_clear_line(arguments: list[str]) -> None:
    done = warm.run("copydesk", "clean", str(samples.SITE), *arguments, "--workers", "1", output=FULL)
    assert done.returncode == 3
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
def test_a_full_device_behind_standard_output_is_a_clear_line() -> None:
    done = warm.run("copydesk", "clean", str(samples.SITE), "-o", "-", "--workers", "1", output=FULL)
    assert done.returncode == 3
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("clean PAGE -o FOLDER/out.jsonl --learn-site --site-memory GONE/memory.npz", "memory.npz: cannot be written"),
        ("train --from SET -o GONE/model.npz", "Make that folder, or write elsewhere"),
        ("label PAGE --corrected DRAFT -o PAGE/set", "PAGE/set: cannot be made"),
    ],
)
def test_a_place_that_takes_no_file_ends_a_command_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], call: str, said: str
) -> None:
    page = samples.SITE / "news" / "ferry-timetable.html"
    assert main(["label", str(page), "-o", str(tmp_path / "draft")]) == 0
    assert main(["label", str(page), "--corrected", str(tmp_path / "draft"), "-o", str(tmp_path / "set")]) == 0
    capsys.readouterr()
    places = {"PAGE": page, "FOLDER": tmp_path, "GONE": tmp_path / "gone", "DRAFT": tmp_path / "draft",
              "SET": tmp_path / "set"}  # fmt: skip
    for name, path in places.items():
        call, said = call.replace(name, str(path)), said.replace(name, str(path))
    assert main(call.split()) == 3
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1


def test_an_output_in_a_missing_folder_gives_a_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    samples.folder(tmp_path / "pages", 1)
    assert main(["clean", str(tmp_path / "pages"), "-o", str(tmp_path / "no" / "out.jsonl")]) == 3
    assert "No such file or directory" in capsys.readouterr().err


# Tests in the background ignore SIGINT, and the run would inherit that; so it starts as from a terminal.
FROM_A_TERMINAL = [
    sys.executable,
    "-c",
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); sys.argv[0] = 'copydesk'; "
    "from copydesk.cli.main import main; sys.exit(main(sys.argv[1:]))",
]


DUMP = ["clean", "-", "--format", "text", "--separator", "==", "--workers"]
DUMPS = "".join(f"{samples.text(number, 8)}\n==\n" for number in range(300)).encode()
"""More than is read ahead, so some records are done when a run stops before the end."""


def test_an_interrupted_run_says_how_far_it_came_and_leaves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    dump = [*DUMP, "2", "-o", str(out)]
    run = subprocess.Popen(
        [*FROM_A_TERMINAL, *dump],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert run.stdin is not None
    assert run.stderr is not None
    run.stdin.write(DUMPS)
    run.stdin.flush()
    os.killpg(run.pid, signal.SIGINT)
    told = run.stderr.read().decode()
    run.stdin.close()
    run.stderr.close()
    assert_interrupted(run.wait(20), told)
    assert list(tmp_path.iterdir()) == []


def assert_interrupted(status: int, told: str) -> None:
    assert status == 130
    assert "interrupted after" in told
    assert "last page: -#" in told
    assert "Traceback" not in told


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_run_that_is_asked_to_end_says_how_far_it_came_and_leaves_nothing(tmp_path: Path) -> None:
    pipe, out = tmp_path / "in", tmp_path / "out.jsonl"
    os.mkfifo(pipe)
    run = warm.Started("copydesk", *DUMP, "2", "-o", str(out), given=pipe)
    with pipe.open("wb") as stdin:
        stdin.write(DUMPS)
        stdin.flush()
        run.send_signal(signal.SIGTERM)
        status = run.wait()
    assert_interrupted(status, run.stderr)
    assert list(tmp_path.iterdir()) == [pipe]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a fork server here")
def test_an_interruption_while_the_workers_load_is_answered_in_one_line(tmp_path: Path) -> None:
    run = subprocess.Popen(
        [*FROM_A_TERMINAL, "clean", str(samples.SITE), "-o", str(tmp_path / "out.jsonl"), "--workers", "1"],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not any("forkserver" in command for command in commands_of_children(run.pid)):
        time.sleep(0.005)
    time.sleep(0.1)
    os.killpg(run.pid, signal.SIGINT)
    _, told = run.communicate()
    assert run.returncode == 130
    assert told.startswith("interrupted after 0 pages")
    assert told.count("\n") == 1


def commands_of_children(pid: int) -> list[str]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [Path(f"/proc/{child}/cmdline").read_bytes().decode() for child in children]


def test_a_reader_that_closes_the_pipe_ends_the_run_quietly() -> None:
    shell = '"$@" | head -c 100 >/dev/null'
    command = [sys.executable, "-c", warm.code_of("copydesk"), "clean", str(samples.SITE), "--workers", "1"]
    done = subprocess.run(["sh", "-c", shell, "sh", *command], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_filter_passes_records_on_while_it_is_still_reading(tmp_path: Path) -> None:
    pipes = tmp_path / "in", tmp_path / "out"
    for pipe in pipes:
        os.mkfifo(pipe)
    run = warm.Started("copydesk", *DUMP, "1", "--quiet", given=pipes[0], output=pipes[1])
    stdin, stdout = pipes[0].open("wb"), pipes[1].open("rb")

    def close_when_fed() -> None:
        feeding.join()
        stdin.close()

    dumps = "".join(f"{samples.text(number)}\n==\n" for number in range(150)).encode()
    feeding = threading.Thread(target=stdin.write, args=(dumps,))
    feeding.start()
    assert b'"schema_version":2' in stdout.readline()  # stdin is still open
    closing = threading.Thread(target=close_when_fed)
    closing.start()
    assert len(stdout.read().splitlines()) == 149
    closing.join()
    stdout.close()
    assert run.wait() == 0


@pytest.mark.parametrize(
    ("name", "remedy"), [("missing/out.jsonl", "Make its folder"), ("folder", "a name that ends in / makes a folder")]
)
def test_an_output_that_cannot_be_made_is_answered_with_what_to_do(tmp_path: Path, name: str, remedy: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match=remedy):
        Output(str(tmp_path / name))
