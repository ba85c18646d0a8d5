"""`copydesk serve`: a web service on this machine; POST a page, get its record."""

from __future__ import annotations

import argparse
import socket
from typing import get_args

from cleaners.errors import UsageError
from cleaners.options import CommentsChoice
from copydesk.cli.exit_status import ExitStatus
from copydesk.cli.forms import add_forms
from copydesk.cli.site_folder import check_sites
from copydesk.cli.terminal import print_line
from copydesk.cli.values import number, whole


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="where to listen (127.0.0.1: only this machine)",
    )
    add("--port", type=whole(0, 65_535), default=8700, metavar="N", help="the port (8700; 0: any that is free)")
    add("--workers", type=whole(1), default=2, metavar="N", help="processes that clean pages (2)")
    add("--time-limit", type=number(0.001), default=30.0, metavar="S", help="seconds a page may take (30)")
    add("--page-bytes", type=whole(1), default=20_000_000, metavar="N", help="bytes a page may have (20,000,000)")
    add("--waiting", type=whole(1), default=256, metavar="N", help="pages under way at once; one more gets 503 (256)")
    add("--sites", metavar="FOLDER", help="entries about single sites, used before general evidence")
    add("--comments", choices=get_args(CommentsChoice), default="drop", help="readers' comments on articles (drop)")
    add_forms(add)


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted. Returns the exit status."""
    try:
        import uvicorn

        from copydesk.server import ServiceLimits, app_of
    except ModuleNotFoundError as error:
        raise UsageError(f"{error.name} is not installed; run pip install 'copydesk[serve]'") from error
    from cleaners.options import CleanOptions

    check_sites(arguments.sites)
    limits = ServiceLimits(arguments.workers, arguments.time_limit, arguments.page_bytes, waiting=arguments.waiting)
    names = ("sites", "comments", "markdown", "html", "blocks")
    options = CleanOptions(**{name: getattr(arguments, name) for name in names})
    with _listening(arguments.host, arguments.port) as listener:
        host, port = listener.getsockname()[:2]
        at = f"[{host}]" if ":" in host else host
        print_line(f"serving at http://{at}:{port}: POST pages to /v1/record; /health and /openapi.json say more")
        server = uvicorn.Server(uvicorn.Config(app_of(limits, options), log_level="warning", timeout_keep_alive=5))
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            print_line("stopped")
    return ExitStatus.DONE


def _listening(host: str, port: int) -> socket.socket:
    """A socket at the address. Raises UsageError if the address is taken or not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise UsageError(f"cannot listen at {host}:{port} ({error}). Choose another --host or --port.") from error
