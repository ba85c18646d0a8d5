"""`copydesk inspect`: shows as an HTML file what was kept of a page, what was removed, and why."""

from __future__ import annotations

import argparse

from cleaners.errors import InputError, UsageError
from cleaners.page import Page
from copydesk.cli.exit_status import ExitStatus
from copydesk.cli.html_file import write_html
from copydesk.cli.single_page import saved_page
from copydesk.cli.site_folder import check_sites
from copydesk.cli.terminal import print_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("page", metavar="PAGE", help="a saved page, a text dump, or an http(s) address, which is fetched politely")
    add("-o", "--output", metavar="FILE", help='where the HTML goes; "-" for stdout (a new file, which is opened)')
    add("--url", metavar="URL", help="the address that a saved page came from")
    add("--format", choices=("html", "text"), help="the kind of a saved page (found from its name and content)")
    add("--render", action="store_true", help="with an address: show the page as Chromium does, after its scripts ran")
    add("--no-plugins", action="store_true", help="leave installed plug-ins out")
    add("--sites", metavar="FOLDER", help="entries about single sites, used before general evidence")


def run(arguments: argparse.Namespace) -> int:
    """Write the view of one page, and open it if no place is named. Returns the exit status."""
    from cleaners.options import CleanOptions  # heavy to import, and --help does not need it
    from pipelines.plugins import with_plugins
    from pipelines.record.build import record_of
    from pipelines.review.page import page_html
    from pipelines.review.view import view_of

    check_sites(arguments.sites)
    try:
        page = _page(arguments)
    except InputError as error:
        print_line(f"copydesk: {error}")
        return ExitStatus.SOME_FAILED
    options = CleanOptions(sites=arguments.sites)
    options = options if arguments.no_plugins else with_plugins(options)
    return write_html(page_html(view_of(record_of(page, options))), arguments.output)


def _page(arguments: argparse.Namespace) -> Page:
    """The page to show. Raises UsageError if there is none, or more than one."""
    if arguments.page.lower().startswith(("http://", "https://")):
        from crawler.fetching.single import fetch

        return fetch(arguments.page, arguments.render)
    if arguments.render:
        raise UsageError("--render: only a page at an http(s) address can be rendered. Give its address.")
    return saved_page(arguments.page, arguments.format, arguments.url)
