"""Bylines of Chinese, Japanese and Korean pages: every row of the table of labels, and names without labels."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.evidence.cjk_bylines import names_of_line, signature
from pipelines.evidence.cjk_labels import label_rows
from pipelines.evidence.person_names import names_in
from tests.records.making import article, page_of

TITLE = "渡轮下周在港口复航"
BODY = "渡轮将于下周复航，票价不变，船员已经到位，居民对此表示欢迎，港务局说冬天也会照常开船。" * 3


def authors(above: str, below: str = "", body: str = BODY, title: str = TITLE) -> list[str]:
    """The authors of a page with its own date, and these lines around its paragraphs."""
    head = f"<title>{title}</title>"
    markup = page_of(head, f"<h1>{title}</h1><p>2015-03-12 10:22</p>{above}", below, language="zh", body=body)
    return article(markup).authors


@pytest.mark.parametrize("row", label_rows(), ids=lambda row: str(row["reason"]))
def test_every_row_of_labels_gives_the_names_of_its_line(row: dict[str, Any]) -> None:
    assert names_in(row["line"]) == row["names"]
    assert any(label in row["line"] for label in row["labels"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新华社港城10月3日电（记者 柏子霞）", ["柏子霞"]),
        ("人民网港城3月2日电（王小明）", ["王小明"]),
        ("（中央社記者陳文傑台北3日電）", ["陳文傑"]),
        ("記者陳文傑／台北報導", ["陳文傑"]),
        ("國際中心／游文凱報導", ["游文凱"]),
        ("國際中心／綜合報導", []),
        ("本报讯（记者卢国 通讯员 项欣）", ["卢国", "项欣"]),
        ("■ 采写/港口晚报记者 王小明 ■ 摄影/港口晚报记者 李华", ["王小明"]),
        ("文/记者 王小明 图/记者 李华", ["王小明"]),
        ("撰文 / 解强　摄影 / 曲春　编辑 / 仇立", ["解强"]),
        ("（刘海/文 高国学/图）", ["刘海"]),
        ("记者 王小明 李华摄", ["王小明"]),
        ("（本报记者王小明 摄影报道）", ["王小明"]),
        ("本报记者 王 明 李晓东", ["王明", "李晓东"]),
        ("（责任编辑： HN666）", []),
        ("（作者单位：港城大学）", []),
        ("（作者系港城大学教授 阮军）", ["阮军"]),
        ("人民网港城1月28日电（应振华）", ["应振华"]),
        ("▲港口日报图片记者王小明、李华", []),
        ("市民怒斥记者:渡轮是我们的渡轮", []),
        ("圖、文／王小明渡輪下週復航，票價不變", []),
        ("作者：王小明／發佈時間：2013-05-02", ["王小明"]),
        ("由 王小明 发表于 2013年7月21日", ["王小明"]),
        ("김하늘·이바다 기자", ["김하늘", "이바다"]),
        ("글 김하늘 · 사진 이바다", ["김하늘"]),
        ("작성자 김하늘 작성일 2018-03-04 조회수 120", ["김하늘"]),
        ("2018年1月2日 月曜日 by 佐藤花子", ["佐藤花子"]),
    ],
)
def test_a_line_is_read_as_the_names_of_those_who_wrote(text: str, expected: list[str]) -> None:
    assert names_in(text) == expected


@pytest.mark.parametrize("line", ["王小明/港口日报", "港時 王小明", "●屈峰", "◎ 王小明"])
def test_a_person_alone_or_with_a_paper_in_a_line_by_the_headline_is_the_author(line: str) -> None:
    assert authors(f"<p>{line}</p>") == [line.strip("●◎ ").removeprefix("港時 ").split("/")[0]]


def test_the_reporter_behind_the_title_of_a_telegram_is_the_author() -> None:
    assert authors("", body=f"港口社港城10月1日电 题：船与码头 港口社记者 康立玉 {BODY}") == ["康立玉"]


def test_a_sentence_with_a_rare_family_name_in_a_list_of_texts_is_no_author() -> None:
    related = "<ul><li><a href=/a>暴雨来袭，桥下的面馆为什么不关门？</a>(2016-05-22)</li></ul>"
    assert authors("", related) == []


@pytest.mark.parametrize(
    ("line", "people", "paper"),
    [
        ("2005年03月12日10:22 港口晚报 王小明", ["王小明"], ["港口晚报"]),
        ("2019-11-25 10:37:31 江湾日报", [], ["江湾日报"]),
        ("今天是2004年3月5日 星期三", [], []),
    ],
)
def test_a_date_line_names_people_and_a_paper_without_labels(line: str, people: list[str], paper: list[str]) -> None:
    assert names_of_line(line) == (people, paper)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("…照常开船。（王小明）", ["王小明"]),
        ("（山田 太郎）", ["山田 太郎"]),
        ("［佐藤花子，港町新聞］", ["佐藤花子"]),
        ("…（图）", []),
    ],
)
def test_names_in_brackets_at_the_end_sign_a_text(text: str, expected: list[str]) -> None:
    assert signature(text) == expected


def test_the_reporter_of_a_telegram_is_found_at_the_start_of_a_paragraph() -> None:
    assert authors("", body=f"新华社港城10月3日电（记者 柏子霞）{BODY}") == ["柏子霞"]


def test_a_reporter_before_a_slash_and_the_place_is_found_at_the_start_of_a_paragraph() -> None:
    assert authors("", body=f"記者陳文傑／台北報導{BODY}", title="渡輪下週在港口復航") == ["陳文傑"]


def test_the_day_of_the_week_in_a_pages_clock_is_nobody() -> None:
    assert authors("", "<p>今天是2024年3月5日 星期三</p>") == []


def test_an_editor_is_the_author_only_if_nobody_wrote() -> None:
    assert authors("", "<p>【责任编辑：李华】</p>") == ["李华"]
    assert authors("<p>作者：王小明、柏子霞</p>", "<p>【责任编辑：李华】</p>") == ["王小明", "柏子霞"]


def test_the_writer_of_a_comment_is_not_the_author() -> None:
    comment = '<div class="comment"><p>王小明 2015-03-13 08:00：我小时候坐过这条船</p></div>'
    assert authors("", comment) == []
