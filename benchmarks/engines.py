"""The extractors that are compared: one row each, loaded on first use.

Every engine gets the bytes of the page. Engines that read only text get the text from our own decoding, which is not
part of their time; our own engine decodes within its time. Each engine has the settings that its project recommends for
the text of an article, without comments.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from cleaners.errors import UsageError


class Served(NamedTuple):
    """The form of a page that the engines get."""

    content: bytes
    text: str
    url: str | None


Extract = Callable[[Served], str]


def load_engine(name: str) -> Extract:
    """An engine, ready to run. Raises UsageError if it is unknown or not installed."""
    if name not in ENGINES:
        raise UsageError(f"{name!r} is no engine; use one of {', '.join(ENGINES)}")
    try:
        return ENGINES[name]()
    except ImportError as error:
        raise UsageError(f"{name} is not installed ({error}); pip install 'copydesk[bench]'") from error


def _copydesk(choice: str) -> Callable[[], Extract]:
    def load() -> Extract:
        from cleaners import CleanOptions, Page, clean

        options = CleanOptions(engine=choice)  # type: ignore[arg-type]
        return lambda page: clean(Page(page.content, url=page.url), options=options).text

    return load


def _trafilatura() -> Extract:
    from trafilatura import extract

    return lambda page: extract(page.content, url=page.url, include_comments=False) or ""


def _readability() -> Extract:
    from lxml import html
    from readability import Document

    def run(page: Served) -> str:
        return "\n".join(map(str, html.fromstring(Document(page.text).summary()).itertext()))

    return run


def _newspaper() -> Extract:
    from newspaper import Article, Config

    config = Config()
    config.fetch_images = False

    def run(page: Served) -> str:
        article = Article(page.url or "http://localhost/", config=config)
        article.download(input_html=page.text)
        article.parse()
        return str(article.text)

    return run


def _resiliparse() -> Extract:
    from resiliparse.extract.html2text import extract_plain_text

    return lambda page: str(extract_plain_text(page.text, main_content=True, alt_texts=False, comments=False))


def _justext() -> Extract:
    from justext import get_stoplist, justext

    words = get_stoplist("English")
    return lambda page: "\n".join(p.text for p in justext(page.content, words) if not p.is_boilerplate)


def _boilerpy() -> Extract:
    from boilerpy3.extractors import ArticleExtractor

    extractor = ArticleExtractor(raise_on_failure=False)
    return lambda page: str(extractor.get_content(page.text))


def _goose() -> Extract:
    from goose3 import Goose

    goose = Goose({"enable_image_fetching": False, "strict": False})
    return lambda page: str(goose.extract(raw_html=page.text).cleaned_text)


ENGINES: dict[str, Callable[[], Extract]] = {
    "copydesk": _copydesk("auto"),
    "copydesk-blocks": _copydesk("blocks"),
    "trafilatura": _trafilatura,
    "readability-lxml": _readability,
    "newspaper4k": _newspaper,
    "resiliparse": _resiliparse,
    "jusText": _justext,
    "boilerpy3": _boilerpy,
    "goose3": _goose,
}


def _copydesk_record() -> Extract:
    from cleaners import Page
    from pipelines.record.build import record_of

    return lambda page: record_of(Page(page.content, url=page.url)).json_line()


def _trafilatura_record() -> Extract:
    from trafilatura import extract

    return lambda page: extract(page.content, url=page.url, output_format="json", with_metadata=True) or ""


# Engines from bytes to a whole record: headline, dates, authors, language and body as JSON.
RECORD_ENGINES: dict[str, Callable[[], Extract]] = {"copydesk": _copydesk_record, "trafilatura": _trafilatura_record}
