"""Reads a user's own defaults for options: COPYDESK_… in the environment, then copydesk.toml or pyproject.toml.

A file is read in the folder where the command runs. `copydesk.toml` has one table a command, `[crawl]` and the like;
in `pyproject.toml` they are `[tool.copydesk.crawl]`. The environment goes before the file, the call before both.
"""

from __future__ import annotations

import argparse
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from cleaners.errors import UsageError, suggestion
from copydesk.cli.parsing import options_of

_YES_OR_NO: Final = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


class Setting(NamedTuple):
    """A default that a user set: the option's name, the value, and the place where it is set."""

    name: str
    value: Any
    place: str


def apply_defaults(parser: argparse.ArgumentParser, command: str) -> None:
    """Set the user's own defaults for the options of a command. Raises UsageError with the place of a bad one."""
    options = {name[2:]: action for action in options_of(parser) for name in action.option_strings if name[:2] == "--"}
    for setting in (*_from_file(command), *_from_environment(command)):
        action = options.get(setting.name)
        if action is None:
            nearest = suggestion(setting.name, options)
            raise UsageError(f"{setting.place}: `copydesk {command}` has no option {setting.name!r}; {nearest}")
        action.default = _value(action, setting)
        action.required = False


def _from_environment(command: str) -> Iterator[Setting]:
    prefix = f"COPYDESK_{command.upper()}_"
    for variable, text in sorted(os.environ.items()):
        if variable.startswith(prefix):
            yield Setting(variable.removeprefix(prefix).lower().replace("_", "-"), text, variable)


def _from_file(command: str) -> Iterator[Setting]:
    for name, tables in (("copydesk.toml", ()), ("pyproject.toml", ("tool", "copydesk"))):
        path = Path(name)
        if path.is_file():
            table: Any = _read(path, tables)
            for step in (*tables, command):
                table = table.get(step, {})
                if not isinstance(table, Mapping):
                    raise UsageError(f"{name}: {step} = {table!r}; write a table, [{'.'.join((*tables, command))}]")
            yield from (Setting(option.replace("_", "-"), value, name) for option, value in table.items())


def _read(path: Path, tables: tuple[str, ...]) -> Mapping[str, Any]:
    """The values of the file; none if it belongs to another program and does not name our tables."""
    try:
        text = path.read_text("utf-8")
        return tomllib.loads(text) if ".".join(tables) in text else {}
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read ({error}). Mend it, or run the command in another folder.") from error


def _value(action: argparse.Action, setting: Setting) -> Any:
    """The value as the parser would convert it. Raises UsageError if the parser would refuse it."""
    if action.nargs == 0:
        return _switch(setting)
    if isinstance(action, argparse._AppendAction):
        values = setting.value if isinstance(setting.value, list) else [setting.value]
        return [_one(action, setting, value) for value in values]
    return _one(action, setting, setting.value)


def _switch(setting: Setting) -> bool:
    found = _YES_OR_NO.get(str(setting.value).lower())
    if found is None:
        raise UsageError(f"{setting.place}: {setting.name} = {setting.value!r}; write true or false.")
    return found


def _one(action: argparse.Action, setting: Setting, value: Any) -> Any:
    convert: Any = action.type or str
    try:
        found = convert(str(value))
    except (ValueError, argparse.ArgumentTypeError) as error:
        raise UsageError(f"{setting.place}: {setting.name} = {value!r} cannot be used ({error}).") from error
    if action.choices is not None and found not in action.choices:
        nearest = suggestion(str(found), map(str, action.choices))
        raise UsageError(f"{setting.place}: {setting.name} = {value!r} is unknown; {nearest}")
    return found
