"""Detects pages that are empty until their scripts run, by an empty container for scripts, or a plea for scripts.

A page with as many words as a paragraph is never a shell, whatever its markup looks like.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from cleaners.document import Document
from cleaners.tree import Tree

MOST_WORDS: Final = 40
"""A page with more words outside pleas for scripts has something to read."""


_PLEA_CHARS: Final = 300  # a longer block is about something else
_CHARS_A_WORD: Final = 3  # in scripts without spaces, this many characters count as one word


class ShellRow(NamedTuple):
    """One sign of a shell: where to look for it, the pattern, the reason, a case that matches and one that does not."""

    name: str
    looks_at: str
    pattern: re.Pattern[str]
    reason: str
    hit: str
    near_miss: str


def _row(name: str, looks_at: str, pattern: str, reason: str, hit: str, near_miss: str) -> ShellRow:
    return ShellRow(name, looks_at, re.compile(pattern, re.IGNORECASE), reason, hit, near_miss)


# "container" is the id of an element without text, "element" the tag of one, "text" what a block says.
ROWS: Final[tuple[ShellRow, ...]] = (
    _row("react_or_vue", "container",
         r"(?:react-?)?(?:root|app)$|app-?(?:root|container|mount)$|main-?app$|application$",
         "the element that React, Vue or a bundle of one's own fills", "root", "root-menu"),
    _row("whole_site_framework", "container",
         r"__next$|__nuxt$|__layout$|___gatsby$|gatsby-focus-wrapper$|svelte$|__sapper__$|remix-app$|__docusaurus$",
         "the element that Next, Nuxt, Gatsby, Svelte or Remix fills", "__next", "next"),
    _row("other_framework", "container", r"q-app$|ember-?(?:app|application)$|mithril$|elm(?:-app)?$|aurelia(?:-app)?$",
         "the element that Quasar, Ember, Mithril, Elm or Aurelia fills", "q-app", "q-application-form"),
    _row("custom_element", "element", r"app-root$|app-main$|ion-app$|flt-glass-pane$|[a-z]+-app$",
         "an empty element of one's own that Angular, Ionic, Flutter or web components fill", "app-root", "app-rooted"),
    _row("asks_for_scripts", "text",
         r"(?:enable|activate|turn on|requires?|needs?|without|allow|supports?|disabled).{0,40}java ?script",
         "the page asks for scripts", "You need to enable JavaScript to run this app.", "A history of JavaScript."),
    _row("says_scripts_are_off", "text",
         r"java ?script.{0,40}(?:enabled?|required|disabled|turned o(?:n|ff)|to run|activated|needed)",
         "the page says that scripts are off", "JavaScript is disabled in your browser.", "JavaScript took ten days."),
    _row("asks_in_european_languages", "text",
         r"java ?script.{0,30}(?:aktiv|einschalten|benötigt|activ|habilit|ativ|inschakel|wymag|włącz|включ|etkin)"
         r"|(?:aktiv|activ|habilit|ativ|włącz|включит)\w*.{0,40}java ?script",
         "the page asks for scripts", "Bitte aktivieren Sie JavaScript.", "Ein Buch über JavaScript."),
    _row("asks_in_asian_languages", "text",
         r"java ?script.{0,12}(?:有効|启用|啟用|开启|활성화|无法|必要)|(?:启用|啟用|开启|打开).{0,6}java ?script",
         "the page asks for scripts", "JavaScriptを有効にしてください。", "JavaScriptの本"),
)  # fmt: skip
# A page without words that loads scripts: the shell of SvelteKit, Ember, Preact and of custom elements of any name.
_BLANK: Final = "blank_with_scripts"
_LOADS_SCRIPTS: Final = re.compile(r"<script\b[^<>]*\b(?:src=|type=[\"']?module)", re.IGNORECASE)
_SAID: Final = tuple(row for row in ROWS if row.looks_at == "text")


def shell_sign(document: Document) -> str | None:
    """The name of the row by which the page is a shell; None for pages with text, and for text dumps."""
    tree = document.tree
    if tree is None:
        return None
    plea: str | None = None
    words = 0
    for block in document.blocks:
        said = _plea(block.text)
        if said:
            plea = plea or said
        else:
            words += len(block.text.split()) if block.text.isascii() else len(block.text) // _CHARS_A_WORD + 1
        if words > MOST_WORDS:
            return None
    return (
        _empty_container(tree)
        or plea
        or (_BLANK if not words and _LOADS_SCRIPTS.search(document.decoded.text) else None)
    )


def _plea(text: str) -> str | None:
    if len(text) > _PLEA_CHARS or "script" not in text.lower():
        return None
    return next((row.name for row in _SAID if row.pattern.search(text)), None)


def _empty_container(tree: Tree) -> str | None:
    for element, tag in enumerate(tree.tags):
        seen = {"container": tree.get(element, "id"), "element": tag if "-" in tag else ""}
        for row in ROWS:
            looked_at = seen.get(row.looks_at)
            if looked_at and row.pattern.match(looked_at) and not tree.text(element):
                return row.name
    return None
