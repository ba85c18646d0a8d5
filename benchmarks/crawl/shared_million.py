"""Fills a shared frontier and prints the memory for each address: `python -m benchmarks.crawl.shared_million`."""

from __future__ import annotations

import argparse
import resource
import time

from benchmarks.crawl.million import A_TIME, address
from crawler.frontier.shared.frontier import SharedFrontier
from crawler.frontier.targets import Target
from tests.crawl.redis_server import RedisServer


def main() -> None:
    """Queue the addresses, take some, and print the memory of Redis and of this process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--addresses", type=int, default=1_000_000)
    wanted = parser.parse_args()
    server = RedisServer()
    frontier = SharedFrontier(server.address)
    redis = frontier._redis.redis
    empty = redis.info("memory")["used_memory"]
    started = time.monotonic()
    for at in range(0, wanted.addresses, A_TIME):
        frontier.add([Target(address(n), "article") for n in range(at, min(at + A_TIME, wanted.addresses))])
    filled = time.monotonic() - started
    used = redis.info("memory")["used_memory"] - empty
    slowest = 0.0
    for number in range(200):
        started = time.monotonic()
        frontier.take(f"host{number}.example", 64)
        slowest = max(slowest, time.monotonic() - started)
    print(f"{wanted.addresses} addresses queued in {filled:.0f} s, {used / wanted.addresses:.0f} bytes each in Redis, "
          f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB in this process, slowest hand-out "
          f"{slowest * 1000:.1f} ms")  # fmt: skip
    server.close()


if __name__ == "__main__":
    main()
