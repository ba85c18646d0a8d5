"""Spidermon monitors over the stats that `copydesk.scrapy.Quality` collects. They need `copydesk[spidermon]`.

# settings.py
SPIDERMON_ENABLED = True
SPIDERMON_SPIDER_CLOSE_MONITORS = ("copydesk.monitors.CopydeskMonitors",)
CHECK_AGAINST = "last.jsonl"
"""

from __future__ import annotations

from typing import Any, Final

from spidermon import Monitor, MonitorSuite

LEAST_FILLED: Final = {"headline": 0.9, "body": 0.95}
"""Least shares of records that have a field, unless the setting COPYDESK_LEAST_FILLED names others."""
MOST_NOT_CLEANED: Final = 0.02
"""Share of the pages that may fail to be cleaned."""


class ChangesMonitor(Monitor):  # type: ignore[misc]
    """Fails if a site changed, as by a new layout, since the run that CHECK_AGAINST names."""

    def test_no_site_changed(self) -> None:
        """Name every change."""
        found = self.data.stats.get("copydesk/changes", [])
        assert not found, "\n".join(map(str, found))


class RecordsMonitor(Monitor):  # type: ignore[misc]
    """Fails if too few records have a field, or too many pages could not be cleaned."""

    def test_fields_are_filled(self) -> None:
        """Name every field that is filled too seldom."""
        stats: Any = self.data.stats
        records = stats.get("copydesk/records", 0)
        wanted = self.data.crawler.settings.getdict("COPYDESK_LEAST_FILLED") or LEAST_FILLED
        shares = {name: stats.get(f"copydesk/filled/{name}", 0) / max(records, 1) for name in wanted}
        short = [f"{name}: {shares[name]:.0%} of {records}" for name, least in wanted.items() if shares[name] < least]
        assert not (records and short), "; ".join(short)

    def test_pages_are_cleaned(self) -> None:
        """Fail if too large a share of the pages could not be cleaned."""
        failed = self.data.stats.get("copydesk/not_cleaned", 0)
        pages = failed + self.data.stats.get("copydesk/records", 0)
        assert failed <= MOST_NOT_CLEANED * pages, f"{failed} of {pages} pages could not be cleaned"


class CopydeskMonitors(MonitorSuite):  # type: ignore[misc]
    """All monitors of Copydesk."""

    monitors: Final = [ChangesMonitor, RecordsMonitor]
