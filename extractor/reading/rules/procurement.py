"""Procurement, purchased services and operating expense: one record a section."""

import re
from typing import Any

from extractor.reading.rules.forms import ONE_FUND
from extractor.reading.rules.scene import Scene, change_records
from extractor.reading.rules.statements import Statement
from schemas.quantities import QuantityKind
from schemas.records import EconomicItem, OperatingExpense, Procurement, PurchasedServices

_PROCUREMENT: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "reserved_micro",
        re.compile(
            r"小(?:型)?(?:和|、)?微(?:型)?企业?[^，。；]{0,8}预留|预留[^，。；]{0,10}小(?:型)?(?:和|、)?微(?:型)?企业?"
        ),
    ),
    ("reserved_sme", re.compile(r"中小(?:微)?企业[^，。；]{0,8}预留|预留[^，。；]{0,10}中小企业")),
    ("micro_contracts", re.compile(r"小(?:型)?(?:和|、)?微(?:型)?企业?")),
    ("sme_contracts", re.compile(r"中小(?:微)?(?:型)?企业")),
    ("goods", re.compile(r"货物(?:类)?(?:采购|支出|预算|项目|金额|合同)*$")),
    ("works", re.compile(r"工程(?:类)?(?:采购|支出|预算|项目|金额|合同)*$")),
    ("services", re.compile(r"服务(?:类)?(?:采购|支出|预算|项目|金额|合同)*$")),
    ("amount", re.compile(r"政府采购|采购$|采购(?:支出|预算|金额|总额|计划|规模|项目)|合计|总额|总计|^共?$")),
)
_BY_LABEL = ("goods", "works", "services", "amount")
_WINNER = re.compile(r"由(中小|小微|小型)")
_SHARES = {"sme_contracts": "sme_share", "micro_contracts": "micro_share"}
_USE = re.compile(r"^[^，。；]{1,14}(?:费|费用|购置|补贴|支出)$")
_PROCUREMENT_WORDS = re.compile(r"采购|中小企业|小微企业")


def bind_procurement(scene: Scene, statements: list[Statement]) -> list[Statement]:
    """The procurement of the passage; returns the statements that are about something else."""
    values: dict[str, Any] = {}
    rest: list[Statement] = []
    reserved = False
    for statement in statements:
        words = statement.lead + statement.label
        if statement.none and not values:
            if _PROCUREMENT_WORDS.search(statement.chunk + statement.none_words) or not statement.none_words:
                values["declared_none"] = "yes"
            continue
        if statement.figure is None and statement.share is not None and "小微" in words:
            values.setdefault("micro_share", scene.free(statement.share))
            continue
        if statement.figure is None or statement.figure.kind is QuantityKind.COUNT:
            rest.append(statement)
            continue
        reserved = (reserved and "其他" not in words) or "预留" in words
        _leave_changes(scene, statement)
        scene.leave(statement.initial)  # 采购预算312.4万元，实际采购285.38万元
        field = _field_of(words, statement.label, reserved, statement.part)
        if field == "amount" and field in values and statement.part and ONE_FUND.match(statement.label):
            scene.add(
                Procurement, **values
            )  # 其中一般公共预算拨款政府采购X：货物…: what one fund pays, a record of its own
            values = {}
        if field is None or field in values:
            rest.append(statement)
            continue
        values[field] = scene.free(statement.figure)
        share = _SHARES.get(field)
        if share and statement.share is not None and "货物" not in statement.share_of:
            values[share] = scene.free(statement.share)
        elif statement.share is not None:  # 货物支出13.80万元，占57.98%: the catalogue has no place for it
            scene.leave(statement.share)
    if any(name != "declared_none" for name in values):
        values.pop("declared_none", None)
    if values:
        scene.add(Procurement, **values)
    return rest


def _leave_changes(scene: Scene, statement: Statement) -> None:
    """比2023年预算增加100万元: the catalogue has no place for changes of procurement."""
    for change in statement.changes:
        scene.leave(change.base_figure, change.amount, change.percent)


def _field_of(words: str, label: str, reserved: bool, part: bool) -> str | None:
    winner = _WINNER.findall(words)
    if winner and re.search(r"中标|成交", words):
        if not reserved:
            return "awarded_other_sme" if winner[-1] == "中小" else None
        return "awarded_reserved_sme" if winner[-1] == "中小" else "awarded_reserved_micro"
    for field, pattern in _PROCUREMENT:
        if pattern.search(label if field in _BY_LABEL else words):
            return "reserved_micro" if field == "micro_contracts" and part and reserved else field
    return None


def bind_operating(scene: Scene, statements: list[Statement]) -> list[Statement]:
    """The operating expense of the passage."""
    main: Statement | None = None
    units = None
    uses: list[Statement] = []
    rest: list[Statement] = []
    changes = []
    for statement in statements:
        figure = statement.figure
        if figure is not None and statement.bracketed and ONE_FUND.fullmatch(statement.label):
            scene.leave(figure)  # the fund that bears it
        elif figure is not None and figure.kind is QuantityKind.COUNT:
            units = units or (figure if figure.unit in ("个", "家", "户", "所") else None)
            if units is not figure:
                rest.append(statement)
            elif main is not None:
                changes += statement.changes  # 安排X，涉及1个行政单位，比上年减少Y
        elif main is None and (figure is not None or statement.none):
            main = statement
            changes += statement.changes
        elif main is not None and statement.figure is None and statement.changes and "三公" not in statement.chunk:
            changes += statement.changes
        elif main is not None and statement.base is not None:
            _base(scene, statement, changes)
        elif main is not None and (_is_use(statement, main) or (uses and statement.label == "其他")):
            uses.append(statement)
        else:
            rest.append(statement)
    if main is not None:
        scene.add(
            OperatingExpense,
            amount=scene.free(main.figure),
            declared_none="yes" if main.none and main.figure is None else None,
            units=scene.free(units),
            changes=change_records(changes),
        )
    for use in uses:
        label = scene.printed(use.label)
        scene.add(EconomicItem, group="public", label=label, amount=use.figure, changes=change_records(use.changes))
    return rest


def _is_use(statement: Statement, main: Statement) -> bool:
    """办公费21.4万元 behind 主要用于 is an item of public expenditure."""
    figure = statement.figure
    return (
        figure is not None
        and figure.kind is QuantityKind.MONEY
        and statement.paragraph == main.paragraph
        and bool(_USE.search(statement.label))
    )


def _base(scene: Scene, statement: Statement, changes: list[Any]) -> None:
    for change in changes:
        if change.base == statement.base and change.base_figure is None:
            change.base_figure = scene.free(statement.figure)


def bind_services(scene: Scene, statements: list[Statement]) -> list[Statement]:
    """The purchased services of the passage."""
    values: dict[str, Any] = {}
    rest: list[Statement] = []
    for statement in statements:
        figure = statement.figure
        if statement.none and not values:
            values["declared_none"] = "yes"
        elif figure is None:
            rest.append(statement)
        elif figure.kind is QuantityKind.COUNT and "projects" not in values and figure.unit in ("项", "个"):
            values["projects"] = figure
        elif figure.kind is QuantityKind.MONEY and "amount" not in values:
            values["amount"] = figure
        else:
            rest.append(statement)
    if any(name != "declared_none" for name in values):
        values.pop("declared_none", None)
    if values:
        scene.add(PurchasedServices, **values)
    return rest
