"""Points: what was scored, what a rating stands for."""

import re
from dataclasses import dataclass, field

from extractor.reading.rules.encode import ASIDE, NUMBER, PERCENT, SCORE, Sentence
from extractor.reading.rules.leads import FARTHEST
from extractor.reading.rules.lexicon import AND
from extractor.reading.rules.scene import Scene
from schemas.performance import RatingBand, ScoreItem
from schemas.quantities import Quantity, QuantityKind

_RATING = "优秀|良好|优|良|中等|中|及格|合格|较差|差|不合格|一般"
_QUOTED = rf"[“\"'‘]?(?P<rating>{_RATING})[”\"'’]?"
_POINTS = f"[{NUMBER}{SCORE}]"
_BANDS = (
    re.compile(
        rf"(?P<low>{_POINTS})分?(?:[（(][不]?含\S{{0,6}}?[)）])?(?:≤|＜|<)?(?:得分|综合得分|S|X)?[-—~～至到－≤<＜]+(?P<high>{_POINTS})分?(?:[（(][不]?含\S{{0,6}}?[)）])?(?:的|之间|时)*[，,（(]?(?:评定|评价|等级|等次|结果)*(?:为|是|属于|：|:)*{_QUOTED}"
    ),
    re.compile(
        rf"(?P<high>{_POINTS})分?(?:[（(][不]?含\S{{0,6}}?[)）])?(?:以下|及以下)(?:[（(][不]?含\S{{0,6}}?[)）])?(?:的)?(?:为|是|：|:)*{_QUOTED}"
    ),
    re.compile(
        rf"(?P<low>{_POINTS})分?(?:[（(][不]?含\S{{0,6}}?[)）])?(?:以上|及以上)(?:[（(][不]?含\S{{0,6}}?[)）])?(?:的)?(?:为|是|：|:|[（(])*{_QUOTED}"
    ),
    re.compile(rf"{_QUOTED}[：:（(为]+(?P<low>{_POINTS})分?(?:[（(]含[)）])?[-—~～至到－]+(?P<high>{_POINTS})分?"),
)
_FULL = re.compile(r"分值|满分|标准分|总分值|权重分|应得|体系总分")
_WEIGHT = re.compile(r"权重")
_WEIGHTS_LISTED = re.compile(rf".*权重(?:分别)?(?:为|是|[：:])+[^{SCORE}。；]*$")
_RATE = re.compile(r"得分率")
_BRACKETED = re.compile(r"(?P<dimension>[^，,；;。：:、（(）)]{2,24})[（(](?:满分|分值|权重)?为?$")
_GOT = re.compile(r"(?:^|[，,：:）)])(?:[^，,；;。：:]{0,4})?(?:实际|自评)?(?:扣|得(?:满分)?|(?<![合总共])计)$")
_DIMENSION_GOT = re.compile("(?:(?<![该此])指标|率|决策|过程|产出|效[益果]|满意度|管理|投入)(?:实际|自评)?得(?:满分)?$")
"""产出指标得46分 names what got the points; 该指标得8分 does not."""
_TAKEN = re.compile(r"扣[^得，,；;。]{0,4}$")
_SCORED = re.compile(r"得分|评分|评价分|自评分|分数|总分|打分|综合分|平均分|自评结果|成绩|绩效|合计|为$")
_AVERAGE = re.compile(r"平均")
_TABLE_ROW = re.compile(rf"^(?P<label>[^{NUMBER}{SCORE}\s]{{2,16}}?)\s?(?P<full>{_POINTS})\s(?P<score>{_POINTS})$")
_TABLE_RATING = re.compile(rf"^(?:绩效)?(?:评价|评定)?(?:级别|等级|等次)(?:评定)?[:：]?\s?{_QUOTED}$")
_TABLE_HEAD = re.compile(r"分值.*得分")
_SAID = re.compile(
    rf"(?:(?:[，,；;]|被)评|级别|等级|等次|评级|结果|结论|评价|评定)(?:综合)?(?:为|是|：|:)*{_QUOTED}(?=[，。；,;”\"]|$)"
)
_DIMENSION_LEAD = re.compile(
    r"^.*(?:[。；;，,：:]|其中|Ⓓ|部分|指标体系分|年度|的是|[（(]?[一二三四五六七八九十]{1,3}[)）]|一是|二是|三是|四是)(?=.{2})|^(?:本|该)(?:项目|次|指标)?(?:评价)?(?:工作组)?"
)
_DIMENSION_TAIL = re.compile(
    r"(?:情况)?(?:(?:评价|自评|综合|绩效)?(?:的)?(?:得分|评分|分值|权重|满分|分数|得分率))?(?:为|占|是|：|:|共|得|实际)*$"
)


_SUBJECT = re.compile(
    r"(?P<body>(?:部门|单位)整体(?:支出)?(?![和及与、]))|[为是][“\"](?P<project>[^“”\"，。；]{4,40})[”\"][，,]"
)
_THRESHOLD = re.compile(r"(?:低于|高于|超过|不足|不满|[（(]扣|(?:[高低]于|比|较)[^，。；]{0,8}分[^，。；]{0,4})$")
_OPENING = re.compile(
    r"(?:[（(]?\d+[)）.、]?)?(?:(?P<name>[\u4e00-\u9fff]{2,12}?)(?:方面|情况)[。：:，]|(?P<rate>[“”\u4e00-\u9fff]{2,16}率)(?:为|[=＝（(：:]))"
)
_PLAIN_SCORES = ("得分", "绩效得分", "评价得分", "自评得分", "总得分", "综合得分")


@dataclass
class _Item:
    dimension: str
    subject: str | None
    values: dict[str, Quantity] = field(default_factory=dict)
    rating: str | None = None


def bind_scores(scene: Scene, subject: str | None) -> None:
    """RatingBand and ScoreItem records of a passage; `subject` is the project or body that is scored."""
    items: list[_Item] = []
    in_table = False
    for sentence in scene.encoded.sentences:
        in_table = in_table or bool(_TABLE_HEAD.search(sentence.text))
        _bands(scene, sentence)
        rated = _TABLE_RATING.match(sentence.text)
        if rated and in_table and items:
            items[-1].rating = rated["rating"]
        row = _TABLE_ROW.match(sentence.text)
        if row and in_table:
            _table_row(scene, sentence, row, items, subject)
        else:
            _sentence(scene, sentence, items, subject)
            _respective(sentence, items, subject)
    for item in items:
        label = scene.printed(item.dimension)
        if any(scene.free(value) for value in item.values.values()):
            values = {name: scene.free(value) for name, value in item.values.items()}
            scene.add(ScoreItem, subject=item.subject, dimension=label, rating=item.rating, **values)


def _bands(scene: Scene, sentence: Sentence) -> None:
    for pattern in _BANDS:
        for match in pattern.finditer(sentence.text):
            groups = match.groupdict()
            low = sentence.quantities.get(match.start("low")) if groups.get("low") else None
            high = sentence.quantities.get(match.start("high")) if groups.get("high") else None
            if scene.free(low) or scene.free(high):
                scene.add(RatingBand, rating=match["rating"], lower=scene.free(low), upper=scene.free(high))


_RATE_TOLD = re.compile(r"([^，,；;：:。、（）()]{2,16}率)(?:为|是|达)")
_RESPECTIVE = re.compile(
    rf"(?:(?:其中[：:]?)?(?P<names>[\u4e00-\u9fff]{{2,6}}(?:[、和及与][\u4e00-\u9fff]{{2,6}}?){{1,9}})|上述)(?:[一二三四五六][个项大]|{ASIDE})?(?:维度|方面|部分|类?指标)?的?"
    rf"(?P<what>得分|评分|分值|权重|满分)(?:分别|依次)(?:为|是)?(?P<figures>[{SCORE}{PERCENT}](?:{AND}[{SCORE}{PERCENT}])+)"
)
_RESPECTIVE_FIELDS = {"得分": "score", "评分": "score", "权重": "weight", "分值": "full_score", "满分": "full_score"}
_NUMBERED = re.compile(r"[（(]\d{1,2}[)）]|\d{1,2}[.、．]")
_GOT_BEHIND = re.compile(f"[，,]?得(?:满?分)?(?:为|是)?{SCORE}")


def _table_row(scene: Scene, sentence: Sentence, row: "re.Match[str]", items: list[_Item], subject: str | None) -> None:
    item = _Item(row["label"], subject)
    item.values["full_score"] = sentence.quantities[row.start("full")]
    item.values["score"] = sentence.quantities[row.start("score")]
    items.append(item)


def _respective(sentence: Sentence, items: list[_Item], subject: str | None) -> None:
    """决策、过程、产出、效益四个维度得分分别为18分、17分、27分和25分; 上述四个方面权重分别为15%、25%、35%、25%: of those told last."""
    for match in _RESPECTIVE.finditer(sentence.text):
        figures = _figures(sentence, match)
        names = re.split(AND, match["names"]) if match["names"] else []
        told = [_Item(name, subject) for name in names] if names else items[-len(figures) :]
        field_name = _RESPECTIVE_FIELDS[match["what"]]
        if len(told) != len(figures) or any(field_name in item.values for item in told):
            continue
        items.extend(told if names else [])
        for item, figure in zip(told, figures, strict=True):
            item.values[field_name] = figure


def _figures(sentence: Sentence, match: "re.Match[str]") -> list[Quantity]:
    return [sentence.quantities[at] for at in sentence.places(match.span("figures"), SCORE + PERCENT)]


def _sentence(scene: Scene, sentence: Sentence, items: list[_Item], subject: str | None) -> None:
    text = sentence.text
    dimension, about = "", None
    told = len(items)
    position = 0
    respective = [each for match in _RESPECTIVE.finditer(text) for each in _figures(sentence, match)]
    for index, quantity in sorted(sentence.quantities.items()):
        if (
            quantity.kind not in (QuantityKind.SCORE, QuantityKind.PERCENT)
            or scene.free(quantity) is None
            or quantity in respective
        ):
            if quantity.kind is not QuantityKind.DATE:
                position = index + 1
            continue
        lead = text[position:index]
        position = index + 1
        bracketed = _BRACKETED.search(lead) if quantity.kind is QuantityKind.SCORE else None
        if bracketed and text[index + 1 : index + 2] in "）)":
            items.append(_Item(_dimension(bracketed["dimension"], subject, scene)[0], subject))
            items[-1].values["full_score"] = quantity
            continue
        if _TAKEN.search(lead) and quantity.kind is QuantityKind.SCORE:
            scene.leave(quantity)  # points taken away
            continue
        name = None if _THRESHOLD.search(lead) else _name(lead, quantity)
        if name is None and quantity.kind is QuantityKind.PERCENT and _WEIGHTS_LISTED.match(text[:index]):
            name = "weight"  # 指标权重为：预算执行率指标10%、产出指标50%
        if name is None:
            continue
        if name == "score" and _GOT_BEHIND.match(text, index + 1) and not _GOT.search(lead):
            name = "full_score"  # 投入10分，得10分
        got = _GOT.search(lead) and not _DIMENSION_GOT.search(lead)
        own, whose = ("", None) if got else _dimension(lead, subject, scene)
        if not own and items and name in items[-1].values and got:
            rates = _RATE_TOLD.findall(re.split("[；;。]", text[:index])[-1])
            own = rates[-1] if rates else ""  # 预算控制率为24.27%，超过20%，扣3分，得2分
        if own:
            dimension = own
        goes_on = (
            items
            and not (len(items) == told and _NUMBERED.match(text))  # （1）…计5分, under 1、投入（10分）
            and name not in items[-1].values
            and (not own or (own in _PLAIN_SCORES and "score" not in items[-1].values))
        )
        item = items[-1] if goes_on else None
        if item is None:
            about = whose or about
            item = _Item(own or dimension or _topic(scene, sentence), about or subject or _told_of(text, index))
            items.append(item)
        item.values[name] = quantity
    if items and items[-1].rating is None and re.search(f"[{SCORE}]", text):
        _rate(sentence, items)


def _rate(sentence: Sentence, items: list[_Item]) -> None:
    """What a sentence is rated: one rating is of what it scores first, each of several of what was scored before it."""
    said = list(_SAID.finditer(sentence.text))
    index_of = {quantity.id: index for index, quantity in sentence.quantities.items()}
    scored = [
        (index_of[value.id], item) for item in items for value in item.values.values() if value.id in index_of
    ] or [(0, items[-1])]
    for match in said:
        before = [item for index, item in scored if index < match.start()]
        totals = [item for item in before if "得分" in item.dimension] if len(said) == 1 else before
        (totals[-1] if totals else scored[0][1]).rating = match["rating"]


def _told_of(text: str, index: int) -> str | None:
    """What the words before a figure speak of: the body as a whole (部门整体支出自评综合得分为93分), or the one project that
    they name (普通程序的项目1个，为“河道养护项目”，绩效评价得分为90分)."""
    named = list(_SUBJECT.finditer(text, max(0, index - FARTHEST), index))
    if not named or "项目" in text[named[-1].end() : index]:
        return None
    return named[-1]["body"] or named[-1]["project"]


def _name(lead: str, quantity: Quantity) -> str | None:
    if quantity.kind is QuantityKind.PERCENT:
        return "rate" if _RATE.search(lead) else "weight" if _WEIGHT.search(lead) else None
    if _AVERAGE.search(lead):
        return None
    if _FULL.search(lead) and not lead.endswith("得满分"):
        return "full_score"
    return "score" if _SCORED.search(lead) or lead.endswith("得") or len(re.split("[，,；;]", lead)[-1]) <= 8 else None


def _dimension(lead: str, subject: str | None, scene: Scene) -> tuple[str, str | None]:
    """The dimension that the words before a figure name, and the project where they name one."""
    words = lead.strip("，,；;。：:、 ")
    body = re.search(
        r"(?P<body>[^，。；：:]{2,40}?部门整体|(?:部门|单位)整体(?:支出)?)(?:（[^（）]*）)?(?:支出)?(?P<score>绩效(?:自评|评价)得分|自评得分|得分|(?:绩效)?自评$)",
        words,
    )
    if body:
        return body["score"], scene.printed(body["body"])
    projects = re.search(
        r"(?:其中)?(?:[^，。；：:]{2,20}(?:抽评|复评|评价|抽查)的)?(?P<project>[^，。；：:]{4,40}?)(?:专项预算|专项)?项目(?:支出)?(?P<score>绩效(?:自评|评价)得分|自评得分|得分)",
        words,
    )
    if projects:
        return projects["score"], scene.printed(projects["project"])
    words = _DIMENSION_LEAD.sub("", _DIMENSION_LEAD.sub("", words))
    if words in _PLAIN_SCORES:
        return words, None
    if re.search(r"评价得分|自评得分|综合得分|总得分|总分", words):
        kept = re.search(r"(?:绩效)?(?:重点)?(?:评价|自评)?(?:综合)?(?:总)?(?:得分|总分)", words)
        prefix = words[: kept.start()] if kept else ""
        if kept and not re.search(r"决策|过程|产出|效益|管理|绩效$|投入|满意", prefix):
            return kept.group(), None
    return _DIMENSION_TAIL.sub("", words).strip("，,；;。：:、（）() "), None


def _topic(scene: Scene, sentence: Sentence) -> str:
    """项目决策方面。该指标…, 1.预算执行率为97.8%，该指标…: the words that open the line name the dimension."""
    line = scene.line(sentence.paragraph)
    match = _OPENING.match(line)
    return (match["name"] or match["rate"]) if match else ""
