from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy import Request

from crawler.fetching.host_facts import HostFacts
from crawler.fetching.safety import InsideAddress, PublicAddresses, is_inside
from crawler.urls.spelling import host_of


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "10.1.2.3", "192.168.0.9", "169.254.169.254", "[::1]", "fe80::1%eth0", "::ffff:10.0.0.1", "localhost",
     "a.localhost", "printer", "db.internal", "2130706433", "0x7f.1", "0177.0.0.1", "0.0.0.0", "100.64.0.1"],
)  # fmt: skip
def test_an_address_inside_the_network_is_recognised_in_every_spelling(host: str) -> None:
    assert is_inside(host)


@pytest.mark.parametrize("host", ["8.8.8.8", "example.org", "2606:4700::1111", "127.example.org", "1e100.net"])
def test_an_address_outside_the_network_is_not_mistaken_for_one_inside(host: str) -> None:
    assert not is_inside(host)


def test_a_seed_inside_the_network_is_allowed_with_and_without_its_default_port() -> None:
    facts = HostFacts(frozenset({host_of("http://127.0.0.1:80/")}))
    middleware = PublicAddresses(cast(Any, SimpleNamespace(spider=SimpleNamespace(host_facts=facts))))
    middleware.process_request(Request("http://127.0.0.1/"))
    middleware.process_request(Request("http://127.0.0.1:80/"))
    with pytest.raises(InsideAddress):
        middleware.process_request(Request("http://127.0.0.1:8080/"))
