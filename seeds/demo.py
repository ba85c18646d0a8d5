"""Crawls the sample site to JSON Lines, says where they are, and shows the first record."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

from serve import ADDRESS, server

SEEDS = Path(__file__).parent / "demo.csv"
PROJECT = Path(__file__).parent.parent
# A site on this machine needs no delays; every other setting is the default of the project.
_AT_HOME = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8")


def main(output: Path) -> int:
    """Serve, crawl, show. Returns the exit status."""
    with server() as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        status = _crawl(output, site.server_port)
        site.shutdown()
    if not output.is_file() or not output.read_text("utf-8").strip():
        print("The crawl wrote no records; its log above says why.", file=sys.stderr)
        return status or 1
    _show(output)
    return status


def _crawl(output: Path, port: int) -> int:
    given = f"seeds={SEEDS}" if port == ADDRESS[1] else f"url=http://{ADDRESS[0]}:{port}/"
    command = [sys.executable, "-m", "scrapy", "crawl", "articles", "-a", given, "-O", str(output), *_AT_HOME]
    print("$ " + " ".join(["scrapy", *command[3:]]), flush=True)
    return subprocess.run([*command, "-L", "WARNING"], cwd=PROJECT, check=False).returncode


def _show(output: Path) -> None:
    lines = output.read_text("utf-8").splitlines()
    record = json.loads(lines[0])
    record["body"] = record["body"][:300] + "…"
    print(json.dumps(record, ensure_ascii=False, indent=2))
    print(f"\n{len(lines)} records are in {output} (the first is shown, its body cut). Headlines:")
    for line in lines:
        row = json.loads(line)
        print(f"  {row['date_published'] or '-':<26} {row['headline'] or row['url']}")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "articles.jsonl").absolute()))
