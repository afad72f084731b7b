"""State assets: vehicles and large equipment, held and bought."""

import re
from typing import Any

from extractor.reading.routing import SectionKind
from extractor.reading.rules.encode import MONEY
from extractor.reading.rules.lexicon import AND, DOWN, UP
from extractor.reading.rules.scene import Scene
from extractor.reading.rules.statements import Statement
from schemas.performance import ActivityFigure
from schemas.quantities import Quantity, QuantityKind
from schemas.records import NoneDeclared, StateAssets, UnitCount, VehicleCount

_VEHICLE_UNITS = ("辆", "台", "辆（台）", "部", "辆（套）")
_EQUIPMENT = re.compile(r"设备|仪器")
_VEHICLE = re.compile(r"车")
_BOUGHT = re.compile(r"购置|新增|采购|购买|更新|新购|拟购|计划购")
_TITLED = re.compile(r"^[^，。；]*(?:情况|说明)[：:]")
_TOTAL_VEHICLES = re.compile(
    r"(?:共有|现有|实有|拥有|保有|共计|合计|占有使用|占用)[^，。；]{0,12}?(?:公务)?(?:用)?(?:车辆?|汽车|机动车)?(?:共|共计|总数|数量|保有量)?$|^(?:公务)?(?:用车|车辆|汽车|公车)(?:保有量|总数|数量|共有?|合计|数|编制数)?$|车辆(?:共|共计|总数|数量|保有量|合计|为|有)*$"
)
_THRESHOLD = re.compile(r"单价|单位价值|单台|以上")
_EQUIPMENT_FIELDS = {"equipment", "equipment_purchased"}
_DISPOSED = re.compile(r"处置|报废|报损|出租|出借|出售|划转|捐赠")
_OWNER = re.compile(
    r"^.*(?:[局院委校厅镇乡处所办站馆会府团]|部门|单位|中心|街道|[)）]|上年末?|本年)(?=(?:固定|流动|无形|国有)?资产)"
)
"""Before what a body has: 某县人民医院资产总额."""
_ALLOWED = re.compile(r"车辆?编制(?:数|数量)?(?:为|共|有)*$")
_HELD = re.compile(r"^(?:实有|现有|共有|拥有|实际|共|有)+")
_VEHICLES_AND = re.compile(f"车辆?{AND}")
"""Vehicles and equipment denied together (未安排购置车辆和单位价值100万元以上设备)."""
_NAMED = re.compile(r"资产|原值|净值|有价证券|工程|房屋|收入|面积|投资")
_WORTH = re.compile(r"(?:账面)?价值")
_ASSETS_CHANGED = re.compile(
    rf"(?:^|[，；：。])(?:其中)?(?P<what>[^，。；：]{{0,10}}资产(?:总[额计])?(?:{UP}|{DOWN}))了?(?={MONEY})"
)
"""与上年相比，本年资产总额增加X元，其中固定资产增加Y元."""
_EQUIPMENT_BEFORE = re.compile(r"设备|仪器")


def bind_assets(scene: Scene, statements: list[Statement]) -> list[Statement]:
    """The StateAssets of the passage and its VehicleCounts."""
    values: dict[str, Any] = {}
    further: list[dict[str, Any]] = []
    held = values
    none: list[str] = []
    rest: list[Statement] = []
    last: str | None = None
    bought = False
    sentence = -1
    for statement in statements:
        figure = statement.figure
        last = last if statement.sentence == sentence else None
        # 购置单价50万元以上的通用设备0台，单价100万元以上的专用设备0台
        buying = last == "equipment_purchased" and bool(_THRESHOLD.search(statement.chunk))
        bought = buying or _bought(statement, bought, statement.sentence == sentence)
        sentence = statement.sentence
        if statement.none:
            none += _none(statement, bought)
        elif figure is not None and figure.kind is QuantityKind.COUNT:
            held = values
            last = _count(scene, statement, figure, held, bought, buying)
            if last is None and _EQUIPMENT_FIELDS & values.keys() and _THRESHOLD.search(statement.chunk):
                # a second threshold (单价50万元以上…, 单价100万元以上…) makes a record of its own
                further += [] if further and not further[-1] else [{}]
                for held in further:
                    last = _count(scene, statement, figure, held, bought, buying)
                    if last is not None:
                        break
            if last is None:
                rest.append(statement)
        elif figure is not None and figure.kind is QuantityKind.MONEY and last is not None:
            _value(scene, figure, held, "vehicles" if _of_all(scene, statement, last, values) else last)
            last = None
        else:
            rest.append(statement)
    if values or none:
        told = tuple(
            NoneDeclared(what=each) for each in dict.fromkeys(none) if each == "equipment" or each not in values
        )
        scene.add(StateAssets, as_of=scene.free(as_of(scene)), declared_none=told, **values)
    for each in further:
        if each:
            scene.add(StateAssets, **each)
    return rest


def bind_fleet(scene: Scene, statements: list[Statement]) -> list[Statement]:
    """Vehicles told of beside posts and staff (实有公务用车27辆，包括定编车辆21辆): kinds of vehicles, for what is held of all assets
    is told in a section of its own."""
    rest: list[Statement] = []
    for statement in statements:
        figure, words = statement.figure, statement.chunk or statement.lead
        if figure is None or figure.unit not in _VEHICLE_UNITS or not _VEHICLE.search(words):
            rest.append(statement)
        elif _ALLOWED.search(words):
            scene.add(UnitCount, category=scene.printed("车辆"), measure="posts", count=figure)
        else:
            told = scene.encoded.sentences[statement.sentence].quantities.values()
            date = next((scene.free(each) for each in told if each.kind is QuantityKind.DATE), None)
            label = scene.printed(_HELD.sub("", statement.label))
            scene.add(VehicleCount, basis="held", category=label, count=figure, as_of=date)
    return rest


def bind_holdings(scene: Scene, statements: list[Statement]) -> list[Statement]:
    """What the passage says of other assets (资产总额, 出租房屋, 处置收入): the catalogue has no field for them, so that
    each figure stands with its name."""
    rest: list[Statement] = []
    told = ""
    for statement in statements:
        figure = statement.figure
        if not _tells_assets(scene, statement.paragraph):
            rest.append(statement)  # a year's work told of works and income
            continue
        label = _OWNER.sub("", re.split(r"Ⓓ[年末底初]*", statement.label)[-1])
        whole = re.search(f"{re.escape(label)}(?:总额|总计|金额|总值)", statement.chunk)
        label = scene.printed(whole.group() if whole else label) or ""
        if told and _WORTH.fullmatch(label):
            label = told  # 占用房屋20平方米，价值30万元
        if figure is not None and scene.free(figure) and (_NAMED.search(label) or _DISPOSED.search(label)):
            scene.add(ActivityFigure, subject=label, quantity=figure)
            told = label
        else:
            rest.append(statement)
    for sentence in scene.encoded.sentences:
        for change in _ASSETS_CHANGED.finditer(sentence.text) if _tells_assets(scene, sentence.paragraph) else ():
            amount = scene.free(sentence.quantities[change.end()])
            words = sentence.words(change.start("what"), change.end("what"), scene.encoded.source)
            if amount is not None:
                scene.add(ActivityFigure, subject=words, quantity=amount)
    return rest


def _tells_assets(scene: Scene, paragraph: int) -> bool:
    return scene.passage.kind is SectionKind.ASSETS or "资产" in scene.line(paragraph)


def _bought(statement: Statement, before: bool, goes_on: bool) -> bool:
    """预算安排购置车辆0辆，…设备0台: what was said of buying holds for the sentence."""
    words = _TITLED.sub("", statement.lead) + statement.chunk
    if _BOUGHT.search(words):
        return True
    if before and goes_on and statement.part:
        return not re.search(r"截[至止]|共有|现有|实有|保有", words)
    if re.search(r"截[至止]|共有|现有|实有|保有|其中|单价|单位价值", words) and "购" not in words:
        return False
    return before


def _none(statement: Statement, bought: bool) -> list[str]:
    words = statement.chunk + statement.none_words
    if re.search(r"变化|增减", statement.none_words):
        return []
    equipment = _EQUIPMENT.search(statement.none_words)
    both = equipment and _VEHICLES_AND.search(statement.none_words)
    kinds = ["vehicles"] * bool(both or (not equipment and _VEHICLE.search(words))) + ["equipment"] * bool(equipment)
    return [f"{kind}_purchased" if _BOUGHT.search(words) else kind for kind in kinds]


def _count(
    scene: Scene, statement: Statement, figure: Quantity, values: dict[str, Any], bought: bool, buying: bool
) -> str | None:
    """Where a counted figure goes; None where it is none of ours. `buying` equipment was told of right before."""
    words = statement.chunk or statement.lead
    label = statement.label
    if _DISPOSED.search(words):
        return None
    if figure.unit in _VEHICLE_UNITS and _ALLOWED.search(words):
        scene.leave(figure)  # how many are allowed
        return "allowed"
    if _EQUIPMENT_BEFORE.search(words) or (
        figure.unit not in _VEHICLE_UNITS and _EQUIPMENT_BEFORE.search(statement.after[:6])
    ):
        buys = buying or (bought and (statement.part or _BOUGHT.search(statement.lead + words)))
        name = "equipment_purchased" if buys else "equipment"
        if name in values and name == "equipment" and bought:
            name = "equipment_purchased"
    elif figure.unit in _VEHICLE_UNITS and _VEHICLE.search(words + statement.after[:4]):
        clean = re.sub(r"^(?:Ⓓ|其中|[：:，,、（(])+", "", label)
        if bought and _BOUGHT.search(words):
            name = "vehicles_purchased"
        elif _TOTAL_VEHICLES.search(re.sub(r"^(?:Ⓓ|其中|[：:，,、（(])+", "", words)) and "vehicles" not in values:
            name = "vehicles"
        else:
            return _category(scene, clean, figure, "purchased" if bought else "held")
    else:
        return None
    if name in values:
        return None
    values[name] = scene.free(figure)
    return name


def _category(scene: Scene, label: str, figure: Quantity, basis: str) -> str | None:
    if scene.printed(label) is None:
        return None
    scene.add(VehicleCount, basis=basis, category=label, count=figure)
    return "category"


def _value(scene: Scene, figure: Quantity, values: dict[str, Any], last: str) -> None:
    if last == "category":
        record = scene.records[-1]
        if isinstance(record, VehicleCount) and record.value is None:
            scene.give("value", figure)
    else:
        values[f"{last}_value"] = scene.free(figure)


def _of_all(scene: Scene, statement: Statement, last: str, values: dict[str, Any]) -> bool:
    """共有车辆6辆，其中业务用车4辆、专用车2辆，账面原值186.42万元: behind a list of kinds whose own values are not told."""
    kinds = [record for record in scene.records[-2:] if isinstance(record, VehicleCount)]
    listed = last == "category" and len(kinds) == 2 and not any(record.value for record in kinds)
    return listed and "vehicles" in values and "vehicles_value" not in values and statement.chunk[:1] != "（"


def as_of(scene: Scene) -> Quantity | None:
    """The day or year behind 截至 or before 期末, unless a record holds it."""
    text = scene.passage.text
    for quantity in scene.passage.quantities:
        start, end = scene.passage.spans[quantity.id]
        behind = re.search(r"截[至止]到?\s*$", text[max(0, start - 4) : start])
        if quantity.kind is QuantityKind.DATE and (behind or text.startswith("期末", end)):
            return scene.free(quantity)
    return None
