"""Serves the sample site on loopback: `python seeds/serve.py`, then http://127.0.0.1:8907/ in a browser or a crawl."""

from __future__ import annotations

import functools
import http.server
import io
import sys
from pathlib import Path
from typing import BinaryIO

SITE = Path(__file__).parent / "site"
ADDRESS = ("127.0.0.1", 8907)
_WRITTEN = f"http://{ADDRESS[0]}:{ADDRESS[1]}".encode()


class SampleSite(http.server.SimpleHTTPRequestHandler):
    """Serves seeds/site; absolute addresses in its pages get the server's real port."""

    # The old page states its charset only in the page, as old pages do.
    extensions_map = {".html": "text/html", ".xml": "application/xml", ".txt": "text/plain"}  # noqa: RUF012

    def send_head(self) -> BinaryIO | None:
        """Answer with a page, the index of a folder, or 404."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return None
        host, port = self.connection.getsockname()[:2]
        body = path.read_bytes().replace(_WRITTEN, f"http://{host!s}:{port}".encode())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return io.BytesIO(body)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing, because the crawl has its own log."""


def server(port: int = ADDRESS[1]) -> http.server.ThreadingHTTPServer:
    """A server of the sample site that is not yet serving; on a free port if the requested one is in use."""
    handler = functools.partial(SampleSite, directory=str(SITE))
    try:
        return http.server.ThreadingHTTPServer((ADDRESS[0], port), handler)
    except OSError:
        return http.server.ThreadingHTTPServer((ADDRESS[0], 0), handler)


if __name__ == "__main__":
    with server() as site:
        print(f"The sample site is at http://{ADDRESS[0]}:{site.server_port}/ (Ctrl-C ends it)", file=sys.stderr)
        try:
            site.serve_forever()
        except KeyboardInterrupt:
            sys.exit(0)
