"""The few forms that disclosures state figures in, as one scanner over encoded text, and the words around."""

import re

from extractor.reading.rules.encode import COUNT, DATE, MONEY, NUMBER, PERCENT, SCORE
from extractor.reading.rules.lexicon import BASE_WORD, DOWN, NONE_WORD, PURPOSE_LEAD, REASON_LEAD, SAME, UP

FIGURES = f"{MONEY}{PERCENT}{COUNT}{SCORE}{NUMBER}"
STOP = "，,。；;：:"
BASE_CHARACTER = rf"(?:(?!{UP}|{DOWN}|{SAME}|比|较)[^{STOP}{FIGURES}])"
FILLER = "(?:了|额|数|金额|率|幅|幅度|比例|比率|比|支出|收入|预算|决算|经费|资金|约|为|达|共|共计|合计|/|:|：|的|，|,)"

SCANNER = re.compile(
    rf"""
      (?P<void>(?:由于|因|因为)?(?:年初|全年|上年)?(?:预算|决算|支出)数?(?:为|是)[{MONEY}{NUMBER}][^{STOP}{FIGURES}]{{0,4}}[，,]
        [^{STOP}{FIGURES}]{{0,8}}(?:无法|不能|不可|无从|不予)(?:计算|比较|对比|体现|比)[^{STOP}{FIGURES}（）()]*)
    | (?P<reason>(?:{REASON_LEAD}))
    | (?P<direction>(?:实际)?(?:支出|收入)?(?:决算|支出|收入|执行|完成)数?(?:支出)?(?:较|比)?
        (?P<direction_word>大于|小于|等于|低于|高于|超过|少于|多于|未超过|超出|与)(?:年初|调整(?:后)?|全年|当年)?预算(?:数)?
        (?P<direction_same>(?:基本)?(?:{SAME})(?:[（(][^（）()]*[)）])?)?(?P<direction_figure>{MONEY})?)
    | (?P<even>(?:年初|调整(?:后)?|全年|当年)预算数?[与和同](?:支出)?决算数?(?:基本)?(?:{SAME}))
    | (?P<compare>(?:比|较|相较于?|对比|(?:与|同|和|跟)(?=本年|当年|全年|调整|年度|单位|部门|{BASE_WORD}))
        (?P<compare_what>{BASE_CHARACTER}{{0,24}}?(?:{BASE_WORD}){BASE_CHARACTER}{{0,16}})
        (?P<compare_figure>[{MONEY}{NUMBER}])?(?:[^{STOP}{FIGURES}]{{0,6}}?(?:相比|比较|相较|对比|比))?
        (?=[，,：:]|[^{STOP}{FIGURES}]{{0,16}}?(?:{UP}|{DOWN}|{SAME}|增减|变动|大于|小于)|没有|无|未))
    | (?P<moved>由(?P<moved_what>[^{STOP}{FIGURES}]{{0,12}})(?P<moved_from>{MONEY})
        (?P<moved_word>[^{STOP}{FIGURES}]{{0,8}}?(?:增|升|高|涨|扩|降|减|压|缩|低)[^{STOP}{FIGURES}]{{0,4}}?[至到为])(?P<moved_to>{MONEY})?)
    | (?P<gap>预[、/]?决算(?:的)?差异率(?:为|是|达|:|：)?(?P<gap_figure>{PERCENT}))
    | (?P<same_year>同比|环比)
    | (?P<against>{DATE}(?:年度)?(?:年初)?(?:预算|决算)?数?(?:相比|比较))
    | (?P<unchanged>(?:基本|大体|保持|大致|总体)*(?:{SAME}))
    | (?P<change>(?P<change_word>{UP}|{DOWN}|增减|变动|增幅|相差|差额|差值|[（(](?:减少|增加|下降|增长|减|增)[)）])
        (?:[（(](?:减少|下降|降低|增加|增长)[)）]|/(?:减少|下降|降低|减))?
        {FILLER}{{0,4}}(?P<change_figure>[{MONEY}{PERCENT}{NUMBER}]))
    | (?P<completion>(?:完成(?![^{STOP}{FIGURES}]{{0,20}}(?:分别|依次))(?P<completion_of>[^{STOP}{FIGURES}]{{0,20}}?)(?P<completion_whole>{MONEY}?)|(?:占(?=总)|为|达到?|是|占(?=[^{STOP}]{{0,10}}(?:年初|全年|调整|当年)预算))(?P<completion_budget>[^{STOP}{FIGURES}]{{0,10}}?(?:年初|全年|调整|总|当年)预算(?:数|总额)?)|(?P<completion_rate>(?:预算)?(?:执行率|完成率|控制率|执行(?:总体)?进度)))
        (?:的|比|比例|率|数|进度|总体|达到?|为|约|了|=|：|:)*(?P<completion_figure>{PERCENT}))
    | (?P<share>(?:占比|占|比重)(?P<share_of>[^{STOP}{FIGURES}]{{0,40}}?)(?:比重|比例|百分比|比率|比|份额)?(?:为|约|达|的|:|：)*(?P<share_figure>{PERCENT}))
    | (?P<purpose>(?:{PURPOSE_LEAD})(?![^，。；：]{{2,30}}[（(][款项][)）]))
    | (?P<none>{NONE_WORD})
    | (?P<respectively>(?:分别|依次)(?:为|是|支出|安排|完成[^{STOP}{FIGURES}]{{0,12}})?(?=[{MONEY}{PERCENT}](?:[（(][^（()）]*[)）])?(?:[、和及与]|以及)[{MONEY}{PERCENT}]))
    | (?P<part>其中|(?<=[{MONEY}])中(?=[，,])|(?<=支出)中(?=[，,]{MONEY})|[收支][入出]方面(?=[，,：:])|(?<![\u4e00-\u9fff])[收支][入出](?:[为是][：:]?|[：:])(?=[^{STOP}{FIGURES}]{{2,30}}{MONEY})|具体(?:为|是|包括)|分别(?:为|是)|包括)
    | (?P<figure>[{FIGURES}])
    """,
    re.VERBOSE,
)
PURSUES = re.compile(r"(?:为了?|用[于以来]|保障|保证|开展|支付|购[买置]|反映|发放|实施|维持|完成)")
"""Opens what is done with money, and not why it is more or less than planned."""
INITIAL = re.compile(
    r"(?P<kind>年初预算|全年预算|调整(?:后)?预算|当年预算|批复预算|年度预算|财政预算|(?<!公共)(?<!基金)(?<!经营)预算)(?:数|额|安排|批复|支出|收入|总额|金额|指标)*(?:为|是|共|合计|:|：)*$"
)
FUND_WORDS = re.compile(r"[“”\"'‘’]|财政拨款|支出|收入|决算|预算|经费|费用?|数")
JOINED_BASES = re.compile(r"[^、和与及跟]+")
EARLIER = re.compile(r"(?:Ⓓ(?![底末初])|上年|去年|上年度)(?!结转|结余)[^比较与截Ⓓ，,]{0,18}$")
BOUNDARY = re.compile(r"[，,；;：:（(。]")
CLOSED_BRACKET = re.compile(r"[（(][^（()）]*[)）]")
LABEL_LEAD = re.compile(
    r"^(?:[\s、，,；;：:。.）)\"”]|Ⓓ|年度|全年|本年度?|当年|其中|包括|分别|主要(?=用于|包括|是|为)|为|是|以及|及|和|用于|安排|实现|共计|合计(?=.)|共|另外|此外|同时|由(?!于|此)|今年|"
    r"[（(](?:\d+|[一二三四五六七八九十]{1,3})[)）]|[一二三四五六七八九十]{1,3}、|\d+[.、．)）]|[①-⑳]|[-·•]|一是|二是|三是|四是|五是|即|含)+"
)
LABEL_TAIL = re.compile(
    r"(?:Ⓓ|年度|(?<=[费用款计额出入])支出(?:决算|预算)(?:数|额|总额|安排)*|(?<!公共)(?<!基金)(?<!经营)(?<!财政)(?:年初|全年|当年|年度|调整后?|批复)?(?:决算|预算)(?:数|额|支出|总额|安排)*|年[初末]|^(?:支出|收入)(?=$)|为|是|共计|合计|总计|共|达到?|均为|均|各为|各|约|约为|分别|金额|总额|数额|数|额|：|:|（|\(|实际|完成|安排|执行|计|有|的|，|,|、)+$"
)
AMOUNT_WORD = re.compile(r"(?:支出决算|决算支出|支出预算|预算支出|决算|预算)(?:数|额|支出|总额|安排)*$")


FORMS = (
    "void",
    "reason",
    "direction",
    "even",
    "moved",
    "gap",
    "compare",
    "same_year",
    "against",
    "unchanged",
    "change",
    "completion",
    "share",
    "purpose",
    "none",
    "respectively",
    "part",
    "figure",
)


def form_of(match: "re.Match[str]") -> str:
    """Which form a match of the scanner is."""
    return next(name for name in FORMS if match[name] is not None)


UNIT_LEFT_OUT = re.compile(
    r"(?:费|用|支出|收入|决算|预算|数|款|金|计|额|经费|补贴|资金|为|是|上年|去年|减少|增加|均|奖金)[:：]?$"
)
COUNTED_CLAUSE = re.compile(rf"[，,；;](?=[^，,；;、]*[{COUNT}{MONEY}])")
THE_REST = re.compile("(?:其余|余下|剩余)(?:的|资金|部分|支出)*$")
"""Before what the money that is not told is for (其余用于教师培训)."""
BEING = re.compile(r"(?:主要)?系(?![统列数])")
NAMED_BEHIND = re.compile(
    r"(?:为|用于(?=(?:日常)?(?:人员|公用)(?:经费|支出)|对个人和家庭|工资福利|商品和服务|资本性))(?P<name>[\u4e00-\u9fff（）()]{2,20}?(?P<fund>支出|经费|费|收入|拨款|补贴|补助|资金)?)(?=[，,、；;。])"
    r"|用于(?P<item>[\u4e00-\u9fff（）]{2,20})(?=[，,、；;。])"
)
REACHING = re.compile("[，,]?(?:规模|总额|预算)?(?:达到?|[增降升减][加长少低]?[至到])(?:了|约)?")
"""Between a change and the amount that it led to (基本支出增加X，达到Y)."""
OF_EACH = re.compile(rf"分别(?:为|是|[比较与同][^{STOP}{FIGURES}]{{0,20}})?$")
"""Before the first of several changes: each is of another subject (较上年分别增加X、减少Y)."""
HELD_CLAUSE = re.compile(
    rf"[，,；;](?=[^，,；;]*(?:(?:保有|团组)[^，,；;]{{0,6}}|(?:预计|计划|全年|拟|共|累计)接待[^，,；;]{{0,8}}){COUNT})"
)
"""A clause that counts what is held, who went abroad or who was received is no part of the reason before it."""
GOES_ON = re.compile(r"(?:其中|具体|分项|具体为)[：:，,]?")
EXPLAINS = re.compile(r"受(?![益理检众训聘援助灾])|由于|因(?!公)|鉴于|为(?:进一步|认真|严格)?(?:贯彻|落实|执行)")
CAUSE = re.compile(
    rf"(?:^|(?<=[）)：:，,；;]))(?P<cause>(?:{EXPLAINS.pattern})[^。；;：:{FIGURES}{DATE}]{{4,}}?)[，,]?$"
)
"""Right before a comparison, what it is explained by: （项）因任务减少，人员相应调整，比上年减少."""
PLAIN_REASON = re.compile(
    r"^(?:[，,]|(?=受|由于|因(?!公)|鉴于|为))(?!其中|具体|详见|如下|比|较|与|占|同|上年|其|包括|含|均|全部|完成|分别)[^：:]{6,}。?$"
)
BARE_SIDE = re.compile(r"[，,；;、\s]*(?:本年)?(?:收入|支出)(?:总计|合计)?")
BOTH_SIDES = re.compile(
    r"[，,；;、\s]*(?:财政拨款|一般公共预算|政府性基金|部门|单位|本年|年度)*(?:收[、，和与]?\s?支|收入[、，和与]?支出)(?:总计|合计|预算|决算|总额|数)*(?:均|各|都|分别)*"
)
ONE_FUND = re.compile(r"(?:其中[：:])?(?:一般公共预算|政府性基金(?:预算)?|国有资本经营预算)(?:财政)?(?:拨款)?(?:支出)?")
SUBJECT = re.compile(r"收|支|经费|费|拨款|采购|合计|总计|基金|资本|补助|公积金|项目|预算|决算|资金")


def names_subject(label: str) -> bool:
    """Does a label name what is counted, or only that something is?"""
    return bool(SUBJECT.search(label)) and not AMOUNT_WORD.fullmatch(label)
