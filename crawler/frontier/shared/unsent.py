"""Holds the settlements that a crawler has not sent to Redis yet, because their records are not on the disk."""

from __future__ import annotations

from crawler.frontier.targets import Settlement, Target
from crawler.urls.spelling import host_of

_KEPT = ("kind", "fetched_at", "etag", "last_modified", "content_sha256", "body_sha256", "record_id")
"""Fields of an earlier settlement that stay if a later one leaves them open."""


class Unsent:
    """Settlements by address: those since the last commit, and those committed, in order."""

    def __init__(self) -> None:
        self._new: dict[str, tuple[Target, Settlement]] = {}
        self._committed: dict[str, tuple[Target, Settlement]] = {}

    def __len__(self) -> int:
        """How many there are."""
        return len(self._new) + len(self._committed)

    def pairs(self) -> list[tuple[Target, Settlement]]:
        """All of them."""
        return [*self._new.values(), *self._committed.values()]

    def of(self, url: str) -> Settlement | None:
        """The settlement of an address, if there is one."""
        found = self._new.get(url) or self._committed.get(url)
        return found[1] if found else None

    def add(self, target: Target, settlement: Settlement) -> None:
        """Add a settlement, merged into an earlier one of the address."""
        self._new[target.url] = (target, _merged(self.of(target.url), settlement))

    def take_deferring_to(self, url: str) -> list[Target]:
        """Remove the settlements of pages that deferred to an address. Returns the pages."""
        found = []
        for held in (self._new, self._committed):
            for waiting, (target, settlement) in list(held.items()):
                if settlement.stands_for == url:
                    del held[waiting]
                    found.append(target)
        return found

    def commit(self) -> None:
        """Count all of them as committed."""
        self._committed |= self._new
        self._new.clear()

    def abandon(self) -> None:
        """Forget those since the last commit."""
        self._new.clear()

    @property
    def committed(self) -> int:
        """How many are committed."""
        return len(self._committed)

    def first(self, count: int) -> list[tuple[Target, Settlement]]:
        """The first of those that are committed."""
        return list(self._committed.values())[:count]

    def remove(self, sent: list[tuple[Target, Settlement]]) -> None:
        """Remove settlements that were sent, unless there are later ones of their addresses."""
        for pair in sent:
            if self._committed.get(pair[0].url) is pair:
                del self._committed[pair[0].url]

    def has_host(self, host: str) -> bool:
        """Whether one of them is of this host."""
        return any(host_of(url) == host for url in (*self._new, *self._committed))


def _merged(before: Settlement | None, now: Settlement) -> Settlement:
    """A settlement merged into an earlier one that was not sent yet: fields that it leaves open stay."""
    if before is None:
        return now
    kept = {name: value for name in _KEPT if (value := getattr(now, name) or getattr(before, name)) is not None}
    return Settlement(now.outcome, now.state, now.status, stands_for=now.stands_for, pages=now.pages, **kept)
