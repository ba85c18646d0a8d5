"""Sets the authors: the best-ranked list of names, people before organisations, each with its kind."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cleaners.parsing.json_ld import types_of
from cleaners.words.addresses import registered_domain
from pipelines.evidence.name_kinds import fold_name, name_kind, plain_case
from pipelines.evidence.page.json_ld import ORGANISATION_TYPES, Linked
from pipelines.evidence.site_name import title_ends
from pipelines.record.article import Article, changed
from pipelines.record.context import FieldChoice, RecordInputs, StageResult
from pipelines.record.plain_text import plain_line


def authors(article: Article, inputs: RecordInputs) -> StageResult:
    """Set the authors in the page's order and their kinds, or leave them empty if the page names none."""
    candidates = inputs.evidence.bylines.candidates
    best = candidates[0] if candidates else None
    second = next((", ".join(c.names) for c in candidates[1:2] if c), None)
    if best is None:
        return StageResult(article, (FieldChoice("authors", None, None, None, second),))
    bodies = _known_organisations(inputs)
    kinds = {plain_case(name): _kind(name, bodies) for name in map(plain_line, best.names) if name}
    names = sorted(_without_site(kinds, inputs), key=lambda name: kinds[name] != "person")
    choice = FieldChoice("authors", ", ".join(names), best.source, best.raw, second)
    return StageResult(changed(article, authors=names, author_kinds=[kinds[name] for name in names]), (choice,))


def _without_site(names: Collection[str], inputs: RecordInputs) -> Collection[str]:
    """The names without the site's own, unless no other is left: "By Ada Byron, The Daily Loaf" names one author."""
    tree = inputs.cleaned.document.tree
    if len(names) < 2:
        return names
    sites = {name for name, _ in inputs.evidence.site_names} | set(title_ends(tree.title) if tree else ())
    own = frozenset(map(fold_name, sites))
    return [name for name in names if fold_name(name) not in own] or names


def _kind(name: str, bodies: frozenset[str]) -> str:
    kind = name_kind(name)
    return "organisation" if kind == "person" and fold_name(name) in bodies else kind


def _known_organisations(inputs: RecordInputs) -> frozenset[str]:
    """Folded names that the page gives to organisations: the site, its domain, and authors of that type in JSON-LD."""
    sites = [*(name for name, _ in inputs.evidence.site_names), registered_domain(inputs.page.url).split(".")[0]]
    return frozenset(map(fold_name, (*sites, *_organisations_in(inputs.evidence.stated.linked))))


def _organisations_in(linked: Linked) -> Sequence[str]:
    things = [
        thing for _, node in linked.nodes() for key in ("author", "creator") for thing in linked.things(node, key)
    ]
    names = [thing.get("name") for thing in things if types_of(thing) & ORGANISATION_TYPES]
    return [name for name in names if isinstance(name, str)]
