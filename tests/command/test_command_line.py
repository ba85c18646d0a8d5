"""The whole command line: errors in one line, the user's defaults, completion, and a quick start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from copydesk.cli.main import main, parser
from tests.crawl.running import environment
from tests.offline import samples

PAGE = str(samples.SEEDS / "site" / "news" / "ferry-timetable.html")


def outcome_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit status of a wrong command, and its one line on stderr."""
    try:
        status = main(arguments)
    except SystemExit as leaving:
        status = int(leaving.code or 0)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1, lines
    return status, lines[0]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("claen pages", "did you mean 'clean'?"),
        ("clean pages --wokrers=2", "'--wokrers' is unknown; did you mean '--workers'?"),
        ("clean pages --engine blcks", "'blcks' is unknown; did you mean 'blocks'?"),
        ("clean pages --format htlm", "did you mean 'html'?"),
        ("clean pages --workers two", "argument --workers: 'two' is not a whole number."),
        (f"serve --port {'9' * 400}", "is out of range: give from 0 to 65,535."),
        ("crawl https://a.example/ --delay inf", "argument --delay: inf is out of range: give 0 or more."),
        ("clean pages --time-limit 0", "argument --time-limit: 0 is out of range: give 0.001 or more."),
        ("clean pages --min-confidence nan", "argument --min-confidence: nan is out of range: give from 0 to 1."),
        ("crawl https://a.example/ --delay -1", "argument --delay: -1 is out of range: give 0 or more."),
        ("crawl https://a.example/ --since May", "argument --since: 'May' is no day; write it as 2026-05-31."),
        ("crawl https://a.example/ -o -", "-o -: a crawl writes to a file, and its ending says how; known are .jsonl"),
        ("serve --port 65536", "argument --port: 65536 is out of range: give from 0 to 65,535."),
        ("inspect http://[a.example/", "'http://[a.example/' is not an http(s) URL like https://example.org/"),
        ("crawl https://a.example/ -o a.jsnol", "did you mean '.jsonl'?"),
        ("completion fsh", "did you mean 'fish'?"),
        ("clean", "no input: name files, folders or addresses"),
        ("schema --arrow too much", "'too' is unknown; there are too many arguments"),
        ("clean https://a.example/", "`copydesk crawl` fetches a site, `copydesk inspect` one page"),
        ("clean a.html b.html --url https://a.example/", "--url is the address of one page"),
        ("clean a.html --manifest m.csv --url https://a.example/", "Give one of them"),
    ],
)
def test_a_mistake_is_answered_in_one_line_with_the_nearest_name(
    capsys: pytest.CaptureFixture[str], call: str, said: str
) -> None:
    status, line = outcome_of(capsys, *call.split())
    assert status == 2
    assert said in line


@pytest.fixture
def records(tmp_path: Path) -> str:
    """Two runs of one site, whose bodies have a hundredth of the words in the second."""
    for name, words in (("before", 500), ("now", 5)):
        rows = [{"schema_version": 2, "id": f"{at}", "url": f"https://a.example/{at}"} for at in range(20)]
        lines = (json.dumps({**row, "body": "word " * words, "word_count": words}) + "\n" for row in rows)
        (tmp_path / f"{name}.jsonl").write_text("".join(lines))
    return str(tmp_path / "now.jsonl")


PRINTING = (
    "--version", "--help", "schema", "schema --arrow", "completion bash", f"label {PAGE} -o -", f"inspect {PAGE} -o -",
    "report RECORDS -o -", "merge RECORDS", "select RECORDS", "export rss RECORDS",
    "check RECORDS --against BEFORE",
)  # fmt: skip


@pytest.mark.parametrize("call", PRINTING)
def test_a_reader_that_goes_away_ends_a_command_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], records: str, call: str
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    assert _status_with_stdout(writer, monkeypatch, call, records) == 3
    assert capsys.readouterr().err == "copydesk: stopped: the reader of the output closed it\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("call", PRINTING)
def test_a_full_disk_behind_standard_output_ends_a_command_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], records: str, call: str
) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    assert _status_with_stdout(full, monkeypatch, call, records) == 3
    said = capsys.readouterr().err
    assert said.startswith("copydesk: standard output: cannot be written (No space left on device)")
    assert said.count("\n") == 1


def _status_with_stdout(descriptor: int, monkeypatch: pytest.MonkeyPatch, call: str, records: str) -> int:
    before = records.replace("now", "before")
    with os.fdopen(descriptor, "w") as stdout:  # closing it would fail if what cannot be written waited there
        monkeypatch.setattr(sys, "stdout", stdout)
        return main(call.replace("RECORDS", records).replace("BEFORE", before).split())


def test_options_are_not_abbreviated(capsys: pytest.CaptureFixture[str]) -> None:
    assert "did you mean '--workers'?" in outcome_of(capsys, "clean", "pages", "--worker", "2")[1]


def test_one_saved_page_gets_its_address(tmp_path: Path) -> None:
    out = tmp_path / "a.jsonl"
    assert main(["clean", PAGE, "--url", "https://a.example/ferry", "-o", str(out), "--workers", "1"]) == 0
    assert samples.records(out)[0]["url"] == "https://a.example/ferry"


def markdown_of(folder: Path, *arguments: str) -> str | None:
    """Clean the sample page in a folder, and return the body in Markdown if the run asks for it."""
    assert main(["clean", PAGE, "-o", str(folder / "a.jsonl"), "--workers", "1", *arguments]) == 0
    made: str | None = json.loads((folder / "a.jsonl").read_text("utf-8"))["body_markdown"]
    return made


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("copydesk.toml", "[clean]\nmarkdown = true\n"),
        ("pyproject.toml", "[tool.copydesk.clean]\nmarkdown = true\n"),
    ],
)
def test_a_file_in_the_folder_gives_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert markdown_of(tmp_path) is None
    (tmp_path / name).write_text(text)
    assert markdown_of(tmp_path)
    monkeypatch.setenv("COPYDESK_CLEAN_MARKDOWN", "no")
    assert markdown_of(tmp_path) is None, "the environment goes before the file"
    assert markdown_of(tmp_path, "--markdown"), "the call goes before both"


@pytest.mark.parametrize("spelling", ["licence", "license"])
def test_every_name_of_an_option_may_have_a_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spelling: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "copydesk.toml").write_text(f"[clean]\n{spelling} = 'cc-by-4.0'\n")
    assert parser("clean").parse_args(["clean", "pages"]).licence == "cc-by-4.0"


def test_files_and_tables_of_other_programs_are_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("this is [no TOML")
    (tmp_path / "copydesk.toml").write_text("[crawl]\npages = 3\n")
    assert markdown_of(tmp_path) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[clean]\nmarkdwon = true\n", "copydesk.toml: `copydesk clean` has no option 'markdwon'; did you mean"),
        ("[clean]\nmarkdown = 3\n", "copydesk.toml: markdown = 3; write true or false"),
        ("[clean]\nworkers = 0\n", "copydesk.toml: workers = 0 cannot be used (0 is out of range: give 1 or more)"),
        ("[clean]\nengine = 'block'\n", "did you mean 'blocks'?"),
        ("[clean\n", "copydesk.toml: cannot be read"),
        ("clean = 3\n", "copydesk.toml: clean = 3; write a table, [clean]"),
    ],
)
def test_an_invalid_default_is_reported_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "copydesk.toml").write_text(text)
    status, line = outcome_of(capsys, "clean", "pages")
    assert status == 2
    assert said in line


def test_lists_come_from_file_and_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from copydesk.cli.main import parser

    monkeypatch.chdir(tmp_path)
    (tmp_path / "copydesk.toml").write_text('[clean]\nlanguage = ["en", "fr"]\nmin_words = 50\n')
    monkeypatch.setenv("COPYDESK_CLEAN_SITE", "a.example")
    arguments = parser("clean").parse_args(["clean", "pages"])
    assert (arguments.language, arguments.site, arguments.min_words) == (["en", "fr"], ["a.example"], 50)
    assert parser("clean").parse_args(["clean", "pages", "--language", "de"]).language == ["en", "fr", "de"]


def test_a_required_option_may_come_from_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    from copydesk.cli.main import parser

    monkeypatch.setenv("COPYDESK_CHECK_AGAINST", "last.jsonl")
    assert parser("check").parse_args(["check", "now.jsonl"]).against == ["last.jsonl"]


def completions(line: str, folder: Path) -> list[str]:
    """The words that a shell offers after `line`."""
    answer = folder / "answer"
    asked = {
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
    }
    subprocess.run([sys.executable, "-m", "copydesk"], env=environment() | asked, cwd=folder, check=False)
    return [offer.strip() for offer in answer.read_text().split("\v")]


def test_a_shell_completes_commands_options_and_values(tmp_path: Path) -> None:
    assert completions("copydesk ins", tmp_path) == ["inspect"]
    assert completions("copydesk report --wo", tmp_path) == ["--worst"]
    assert completions("copydesk completion f", tmp_path) == ["fish"]


def test_every_shell_gets_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    from copydesk.cli.commands.completion import SHELLS

    for shell in SHELLS:
        assert main(["completion", shell]) == 0
        assert "copydesk" in capsys.readouterr().out


def test_help_lists_the_commands_in_groups_and_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom copydesk.start import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "sys.exit(bool({'numpy', 'scrapy', 'onnxruntime', 'lxml', 'trafilatura'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "look at them:\n    inspect" in done.stdout


def test_the_process_that_reads_inputs_does_not_load_the_code_that_cleans() -> None:
    code = (
        "import sys, copydesk.cli.commands.clean\n"
        "sys.exit(bool({'ftfy', 'onnxruntime', 'trafilatura', 'cleaners.plan', 'scrapy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], env=environment(), check=False).returncode == 0


@pytest.mark.parametrize("colour", [True, False])
def test_colours_are_for_terminals_without_no_color(colour: bool) -> None:
    pty = pytest.importorskip("pty", reason="terminals of this kind are Unix's")
    master, slave = pty.openpty()
    asked = {"TERM": "xterm-256color", **({} if colour else {"NO_COLOR": "1"})}
    subprocess.run([sys.executable, "-m", "copydesk", "--help"], stdout=slave, env=environment() | asked, check=True)
    os.close(slave)
    assert (b"\x1b[3" in os.read(master, 10_000)) is colour
    os.close(master)
