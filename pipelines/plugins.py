"""Finds the rows of installed plug-ins by their entry points: cleaners, stages, kinds of input and formats of output.

A plug-in is a distribution with entry points in the groups below; each names one row. Rows are only added, and only if
a caller asks for them: the functions here return new values, and no table of the package changes.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from typing import Any, Final, NamedTuple, TypeVar

from cleaners.errors import CopydeskError
from cleaners.options import Cleaner, CleanOptions, NamedRow
from pipelines.inputs.reader import INPUT_KINDS, InputKind
from pipelines.outputs.formats import OUTPUT_FORMATS, OutputFormat

CLEANERS: Final = "copydesk.cleaners"
STAGES: Final = "copydesk.stages"
INPUTS: Final = "copydesk.inputs"
OUTPUTS: Final = "copydesk.outputs"
_BODY_STAGE: Final = "body"  # stages of plug-ins run after this one, before words are counted and hashes are made

Row = TypeVar("Row", bound=NamedRow)


class PluginError(CopydeskError):
    """An installed plug-in cannot be used."""


class _Found(NamedTuple):
    """A row, and the distribution that it comes from, with its version."""

    row: Any
    plugin: str


def with_plugins(options: CleanOptions) -> CleanOptions:
    """The options with the cleaners and stages of installed plug-ins added; the same options if there are none.

    Cleaners run after all others, so that their marks win. Stages run after "body". Raises PluginError naming a
    plug-in that cannot be used.
    """
    cleaners, stages = list(_found(CLEANERS, Cleaner)), list(_stages())
    if cleaners:
        from cleaners.plan import PLAN  # heavy to import

        plan = PLAN if options.plan is None else options.plan
        options = replace(options, plan=_together(plan, cleaners))
    if stages:
        from pipelines.record.build import stages_of  # heavy to import

        options = replace(options, stages=_after_body(stages_of(options), stages))
    names = dict.fromkeys((*options.plugins, *(found.plugin for found in (*cleaners, *stages))))
    return replace(options, plugins=tuple(names))


def input_kinds() -> tuple[InputKind, ...]:
    """INPUT_KINDS with the rows of installed plug-ins. Raises PluginError naming one that cannot be used."""
    return _together(INPUT_KINDS, _with_own_endings(INPUT_KINDS, _found(INPUTS, InputKind)))


def output_formats() -> tuple[OutputFormat, ...]:
    """OUTPUT_FORMATS with the rows of installed plug-ins. Raises PluginError naming one that cannot be used."""
    return _together(OUTPUT_FORMATS, _with_own_endings(OUTPUT_FORMATS, _found(OUTPUTS, OutputFormat)))


def _stages() -> Iterator[_Found]:
    if _points(STAGES):
        from pipelines.record.context import Stage  # heavy to import

        yield from _found(STAGES, Stage)


def _found(group: str, row_type: type) -> Iterator[_Found]:
    """The rows of one group, by distribution and name, so that their order is the same everywhere."""
    for point in sorted(_points(group), key=lambda point: (_plugin_of(point), point.name)):
        try:
            row = point.load()
        except Exception as error:
            raise _unusable(point, f"it cannot be loaded: {type(error).__name__}: {error}") from error
        if not isinstance(row, row_type):
            raise _unusable(point, f"its type is {type(row).__name__}, not {row_type.__name__}")
        if group in (CLEANERS, STAGES):
            _check_it_travels(row, point)
        yield _Found(row, _plugin_of(point))


def _points(group: str) -> EntryPoints:
    """The entry points of a group in the distributions that Python finds now."""
    points: EntryPoints = _all_points(tuple(sys.path)).select(group=group)
    return points


# A command asks for up to four groups, and each look through 270 distributions takes 25 ms of CPU, a page 20.
@lru_cache(maxsize=1)
def _all_points(path: tuple[str, ...]) -> Any:  # Python 3.11 has a type of its own for all groups
    return entry_points()


def _check_it_travels(row: Any, point: EntryPoint) -> None:
    """Raise PluginError for a cleaner or stage that cannot be pickled: they run in worker processes."""
    try:
        pickle.dumps(row)
    except Exception as error:
        why = f"it cannot be sent to a worker process ({error}); use functions at the top of a module"
        raise _unusable(point, why) from error


def _plugin_of(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value


def _unusable(point: EntryPoint, why: str) -> PluginError:
    return PluginError(
        f"plug-in {_plugin_of(point)}: {point.name!r} of {point.group} ({point.value}): {why}. "
        "Mend or uninstall the plug-in, or leave plug-ins out with --no-plugins."
    )


def _together(rows: Sequence[Row], found: Iterable[_Found]) -> tuple[Row, ...]:
    """The rows, then those found. Raises PluginError if two have the same name."""
    together = list(rows)
    for row, plugin in found:
        if row.name in {other.name for other in together}:
            raise PluginError(f"plug-in {plugin}: there is a row named {row.name!r} already. Give it another name.")
        together.append(row)
    return tuple(together)


def _after_body(stages: Sequence[Row], found: Sequence[_Found]) -> tuple[Row, ...]:
    together = _together(stages, found)
    names = [stage.name for stage in stages]
    at = names.index(_BODY_STAGE) + 1 if _BODY_STAGE in names else len(names)
    return together[:at] + together[len(stages) :] + together[at : len(stages)]


def _with_own_endings(rows: Sequence[InputKind | OutputFormat], found: Iterable[_Found]) -> Iterator[_Found]:
    """The rows found, unchanged. Raises PluginError if another row reads or writes one of their suffixes."""
    taken = {suffix: row.name for row in rows for suffix in row.suffixes}
    for row, plugin in found:
        for suffix in row.suffixes:
            if suffix in taken:
                raise PluginError(
                    f"plug-in {plugin}: {row.name!r} claims {suffix}, which {taken[suffix]!r} reads or writes already."
                )
            taken[suffix] = row.name
        yield _Found(row, plugin)
