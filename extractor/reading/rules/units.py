"""How many bodies, posts and people, and their names."""

import re
from collections.abc import Iterator
from itertools import islice

from extractor.documents.numbering import marker_of
from extractor.reading.routing import SectionKind
from extractor.reading.rules.encode import NUMBER
from extractor.reading.rules.scene import Scene
from extractor.reading.rules.statements import Statement
from schemas.quantities import Quantity, QuantityKind
from schemas.records import UnitCount, UnitName

_NAMING = (SectionKind.ORGANISATION, SectionKind.DUTIES, SectionKind.OTHER)
"""Sections that list bodies; others only count them in passing."""

_UNIT_WORDS = ("个", "家", "户", "所", "处", "座", "间")
_PEOPLE_WORDS = ("人", "名", "位")
_UNITS_OF = re.compile(
    r"单位|机构|科室|处室|股室|部门|中心|学校|[小中]学|高中|初中|幼儿园|校区|院区|分局|站|所|队|院|科|室|支队|大队|组|局|会|馆|处|办公室|机关|行政|法庭"
)
_MATTERS = re.compile(r"(?:项目|专项|事项|课题|指标|合同|业务)(?:总?数)?$")
"""What bodies have or do is none of them (纳入部门预算的政府采购项目37个)."""
_POSTS = re.compile(r"编制(?!范围)|定编|核定")
_IN_POST = re.compile(r"实有|在职|在编(?!制)|现有.{0,6}编制人员")
_ENDS_WITH_POSTS = re.compile(r"编制(?:总?数)?(?:为|共)?$")
_HELD = ("实际", "实有", "现有", "在编", "实际在编", "实有在编", "在编在岗", "实际在岗")
_STAFF = re.compile(
    r"实有|在职|在编|退休|离休|离退休|职工|人员|实际|年末|聘用|教师|员工|干部|公务员|遗属|在岗|临聘|编外|人数|学生|工勤|警|医|护|技"
)
_CATEGORY_LEAD = re.compile(
    r"^.*?(?:下属|下设|下辖|所属|设有|设置|内设(?!机构|科室|处室|股室|部门)|设立|共有|现有|实有|拥有|辖有|包括|其中|汇总|核定|(?:编[制报]|汇总)范围内?的|共(?!计)|(?<![^，、])[和及]|[和及](?=[所下直]属)|(?<!具)有|设(?!机构)|为|含|截至Ⓓ|Ⓓ(?:年)?[末底]|Ⓓ|，|,|：|:)+(?=.)"
)
_ALL_COUNTED = re.compile(r"纳入[^，。；]*(?:预算|决算)[^，。；]*范围的?(?:共|只|仅|有|为)*$")
_COUNTED_AS = ("预算单位", "决算单位", "单位")
_WITHIN = re.compile(r"^.*(?:编[制报]|汇总)(?:范围)?内?的(?=.)")
_BEFORE_INTERNAL = re.compile(r"^.*(?=内设机构)")
_OWNER = re.compile(r"^.*(?:共有|现有|设有|辖有|拥有|共设|包括|其中)(?=[^，,：:])")
_CATEGORY_TAIL = re.compile(
    r"(?:(?:连同|包括|含)[^，。；]{0,4}本级|分别|共计|共有|共|总数|数量|数|为|是|有|：|:|，|Ⓓ|（|\(|核定|实有|各)+$"
)
_AFTER_NAME = re.compile(
    r"^(?:（[^（）]*）)?(?P<name>[\u4e00-\u9fff（）()]{2,24}?)(?=[，,。；;、：:和及（(]|具体|分别|$)"
)
_NOT_STAFF = re.compile(
    r"(?:学生|学员|幼儿|儿童|患者|病人|服务对象|人口|贫困户|群众|党员|代表|委员|在校生|研究生|本科生|专科生|毕业生|罪犯|被告人?|当事人|游客|旅客|村民|居民|农户|残疾人|低保对象|优抚对象)(?:数|总数|人数)?(?:共|为|有|约)*$|^(?:学生|幼儿|代表|教学班)"
)
_MEETING = re.compile(r"会议费|培训费|召开\S{0,8}会议")
_PLACES = re.compile(r"(?:行政|自然|建制)?村(?!委|民委)|社区(?!居委|中心|卫生)|村民小组|乡镇?|镇|街道(?!办)")
_TOTAL_PEOPLE = re.compile(
    r"(?:总人数|实有人数|实有人员|人员总数|总编制|编制总?数|在职人员总数|总人数|编制人数|编制)(?:小计|合计)?$|^(?:实有)?人数(?:小计|合计)?$"
)
_GROUP = re.compile(r"行政|事业|参公|政法|工勤|公务员|离休|退休")
_LISTING_TITLE = re.compile(r"单位构成|预算单位|决算单位|所属单位|下属单位")
"""Titles under which numbered lines are the bodies' names, whatever stands above them."""

_LIST_LEAD = re.compile(
    r"(?:具体|分别|依次)*(?:包括|为|有|是|即|如下|名单|构成)[：:、]?|\d\s?[个家所][^，,。；;：:、\d]{0,10}[：:]"
)
"""Before names: 内设机构9个，分别为：…; 下设4个事业单位：…; 3个，即…"""
_LISTED = re.compile(
    r"(?P<name>[\u4e00-\u9fff（）()“”·A-Za-z]+?)(?P<end>[、，,。；;]|以及|(?<=[科室处股部心庭局站所院])和|\s*$)"
)
_LONGEST_LIST = 400
_MOST_LEADS = 12
"""So many words of a line are tried as leads, since each looks at all that follows."""
_COUNT_BEHIND = re.compile(
    r"(?:等|共|计)*\d{1,3}\s?[个家所](?P<nature>(?:内设|教学|党政)?机构|[科股处]室|(?:[直下所]属)?(?:事业|行政|预算)单位)"
)
"""Behind names: 设办公室、财务科和业务科3个内设机构."""
_NAMES_LEAD = re.compile(r"^.*(?:设(?:有|置|立(?!案))?|包括|有|机构和|单位和|科室和)(?=[^、]*、)")
_COUNTED_BEFORE = re.compile(
    r"(?:(?<!内)设有?|有|^|[，。；])(?:[下共另]?设有?|另有)?(?P<nature>[\u4e00-\u9fff（）]{2,10})\d{1,3}\s?[个家所][，,]?(?:具体|分别|包括|即|为|是|：)*$"
)
_NATURE = re.compile(
    r"内设(?:机构|科室|处室|股室|部门)|二级(?:预算)?单位|下属(?:事业)?单位|事业单位|行政单位|基层(?:预算)?单位|参公(?:事业)?单位|预算单位|所属单位|职能(?:科室|股室|处室)|(?<=个)(?:科室|股室|处室)"
)
_NAME = re.compile(r"^[\u4e00-\u9fff（）()“”·A-Za-z]{2,40}$")
_NO_NAME = re.compile(r"负责|承担|以下|情况|的|^(?:没有|其他|本级$)")
_NAME_ENDS = re.compile(
    r"(?:室|科|处|股|部|局|办|中心|院|所|站|队|委|会|组|馆|校|园|厅|公司|机关|本级|（本级）|\(本级\)|学校|小学|中学|大学|幼儿园|医院|支队|大队|分局|单位|社|团|署|台|库|厂|场|宫|段|联|院区|庭|党委|纪委|工会|秘书|人事|财务|[）)])$"
)


def bind_units(scene: Scene, statements: list[Statement]) -> list[Statement]:
    """UnitCount and UnitName records of an organisation section."""
    rest = [s for s in statements if s.figure is None or not count_units(scene, s, s.figure)]
    if scene.passage.kind in _NAMING:
        _posts(scene)
        _names(scene)
    return rest


def count_units(scene: Scene, statement: Statement, figure: Quantity) -> bool:
    """Add the UnitCount that a counted figure states; False where it counts something else."""
    if figure.kind is not QuantityKind.COUNT or scene.free(figure) is None:
        return False
    measure, category = _measure(scene, statement, figure)
    if measure is None:
        return False
    if measure == "staff" and statement.chunk.strip("，、") in _HELD:
        category = _posts_before(scene, statement) or category
    scene.add(
        UnitCount,
        category=category if category == "总计" else scene.printed(category),
        measure=measure,
        count=figure,
        as_of=_as_of(scene, statement, figure),
    )
    return True


def _posts_before(scene: Scene, statement: Statement) -> str | None:
    """The kind of posts told of right before (行政编制42人，实际41人); None where several were (行政编制20人，事业编制30人，实际45人)."""
    last = scene.records[-1] if scene.records else None
    measures = _measures(scene, statement)
    one = measures[-2:] in (["posts"], ["staff", "posts"]) or (statement.bracketed and measures[-1:] == ["posts"])
    return last.category if one and isinstance(last, UnitCount) else None


_POSTS_ALONE = re.compile(rf"(?:^|[，。；])(?:人员|核定|总)?编制(?:总)?数(?:为|共)?(?={NUMBER})")


def _posts(scene: Scene) -> None:
    """编制数186，实有人数259人: the one figure of a sentence of people that is told without its unit."""
    for sentence in scene.encoded.sentences:
        for match in _POSTS_ALONE.finditer(sentence.text):
            scene.add(UnitCount, category="总计", measure="posts", count=sentence.quantities[match.end()])


_CHANGED = re.compile(r"(?:增加|减少|新增|净增|净减|调入|调出|增长)(?:了)?$")


def _measure(scene: Scene, statement: Statement, figure: Quantity) -> tuple[str | None, str | None]:
    before, after = statement.chunk, statement.after
    if _CHANGED.search(before) or _NOT_STAFF.search(before) or _NOT_STAFF.match(after):
        return None, None
    category = _CATEGORY_LEAD.sub("", _WITHIN.sub("", _OWNER.sub("", before)))
    category = _CATEGORY_TAIL.sub("", _BEFORE_INTERNAL.sub("", category)).strip('“”"（）()、 ')
    if re.search(r"(?:人|人数)$", before) and (
        scene.passage.kind == SectionKind.BASIC or _MEETING.search(scene.line(statement.paragraph))
    ):
        return None, None  # 会议费X，人数150人
    named = _AFTER_NAME.match(after)
    behind = named["name"] if named else ""
    if figure.unit in _UNIT_WORDS:
        if _ALL_COUNTED.search(before) and not behind:  # 纳入部门预算编制范围的只有1家
            return "units", next((word for word in _COUNTED_AS if scene.printed(word)), None)
        if _POSTS.search(category):
            return "posts", _people_category(before)
        if _PLACES.match(behind):
            return None, None  # 全乡辖12个行政村
        if behind and _UNITS_OF.search(behind):
            return "units", behind
        if category and _UNITS_OF.search(category) and not _MATTERS.search(category):
            return "units", category
        return None, None
    if figure.unit in _PEOPLE_WORDS:
        words = before + (statement.lead if not before else "")
        held = _IN_POST.search(before) and not _ENDS_WITH_POSTS.search(before)
        if statement.part and set(_measures(scene, statement)) == {"staff"} and _POSTS.search(before):
            return "staff", _CATEGORY_LEAD.sub(
                "", before.strip("、，")
            ) or None  # 实有67人，其中政法专项编制62人、事业编制5人
        if (_POSTS.search(words) and not held) or _among_posts(scene, statement):
            return "posts", _people_category(before)
        if _STAFF.search(words) or (scene.passage.kind in _NAMING and _STAFF.search(behind)):
            return "staff", _people_category(before) if category else behind or "总计"
        if re.search(r"编制", statement.lead):
            return "posts", category or None
        if category and len(category) <= 8 and scene.passage.kind in _NAMING:
            return "staff", category
    return None, None


def _among_posts(scene: Scene, statement: Statement) -> bool:
    """核定编制86名（其中：行政32名、事业36名）: a kind of the posts that its sentence told of before."""
    if _IN_POST.search(statement.chunk) or not (statement.bracketed or statement.part):
        return False
    return _measures(scene, statement)[-1:] == ["posts"]


def _measures(scene: Scene, statement: Statement) -> list[str | None]:
    """What the records before count of which the statement's sentence told, back to the first of something else."""
    told = {each.id for each in scene.encoded.sentences[statement.sentence].quantities.values()}
    measures: list[str | None] = []
    for record in reversed(scene.records):
        if not isinstance(record, UnitCount) or record.count is None or record.count.quantity not in told:
            break
        measures.insert(0, record.measure)
    return measures


def _people_category(before: str) -> str:
    if _TOTAL_PEOPLE.search(before.strip("，,：:（() 为共有")) and not _GROUP.search(before):
        return "总计"
    words = re.sub(r"Ⓓ", "", _CATEGORY_LEAD.sub("", before)).strip("，,：:（()、 ")
    words = re.sub(
        r"^(?:我|本|全|两|该)(?:单位|局|委|院|校|中心|部门|系统|镇|乡|所)(?=.)|^(?:同月|同期|目前|单位)", "", words
    )
    words = re.sub(r"年?(?:为|共|有|：|:)*$", "", words)
    if _TOTAL_PEOPLE.search(words) and not _GROUP.search(words):
        return "总计"
    words = re.sub(r"(?:编制|定编)?(?:总?数|人数)?(?:小计|合计)?(?:为|共|有|：|:)*$", "", words) or words
    return _CATEGORY_TAIL.sub("", words) or "总计"


def _as_of(scene: Scene, statement: Statement, figure: Quantity) -> Quantity | None:
    if not re.search(r"截[至止]|Ⓓ年?[底末]", statement.lead):
        return None
    dates = [
        q
        for q in scene.passage.quantities
        if q.kind is QuantityKind.DATE and q.start < figure.start and q.id not in scene.claimed
    ]
    return dates[-1] if dates else None


def _names(scene: Scene) -> None:
    """Names listed behind a lead (内设机构包括：…、…) or one to a numbered line."""
    nature = None
    listing = False
    titled = bool(_LISTING_TITLE.search(scene.title))
    for number, line in enumerate(scene.passage.text.split("\n")):
        marker = marker_of(line)
        body = line[marker.length :] if marker else line
        if marker is not None and (listing or titled) and _is_name(body.rstrip("。；;，,、 ")):
            scene.add(UnitName, name=body.rstrip("。；;，,、 "), nature=nature)
            continue
        if number == 0 and scene.passage.section.heading is not None:
            continue
        found = _NATURE.findall(body)
        nature = found[-1] if found else nature
        listing = bool(re.search(r"(?:包括|如下|为|是|即|有|名单|构成)(?:[^。；]{0,8})[：:]$", body)) or (
            listing and marker is not None
        )
        for nature_behind, names in _counted_names(body):
            for name in names:
                scene.add(UnitName, name=name, nature=nature_behind)
        for before, names in _lists(body):
            natures = _NATURE.findall(before)
            counted = _COUNTED_BEFORE.search(before)
            own = counted["nature"] if counted and not _NATURE.search(counted.group()) else None
            for name in names:
                scene.add(UnitName, name=name, nature=own or (natures[-1] if natures else nature))


def _counted_names(body: str) -> Iterator[tuple[str, list[str]]]:
    """Names that stand before their number, with what they are: 设办公室、财务科和业务科3个内设机构."""
    for count in _COUNT_BEHIND.finditer(body):
        clause = re.split("[，。；：]", body[max(0, count.start() - _LONGEST_LIST) : count.start()])[-1]
        lead = _NAMES_LEAD.match(clause)
        names = [] if lead is None else re.split("、|以及|(?<=[科室处股部心庭局站所院])和", clause[lead.end() :])
        if len(names) > 1 and all(_is_name(name) for name in names):
            yield count["nature"], names


def _lists(body: str) -> Iterator[tuple[str, list[str]]]:
    """The lists of names in a line, each with the words before them."""
    at = 0
    for lead in islice(_LIST_LEAD.finditer(body), _MOST_LEADS):
        if lead.start() < at:
            continue
        names, end = _names_at(body, lead.end())
        if names:
            yield body[: lead.end()], names
            at = end


def _names_at(body: str, start: int) -> tuple[list[str], int]:
    """The names listed from a place on and where they end; none where something else is listed. Behind a comma the sentence may
    turn to something else (…、退役军人服务站，均不单独编制预算)."""
    names: list[str] = []
    at, separator = start, "："
    while match := _LISTED.match(body, at):
        if not _is_name(match["name"]):
            return (names, at) if separator in "，," and len(names) > 1 else ([], at)
        names.append(match["name"])
        at, separator = match.end(), match["end"]
        if separator in "。；;" or not separator.strip():
            return names, at
    return (names, at) if separator in "，," and len(names) > 1 else ([], at)


def _is_name(text: str) -> bool:
    return bool(_NAME.match(text)) and bool(_NAME_ENDS.search(text)) and not _NO_NAME.search(text)
