"""“三公”经费: amounts, comparisons and counts of every item, one record per item per statement."""

import re
from dataclasses import dataclass, field
from typing import Any

from extractor.reading.rules.economic import MEETINGS
from extractor.reading.rules.forms import ONE_FUND
from extractor.reading.rules.scene import Scene, change_records, completion_base
from extractor.reading.rules.statements import ChangeDraft, Statement, fill_base
from extractor.reading.rules.units import count_units
from schemas.quantities import Quantity, QuantityKind
from schemas.records import EconomicItem, OfficialExpense, VehicleCount

_ITEMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "vehicle",
        re.compile(
            r"(?:公务|公)?(?:用)?车辆?购置(?:费|费用|经费)?[及和与、以]*(?:公务用车)?(?:车辆)?运[行维营](?:及|和)?(?:维护|维修)?(?:费用?|经费)?|公务用车费(?!用车)|公务用车(?=[：:。]|$)|公车购置[及和与、]|(?:公务用车|公车|公务车|车辆)(?:费用|经费|费|支出|预算|购置运行)(?!购)"
        ),
    ),
    (
        "vehicle_operation",
        re.compile(
            r"(?:运行|运维|运营|使用)(?:及|和|与|、)?(?:维护|维修|费)|车辆?运行|公务用车运行|公车运行|公务用车维护|车辆维护|用车维护|车辆燃修|运行维护"
        ),
    ),
    (
        "vehicle_purchase",
        re.compile(r"(?:公务用|公务|公用|公)?车辆?(?:更新)?购置|车均购置|购置(?:公务用)?车|购(?:买|置)?公务用车|购车"),
    ),
    ("reception_foreign", re.compile(r"外事(?:公务)?接待|外宾接待|接待外宾|国[（(]境[)）]外(?:公务)?接待|境外接待")),
    ("reception_domestic", re.compile(r"国内(?:公务)?接待")),
    ("reception", re.compile(r"公务接待|接待费|招待费|接待")),
    ("abroad", re.compile(r"因公(?:临时)?出国|出国[（(]?境|出国费|出境")),
    ("total", re.compile(r"[“\"'‘]?三公[”\"'’]?|合计|总计|总额")),
)
_COUNT_ITEMS = {"delegations": "abroad", "batches": "reception"}
_AVERAGE = re.compile(r"车均|单车|平均每(?:辆|台)|每辆车?平均|每车平均|辆均|台均")
_PER_VISIT = re.compile(r"人均|批均|平均每(?:人|批)")
_PERSONS = ("人次", "人", "名", "人/次", "位")
_HELD = re.compile(
    r"保有|共有|现有|实有|拥有|开支.{0,16}车|尚有|公务用车(?:数量|总数)?(?:为|有|共)?$|年末.{0,8}车|用车.{0,6}$"
)
_PURCHASED = re.compile(r"购置|更新|新增|购买|新购|采购")
_CATEGORY = re.compile(
    r"(?:执勤|执法|巡逻|应急|救援|消防|通信|特种)车辆$|轿车|越野车|载客汽车|客车|货车|用车$|面包车|中巴|大巴|皮卡|商务车|旅行车|摩托车|执法车|专业车|特种车"
)
_RUNNING = re.compile(
    r"(?:车辆)?(?:燃料|燃油|油料|汽油|油|维修|修理|保险|过路过桥|过桥过路|路桥|停车|年检|保养|租赁|洗车)(?:费用|费|支出)+"
)
"""What running vehicles costs, where a sentence tells it apart."""
_OF_RUNNING = re.compile(r"公务用车(?:加油|维修|保险|其他支出|其他)(?:费|支出)?$|^、?其他(?:支出|费用)?$")

_BRACKET = re.compile(r"[（(][^（）()]{3,}[)）]$")
_DATED = re.compile(r"截[至止](?:到)?[^，。；]{0,4}Ⓓ|Ⓓ期末")
_GENERIC = re.compile(r"Ⓓ|支出|决算|预算|数|年度|共|计|金额|费用|本年|全年|实际|总额|为|，|是")


@dataclass
class _Draft:
    """The record of one item under way."""

    item: str
    paragraph: int
    sentence: int
    values: dict[str, Any] = field(default_factory=dict)
    changes: list[ChangeDraft] = field(default_factory=list)
    bracketed: bool = False


@dataclass
class _State:
    drafts: list[_Draft] = field(default_factory=list)
    in_brackets: bool = False
    vehicles_basis: str = "held"
    counting: bool = False
    meetings: bool = False  # the amount told of last is of meetings or training
    both_counts: bool = False
    outside: str | None = None  # the item told of last outside brackets
    sourced: list[_Draft] = field(default_factory=list)  # the funds that bear an item (其中：一般公共预算支出25万元)
    counted: tuple[int, str] | None = None  # the sentence and the item of the count told last
    planned_sentence: int = -1
    told_amounts: frozenset[int] = frozenset()  # the sentences that hold money

    @property
    def current(self) -> _Draft | None:
        """The record told of last; what stands in brackets is told in passing."""
        return next((draft for draft in reversed(self.drafts) if self.in_brackets or not draft.bracketed), None)


def item_of(words: str) -> str | None:
    """The item that words name."""
    found: tuple[int, str] | None = None
    for item, pattern in _ITEMS:
        for match in pattern.finditer(words):
            # the last item named before the figure is the figure's
            if found is None or match.end() > found[0]:
                found = (match.end(), item)
        # a name inside a longer one (运行维护费 in 购置及运行维护费) is not an item of its own
        words = pattern.sub(lambda match: "□" * len(match.group()), words)
    return found[1] if found else None


def bind_official_expense(scene: Scene, statements: list[Statement]) -> list[Statement]:
    """OfficialExpense and VehicleCount records; returns the statements that are about something else."""
    money = [any(q.kind is QuantityKind.MONEY for q in s.quantities.values()) for s in scene.encoded.sentences]
    state = _State(told_amounts=frozenset(number for number, holds in enumerate(money) if holds))
    rest: list[Statement] = []
    for statement in statements:
        figure = statement.figure
        state.in_brackets = statement.bracketed
        if not statement.bracketed and item_of(statement.chunk) not in (None, "reception"):
            state.outside = item_of(statement.chunk)
        if figure is not None and figure.kind is QuantityKind.COUNT:
            if (state.meetings and item_of(statement.chunk) is None) or not _count(scene, statement, figure, state):
                rest.append(statement)
            continue
        if figure is not None and statement.label:
            state.meetings = MEETINGS.search(statement.label) is not None
        state.counting = state.counting and figure is not None and _GENERIC.sub("", statement.label) in ("", "金额")
        if state.counting and figure is not None and _value_of_last(scene, figure):
            continue
        if figure is not None and _by_fund(statement, figure, state):
            continue
        if figure is not None and _AVERAGE.search(statement.chunk):
            item = "vehicle_purchase" if item_of(statement.chunk) == "vehicle_purchase" else "vehicle_operation"
            _set(state, item, "average", figure, statement)
        elif figure is not None and _PER_VISIT.search(statement.chunk):
            item = item_of(statement.chunk) or (state.current.item if state.current else "reception")
            _set(state, item, "average", figure, statement)
        elif figure is not None or statement.initial is not None:
            _amount(scene, statement, state)
        elif statement.none:
            _none(scene, statement, state)
        else:
            _attach(scene, statement, state)
    for draft in (*state.drafts, *state.sourced):
        _finish(scene, draft)
    return rest


def _item(scene: Scene, statement: Statement, state: _State) -> str | None:
    """The item of a statement: of its own words, of its numbered title, or of the statement before."""
    own = item_of(statement.chunk) or (item_of(statement.label) if statement.label else None)
    if own is not None or MEETINGS.search(statement.label):
        return own
    if _GENERIC.sub("", statement.label):
        own = item_of(statement.lead)
        if own is not None:
            return own
    topic = item_of(scene.topics[statement.paragraph])
    current = state.current
    if current is not None and current.paragraph == statement.paragraph:
        return current.item
    if topic is not None:
        return topic
    if current is not None and not scene.topics[statement.paragraph]:
        return current.item
    path = scene.passage.section.path
    return item_of(path[-1]) if path else None


def _amount(scene: Scene, statement: Statement, state: _State) -> None:
    item = _item(scene, statement, state)
    if item is None:
        return
    current = state.current
    own = item_of(statement.chunk)
    if _OF_RUNNING.search(statement.chunk) and statement.figure is not None:
        scene.leave(statement.figure)  # what running is made up of
        return
    if own is None and current is not None and item.startswith("vehicle") and _RUNNING.fullmatch(statement.label):
        scene.add(EconomicItem, group="public", label=statement.label, amount=statement.figure)
        return
    if own is None and statement.label == "其他" and scene.records and isinstance(scene.records[-1], EconomicItem):
        scene.leave(statement.figure)  # …保险费8.60万元、其他2.20万元
        return
    source = re.search(r"(一般公共预算财政拨款|政府性基金预算财政拨款|政府性基金预算|一般公共预算)", statement.chunk)
    sourced = statement.part and item == "total" and source is not None
    same = current is not None and current.item == item and "amount" not in current.values
    if statement.base is not None and current is not None and current.item == item:
        current.changes.extend(statement.changes)
        fill_base(current.changes, statement.base, scene.free(statement.figure))
        return
    if not same or sourced or current is None or (own and current.values.get("initial_budget")):
        current = _Draft(item, statement.paragraph, statement.sentence, bracketed=statement.bracketed)
        state.drafts.append(current)
    current.paragraph = statement.paragraph
    if sourced and source is not None:
        current.values["source"] = source[0]
    if (
        not scene.setting.budget
        and statement.initial is None
        and statement.figure is not None
        and _is_planned(statement, state)
    ):
        statement.initial, statement.figure = statement.figure, None
    _fill(scene, current, statement)


def _by_fund(statement: Statement, figure: Quantity, state: _State) -> bool:
    """支出预算25万元（其中：一般公共预算支出25万元；…），支出决算20万元（其中：…）: one record for each fund of an item."""
    outer = state.current
    if outer is None or not statement.bracketed or not ONE_FUND.fullmatch(statement.label):
        return False
    spent = outer.values.get("amount")
    name = "amount" if isinstance(spent, Quantity) and spent.start < figure.start else "initial_budget"
    draft = next(
        (
            d
            for d in state.sourced
            if (d.item, d.values["source"]) == (outer.item, statement.label) and name not in d.values
        ),
        None,
    )
    if draft is None:
        draft = _Draft(outer.item, statement.paragraph, statement.sentence, {"source": statement.label})
        state.sourced.append(draft)
    draft.values[name] = figure
    return True


def _is_planned(statement: Statement, state: _State) -> bool:
    """In a final account: “三公”经费预算为20万元，其中：… states the budget, not what was spent."""
    if re.search(r"决算|实际|支出(?!预算)|完成|执行", statement.chunk) or any(c.base_figure for c in statement.changes):
        return False
    planned = bool(re.search(r"预算(?:数|安排|总额|资金|额)?(?:总计)?(?:为|是|共)*$", statement.chunk))
    if planned and statement.initial is None:
        state.planned_sentence = statement.sentence
    return planned or (statement.part and state.planned_sentence == statement.sentence)


def _fill(scene: Scene, draft: _Draft, statement: Statement) -> None:
    values = draft.values
    if statement.figure is not None and statement.figure.kind in (QuantityKind.MONEY, QuantityKind.NUMBER):
        values.setdefault("amount", scene.free(statement.figure))
    if statement.initial is not None:
        of_year = "全年" in statement.completion_of + statement.chunk  # 完成全年预算60万元的87.72%: the one budget told
        if statement.initial_base == "initial_budget" or of_year:
            values.setdefault("initial_budget", scene.free(statement.initial))
        else:
            draft.changes.append(ChangeDraft(base="adjusted_budget", base_figure=statement.initial))
    if statement.completion is not None and "completion" not in values:
        values["completion"] = scene.free(statement.completion)
        values["completion_base"] = _completion_base(scene, statement)
    if statement.share is not None:
        values.setdefault("share", scene.free(statement.share))
    draft.changes.extend(statement.changes)
    if statement.reason:
        values.setdefault("reason", statement.reason)
    if statement.purpose:
        values.setdefault("purpose", statement.purpose)


def _none(scene: Scene, statement: Statement, state: _State) -> None:
    words = statement.chunk + statement.none_words
    item = item_of(statement.none_words) or item_of(statement.chunk)
    if item is None or not re.search(r"费|支出|预算|拨款|安排|发生|三公|出国|接待|购置|车", words):
        return
    if re.search(r"变化|增减|增加|减少|差异|外事接待$", statement.none_words) or re.search(
        r"团组|人次|批次", statement.none_words
    ):
        return
    current = state.current
    if current is not None and current.item == item and "amount" in current.values:
        return
    draft = _Draft(item, statement.paragraph, statement.sentence, {"declared_none": "yes"}, list(statement.changes))
    state.drafts.append(draft)


def _attach(scene: Scene, statement: Statement, state: _State) -> None:
    """A statement without an amount (a comparison, a completion, a purpose) belongs to its item's record."""
    item = _item(scene, statement, state)
    target = next((d for d in reversed(state.drafts) if d.item == item), None)
    if target is None:
        if item is None or statement.empty:
            return
        target = _Draft(item, statement.paragraph, statement.sentence)
        state.drafts.append(target)
    _fill(scene, target, statement)


def _count(scene: Scene, statement: Statement, figure: Quantity, state: _State) -> bool:
    words, unit = statement.chunk, figure.unit or ""
    context = statement.lead + words
    if unit in ("辆", "台", "辆（台）", "部"):
        return _vehicles(scene, statement, figure, state)
    visits = bool(re.search(r"接待|来访", context)) and not re.search(r"出国|出境", words)
    delegations = re.search(r"团", unit + words + statement.after[:3]) and unit not in _PERSONS
    if delegations and not visits:
        return _set(state, "abroad", "delegations", figure, statement)
    item = _person_item(scene, statement, state)
    if delegations and "团组" in unit + words + statement.after[:3] and item and item.startswith("reception"):
        return _set(state, item, "delegations", figure, statement)  # 接待来访团组63个
    if delegations and visits and "团组" in words:
        received = state.current.item if state.current else ""
        return _set(
            state, received if received.startswith("reception") else "reception", "delegations", figure, statement
        )
    if unit in ("批次", "批", "批（次）", "次", "场次", "起", "个", "场", "个团组", "团组", "团") and re.search(
        r"接待|批", context + statement.after + unit
    ):
        domestic = item if item and item.startswith("reception") else "reception"
        return _set(state, domestic, "batches", figure, statement)
    if unit in (*_PERSONS, "次") and item is not None:
        return _set(state, item, "persons", figure, statement)
    return count_units(scene, statement, figure)


def _person_item(scene: Scene, statement: Statement, state: _State) -> str | None:
    own = item_of(statement.chunk) or item_of(statement.lead)
    candidates = ("abroad", "reception", "reception_domestic", "reception_foreign")
    current = state.current
    if own == "reception" and current is not None and _tells_of(current, statement, state):
        if not statement.bracketed and state.outside in candidates:
            return state.outside
        return current.item if current.item in candidates else own
    if own in candidates:
        return own
    if state.counted and state.counted[0] == statement.sentence and not statement.chunk.strip("、，和及"):
        return state.counted[1]  # 150批次、1260人次
    if current is not None and current.paragraph == statement.paragraph and current.item in candidates:
        return current.item
    topic = item_of(scene.topics[statement.paragraph])
    if topic in candidates:
        return topic
    return current.item if current is not None and current.item in candidates else None


def _tells_of(draft: _Draft, statement: Statement, state: _State) -> bool:
    """Whether 公务接待 names the item of a record: in its sentence, or where its paragraph tells of that alone."""
    if draft.paragraph != statement.paragraph:
        return False
    told = {each.item for each in state.drafts if each.paragraph == draft.paragraph and not each.bracketed}
    return draft.sentence == statement.sentence or told - {"reception"} == {"reception_domestic"}


def _vehicles(scene: Scene, statement: Statement, figure: Quantity, state: _State) -> bool:
    words = statement.chunk
    label = re.sub(r"^(?:Ⓓ|单位|共有|其中|[：:，,])+", "", statement.label)
    both = re.search(r"购置.*保有", words) is not None  # 购置数及保有量分别为1辆和130辆
    purchased = bool(_PURCHASED.search(words)) and (both or not re.search(r"保有", words))
    if state.both_counts and not words.strip("和、及与"):
        state.both_counts = False
        return _set(state, "vehicle", "vehicles_held", figure, statement)
    state.both_counts = both
    if statement.part and state.counting and _CATEGORY.search(_BRACKET.sub("", label)):
        return _of_category(scene, state, label, figure)
    if purchased:
        state.vehicles_basis, state.counting = "purchased", True
        return _set(state, "vehicle_purchase", "vehicles_purchased", figure, statement)
    if _HELD.search(words) or "保有" in statement.after or "公务用车" in words:
        state.vehicles_basis, state.counting = "held", True
        after_operation = any(d.item == "vehicle_operation" for d in state.drafts)
        item = "vehicle_operation" if after_operation else "vehicle"
        if not any(d.item == item for d in state.drafts):
            item = next((d.item for d in reversed(state.drafts) if d.item.startswith("vehicle")), item)
        done = _set(state, item, "vehicles_held", figure, statement)
        dated = _date_before(scene, statement)
        if done and dated is not None:
            _set(state, item, "as_of", dated, statement)
        return done
    if _CATEGORY.search(label):
        return _of_category(scene, state, label, figure)
    return False


def _of_category(scene: Scene, state: _State, label: str, figure: Quantity) -> bool:
    scene.add(VehicleCount, basis=state.vehicles_basis, category=scene.printed(label), count=figure)
    return True


def _completion_base(scene: Scene, statement: Statement) -> str:
    """完成全年预算 is of the one budget that is told, unless 年初预算 is told beside it."""
    words, sentence = statement.completion_of, scene.encoded.sentences[statement.sentence].text
    if "全年" in words and "调整" not in words and "年初预算" not in sentence:
        return "unspecified"
    return completion_base(words, statement)


def _date_before(scene: Scene, statement: Statement) -> Quantity | None:
    """The day that 截至… prints in the same sentence before the figure."""
    if not _DATED.search(statement.lead) or statement.figure is None:
        return None
    before = [
        q
        for q in scene.passage.quantities
        if q.kind is QuantityKind.DATE and q.start < statement.figure.start and q.id not in scene.claimed
    ]
    return before[-1] if before else None


def _value_of_last(scene: Scene, figure: Quantity) -> bool:
    """金额 behind a category of vehicles is the value of that category."""
    last = scene.records[-1] if scene.records else None
    if figure.kind is not QuantityKind.MONEY or not isinstance(last, VehicleCount) or last.value is not None:
        return False

    scene.give("value", figure)
    return True


def _set(state: _State, item: str, name: str, figure: Quantity, statement: Statement) -> bool:
    """Put a count to the nearest record of its item, to the one under way before any other."""
    state.counted = (statement.sentence, item)
    open_ = (d for d in reversed(state.drafts) if statement.bracketed or not d.bracketed or item.startswith("vehicle"))
    target = next((d for d in open_ if d.item == item and name not in d.values), None)
    if target is None or _restates(state, target, name, statement):
        target = _Draft(item, statement.paragraph, statement.sentence, bracketed=statement.bracketed)
        state.drafts.append(target)
    target.values[name] = figure
    if statement.share is not None and name != "average":
        target.values.setdefault("share", statement.share)
    target.changes.extend(statement.changes)
    if statement.purpose:
        target.values.setdefault("purpose", statement.purpose)
    return True


def _restates(state: _State, target: _Draft, name: str, statement: Statement) -> bool:
    """国内公务接待支出X。国内公务接待N批次，M人次，共计支出X: the second sentence is a record of its own."""
    if target.item not in ("reception_domestic", "reception_foreign") or name not in ("batches", "persons"):
        return False
    if statement.sentence not in state.told_amounts:
        return False
    after_amount = "amount" in target.values and target.paragraph == statement.paragraph
    return (
        after_amount and target.sentence != statement.sentence and (name == "batches" or "batches" not in target.values)
    )


def _finish(scene: Scene, draft: _Draft) -> None:
    values = {name: value for name, value in draft.values.items() if value is not None}
    if values.get("declared_none") and any(isinstance(value, Quantity) for value in values.values()):
        del values["declared_none"]
    for name in ("reason", "purpose"):
        if name in values and scene.printed(values[name]) is None:
            del values[name]
    if "initial_budget" in values and values.get("completion_base") in (None, "unspecified"):
        for change in draft.changes:  # 全年预算 is the one budget told
            if change.base == "adjusted_budget" and change.base_figure is None:
                change.base = "initial_budget"
    changes = change_records(draft.changes)
    if values or changes:
        scene.add(OfficialExpense, item=draft.item, changes=changes, **values)
