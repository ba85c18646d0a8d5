"""The frontier in Redis: any number of crawlers share addresses and hosts. A host belongs to one crawler at a time.

An address that a crawler took stays in the host's stream, pending for that consumer, until its record is on the disk;
only then acknowledge() sends how the fetch ended. If a crawler dies, the next one that gets the host after the lease
claims its addresses. Values are JSON.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice
from typing import Any, Final, TypeVar
from uuid import uuid4

from cleaners.errors import UsageError
from crawler.frontier.outcomes import CrawlOutcome
from crawler.frontier.shared.connection import PATIENCE, Connection, FrontierError
from crawler.frontier.shared.rows import Rows, as_json, key_of
from crawler.frontier.shared.unsent import Unsent
from crawler.frontier.targets import Known, Settlement, State, Status, Target
from crawler.urls.spelling import host_of

T = TypeVar("T")

LEASE: Final = 30.0
"""Seconds for which a host belongs to a crawler that gives no sign of life."""
_A_TIME: Final = 500
"""Rows sent at once; a script keeps the server busy for about a millisecond a hundred rows."""
_WRITTEN: Final = ("record", "changed")
_HOSTS: Final = 1000
"""Hosts fetched from Redis at once."""
Waits = Callable[[str, float], None]
"""Pauses a host for this many seconds."""


class SharedFrontier:
    """Implements crawler.frontier.interface.Frontier: its methods are described there.

    address  redis://HOST:PORT/DATABASE?prefix=NAME
    lease    seconds after which another crawler gets the hosts of one that gives no sign of life
    waits    called with a host and seconds to pause it, if the host comes from another crawler
    delay    called with a host for its Crawl-delay in seconds, 0 if it is not known

    Raises UsageError if the server cannot be used, and later FrontierError.
    """

    def __init__(self, address: str, lease: float = LEASE, patience: float = PATIENCE) -> None:
        self._redis = Connection(address, patience)
        self._redis.check()
        self.me = uuid4().hex[:12]
        self.lease = lease
        self.waits: Waits = lambda host, seconds: None
        self.delay: Callable[[str], float] = lambda host: 0.0
        self.broken = False
        self.crawlers = 1
        self._held: dict[str, float] = {}  # hosts that are ours, and until when in time.monotonic()
        self._handed_out: dict[str, set[str]] = {}
        self._unsent = Unsent()
        self._rows = Rows()
        self.run = int(self.fact("run") or 1)
        self.renew()

    # Addresses in

    def use_seeds(self, urls: Sequence[str]) -> None:
        """Set today's seeds by their addresses. Raises UsageError if other crawlers are at work with other seeds."""
        stated = json.dumps(list(urls))
        before = self.fact("seed_list")
        self.renew()
        if before not in (None, stated) and self.crawlers > 1:
            raise UsageError("another crawler shares this frontier with other seeds. Give all of them the same seeds.")
        self.set_fact("seed_list", stated)
        self._rows = Rows(urls)

    def start_run(self) -> None:
        """Begin a further run if everything is settled and no other crawler is at work."""
        self.renew()
        if self.crawlers == 1 and not self.queued and self.fact("run"):
            self.run += 1
        self.set_fact("run", str(self.run))

    def add(self, targets: Sequence[Target], stale_before: str = "") -> int:
        """Queue the addresses that are not known yet, or are due again. Returns how many were queued."""
        self._check()
        rows = [self._rows.pending(target) for target in targets if not self._unsent.of(target.url)]
        return sum(int(self._redis.run("add", self.run, stale_before, as_json(part))) for part in _batches(rows))

    def record_ids(self) -> Iterator[str]:
        """The ids of all records that crawlers wrote and acknowledged, in no order."""
        server = self._redis.redis
        for name in self._redis.call(lambda: list(server.scan_iter(self._redis.key("seen:*"), count=1000))):
            for value in self._redis.call(lambda: server.hvals(name)):  # noqa: B023
                entry = json.loads(value)
                if entry.get("o") in _WRITTEN:
                    yield entry["d"]

    def to_fetch_again(self, depth: int, live_since: str, stale_before: str = "") -> Iterator[Target]:
        """Pages of earlier runs that may hold something new."""

        def may_be_new(packed: list[Any], kind: str, fetched: str | None, failed: bool) -> bool:
            if kind == "article" and not failed:
                return (fetched or "") < stale_before
            return failed or ((fetched or "") >= live_since if kind == "live" else packed[2] <= depth)

        names = ("again", "articles") if stale_before else ("again",)
        for packed, kind, run, fetched, failed in chain.from_iterable(map(self._rows_of, names)):
            if run < self.run and may_be_new(packed, kind, fetched, failed):
                target = self._rows.unpacked(packed)
                if target.seed >= 0:
                    yield target._replace(kind=kind, barren=0, lastmod=None)

    def _rows_of(self, name: str) -> Iterator[list[Any]]:
        """The rows that settle.lua keeps under a name, of addresses that a further run may ask again."""
        cursor = 0
        while True:
            scan = partial(self._redis.redis.hscan, self._redis.key(name), cursor, count=_A_TIME)
            cursor, found = self._redis.call(scan)
            yield from map(json.loads, found.values())
            if not cursor:
                return

    # Addresses out

    @property
    def queued(self) -> int:
        """How many addresses are pending, those of all crawlers."""
        left = self.counts()["pending"]
        return max(0, left)

    def hosts(self) -> list[str]:
        """The hosts that have something pending, in the order of their most urgent address."""
        return list(self._redis.call(lambda: self._redis.redis.zrange(self._redis.key("hosts"), 0, _HOSTS - 1)))

    def take(self, host: str, most: int) -> list[Target]:
        """Hand out the most urgent pending addresses of a host; none while another crawler has it."""
        if self.has_lost(host):
            return []
        for which in ("new", "again", "new"):  # the host was another crawler's, which was handed addresses
            taken = self._taken(host, most, which)
            if taken is None:
                return []
            if taken:
                self._handed_out.setdefault(host, set()).update(target.url for target in taken)
                return taken
        return []

    def _taken(self, host: str, most: int, which: str) -> list[Target] | None:
        """Addresses not handed out before ("new") or those handed out to us ("again"); None if we are to wait."""
        kept = self._handed_out.get(host, set())
        many = most + (len(kept) + len(self._unsent) if which == "again" else 0)
        asked_at = time.monotonic()
        delay = int(self.delay(host) * 1000)
        found = self._redis.run("take", self.me, int(self.lease * 1000), host, many, delay, which)
        if not found:
            return None
        self._held[host] = asked_at + self.lease
        wait, *rows = found
        if wait > 0:
            self.waits(host, wait / 1000)
            return None
        targets = [self._rows.unpacked(json.loads(row)) for row in rows]
        closed = {
            seed: self.fact(f"closed {self._rows.seed_name(seed)}") for seed in {target.seed for target in targets}
        }
        return [target for target in targets if self._is_free(target, kept, closed)][:most]

    def _is_free(self, target: Target, kept: set[str], closed: Mapping[int, str | None]) -> bool:
        if target.url in kept or self._unsent.of(target.url):
            return False
        left_out = "seed_removed" if target.seed < 0 else closed.get(target.seed)
        if left_out:
            self._send([(target, Settlement(CrawlOutcome(left_out)))])
        return not left_out

    def give_back(self, urls: Iterable[str]) -> None:
        """Let addresses that were handed out and not settled be handed out again."""
        for url in urls:
            self._handed_out.get(host_of(url), set()).discard(url)

    def known(self, url: str) -> Known | None:
        """What the last fetch of an address left behind, if there was one."""
        entry = self._entry(url)
        return Known(entry.get("e"), entry.get("l"), entry.get("c")) if entry and entry.get("f") else None

    def status_of(self, url: str) -> Status | None:
        """The state of an address, the record made of it and how its fetch ended; None if the address is unknown."""
        entry = self._entry(url)
        return Status(State(entry["s"]), entry.get("d"), entry.get("o"), entry.get("r", 1)) if entry else None

    # How fetches ended

    def settle(self, target: Target, settlement: Settlement) -> None:
        """Write how the fetch of an address ended. It is sent when the record is on the disk."""
        self._check()
        self._unsent.add(target, settlement)
        self.give_back([target.url])

    def call_back(self, url: str) -> list[str]:
        """Queue again the pages that deferred to an address that gave no article. Returns their hosts."""
        self._check()
        waiting = self._unsent.take_deferring_to(url)
        self.add(waiting)
        return [host_of(target.url) for target in waiting] + list(self._redis.run("call_back", key_of(url)))

    def give_up(self, host: str, outcome: str) -> int:
        """Settle everything pending of a host as failed. Returns how many addresses that were."""
        self._check()
        left = 0
        for priority in self._redis.call(lambda: self._redis.redis.zrange(self._redis.key(f"prios:{host}"), 0, -1)):
            stream = self._redis.key(f"q:{host}:{priority}")
            while rows := self._redis.call(lambda: self._redis.redis.xrange(stream, count=_A_TIME)):  # noqa: B023
                targets = [self._rows.unpacked(json.loads(fields["t"])) for _, fields in rows]
                failed = Settlement(CrawlOutcome.HOST_GIVEN_UP, State.FAILED)
                self._send([(target, failed) for target in targets], outcome)
                left += len(targets)
        return left

    def counts(self) -> dict[str, int]:
        """How many addresses are in each state: pending, done, failed; with what this crawler has yet to send."""
        found = self._redis.call(lambda: self._redis.redis.hgetall(self._redis.key("counts")))
        counts = {state: int(found.get(str(int(state)), 0)) for state in State}
        for target, settlement in self._unsent.pairs():
            before = self._stored(target.url)
            counts[settlement.state] += 1
            if before:
                counts[State(before["s"])] -= 1
        return {state.name.lower(): count for state, count in counts.items()}

    # A seed's limit of articles

    def take_slot(self, seed: int, limit: int) -> bool:
        """Count one more article of a seed, unless `limit` articles were taken already, by all crawlers together."""
        name = self._rows.seed_name(seed)
        unsent = sum(1 for target, ended in self._unsent.pairs() if target.seed == seed and ended.record_id)
        if unsent and not self._redis.call(lambda: self._redis.redis.hexists(self._redis.key("slots"), name)):
            stored = self._redis.call(lambda: self._redis.redis.hget(self._redis.key("records"), name))
            first = int(str(stored or 0)) + unsent
            self._redis.call(lambda: self._redis.redis.hsetnx(self._redis.key("slots"), name, first))
        return bool(self._redis.run("slot", name, limit))

    def free_slot(self, seed: int) -> None:
        """Take back one article that was counted and then left out."""
        name = self._rows.seed_name(seed)
        self._redis.call(lambda: self._redis.redis.hincrby(self._redis.key("slots"), name, -1))

    def let_go(self, seed: int, outcome: CrawlOutcome) -> None:
        """Let all pending addresses of a seed be settled, each when it would be handed out."""
        self.set_fact(f"closed {self._rows.seed_name(seed)}", outcome.value)

    # Facts, and writing

    def fact(self, name: str) -> str | None:
        """A fact about the crawl as a whole."""
        value: str | None = self._redis.call(lambda: self._redis.redis.hget(self._redis.key("facts"), name))
        return value

    def set_fact(self, name: str, value: str) -> None:
        """Keep a fact about the crawl as a whole."""
        self._check()
        self._redis.call(lambda: self._redis.redis.hset(self._redis.key("facts"), name, value))

    def commit(self) -> None:
        """Include all changes since the last commit in the next acknowledge()."""
        if not self.broken:
            self._unsent.commit()

    def abandon(self) -> None:
        """Take back everything since the last commit, and write nothing any more."""
        self.broken = True
        self._unsent.abandon()

    def mark(self) -> int:
        """The amount committed so far."""
        return self._unsent.committed

    def acknowledge(self, mark: int) -> None:
        """Send how the first `mark` committed fetches ended: their records are on the disk."""
        sent = self._unsent.first(mark)
        self._send(sent)
        self._unsent.remove(sent)

    # Hosts

    def renew(self, let_go: Sequence[str] = ()) -> list[str]:
        """Keep our hosts, except those in `let_go`, for another lease. Returns the hosts that we have lost."""
        asked_at = time.monotonic()
        found: list[Any] = self._redis.run("renew", self.me, int(self.lease * 1000), as_json(list(let_go)))
        self.crawlers, lost = int(found[0]), [str(host) for host in found[1:]]
        for host in (*lost, *let_go):
            self._held.pop(host, None)
            self._handed_out.pop(host, None)
        self._held = dict.fromkeys(self._held, asked_at + self.lease)
        return lost

    def held(self) -> list[str]:
        """The hosts that are ours."""
        return list(self._held)

    def has_unsent(self, host: str) -> bool:
        """Whether addresses of a host are settled here and not yet acknowledged."""
        return self._unsent.has_host(host)

    def has_lost(self, host: str) -> bool:
        """Whether a host was ours but its lease is over, so that another crawler may have it."""
        return self._held.get(host, float("inf")) < time.monotonic()

    def share_pause(self, host: str, seconds: float) -> None:
        """Make the next crawler that gets a host pause it for this many seconds too."""
        milliseconds = max(1, int(seconds * 1000))
        self._redis.call(lambda: self._redis.redis.set(self._redis.key(f"pause:{host}"), "1", px=milliseconds))

    def pause_left(self, host: str) -> float:
        """Seconds for which a host is still paused because it asked any crawler for time."""
        left = int(str(self._redis.call(lambda: self._redis.redis.pttl(self._redis.key(f"pause:{host}")))))
        return max(0, left) / 1000

    def ask(self, host: str) -> float:
        """Seconds until any crawler may send the host a request. If 0, this one may now, and the delay begins."""
        key, delay = self._redis.key(f"next:{host}"), int(self.delay(host) * 1000)
        if not delay or self._redis.call(lambda: self._redis.redis.set(key, self.me, px=delay, nx=True)):
            return 0.0
        return max(1, int(str(self._redis.call(lambda: self._redis.redis.pttl(key))))) / 1000

    def answered(self, host: str) -> None:
        """Begin a host's delay again now: the request that ask() allowed may have been sent as late as this."""
        key, delay = self._redis.key(f"next:{host}"), int(self.delay(host) * 1000)
        if delay:
            self._redis.call(lambda: self._redis.redis.set(key, self.me, px=delay))

    def leave(self) -> None:
        """Let go of all hosts: their unsettled addresses go to other crawlers at once."""
        self._redis.run("renew", self.me, 0, as_json(self.held()))
        self._held.clear()

    # Rows

    def _check(self) -> None:
        if self.broken:
            raise FrontierError("an earlier write failed")

    def _stored(self, url: str) -> dict[str, Any] | None:
        key = key_of(url)
        value = self._redis.call(lambda: self._redis.redis.hget(self._redis.key(f"seen:{key[:4]}"), key[4:]))
        entry: dict[str, Any] | None = json.loads(value) if value else None
        return entry

    def _entry(self, url: str) -> dict[str, Any] | None:
        entry, ended = self._stored(url), self._unsent.of(url)
        if ended is None:
            return entry
        new = {"s": ended.state, "o": ended.name, "f": ended.fetched_at, "e": ended.etag, "l": ended.last_modified,
               "c": ended.content_sha256, "d": ended.record_id, "r": self.run}  # fmt: skip
        if ended.outcome is CrawlOutcome.UNCHANGED and entry and entry.get("o"):
            new["o"] = entry["o"]
        return (entry or {}) | {name: value for name, value in new.items() if value is not None}

    def _send(self, ended: Iterable[tuple[Target, Settlement]], outcome: str | None = None) -> None:
        for part in _batches(ended):
            rows = [self._rows.ended(target, settlement, self.run, outcome) for target, settlement in part]
            self._redis.run("settle", self.run, as_json(rows))


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    left = iter(rows)
    while part := list(islice(left, _A_TIME)):
        yield part
