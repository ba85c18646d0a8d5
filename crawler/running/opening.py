"""Opens a crawl: its files, and the frontier that its settings name."""

from __future__ import annotations

from scrapy.crawler import Crawler

from crawler.fetching.host_facts import HostFacts
from crawler.frontier.interface import Frontier
from crawler.running.shared import SharedHostFacts, SharedTurns, shared_frontier
from crawler.running.state import CrawlState
from crawler.running.turns import HostTurns
from crawler.sources.seeds import Seed
from crawler.storage.files import open_files


def open_crawl(crawler: Crawler, seeds: list[Seed], facts: HostFacts, command: str) -> CrawlState:
    """Open the files and the frontier of the settings. Raises UsageError if one cannot be opened.

    command  the spider's arguments as text: an interrupted crawl goes on if they are the same
    """
    files = open_files(crawler.settings, command)
    frontier: Frontier = files.store
    turns = HostTurns(frontier, facts, crawler.settings)
    if isinstance(facts, SharedHostFacts):
        frontier = shared = shared_frontier(crawler.settings, facts)
        turns = SharedTurns(shared, facts, crawler.settings)
    frontier.use_seeds([seed.url for seed in seeds])
    state = CrawlState(crawler, seeds, files, frontier, facts, turns)
    state.commit()
    return state
