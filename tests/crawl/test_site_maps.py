from __future__ import annotations

import gzip
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.sources.feeds import read_feed
from crawler.sources.sitemaps import MAX_ENTRIES, Listed, read_sitemap

BASE = "https://a.example/"


def test_a_gzipped_sitemap_of_10_000_entries_is_read_whole() -> None:
    rows = "".join(f"<url><loc>{BASE}news/report-number-{n}-of-many</loc></url>" for n in range(10_000))
    xml = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()
    assert sum(1 for _ in read_sitemap(gzip.compress(xml, 1), BASE)) == 10_000 < MAX_ENTRIES


def test_a_sitemap_index_names_sitemaps() -> None:
    xml = f"<sitemapindex><sitemap><loc>{BASE}one.xml.gz</loc><lastmod>2024-05-31</lastmod></sitemap></sitemapindex>"
    assert list(read_sitemap(xml.encode(), BASE)) == [Listed(BASE + "one.xml.gz", "sitemap", "2024-05-31")]


def test_a_news_sitemap_gives_the_publication_date_in_utc() -> None:
    xml = (
        '<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>'
        "<loc>https://a.example/a-report-of-some-length</loc><news:news>"
        "<news:publication_date>2024-05-31T10:00:00+02:00</news:publication_date></news:news></url></urlset>"
    )
    assert [entry.lastmod for entry in read_sitemap(xml.encode(), BASE)] == ["2024-05-31T08:00:00Z"]


def test_a_damaged_sitemap_gives_what_comes_before_the_damage() -> None:
    whole = f"<urlset><url><loc>{BASE}one-report-of-a-day</loc></url><url><loc>{BASE}two"
    assert [entry.url for entry in read_sitemap(whole.encode(), BASE)][:1] == [BASE + "one-report-of-a-day"]
    packed = gzip.compress(whole.encode() * 500)
    assert list(read_sitemap(packed[: len(packed) // 2], BASE))


def test_an_entity_bomb_or_a_local_file_is_not_expanded() -> None:
    xml = (
        '<!DOCTYPE u [<!ENTITY f SYSTEM "file:///etc/hosts">]><urlset><url>'
        "<loc>https://a.example/&f;</loc></url></urlset>"
    )
    assert [entry.url for entry in read_sitemap(xml.encode(), BASE)] in ([], [BASE])


def test_an_rss_and_an_atom_feed_give_links_and_dates() -> None:
    rss = (
        '<rss version="2.0"><channel><item><link>https://a.example/x?utm_source=f</link>'
        "<pubDate>Fri, 31 May 2024 10:00:00 +0200</pubDate></item><item><title>no link</title></item></channel></rss>"
    )
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/y"/>'
        "<updated>2024-05-31T08:00:00Z</updated></entry></feed>"
    )
    assert read_feed(rss.encode(), BASE) == [Listed(BASE + "x", "article", "2024-05-31T08:00:00Z")]
    assert read_feed(atom.encode(), BASE) == [Listed(BASE + "y", "article", "2024-05-31T08:00:00Z")]


def test_a_file_that_is_not_a_feed_gives_nothing() -> None:
    assert read_feed(b"\x00\xff not xml", BASE) == []


@pytest.mark.parametrize(
    "text",
    [
        b"<loc>https://a.example/news/x?a=1&b=2</loc>",
        b"<loc>https://a.example/news/x?a=1&amp;b=2</loc>",
        b"<loc>https://a.example/news/x?a=1&#38;b=2</loc>",
        b"<loc><![CDATA[https://a.example/news/x?a=1&b=2]]></loc>",
        "<loc>https://a.example/news/x?a=1&amp;b=2</loc>".encode("utf-16"),
    ],
)
@pytest.mark.parametrize("size", [60, 64 * 1024])
def test_an_ampersand_is_read_however_it_is_written(text: bytes, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.sources.sitemaps.PIECE", size)
    tags = [tag.encode("utf-16-le" if b"\0" in text else "ascii") for tag in ("<urlset><url>", "</url></urlset>")]
    body = text[:2] + tags[0] + text[2:] + tags[1] if b"\0" in text else tags[0] + text + tags[1]
    assert [entry.url for entry in read_sitemap(body, BASE)] == ["https://a.example/news/x?a=1&b=2"]


def test_the_address_of_an_image_does_not_stand_for_its_page() -> None:
    xml = (
        '<urlset xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url>'
        f"<loc>{BASE}a-report-of-some-length</loc><image:image><image:loc>{BASE}photo.jpg</image:loc></image:image>"
        "<lastmod>2024-05-31</lastmod></url></urlset>"
    )
    assert list(read_sitemap(xml.encode(), BASE)) == [Listed(BASE + "a-report-of-some-length", "article", "2024-05-31")]


def test_a_plain_list_of_addresses_is_read_across_pieces() -> None:
    lines = "".join(f"{BASE}news/report-number-{n}-of-many\n" for n in range(5_000)) + "no address\n"
    assert len({entry.url for entry in read_sitemap(lines.encode(), BASE)}) == 5_000


def test_a_plain_list_may_begin_with_a_byte_order_mark_and_be_indented() -> None:
    lines = f"{BASE}news/report-number-1-of-two\r\n  {BASE}news/report-number-2-of-two\r\n"
    found = [entry.url for entry in read_sitemap(lines.encode("utf-8-sig"), BASE)]
    assert found == [f"{BASE}news/report-number-1-of-two", f"{BASE}news/report-number-2-of-two"]


def test_a_sitemap_packed_in_several_members_is_read_whole() -> None:
    first = gzip.compress(f"<urlset><url><loc>{BASE}one-report-of-a-day</loc></url>".encode())
    second = gzip.compress(f"<url><loc>{BASE}two-reports-of-a-day</loc></url></urlset>".encode())
    assert len(list(read_sitemap(first + second, BASE))) == 2


# Prints by how many megabytes the process grew. Packed sitemaps come from files, so that only their reading counts.
PEAK = """
import resource, sys
from pathlib import Path
from crawler.sources.sitemaps import read_sitemap
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> (10 if sys.platform == "linux" else 20)
for path in map(Path, sys.argv[1:]):
    packed = path.read_bytes()
    before = peak()
    sum(1 for _ in read_sitemap(packed, "https://a.example/"))
    print(peak() - before)
"""


def test_a_sitemap_that_unpacks_to_thirty_megabytes_takes_little_memory(tmp_path: Path) -> None:
    fillers = ("<x/>", "<url><loc>", f"<url><loc>{BASE}{'a' * 90}</loc></url>")
    bombs = [tmp_path / f"{number}.xml.gz" for number in range(len(fillers))]
    for filler, bomb in zip(fillers, bombs, strict=True):
        bomb.write_bytes(gzip.compress(b"<urlset>" + filler.encode() * ((30 << 20) // len(filler)), 1))
    done = subprocess.run([sys.executable, "-c", PEAK, *bombs], capture_output=True, check=True, timeout=60)
    assert [int(grown) < 20 for grown in done.stdout.split()] == [True] * 3, done.stdout


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59-02:00"])
def test_an_impossible_date_loses_only_itself(moment: str) -> None:
    xml = f"<urlset><url><loc>{BASE}a-report-of-some-length</loc><lastmod>{moment}</lastmod></url></urlset>"
    assert list(read_sitemap(xml.encode(), BASE)) == [Listed(BASE + "a-report-of-some-length", "article", None)]
    item = f"<item><link>{BASE}x</link><pubDate>{moment}</pubDate></item>"
    feed = f'<rss version="2.0"><channel>{item}<item><link>{BASE}y</link></item></channel></rss>'
    assert [entry.url for entry in read_feed(feed.encode(), BASE)] == [BASE + "x", BASE + "y"]


def test_a_sitemap_packed_in_very_many_empty_members_costs_no_more_than_its_length() -> None:
    start = time.process_time()
    assert list(read_sitemap(gzip.compress(b"") * 100_000, BASE)) == []
    assert time.process_time() - start < 1.5
