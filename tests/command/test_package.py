"""`import copydesk`: one call for a page, one for many, and a clear error if a name is taken."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import copydesk
from cleaners.errors import UsageError
from pipelines.record.build import record_of
from tests.crawl.running import environment
from tests.offline import samples


def test_the_public_names_are_there() -> None:
    assert {name for name in copydesk.__all__ if getattr(copydesk, name) is None} == set()
    assert set(copydesk.__all__) <= set(dir(copydesk))
    with pytest.raises(AttributeError, match="no attribute 'extrakt'"):
        _ = copydesk.extrakt


def test_the_example_of_the_package_holds() -> None:
    outcome = doctest.testmod(copydesk)
    assert outcome.attempted > 3
    assert outcome.failed == 0


def test_extract_gives_the_record_that_the_command_gives() -> None:
    page = copydesk.Page(samples.page(1), url="https://example.org/a")
    assert copydesk.extract(page) == record_of(page).article
    assert copydesk.extract(samples.page(1), url="https://example.org/a") == record_of(page).article


def test_text_is_read_as_text() -> None:
    assert copydesk.extract(samples.text(1, 8), markup="text").engine == "text"


def test_many_pages_come_in_order_with_one_worker_and_with_two() -> None:
    pages = [samples.page(number) for number in range(12)]
    one = list(copydesk.extract_many(pages))
    two = list(copydesk.extract_many(pages, workers=2))
    assert one == two == [copydesk.extract(page) for page in pages]


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_any_kind_of_bytes_is_a_page(kind: Any) -> None:
    assert copydesk.extract(kind(samples.page(1))) == copydesk.extract(samples.page(1))
    assert copydesk.clean(kind(samples.page(1))).confidence == copydesk.clean(samples.page(1)).confidence


@pytest.mark.parametrize("wrong", [None, 5, Path("page.html")])
def test_what_is_no_page_is_refused_in_plain_words(wrong: Any) -> None:
    for call in (copydesk.extract, copydesk.clean, copydesk.view):
        with pytest.raises(TypeError, match="the content of a page is bytes or str, not"):
            call(wrong)
    with pytest.raises(TypeError, match="the URL of a page is a str or None, not int"):
        copydesk.extract(samples.page(1), url=5)  # type: ignore[arg-type]


def test_what_is_no_page_fails_alone_among_many() -> None:
    pages: list[Any] = [samples.page(1), None, samples.page(2)]
    first, wrong, last = copydesk.extract_many(pages)
    assert isinstance(wrong, copydesk.Failed)
    assert "bytes or str, not NoneType" in wrong.detail
    assert [first, last] == [copydesk.extract(samples.page(number)) for number in (1, 2)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"comments": "feild"}, "did you mean 'field'?"), ({"engine": "block"}, "did you mean 'blocks'?")],
)
def test_an_option_that_there_is_not_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        copydesk.Options(**wrong)


def test_options_and_errors_have_one_type_each() -> None:
    kept = copydesk.extract(samples.page(1), options=copydesk.Options(markdown=True))
    assert kept.body_markdown
    assert issubclass(copydesk.InputError, copydesk.CopydeskError)


def test_importing_the_package_loads_neither_scrapy_nor_models() -> None:
    code = "import copydesk, sys; sys.exit(bool({'scrapy', 'onnxruntime', 'trafilatura', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], env=environment(), check=False).returncode == 0


def test_a_module_that_hides_ours_is_named(tmp_path: Path) -> None:
    (tmp_path / "cleaners.py").write_text("x = 1\n")
    (tmp_path / "mine.py").write_text("import copydesk\ncopydesk.extract\n")
    done = subprocess.run([sys.executable, "mine.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"{tmp_path / 'cleaners.py'} has that name and comes first" in done.stderr.splitlines()[-1]
