"""Measures Chromium's pages per minute and memory: `python -m benchmarks.crawl.rendering --pages 500`.

On a local server, every page is a shell, and a script fetches the data of its article, as on many sites.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import psutil

from tests.crawl.running import crawl_command, environment

SHELL = b"<!doctype html><title>Harbour news</title><div id=root></div><script src=/page.js></script>"
SCRIPT = b"""fetch('/data' + location.pathname).then(answer => answer.json()).then(data => {
    const article = document.createElement('article');
    article.innerHTML = `<h1>${data.title}</h1>` + data.text.map(line => `<p>${line}</p>`).join('');
    document.getElementById('root').append(article);
});"""


def data_of(name: str) -> bytes:
    """The data of the article of one page."""
    text = [f"Paragraph {n} of {name} says what the harbour board found, and what it means to do." for n in range(40)]
    return json.dumps({"title": f"Report {name}", "text": text}).encode()


class Handler(BaseHTTPRequestHandler):
    """Shells, the script that fills them, and the data that it fetches."""

    def do_GET(self) -> None:
        kind, body = "text/html", SHELL
        if self.path == "/robots.txt":
            kind, body = "text/plain", b"User-agent: *\nAllow: /\n"
        elif self.path.endswith(".js"):
            kind, body = "text/javascript", SCRIPT
        elif self.path.startswith("/data"):
            kind, body = "application/json", data_of(self.path.rpartition("/")[2])
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        return None


def browser_bytes(crawler: psutil.Process) -> int:
    """Bytes of all processes of the browser; shared memory counts once (proportional set size)."""
    total = 0
    for process in crawler.children(recursive=True):
        try:
            if "chrom" in process.name():
                total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total


def watched(crawl: psutil.Popen, output: Path) -> tuple[int, Any]:
    """Print a line every five seconds until a crawl ends. Returns the most bytes of its browser, and its CPU times."""
    started, peak, times = time.monotonic(), 0, None
    while crawl.poll() is None:
        time.sleep(5)
        try:
            size = browser_bytes(crawl)
            times = crawl.cpu_times()
        except psutil.Error:
            break
        peak = max(peak, size)
        done = output.read_bytes().count(b"\n") if output.exists() else 0
        print(f"{time.monotonic() - started:5.0f} s: {done} pages, browser {size >> 20} MB", flush=True)
    return peak, times


def main() -> None:
    """Crawl the shells and print a line every five seconds, then the rate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--at-once", type=int, default=2, help="pages in the browser at once")
    wanted = parser.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        seeds, output = Path(folder, "seeds.csv"), Path(folder, "out.jsonl")
        base = f"http://127.0.0.1:{server.server_port}"
        seeds.write_text("url,depth\n" + "".join(f"{base}/article-{n}-of-many,0\n" for n in range(wanted.pages)))
        command = crawl_command("-a", f"seeds={seeds}", "-o", str(output), RENDER="shells",
                                RENDER_PAGES=str(wanted.at_once))  # fmt: skip
        started = time.monotonic()
        peak, times = watched(psutil.Popen(command, env=environment(), stderr=subprocess.DEVNULL), output)
        rendered = sum("Paragraph 39" in line for line in output.read_text("utf-8").splitlines())
    minutes = (time.monotonic() - started) / 60
    print(f"{rendered} of {wanted.pages} rendered, {rendered / minutes:.0f} a minute with {wanted.at_once} at once, "
          f"browser at most {peak >> 20} MB, crawler CPU {times}")  # fmt: skip


if __name__ == "__main__":
    main()
