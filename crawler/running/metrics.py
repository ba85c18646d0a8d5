"""Serves a crawl's stats to Prometheus over HTTP, if METRICS_PORT is set. This also shows that the crawl is alive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from cleaners.errors import UsageError

if TYPE_CHECKING:
    from prometheus_client.core import Metric

COUNTERS: Final = (
    ("copydesk_responses", "response_received_count", "answers received"),
    ("copydesk_bytes", "downloader/response_bytes", "bytes received"),
    ("copydesk_records", "item_scraped_count", "records written"),
    ("copydesk_failed_inputs", "copydesk/failed_inputs", "seeds, pages and outputs that failed"),
    ("copydesk_hosts_set_aside", "copydesk/hosts_set_aside", "times that a host was set aside"),
    ("copydesk_rendered", "copydesk/rendered", "pages rendered in a browser"),
)
"""Metrics of one number: name, the stat that holds it, and a description."""
FAMILIES: Final = (
    ("copydesk_addresses", "copydesk/outcome/", "outcome", "addresses settled, by outcome"),
    ("copydesk_host_errors", "copydesk/host_errors/", "host", "errors of hosts"),
    ("copydesk_statuses", "downloader/response_status_count/", "status", "answers by HTTP status"),
)
"""Metrics with a label: name, the prefix of their stats, the label, and a description."""
QUEUED: Final = "copydesk/queued"
"""The stat of pending addresses, as of the last progress line."""


class Metrics:
    """Extension: serves /metrics on METRICS_HOST and METRICS_PORT. Raises UsageError if it cannot."""

    def __init__(self, crawler: Crawler) -> None:
        self._port = crawler.settings.getint("METRICS_PORT")
        if not self._port:
            raise NotConfigured
        self._host = crawler.settings["METRICS_HOST"]
        self._crawler = crawler
        self._server: Any = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build, and listen for the start and the end."""
        extension = cls(crawler)
        extension.serve()
        crawler.signals.connect(extension.closed, signals.spider_closed)
        return extension

    def serve(self) -> None:
        """Start to serve in a thread."""
        try:
            from prometheus_client import CollectorRegistry, start_http_server
        except ImportError as error:
            raise UsageError("METRICS_PORT needs a package: pip install 'copydesk[metrics]'") from error
        registry = CollectorRegistry()
        registry.register(self)
        try:
            self._server, _ = start_http_server(self._port, self._host, registry)
        except OSError as error:
            raise UsageError(f"METRICS_PORT={self._port}: {error.strerror}; choose another port") from error

    def closed(self, spider: object, reason: str) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def collect(self) -> Iterator[Metric]:
        """The present stats, in the form that prometheus_client needs."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        stats = dict(self._crawler.stats.get_stats()) if self._crawler.stats else {}
        for name, stat, what in COUNTERS:
            yield CounterMetricFamily(name, what, value=stats.get(stat, 0))
        for name, prefix, label, what in FAMILIES:
            family = CounterMetricFamily(name, what, labels=[label])
            for stat, value in stats.items():
                if stat.startswith(prefix):
                    family.add_metric([stat.removeprefix(prefix)], value)
            yield family
        yield GaugeMetricFamily("copydesk_queued", "addresses pending", value=stats.get(QUEUED, 0))
