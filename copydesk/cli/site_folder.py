"""The folder of --sites, checked before a command reads a page."""

from __future__ import annotations

from pathlib import Path

from cleaners.errors import UsageError


def check_sites(folder: str | None) -> None:
    """Raise UsageError where the folder is missing, or where a rule in it is written wrongly."""
    if not folder:
        return
    if not Path(folder).exists():
        raise UsageError(f"--sites {folder}: no such file. Check the path.")
    from pipelines.evidence.site_entries import site_table  # heavy to import: calls without --sites do without it

    site_table(folder)
