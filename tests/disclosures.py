"""Small disclosures with known contents."""

from pathlib import Path

TEMPLATE = """{department}{year}年度部门决算

第一部分 {department}概况
一、主要职能
（一）负责本行政区域内的有关工作。

第二部分 {year}年度部门决算情况说明
一、收入支出决算总体情况说明
{year}年度收、支总计{total}万元。与上年相比，收、支总计各增加{more}万元，增长5.00%。

二、收入决算情况说明
本年收入合计{total}万元，其中：财政拨款收入{total}万元，占100.00%。

三、“三公”经费支出决算情况说明
{year}年度“三公”经费支出决算为3.00万元，完成预算的50.00%，其中：公务接待费支出决算为3.00万元。
"""


def disclosure(folder: Path, department: str = "某市统计局", year: int = 2023, total: str = "1050.00") -> Path:
    """A short final account as a file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{department}-{year}-{total}.txt"
    path.write_text(TEMPLATE.format(department=department, year=year, total=total, more="50.00"), encoding="utf-8")
    return path
