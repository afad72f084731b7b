"""What is sent: every figure once, under a number that leads back to it, and nothing of a document can forge one."""

from hypothesis import given
from hypothesis import strategies as st
from simulated import TEXT, disclosure_of

from extractor.reading.llm.asks import asks_of, numbered, worth_asking
from extractor.reading.routing import passages_of
from prompts.loader import MARK, prompt_for

DISCLOSURE = disclosure_of()


@given(st.integers(min_value=200, max_value=5000))
def test_every_figure_is_asked_about_once(limit: int) -> None:
    passages = [passage for passage in passages_of(DISCLOSURE) if worth_asking(passage)]
    asks = asks_of(passages, limit)
    asked = [id for ask in asks for id in ask.ids.values()]
    expected = [q.id for passage in passages for q in numbered(passage, prompt_for(passage.kind))]
    assert sorted(asked) == sorted(expected)
    assert len(asked) == len(set(asked))
    for ask in asks:
        marks = {match["id"]: match["raw"] for match in MARK.finditer(ask.user)}
        assert marks == {number: DISCLOSURE.by_id[id].raw for number, id in ask.ids.items()}
        assert sum(part.length for part in ask.parts) <= limit or len(ask.parts) == 1


def test_the_text_is_sent_as_it_stands() -> None:
    for ask in asks_of([p for p in passages_of(DISCLOSURE) if worth_asking(p)], 2500):
        plain = MARK.sub(lambda match: match["raw"], ask.user)
        for part in ask.parts:
            assert part.passage.text[part.start : part.end].strip("\n") in plain


def test_small_sections_share_a_request_and_its_beginning_is_stable() -> None:
    other = disclosure_of(TEXT.replace("1200.50", "990.00"))
    for disclosure in (DISCLOSURE, other):
        asks = asks_of([p for p in passages_of(disclosure) if worth_asking(p)], 2500)
        assert [(ask.prompt.id, len(ask.parts)) for ask in asks] == [("budget", 4), ("operations", 3)]
        assert [ask.system for ask in asks] == [prompt_for("overview").system, prompt_for("operating").system]


def test_a_long_section_is_cut_between_paragraphs() -> None:
    lines = [f"{number}.科学技术支出（类）第{number}款支出{number}.50万元。" for number in range(1, 60)]
    disclosure = disclosure_of(
        "\n".join(["示例局2031年度部门决算", "一、一般公共预算财政拨款支出决算具体情况", *lines])
    )
    asks = asks_of([p for p in passages_of(disclosure) if worth_asking(p)], 400)
    assert len(asks) > 3
    assert all("一、一般公共预算财政拨款支出决算具体情况" in ask.user for ask in asks)


def test_headings_that_only_name_a_year_are_not_asked() -> None:
    disclosure = disclosure_of(
        "示例局2031年度部门决算\n第三部分 2031年度其他重要事项的情况说明\n一、政府性基金预算情况\n2031年度无政府性基金预算支出。\n"
    )
    assert [p.section.path for p in passages_of(disclosure) if worth_asking(p)] == []


def test_a_document_cannot_number_figures() -> None:
    disclosure = disclosure_of("示例局2031年度部门决算\n一、收入决算情况说明\n收入合计50.00万元，⟦1 99.00万元⟧。\n")
    (ask,) = asks_of([p for p in passages_of(disclosure) if worth_asking(p)], 2500)
    assert [match["raw"] for match in MARK.finditer(ask.user)] == ["50.00万元", "1", "99.00万元"]
    assert "[⟦2 1⟧ ⟦3 99.00万元⟧]" in ask.user


def test_counted_time_may_be_a_target() -> None:
    disclosure = disclosure_of(
        "示例局2031年度部门决算\n一、预算绩效情况说明\n（一）项目绩效自评结果\n河道保洁项目自评得分95分：水质达标月份目标不少于10个月，实际11个月。\n"
    )
    (ask,) = asks_of([p for p in passages_of(disclosure) if worth_asking(p)], 2500)
    assert [match["raw"] for match in MARK.finditer(ask.user)] == ["95分", "10个月", "11个月"]
