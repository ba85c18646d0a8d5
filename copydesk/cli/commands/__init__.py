"""The sub-commands of `copydesk`: one module each, one row each in COMMANDS."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import Final, NamedTuple, Protocol, cast


class CommandModule(Protocol):
    """The functions in the module of a command. `run` returns the exit status."""

    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


class Command(NamedTuple):
    """A sub-command: its name, which is also its module's, the group that lists it, and one line on what it does."""

    name: str
    group: str
    summary: str

    def module(self) -> CommandModule:
        """Its module, imported only on use, because cleaning and crawling are heavy to import."""
        return cast(CommandModule, import_module(f"copydesk.cli.commands.{self.name}"))


COMMANDS: Final[tuple[Command, ...]] = (
    Command("crawl", "get records", "crawl sites politely, and write a clean record for every article"),
    Command("clean", "get records", "clean saved pages, text dumps and web archives into records"),
    Command("inspect", "look at them", "show one page: what was kept, what was removed and why"),
    Command("report", "look at them", "show a whole run: numbers by site, day, language and reason, worst pages first"),
    Command("check", "look at them", "compare two runs: sites whose fields, lengths, confidence or removals changed"),
    Command("select", "use them", "choose among records, mark duplicates, and write them in another format"),
    Command("merge", "use them", "join the parts that crawlers or machines wrote, each record once"),
    Command("export", "use them", "turn records into another project's JSON Lines"),
    Command("schema", "use them", "print the schema of a record, for programs"),
    Command("serve", "more", "serve on this machine: POST a page, get its record"),
    Command("label", "more", "correct the cleaner's result for a page, and keep the correction to learn from"),
    Command("train", "more", "train a classifier on labelled pages, and say how well it does on pages it has not seen"),
    Command("completion", "more", "print a script by which a shell completes commands and options"),
)
