"""The official classification of government revenue and expenditure (政府收支分类科目), asked by code or by printed name.

The data are three tables beside this file: `functional.csv` (支出功能分类: 类, 款, 项), `economic.csv` (支出经济分类, for
departments and for governments) and `economic_map.csv` (which government code a department code falls under). They hold codes and
names of the classification that the Ministry of Finance (财政部) publishes every year, 2015 to 2025; README.md says how far they go.
"""

from extractor.classification.entries import (
    Correspondence,
    EconomicGroup,
    EconomicKind,
    Entry,
    Level,
    class_codes,
    economic,
    economic_items,
    functional,
    government_codes,
    group_of,
    is_functional_name,
    lookup,
    path_of,
    printed_path,
)
from extractor.classification.names import name_key, name_skeleton
from extractor.classification.paths import PartVerdict, PathStatus, PathVerdict, check_code, check_path

__all__ = [
    "Correspondence",
    "EconomicGroup",
    "EconomicKind",
    "Entry",
    "Level",
    "PartVerdict",
    "PathStatus",
    "PathVerdict",
    "check_code",
    "check_path",
    "class_codes",
    "economic",
    "economic_items",
    "functional",
    "government_codes",
    "group_of",
    "is_functional_name",
    "lookup",
    "name_key",
    "name_skeleton",
    "path_of",
    "printed_path",
]
