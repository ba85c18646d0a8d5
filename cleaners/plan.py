"""PLAN, the cleaners in their order, and the functions that run them. Each cleaner adds marks; nothing is deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cleaners.classifier.html import mark_boilerplate
from cleaners.classifier.text import mark_dumps, mark_text_boilerplate
from cleaners.classifier.trafilatura import mark_outside_extraction
from cleaners.document import Cleaned, CleanerResult, Document, Engine, Mark
from cleaners.options import DEFAULT, Cleaner, CleanOptions
from cleaners.page import Markup, Page
from cleaners.parsing.decode import decode
from cleaners.parsing.html import segment_html
from cleaners.parsing.text import segment_text
from cleaners.rules.comment_headings import name_headed_comments
from cleaners.rules.embedded_posts import keep_embedded_posts
from cleaners.rules.heading_links import cut_heading_links
from cleaners.rules.headings import keep_headings_with_text
from cleaners.rules.icon_labels import mark_glued_labels
from cleaners.rules.icons import mark_icon_labels
from cleaners.rules.live_blog import keep_live_posts
from cleaners.rules.repeated_on_site import mark_repeated
from cleaners.rules.repeats import drop_repeats
from cleaners.rules.structure import name_structure
from cleaners.rules.stuck import mark_stuck_passages
from cleaners.rules.wording import name_wording

PLAN: tuple[Cleaner, ...] = (
    Cleaner("wording", ("html", "text"), name_wording),
    Cleaner("structure", ("html",), name_structure),
    Cleaner("comment headings", ("html",), name_headed_comments),
    Cleaner("icon labels", ("html",), mark_icon_labels),
    Cleaner("heading links", ("html",), cut_heading_links),
    Cleaner("glued labels", ("text",), mark_glued_labels),
    Cleaner("stuck passages", ("text",), mark_stuck_passages),
    Cleaner("repeated on site", ("html", "text"), mark_repeated),
    Cleaner("text classifier", ("text",), mark_text_boilerplate, mark_dumps),
    Cleaner("block classifier", ("html",), mark_boilerplate),
    Cleaner("trafilatura", ("html",), mark_outside_extraction),
    Cleaner("live posts", ("html",), keep_live_posts),
    Cleaner("embedded posts", ("html",), keep_embedded_posts),
    Cleaner("headings", ("html",), keep_headings_with_text),
    Cleaner("repeats", ("html",), drop_repeats),
)


def clean(
    page: Page | bytes | str,
    *,
    url: str | None = None,
    markup: Markup = "html",
    options: CleanOptions = DEFAULT,
) -> Cleaned:
    """Clean one page: decode, segment, and let every cleaner of PLAN mark the blocks. Never raises on bad input."""
    if not isinstance(page, Page):
        page = Page(page, markup, url)
    return apply_plan(document_of(page, options), page.markup, options)


def document_of(page: Page, options: CleanOptions = DEFAULT) -> Document:
    """Decode and segment a page."""
    decoded = decode(page.content, page.content_type)
    if page.markup == "text":
        return segment_text(decoded, page.url)
    return segment_html(decoded, page.url)


def apply_plan(document: Document, markup: Markup, options: CleanOptions = DEFAULT) -> Cleaned:
    """Run, in order, the cleaners of `options.plan` (else of PLAN) that read this markup."""
    return apply_plan_to([document], markup, options)[0]


def apply_plan_to(documents: Sequence[Document], markup: Markup, options: CleanOptions = DEFAULT) -> list[Cleaned]:
    """Apply the plan to several documents, with the results of `apply_plan`. Cleaners with `mark_all` are faster."""
    marked = [_Marked(document, "text" if markup == "text" else "blocks", document.flags) for document in documents]
    for cleaner in PLAN if options.plan is None else options.plan:
        if markup in cleaner.reads:
            for one, result in zip(marked, _results(cleaner, marked, options), strict=True):
                one.add(result)
    return [one.cleaned() for one in marked]


@dataclass
class _Marked:
    """A document on its way through a plan."""

    document: Document
    engine: Engine
    flags: tuple[str, ...]
    confidence: float = 0.0
    marks: list[Mark] = field(default_factory=list)
    kinds: Mapping[str, float] = field(default_factory=dict)

    def add(self, result: CleanerResult) -> None:
        """Take over what a cleaner found."""
        self.marks += result.marks
        self.engine = result.engine or self.engine
        self.confidence = self.confidence if result.confidence is None else result.confidence
        self.flags += result.flags
        self.kinds = result.kinds or self.kinds

    def cleaned(self) -> Cleaned:
        """The document with its marks after the last cleaner."""
        confidence = round(self.confidence, 4)
        return Cleaned(self.document, tuple(self.marks), confidence, self.engine, self.flags, self.kinds)


def _results(cleaner: Cleaner, marked: Sequence[_Marked], options: CleanOptions) -> Sequence[CleanerResult]:
    if cleaner.mark_all is not None and len(marked) > 1:
        return cleaner.mark_all([one.document for one in marked], [one.marks for one in marked], options)
    return [cleaner.mark(one.document, one.marks, options) for one in marked]
