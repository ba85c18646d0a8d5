"""`copydesk serve` with a real client: records, limits, load, a killed worker, and no outgoing requests."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest

from cleaners.page import Page
from pipelines.record.build import record_of
from tests import warm
from tests.crawl.running import environment
from tests.needed import need
from tests.offline import samples
from tests.records.making import page_of

need("fastapi", "the service needs copydesk[serve]")
httpx = pytest.importorskip("httpx", reason="a client for the service")

# Every Python process of the service loads this: it records each connection that the process opens to the outside.
WATCH = """
import os, socket
def connect(self, address, _connect=socket.socket.connect):
    if self.family != socket.AF_UNIX:
        with open(os.environ["CONNECTIONS"], "a") as file:
            file.write(f"{address}\\n")
    return _connect(self, address)
socket.socket.connect = connect
"""


class Service(Protocol):
    """The process of a service."""

    pid: int

    def poll(self) -> int | None: ...


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[str]:
    """Start the service on a free port; yields its address."""
    process = warm.Started("copydesk", "serve", "--port", "0", *options, folder=folder, errors=folder / "said")
    try:
        yield address_of(process, folder / "said")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@contextmanager
def watched(folder: Path, *options: str) -> Iterator[tuple[str, Service]]:
    """Start the service as a person does; yields its address and process. A file records its connections."""
    (folder / "watch").mkdir(exist_ok=True)
    (folder / "watch" / "sitecustomize.py").write_text(WATCH)
    variables = environment()
    variables["PYTHONPATH"] = os.pathsep.join((str(folder / "watch"), variables["PYTHONPATH"]))
    variables["CONNECTIONS"] = str(folder / "connections")
    command = [sys.executable, "-m", "copydesk", "serve", "--port", "0", *options]
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(command, cwd=folder, env=variables, stderr=said)
    try:
        yield address_of(process, folder / "said"), process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def address_of(process: Service, said: Path) -> str:
    """The address that a service prints, as soon as it answers there."""
    deadline = time.monotonic() + 60
    while not (address := re.search(r"http://[\d.]+:\d+(?=\D)", text := said.read_text() if said.exists() else "")):
        assert process.poll() is None, text
        assert time.monotonic() < deadline, text
        time.sleep(0.05)
    wait_until_healthy(address.group())
    return address.group()


def wait_until_healthy(base: str) -> None:
    for _ in range(600):
        try:
            if httpx.get(f"{base}/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the service did not start")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Service, Path]]:
    folder = tmp_path_factory.mktemp("service")
    (folder / "entries").mkdir()
    (folder / "entries" / "lantern.example.txt").write_text("title: //h2[@class='name']\nstrip: //p[@class='signed']\n")
    with watched(folder, "--sites", str(folder / "entries")) as (base, process):
        yield base, process, folder


def test_rules_about_a_site_apply_in_the_service(service: tuple[str, Any, Path]) -> None:
    below = "<h2 class='name'>Notices of the week</h2><p class='signed'>The crew of the night ferry wrote this.</p>"
    markup = page_of("<title>Lantern</title>", "<h1>The ferry stays</h1>", below)
    params = {"url": "https://lantern.example/notices"}
    record = httpx.post(f"{service[0]}/v1/record", params=params, content=markup.encode()).json()
    assert record["headline"] == "Notices of the week"
    assert {"reason": "site_rule", "count": 1} in record["removed"]


def test_a_page_gets_the_record_that_the_library_makes(service: tuple[str, Any, Path]) -> None:
    base, _, folder = service
    page = samples.page(1)
    answer = httpx.post(f"{base}/v1/record", params={"url": "https://a.example/1"}, content=page)
    assert answer.status_code == 200
    made = record_of(Page(page, url="https://a.example/1")).article
    assert answer.json() == json.loads(json.dumps(made.as_dict()))
    assert not (folder / "connections").exists(), "the service asks nobody"


def test_a_text_dump_is_cleaned_as_text(service: tuple[str, Any, Path]) -> None:
    answer = httpx.post(f"{service[0]}/v1/record", params={"markup": "text"}, content=samples.text(1, 8))
    assert answer.json()["engine"] == "text"


def test_the_charset_of_the_header_counts(service: tuple[str, Any, Path]) -> None:
    page = "<p>Café crème à la plage, dit-elle, et rien d'autre que cela pour aujourd'hui.</p>".encode("cp1252")
    headers = {"Content-Type": "text/html; charset=windows-1252"}
    answer = httpx.post(f"{service[0]}/v1/record", content=page, headers=headers)
    assert "Café crème" in answer.json()["body"]


@pytest.mark.parametrize(
    ("query", "content", "status", "said"),
    [
        ({}, b"", 422, "the body is empty"),
        ({}, b"x" * 20_000_001, 413, "more than 20,000,000 bytes"),
        ({}, [b"y" * 1_000_000] * 50, 413, "more than 20,000,000 bytes"),
        ({"markup": "pdf"}, b"x", 422, "markup: Input should be 'html' or 'text'"),
        ({"url": "tides"}, b"x", 422, "url: 'tides' is no http(s) address"),
        ({}, bytes(range(256)) * 8, 422, "binary data, not a page"),
        ({}, b"%PDF-1.7\n", 422, "a PDF document, not a page"),
    ],
    ids=["empty", "large", "50 MB in parts", "unknown markup", "no address", "binary", "PDF"],
)
def test_a_page_that_is_refused_gets_a_reason(
    service: tuple[str, Any, Path], query: dict[str, str], content: Any, status: int, said: str
) -> None:
    body = iter(content) if isinstance(content, list) else content
    try:
        answer = httpx.post(f"{service[0]}/v1/record", params=query, content=body)
    except httpx.WriteError:  # the service has closed the connection before all was sent
        assert status == 413
        return
    assert answer.status_code == status
    assert said in answer.json()["error"]


def test_an_unknown_request_gets_an_error_in_the_same_form(service: tuple[str, Any, Path]) -> None:
    assert httpx.get(f"{service[0]}/v1/record").json() == {"error": "GET /v1/record: Method Not Allowed"}
    assert httpx.post(f"{service[0]}/v1/recrod").json() == {"error": "POST /v1/recrod: Not Found"}


def test_openapi_describes_the_record(service: tuple[str, Any, Path]) -> None:
    described = httpx.get(f"{service[0]}/openapi.json").json()
    answers = described["paths"]["/v1/record"]["post"]["responses"]
    assert "headline" in answers["200"]["content"]["application/json"]["schema"]["properties"]
    assert {"413", "422", "503"} <= set(answers)


def posts(base: str, count: int) -> list[Any]:
    """The answers to many pages sent at once."""

    async def all_of_them() -> list[Any]:
        async with httpx.AsyncClient(timeout=120, limits=httpx.Limits(max_connections=count)) as client:
            sent = (client.post(f"{base}/v1/record", content=samples.page(n % 20)) for n in range(count))
            return list(await asyncio.gather(*sent))

    return asyncio.run(all_of_them())


def test_two_hundred_pages_at_once_all_get_their_records(service: tuple[str, Any, Path]) -> None:
    answers = posts(service[0], 200)
    assert [answer.status_code for answer in answers] == [200] * 200
    hashes = {record_of(Page(samples.page(n))).article.body_sha256 for n in range(20)}
    assert {answer.json()["body_sha256"] for answer in answers} == hashes
    assert httpx.get(f"{service[0]}/health").json()["pages_under_way"] == 0


def children(pid: int) -> list[int]:
    """The processes below a process, the deepest last."""
    found = [int(line) for path in Path(f"/proc/{pid}/task").glob("*/children") for line in path.read_text().split()]
    return found + [deeper for child in found for deeper in children(child)]


def test_a_client_that_hangs_up_leaves_nothing_behind(service: tuple[str, Any, Path]) -> None:
    base, _, folder = service
    port = int(base.rpartition(":")[2])
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"POST /v1/record HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n<p>The first")
    deadline = time.monotonic() + 20
    while (health := httpx.get(f"{base}/health").json())["pages_under_way"] and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (health["pages_under_way"], health["bytes_under_way"]) == (0, 0)
    assert "Traceback" not in (folder / "said").read_text()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the workers in /proc")
def test_a_killed_worker_loses_no_page(service: tuple[str, Any, Path]) -> None:
    base, process, _ = service

    async def while_one_dies() -> list[Any]:
        async with httpx.AsyncClient(timeout=120) as client:
            sent = [asyncio.ensure_future(client.post(f"{base}/v1/record", content=samples.page(n))) for n in range(40)]
            await asyncio.wait(sent, return_when=asyncio.FIRST_COMPLETED)
            os.kill(children(process.pid)[-1], signal.SIGKILL)
            return list(await asyncio.gather(*sent))

    assert [answer.status_code for answer in asyncio.run(while_one_dies())] == [200] * 40


def test_a_page_beyond_the_waiting_limit_is_told_to_try_again(tmp_path: Path) -> None:
    with serving(tmp_path, "--waiting", "2", "--workers", "1") as base:
        answers = posts(base, 40)
    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused
    assert {answer.headers["Retry-After"] for answer in refused} == {"1"}
    assert {answer.status_code for answer in answers} == {200, 503}


def test_a_page_that_takes_too_long_is_reported_and_the_others_continue(tmp_path: Path) -> None:
    with serving(tmp_path, "--time-limit", "0.5", "--workers", "1") as base:
        slow = b"<p>" + b"<div><p>word " * 150_000
        answer = httpx.post(f"{base}/v1/record", content=slow, timeout=60)
        assert answer.status_code == 422
        assert "0.5" in answer.json()["error"]


def test_a_port_in_use_gives_one_line(service: tuple[str, Any, Path], tmp_path: Path) -> None:
    port = service[0].rpartition(":")[2]
    done = warm.run("copydesk", "serve", "--port", port, folder=tmp_path)
    assert done.returncode == 2
    assert f"cannot listen at 127.0.0.1:{port}" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_service_can_listen_at_an_address_of_ipv6() -> None:
    from copydesk.cli.commands.serve import _listening

    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    with _listening("::1", 0) as listener:
        assert listener.getsockname()[0] == "::1"
