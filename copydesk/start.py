"""Where the `copydesk` program starts: our packages come first, then the command runs."""

from __future__ import annotations

from collections.abc import Sequence

from copydesk.own_packages import check_own_packages, put_own_packages_first


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Returns the exit status."""
    put_own_packages_first()
    check_own_packages()
    from copydesk.cli.main import main as command

    return command(arguments)
