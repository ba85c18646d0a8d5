"""Pages that need a browser, crawled with a real Chromium against a local server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from crawler.fetching.rendering import BROWSERS
from tests import warm
from tests.crawl.running import crawl, records
from tests.needed import need

need("scrapy_playwright", "scrapy-playwright is not installed: pip install copydesk[render]")
if not any(map(shutil.which, BROWSERS)):
    pytest.skip("no Chromium on this machine: apt install chromium-headless-shell", allow_module_level=True)

STORY = " ".join(
    f"Sentence {n} of the NAME report says how the harbour board weighed the plan for the north quay, and why it voted."
    for n in range(12)
)
SHELL = "<!doctype html><title>Harbour news</title><div id=root></div><script src=/{name}.js></script>"
FILL = f"""const main = document.createElement('article');
main.innerHTML = '<h1>The north quay</h1><time datetime="2024-05-02">2 May 2024</time><p>{STORY}</p><p>{STORY}</p>';
document.getElementById('root').append(main);"""
SCRIPTS = {
    "plain": FILL,
    "late": f"setTimeout(() => fetch('/data').then(r => r.text()).then(() => {{{FILL}}}), 300)",
    "scrolled": FILL + """
        addEventListener('scroll', () => {
            if (document.querySelectorAll('p').length > 4) return;
            document.querySelector('article').insertAdjacentHTML('beforeend',
              '<p>More came when the reader scrolled to the end of this long report on the quay and its cranes.</p>');
        });
        document.querySelector('article').style.minHeight = '3000px';""",
    "restless": FILL + """setInterval(() => document.title = Math.random(), 20);
        (function again() { fetch('/data').then(() => setTimeout(again, 100)) })()""",
    "greedy": "const held = []; setInterval(() => held.push(new Uint8Array(5e7).fill(1)), 5)",
    "windows": FILL + """for (let n = 0; n < 3; n++) {
            window.open('/plain'); const a = document.createElement('a'); a.href = '/plain?' + n; a.target = '_blank';
            a.click(); }""",
    # It changes until the loop begins, so that it never counts as finished; a longer loop would only take a core.
    "looping": """setInterval(() => document.body.append('.'), 50);
        setTimeout(() => { for (;;) {} }, 7000)""",
    "hanging": "const asked = new XMLHttpRequest(); asked.open('GET', '/never', false); asked.send()",
    "leaving": FILL + "setTimeout(() => location.href = '/elsewhere', 50)",
    "asking": FILL + "alert('Hello'); confirm('Sure?');",
    "download": FILL + "const a = document.createElement('a'); a.href = '/file'; a.download = 'x'; a.click()",
    "inside": FILL + """fetch('http://127.0.0.1:INSIDE/secret').catch(() => 0);
        new WebSocket('ws://127.0.0.1:INSIDE/secret-socket'); new WebSocket('ws://localhost:INSIDE/secret-name');
        document.body.insertAdjacentHTML('beforeend',
          '<iframe src="http://127.0.0.1:INSIDE/secret-frame"></iframe><img src="/picture.png">');""",
}  # fmt: skip


class Server:
    """A site whose articles exist only after scripts ran; it remembers the requested paths."""

    def __init__(self, inside: int = 0) -> None:
        self.asked: list[str] = []
        self.closing = Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                if self.path == "/never":
                    outer.closing.wait(120)
                kind, body = outer.answer(self.path.partition("?")[0].strip("/"), inside)
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                return None

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        self.base = f"http://127.0.0.1:{self.port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, name: str, inside: int) -> tuple[str, bytes]:
        if name.endswith(".js"):
            script = SCRIPTS[name[:-3]].replace("INSIDE", str(inside)).replace("NAME", name[:-3])
            return "text/javascript", script.encode()
        if name in SCRIPTS or name == "elsewhere":
            return "text/html", SHELL.format(name=name).encode()
        return ("application/octet-stream", b"data") if name in ("data", "file", "picture.png") else ("text/plain", b"")

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def inside() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def site(inside: Server) -> Iterator[Server]:
    server = Server(inside.port)
    yield server
    server.close()


def seeds(folder: Path, site: Server, *names: str) -> str:
    path = folder / "seeds.csv"
    path.write_text("url,depth\n" + "".join(f"{site.base}/{name},0\n" for name in names))
    return str(path)


@pytest.mark.crawl
@pytest.mark.browser
def test_articles_that_scripts_make_are_found(tmp_path: Path, site: Server, inside: Server) -> None:
    names = ["late", "scrolled", "restless", "windows", "leaving", "asking", "download", "inside"]
    done = crawl(
        "-a", f"seeds={seeds(tmp_path, site, *names)}", "-O", str(tmp_path / "out.jsonl"),
        ARCHIVE=str(tmp_path / "out.warc.gz"), RENDER="shells", RENDER_TIMEOUT="120", RENDER_SETTLE="2",
    )  # fmt: skip
    found = {record["url"].rpartition("/")[2]: record for record in records(tmp_path / "out.jsonl")}
    assert sorted(found) == sorted(names), done.stderr
    assert all("Sentence 0 of the" in record["body"] for record in found.values())
    assert "reader scrolled" in found["scrolled"]["body"]
    assert "pages rendered in a browser" in done.stderr
    assert inside.asked == [], "addresses inside the network are refused to scripts, frames and sockets"
    assert not {"/elsewhere", "/picture.png"} & set(site.asked)

    again = tmp_path / "again.jsonl"
    warm.run("copydesk", "clean", str(tmp_path / "out.warc.gz"), "-o", str(again)).check_returncode()
    assert {record["url"]: record["id"] for record in records(again)} == {
        record["url"]: record["id"] for record in found.values()
    }


@pytest.mark.crawl
@pytest.mark.browser
def test_a_seed_row_asks_for_the_browser_and_hostile_pages_fail_alone(tmp_path: Path, site: Server) -> None:
    rows = "".join(f"{site.base}/{name},0,shells\n" for name in ("greedy", "looping", "hanging", "plain"))
    (tmp_path / "seeds.csv").write_text(f"url,depth,render\n{site.base}/late,0,\n{rows}")
    limits = ["-s", "RENDER_TIMEOUT=10", "-s", "RENDER_SETTLE=10", "-s", f"RENDER_MEMORY={400 << 20}"]
    done = warm.run("copydesk", "crawl", "seeds.csv", "-o", "out.jsonl", "--delay", "0", *limits, folder=tmp_path)
    assert [record["url"] for record in records(tmp_path / "out.jsonl")] == [f"{site.base}/plain"], done.stderr
    assert "3  pages that the browser did not render" in done.stderr
    assert "was ended (RENDER_MEMORY)" in done.stderr


@pytest.mark.browser
def test_inspect_shows_a_page_after_its_scripts_ran(tmp_path: Path, site: Server) -> None:
    view = tmp_path / "view.html"
    warm.run("copydesk", "inspect", f"{site.base}/late", "--render", "-o", str(view)).check_returncode()
    assert "Sentence 0 of the late report" in view.read_text("utf-8")
