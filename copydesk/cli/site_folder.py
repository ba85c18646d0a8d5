"""Checks the folder of --sites before a command reads a page."""

from __future__ import annotations

from pathlib import Path

from cleaners.errors import UsageError


def check_sites(folder: str | None) -> None:
    """Raise UsageError if the folder is missing, or if a rule in it is written wrongly."""
    if not folder:
        return
    if not Path(folder).exists():
        raise UsageError(f"--sites {folder}: no such folder. Check the path.")
    from pipelines.evidence.site_entries import site_table  # heavy to import, and calls without --sites do not need it

    site_table(folder)
