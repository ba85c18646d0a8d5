"""Opens and closes the files of a crawl together: the output, the store beside it, and the archive."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from scrapy.settings import BaseSettings
from w3lib.url import file_uri_to_path

from cleaners.errors import UsageError
from crawler.storage.archive import ArchiveFiles, open_archive, refuse_other_file
from crawler.storage.database import STORE_SUFFIX
from crawler.storage.ledger import PART_SUFFIX, Ledger, finish
from crawler.storage.locks import PlaceLock
from crawler.storage.store import Store
from pipelines.inputs.overlap import refuse_overlap

_WRITTEN = ("ARCHIVE", "EXPLAIN", "REJECTED")
"""Settings that name files which a crawl writes."""
_LINES = ("jsonl", "jsonlines", "jl")


class LinesFeed(NamedTuple):
    """A local JSON Lines feed: its key in FEEDS, its path, and whether it starts over."""

    uri: Any
    path: Path
    overwrite: bool


def lines_feed(settings: BaseSettings) -> LinesFeed | None:
    """The first local JSON Lines feed of the settings."""
    for uri, options in settings.getdict("FEEDS").items():
        path = _local_path(str(uri))
        if path and options.get("format") in _LINES:
            return LinesFeed(uri, path, bool(options.get("overwrite")))
    return None


@dataclass(slots=True)
class CrawlFiles:
    """The files of a crawl: the store, the ledger if there is a local output, the archive if there is one.

    final    the place of the output when the crawl is complete; None without a local output
    resumed  whether this goes on with an interrupted crawl
    closed   whether everything was written and closed without an error
    """

    store: Store
    ledger: Ledger | None = None
    final: Path | None = None
    resumed: bool = False
    archive: ArchiveFiles | None = None
    locks: tuple[PlaceLock, ...] = ()
    closed: bool = False

    @property
    def place(self) -> Path | None:
        """Where the records are: at the final place, or in the unfinished file beside it."""
        unfinished = self.ledger is not None and self.ledger.path.exists()
        return self.ledger.path if self.ledger and unfinished else self.final

    async def sync(self) -> None:
        """Sync everything to the disk, in threads, and remember how much is safe."""
        if self.archive:
            await self.archive.sync()
        if self.ledger:
            self.ledger.synced(await asyncio.to_thread(self.ledger.sync))
        self.store.commit()
        await asyncio.to_thread(self.store.sync)

    def finish(self, reason: str) -> None:
        """Close the files. A complete crawl puts its output in place; an incomplete one leaves it to be resumed."""
        complete = reason == "finished" and not self.store.broken and self.store.counts()["pending"] == 0
        if self.archive:
            self.archive.close()
        if self.ledger:
            self.ledger.close()
        if complete and self.ledger and self.final and self.ledger.path != self.final:
            finish(self.ledger.path, self.final)
        if complete:
            self.store.set_fact("finished", "yes")
        self.store.close()
        self.release()
        self.closed = True

    def release(self) -> None:
        """Release the store and the output to other crawls."""
        for lock in self.locks:
            lock.release()


def open_files(settings: BaseSettings, command: str) -> CrawlFiles:
    """Open the store, the output and the archive that the settings name; go on with an interrupted crawl of the same
    command.

    -O starts over, unless its last run was interrupted. -o goes on: what is there stays, what is new or changed is
    added. STORE names the store elsewhere. Without a local output the store lasts as long as the run.
    Raises UsageError if a file cannot be opened or another crawl has it.
    """
    feed = lines_feed(settings)
    stored = Path(settings["STORE"]) if settings["STORE"] else None
    refuse_overlap((), _written(settings, feed, stored))
    if settings["ARCHIVE"]:
        refuse_other_file(Path(settings["ARCHIVE"]))  # before anything of an earlier run is removed
    try:
        files = _locked_and_opened(feed, stored, command)
    except (sqlite3.Error, OSError) as error:
        place = stored or (feed and feed.path.with_name(feed.path.name + STORE_SUFFIX))
        raise UsageError(
            f"{place}: cannot be opened ({error}); choose another place, or remove the file to begin anew"
        ) from error
    try:
        files.archive = open_archive(settings, files.store)
    except UsageError:
        files.release()
        raise
    return files


def _written(settings: BaseSettings, feed: LinesFeed | None, stored: Path | None) -> list[str]:
    """Every file that the crawl will write, including those beside its output."""
    places = [stored] if stored else []
    if feed:
        beside = () if stored else (feed.path.with_name(feed.path.name + STORE_SUFFIX),)
        places += [feed.path, feed.path.with_name(feed.path.name + PART_SUFFIX), *beside]
    return [*map(str, places), *(settings[name] for name in _WRITTEN if settings[name])]


def _locked_and_opened(feed: LinesFeed | None, stored: Path | None, command: str) -> CrawlFiles:
    locks = _locked(feed, stored)
    try:
        files = _opened(feed, stored, command)
    except BaseException:
        for lock in locks:
            lock.release()
        raise
    files.locks = locks
    return files


def _locked(feed: LinesFeed | None, stored: Path | None) -> tuple[PlaceLock, ...]:
    """Hold the output and the store before anything is looked at or removed."""
    places = [path for path in (feed.path if feed else None, stored) if path]
    locks: list[PlaceLock] = []
    try:
        for place in places:
            place.parent.mkdir(parents=True, exist_ok=True)
            locks.append(PlaceLock(place.resolve()))
    except BaseException:
        for lock in locks:
            lock.release()
        raise
    return tuple(locks)


def _opened(feed: LinesFeed | None, stored: Path | None, command: str) -> CrawlFiles:
    if feed is None:
        return _at(Store(stored), command, None, None)
    final = feed.path
    overwrite = feed.overwrite or final.suffix in (".gz", ".zst")
    part = final.with_name(final.name + PART_SUFFIX) if overwrite else final
    beside = stored or final.with_name(final.name + STORE_SUFFIX)
    if overwrite and not _interrupted(beside, command):
        _remove(part, *(() if stored else (beside, _beside(beside, "-wal"), _beside(beside, "-shm"))))
    return _at(Store(beside), command, part, final)


def _at(store: Store, command: str, path: Path | None, final: Path | None) -> CrawlFiles:
    resumed = store.fact("command") is not None and store.fact("finished") == "no"
    if store.fact("finished") == "yes":
        store.start_run()
        if path and final and path != final:
            output = store.name_of(final)
            store.set_output_state(output, 0, is_open=True)
            store.forget_lines(output)
    store.set_fact("command", command)
    store.set_fact("finished", "no")
    store.commit()
    try:
        ledger = Ledger(path, store, store.name_of(final)) if path and final else None
    except BaseException:
        store.close()
        raise
    return CrawlFiles(store, ledger, final, resumed)


def _interrupted(path: Path, command: str) -> bool:
    if not path.exists():
        return False
    store = Store(path)
    try:
        return store.fact("finished") == "no" and store.fact("command") == command
    finally:
        store.close()


def _remove(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _local_path(uri: str) -> Path | None:
    if uri.startswith("file://"):
        return Path(file_uri_to_path(uri))
    return None if "://" in uri or uri.startswith("stdout:") else Path(uri)
