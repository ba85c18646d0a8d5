"""Turns addresses and settlements into the rows that the scripts in Redis keep, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from crawler.frontier.outcomes import may_pass
from crawler.frontier.targets import Settlement, State, Target, priority_of
from crawler.urls.spelling import address_key, host_of

_RELISTED: Final = ("listing", "feed", "sitemap", "live")
"""Kinds of addresses that every further run asks again."""


class Rows:
    """Makes and reads rows, in which a seed has a name that all crawlers know: the key of its address.

    A seed that this crawler's list does not have is -1.
    """

    def __init__(self, seeds: Sequence[str] = ()) -> None:
        self._seeds = list(seeds)
        self._numbers = {key_of(url): number for number, url in reversed(list(enumerate(seeds)))}

    def seed_name(self, seed: int) -> str:
        """A seed's address, or its number if no list was given."""
        return self._seeds[seed] if 0 <= seed < len(self._seeds) else str(seed)

    def pending(self, target: Target) -> list[Any]:
        """The row that queues an address."""
        key, host = key_of(target.url), host_of(target.url)
        return [key, host, priority_of(target), target.kind, target.lastmod or "", self.packed(target)]

    def packed(self, target: Target) -> str:
        """An address as it waits in its host's stream."""
        return as_json(self._cells(target))

    def _cells(self, target: Target) -> list[Any]:
        seed: object = key_of(self._seeds[target.seed]) if 0 <= target.seed < len(self._seeds) else target.seed
        return [target.url, target.kind, target.depth, target.barren, seed, target.lastmod]

    def unpacked(self, row: Sequence[Any]) -> Target:
        """The address of a row made by `packed`, after it was read as JSON."""
        url, kind, depth, barren, seed, lastmod = row
        return Target(url, kind, depth, barren, self._numbers.get(seed, -1) if isinstance(seed, str) else seed, lastmod)

    def ended(self, target: Target, ended: Settlement, run: int, outcome: str | None) -> dict[str, Any]:
        """The row that settles an address; `outcome` stands for the settlement's own, if it is given."""
        key, host, cells = key_of(target.url), host_of(target.url), self._cells(target)
        kind = ended.kind or target.kind
        requeue = {"key": key, "host": host, "priority": priority_of(target), "target": as_json(cells)}
        outcome = outcome or ended.name
        has_failed = ended.state is State.FAILED
        again = may_pass(outcome) if has_failed else kind in _RELISTED
        asked_again = as_json([cells, kind, run, ended.fetched_at, has_failed])
        row = {
            "key": key, "host": host, "kind": target.kind, "state": int(ended.state), "outcome": outcome,
            "found": ended.kind, "article": ended.is_article,
            "fetched": ended.fetched_at, "etag": ended.etag, "modified": ended.last_modified,
            "content": ended.content_sha256, "body": ended.body_sha256, "record": ended.record_id,
            "seed": self.seed_name(target.seed),
            "stands": key_of(ended.stands_for) if ended.stands_for else None,
            "requeue": as_json(requeue) if ended.stands_for else None,
            "again": asked_again if again else None,
            "stale": asked_again if kind == "article" and not has_failed else None,
        }  # fmt: skip
        return {name: value for name, value in row.items() if value is not None}


def key_of(url: str) -> str:
    """The key of an address in Redis: sixteen hexadecimal digits."""
    return (address_key(url) & (1 << 64) - 1).to_bytes(8, "big").hex()


def as_json(value: object) -> str:
    """A value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
