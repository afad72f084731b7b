"""Pure lists: duties and the glossary."""

import re

from extractor.documents.numbering import marker_of
from extractor.reading.rules.scene import Scene
from schemas.records import Duty, GlossaryTerm

_TERM = re.compile(r"^[“”\"《]?(?P<term>[^：:。]{2,70}?)[”\"》]?\s*[：:]\s*(?P<definition>.+)$")
_TERM_IS = re.compile(r"^(?P<term>[^，。：:]{2,50}?[）)”\"]?)(?:[，,])?(?:是指|指的是|指|反映|：)(?P<definition>.+)$")
_SEVERAL = re.compile(
    r"(?<=。)(?=[\u4e00-\u9fff“][^。：:]{1,50}(?:（\d{3,7}）|[（(][类款项][)）])?[：:](?:是?指|反映|财政))"
)
_CODE = re.compile(r"[（(](\d{3}(?:\d\d){0,2})[)）]$")
_OF_BODIES = re.compile(r"[^，。：；]{0,16}(?:内设|下设|所属)[^，。：；]{0,12}\d")
"""A paragraph among the duties that counts bodies: 我局内设8个科室，分别是：…"""
_LONGEST_DEFINITION = 400


def bind_duties(scene: Scene) -> None:
    """One Duty for every listed item; a section without a list is one Duty a paragraph."""
    lines = list(_body(scene))
    numbered = [line for line in lines if marker_of(line) is not None]
    for line in numbered or [each for each in lines if not _OF_BODIES.match(each)]:
        marker = marker_of(line)
        content = (line[marker.length :] if marker else line).rstrip("。；; ")
        if len(content) >= 4 and not content.endswith(("：", ":")):
            scene.add(Duty, ordinal=marker.text if marker and marker.text in line else None, content=content)


def bind_glossary(scene: Scene) -> None:
    """One GlossaryTerm for every explained term, several in a paragraph included."""
    for line in _body(scene):
        marker = marker_of(line)
        for part in _SEVERAL.split(line[marker.length :] if marker else line):
            match = _TERM.match(part) or _TERM_IS.match(part)
            if match is None:
                continue
            term, definition = match["term"].strip('“”" '), match["definition"].strip().rstrip("。；; ")
            code = _CODE.search(term)
            if code:
                term = term[: code.start()]
            if definition:
                scene.add(
                    GlossaryTerm, term=term, code=code[1] if code else None, definition=definition[:_LONGEST_DEFINITION]
                )


def _body(scene: Scene) -> list[str]:
    lines = scene.passage.text.split("\n")
    return [line for line in (lines[1:] if scene.passage.section.heading is not None else lines) if line.strip()]
