"""Glues junk to reference paragraphs and measures what in-block cutting removes.

usage: python -m benchmarks.stuck_junk SET_DIR [--paragraphs 1000] [--show 10]

SET_DIR has truth.jsonl with one `body` per line (for example the public sets WCXB and newspaper4k's
article-extraction-dataset). Prints the share of junk words removed, the share of the paragraphs' own words lost, and
the share of the same paragraphs, without junk, that do not change.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from cleaners.document import Block, Cleaned, Document
from cleaners.options import DEFAULT
from cleaners.page import Decoded
from cleaners.rules.icon_labels import mark_glued_labels
from cleaners.rules.stuck import mark_stuck_passages
from cleaners.training.pages import truth_rows

# Written for this measurement; the cleaners do not read it. {n} is a number, {date} a date, {name} a person's name.
HEADS = """
Share this article Tweet
Share Tweet Email
Share this story: Facebook Twitter WhatsApp
ShareTweetPin it
Facebook Twitter LinkedIn Email Copy link
Share on Facebook Share on X
Share {n} Tweet {n}
{n} shares
{n} min read
{n} minutes ago
Published {date} {time}
Updated: {date}
{date} {time}
icon fm{date} {time}
Last updated on {date} at {time} {n} comments
Print Email
Listen to this article {n} min
Advertisement
ADVERTISEMENT
Advertisement Continue reading below
Save Share Gift this article
chevron_right
icon homeicon searchicon menuicon closeicon mail
Sign up for our newsletter
Subscribe now Sign in
Comments ({n})
Skip to main content
Follow us on Twitter
Play video Watch now
Reply Like Share
""".strip().splitlines()
TAILS = """
Share this article
Share Tweet
Share this: Facebook Twitter
Read more
Read more here
Advertisement
ADVERTISEMENT
Sign up for our newsletter
Subscribe now
Subscribe to our newsletter
Follow us on Facebook
Comments ({n})
{n} comments
Leave a comment
Copy link
Print Email
Story continues below advertisement
keyboard_arrow_down
Related articles
Most read
Like Reply Share
Back to top
Report this ad
Show more
View comments
Share Save
""".strip().splitlines()
DATES = ("11 Apr, 2017", "April 11, 2017", "2017-04-11", "11/04/2017", "Tue 11 Apr 2017", "11 avril 2017")
TIMES = ("07:29", "7:29 am", "19:40 GMT")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set_dir", type=Path)
    parser.add_argument("--paragraphs", type=int, default=1000)
    parser.add_argument("--show", type=int, default=0)
    chosen = parser.parse_args()
    paragraphs = reference_paragraphs(chosen.set_dir, chosen.paragraphs)
    rng = random.Random(1)
    junk = gone = good = lost = 0
    missed: list[str] = []
    for paragraph in paragraphs:
        head, tail = spoil(rng)
        left = cleaned(head + paragraph + tail)
        kept = len((head + tail).split()) - (len((head + paragraph + tail).split()) - len(left.split()))
        own_lost = 0 if paragraph in left else len(set(paragraph.split()) - set(left.split()))
        junk += len((head + tail).split())
        gone += len((head + tail).split()) - max(0, kept)
        good += len(paragraph.split())
        lost += own_lost
        if kept > 0 or own_lost:
            missed.append(f"[{head}] … [{tail}] left: {left[:60]} … {left[-40:]} (paragraph: {paragraph[:40]})")
    changed = [paragraph for paragraph in paragraphs if cleaned(paragraph) != paragraph]
    print(f"junk words gone      {gone / junk:.4f} of {junk}")
    print(f"good words lost      {lost / good:.5f} of {good}")
    print(f"clean and unchanged  {1 - len(changed) / len(paragraphs):.4f} of {len(paragraphs)}")
    for line in missed[: chosen.show] + [f"changed: {paragraph[:100]}" for paragraph in changed[: chosen.show]]:
        print("  ", line)


def reference_paragraphs(folder: Path, count: int) -> list[str]:
    """Paragraphs of ten words or more that end with a sentence, drawn evenly from the bodies."""
    found: list[str] = []
    for row in truth_rows(folder):
        body = row.get("body") or ""
        found += [" ".join(p.split()) for p in body.split("\n") if len(p.split()) >= 10 and p.rstrip()[-1:] in '.!?”"']
    return random.Random(0).sample(found, min(count, len(found)))


def spoil(rng: random.Random) -> tuple[str, str]:
    """Junk for the front, the back, or both."""
    where = rng.choice(("head", "tail", "both"))
    head = filled(rng.choice(HEADS), rng) + rng.choice((" ", " ", " | ")) if where != "tail" else ""
    tail = " " + filled(rng.choice(TAILS), rng) if where != "head" else ""
    return head, tail


def filled(template: str, rng: random.Random) -> str:
    """The template with its numbers and dates."""
    return template.format(n=rng.randint(2, 900), date=rng.choice(DATES), time=rng.choice(TIMES))


def cleaned(text: str) -> str:
    """The text after the in-block cleaners."""
    document = Document((Block(0, text),), Decoded(text, "str", "given"))
    marks = [*mark_glued_labels(document, (), DEFAULT).marks]
    marks += mark_stuck_passages(document, marks, DEFAULT).marks
    return Cleaned(document, tuple(marks)).text


if __name__ == "__main__":
    main()
