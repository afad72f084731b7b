"""Projects that are told of together, their figures respectively: 两个项目分别到位605万元、2000万元，自评得分86分和96分."""

import re
from collections.abc import Iterator

from extractor.reading.rules.encode import COUNT, MONEY, PERCENT, SCORE, Sentence
from extractor.reading.rules.lexicon import AND
from extractor.reading.rules.projects import funding_field, rate_field
from extractor.reading.rules.scene import Scene
from schemas.performance import ProjectFunding, ScoreItem
from schemas.quantities import Quantity

_RUN = re.compile(f"(?P<kind>[{MONEY}{PERCENT}{SCORE}])(?:{AND}(?P=kind))+")
_SEVERAL = re.compile(f"(?:[两二三四五六]|{COUNT})个?项目[^，。；]{{0,12}}(?:分别|依次|各)")
_EACH_NAMED = re.compile(f"项目{AND}(?=.)")
_FORMER = re.compile("前者(?=.*后者)")
_SEPARATORS = ("、", "[、和]", "[、和及与]|以及")
"""A name may hold 和 or 与 itself: the fewest separators that part the names go first."""
_EVALUATED = re.compile(
    rf"对[“\"]?(?P<names>[^，。；：]{{4,80}}?)[”\"]?(?:等)?(?:{COUNT}|[两二三四五六]个)项目(?:支出)?(?:开展|进行|实施)[^，。；]{{0,8}}评价"
)
_SCORED = re.compile(
    rf"(?P<names>[\u4e00-\u9fff“”、]{{4,60}}?)(?:项目)?(?:得分|评分)?(?:分别|依次)(?:为|是|得)?(?={SCORE})"
)
_DIMENSION = re.compile(r"(?P<dimension>[\u4e00-\u9fff]{0,6}(?:得分|评分))(?:分别|依次)?(?:为|是)?$")
_OF_PARTS = re.compile("决策|过程|产出|效[益果]|管理|投入|满意|执行率?$|指标|维度|方面|上述")
_EACH_OF = re.compile("得分|评分|等级|项目$|[两二三四五六]个|上述|自评|评价")
_AVERAGE = re.compile("平均(?:得分|分)")
_OWN_POINTS = re.compile(
    rf"(?:(?:^|[，,；;、])其中[：:，,]?|[，,；;、])(?P<name>[\u4e00-\u9fff“”]{{4,30}}?)(?:项目)?(?:得分|得)?为?(?={SCORE})."
)
_NO_NAME = re.compile("[得总平均]分|分[数值]|分别|平均|最[高低]|自评$|评价$|^其中")
_RATED_ALIKE = re.compile(
    r"(?:等级|等次|评级|级别|结果|结论|[，,]自评|[，,]评价|[，,])(?:均|都)(?:评)?[为是][“\"]?(?P<rating>优秀|良好|优|良|中|差)"
)


def named_together(scene: Scene, name: str | None) -> list[str]:
    """The projects that a title names in one (农村供水项目和渠道维修项目; 设施管护、安全应急, where the text goes on 两个项目分别…), as
    many as figures are told respectively; none where it names one."""
    texts = [sentence.text for sentence in scene.encoded.sentences]
    counts = {len(_places(run)) for text in texts for run in _RUN.finditer(text)}
    counts |= {2 for text in texts if _FORMER.search(text)}
    several = name is not None and (_EACH_NAMED.search(name) or any(map(_SEVERAL.search, texts)))
    if name is None or not counts or not several:
        return []
    return next((names for count in sorted(counts) if (names := _parted(name, count))), [])


def bind_together(scene: Scene, names: list[str]) -> Iterator[tuple[str | None, Scene]]:
    """ProjectFunding and ScoreItem of projects named in one; yields what else is told, by the project it is told of: as
    many parts between semicolons as there are projects tell of them in order."""
    funding: list[dict[str, Quantity]] = [{} for _ in names]
    for sentence in scene.encoded.sentences:
        for run in _RUN.finditer(sentence.text):
            lead = re.split("[，,；;。：:]", sentence.text[: run.start()])[-1]
            field = rate_field(lead) if run["kind"] == PERCENT else funding_field(lead)
            figures = [sentence.quantities[at] for at in _places(run)]
            if len(figures) != len(names):
                continue
            if run["kind"] == SCORE:
                _scores(scene, sentence, run, names)
            elif field is not None:
                for values, figure in zip(funding, figures, strict=True):
                    values.setdefault(field, figure)
    for name, values in zip(names, funding, strict=True):
        if values:
            scene.add(ProjectFunding, project=scene.printed(name), **values)
    for sentence in scene.encoded.sentences:
        parts = "后者" if len(names) == 2 and _FORMER.match(sentence.text) else "[；;]"
        ends = [match.start() for match in re.finditer(parts, sentence.text)] + [len(sentence.text)]
        if len(ends) != len(names):
            yield None, scene.of(sentence)
            continue
        for name, start, end in zip(names, [0, *ends], ends, strict=False):
            yield name, scene.of(sentence.part(start, end))


def bind_scored_together(scene: Scene) -> None:
    """ScoreItem of projects whose points a sentence tells respectively: 对A、B两个项目开展部门评价，得分分别为91分、93分; A和B分别为95分、97分."""
    told: tuple[int, str] = (-1, "")  # the paragraph in which projects were named together, and their names
    for sentence in scene.encoded.sentences:
        if _AVERAGE.search(scene.line(sentence.paragraph)):
            _points_of_each(scene, sentence)
        evaluated = _EVALUATED.search(sentence.text)
        if evaluated:
            told = (sentence.paragraph, evaluated["names"])
        for run in _RUN.finditer(sentence.text):
            if run["kind"] != SCORE:
                continue
            clause = max(sentence.text.rfind(mark, 0, run.start()) for mark in "，；。：,;:") + 1
            own = _SCORED.search(sentence.text, clause, run.end())
            own_names = _parted(own["names"], len(_places(run))) if own else []
            words = own["names"] if own and own_names and not _EACH_OF.search(own["names"]) else ""
            words = words or (told[1] if told[0] == sentence.paragraph else "")
            names = _parted(words, len(_places(run)))
            if names and not _OF_PARTS.search(words):
                _scores(scene, sentence, run, names)


def _points_of_each(scene: Scene, sentence: Sentence) -> None:
    """平均得分93.8分。…其中办案业务费94.5分，法庭修缮86.5分: points of projects by their names."""
    for match in _OWN_POINTS.finditer(sentence.text):
        score = scene.free(sentence.quantities[match.end() - 1])
        name = sentence.words(*match.span("name"), scene.encoded.source).strip("“”")
        if score is not None and not _OF_PARTS.search(name) and not _NO_NAME.search(name):
            scene.add(ScoreItem, subject=name, score=score)


def _scores(scene: Scene, sentence: Sentence, run: "re.Match[str]", names: list[str]) -> None:
    dimension = _DIMENSION.search(sentence.text, max(0, run.start() - 20), run.start())
    rated = _RATED_ALIKE.search(sentence.text, run.end())
    for name, at in zip(names, _places(run), strict=True):
        scene.add(
            ScoreItem,
            subject=scene.printed(name),
            dimension=dimension["dimension"] if dimension else None,
            score=scene.free(sentence.quantities[at]),
            rating=rated["rating"] if rated else None,
        )


def _places(run: "re.Match[str]") -> list[int]:
    return [at for at in range(*run.span()) if run.string[at] == run["kind"]]


def _parted(words: str, count: int) -> list[str]:
    """The names that words hold, if they hold so many; else none."""
    for between in (_EACH_NAMED.pattern, *_SEPARATORS):
        listed = re.split(between, words.replace("”“", "”、“"))
        names = [each.removesuffix("项目").strip("“”") for each in listed]
        if len(names) == count > 1 and all(len(each) > 2 for each in names):
            return names
    return []
