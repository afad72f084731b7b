"""Plots as inline SVG: bars with intervals, lines, dots. Colours come from the page's style."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH = 720
ROW = 24
LABEL_WIDTH = 210
_MARGIN = 46
_HEIGHT = 300
_LEGEND_LINE = 17
SERIES_COLOURS = 8
"""How many series the style has colours for; more start again from the first."""


@dataclass(frozen=True)
class Bar:
    """One bar from 0 to 1, with the interval of its value and a note behind it."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Series:
    """A named line; `area` fills below it."""

    name: str
    points: Sequence[tuple[float, float]]
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Dot:
    """A named point."""

    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Part:
    """One part of a stacked bar: its name says which colour it has."""

    name: str
    share: float


def bars(rows: Sequence[Bar], floor_at: float = 0.0) -> str:
    """Horizontal bars over [floor_at, 1]; what lies lower is drawn at the edge."""
    height = ROW * len(rows) + 24
    room = WIDTH - LABEL_WIDTH - 120

    def x(value: float) -> float:
        return LABEL_WIDTH + room * max(0.0, min(1.0, (value - floor_at) / (1 - floor_at)))

    parts = [_grid(x, floor_at, height)]
    for index, row in enumerate(rows):
        middle = ROW * index + ROW / 2 + 2
        parts.append(
            f'<text class="label" x="{LABEL_WIDTH - 8}" y="{middle + 4}" text-anchor="end">{escape(row.label)}</text>'
        )
        if row.value is None:
            continue
        width = max(1.0, x(row.value) - LABEL_WIDTH)
        parts.append(
            f'<rect class="bar" x="{LABEL_WIDTH}" y="{middle - 7}" width="{width:.1f}" height="14" rx="2">'
            f"<title>{escape(row.label)}: {row.value:.4f}</title></rect>"
        )
        if row.low is not None and row.high is not None:
            parts.append(_whisker(x(row.low), x(row.high), middle))
        parts.append(
            f'<text class="value" x="{WIDTH - 112}" y="{middle + 4}">{row.value:.3f}'
            f'<tspan class="note" dx="8">{escape(row.note)}</tspan></text>'
        )
    return _svg(WIDTH, height, parts)


def stacked(rows: Sequence[tuple[str, Sequence[Part], str]]) -> str:
    """Horizontal bars of parts that fill the whole; each row has a label, its parts and a note."""
    room = WIDTH - LABEL_WIDTH - 120
    parts: list[str] = []
    for index, (label, shares, note) in enumerate(rows):
        middle, left = ROW * index + ROW / 2 + 2, float(LABEL_WIDTH)
        parts.append(
            f'<text class="label" x="{LABEL_WIDTH - 8}" y="{middle + 4}" text-anchor="end">{escape(label)}</text>'
        )
        for part in shares:
            width = room * part.share
            if width > 0:
                parts.append(
                    f'<rect class="part {escape(part.name)}" x="{left:.1f}" y="{middle - 8}" width="{width:.1f}" height="16">'
                    f"<title>{escape(label)} {escape(part.name)}: {part.share:.1%}</title></rect>"
                )
            left += width
        parts.append(f'<text class="value" x="{WIDTH - 112}" y="{middle + 4}">{escape(note)}</text>')
    return _svg(WIDTH, ROW * len(rows) + 8, parts)


def lines(series: Sequence[Series], x_title: str, y_title: str, percent: bool = True) -> str:
    """Lines over numeric axes that start at zero."""
    top_x = max((x for each in series for x, _ in each.points), default=1.0) or 1.0
    top_y = _round_up(max((y for each in series for _, y in each.points), default=0.0))
    x, y = _axes(top_x, top_y)
    parts = [_frame(x, y, _ticks(top_x), _ticks(top_y), x_title, y_title, percent)]
    for number, each in enumerate(series):
        colour = f"series s{number % SERIES_COLOURS}"
        path = " ".join(f"{'L' if i else 'M'}{x(px):.1f} {y(py):.1f}" for i, (px, py) in enumerate(each.points))
        parts.append(f'<path class="{colour}" d="{path}" fill="none"/>')
        for i, (px, py) in enumerate(each.points):
            note = each.notes[i] if i < len(each.notes) else f"{px:.4g}, {py:.4g}"
            parts.append(
                f'<circle class="{colour}" cx="{x(px):.1f}" cy="{y(py):.1f}" r="3"><title>{escape(each.name)}: {escape(note)}</title></circle>'
            )
    parts.append(_legend([each.name for each in series]) if len(series) > 1 else "")
    return _svg(WIDTH, _HEIGHT + (_legend_height(len(series)) if len(series) > 1 else 0), parts)


def dots(points: Sequence[Dot], x_title: str, y_title: str) -> str:
    """Named points: what costs more should stand higher. The upper axis ends at 1 and starts below the lowest point."""
    top_x = _round_up(max((point.x for point in points), default=1.0))
    lowest = min((point.y for point in points), default=0.0)
    floor_y = max(0.0, floor((lowest - 0.02) * 20) / 20)
    x, y = _axes(top_x, 1.0, floor_y)
    y_ticks = [floor_y + (1 - floor_y) * step / 5 for step in range(6)]
    parts = [_frame(x, y, _ticks(top_x), y_ticks, x_title, y_title, percent=False)]
    for number, point in enumerate(points):
        colour = f"series s{number % SERIES_COLOURS}"
        anchor = "end" if x(point.x) > WIDTH * 0.75 else "start"
        shift = -8 if anchor == "end" else 8
        parts.append(
            f'<circle class="dot {colour}" cx="{x(point.x):.1f}" cy="{y(point.y):.1f}" r="5">'
            f"<title>{escape(point.name)}: {point.x:.4g}, {point.y:.4f}</title></circle>"
            f'<text class="label" x="{x(point.x) + shift:.1f}" y="{y(point.y) + 4:.1f}" text-anchor="{anchor}">{escape(point.name)}</text>'
        )
    return _svg(WIDTH, _HEIGHT, parts)


class _Scale:
    """A linear scale from a range of values to a range of pixels."""

    def __init__(self, low: float, top: float, start: float, end: float) -> None:
        self.low, self.top, self.start, self.end = low, top, start, end

    def __call__(self, value: float) -> float:
        return self.start + (self.end - self.start) * (value - self.low) / (self.top - self.low)


def _axes(top_x: float, top_y: float, floor_y: float = 0.0) -> tuple[_Scale, _Scale]:
    return _Scale(0.0, top_x, _MARGIN + 14, WIDTH - 20), _Scale(floor_y, top_y, _HEIGHT - _MARGIN, 16)


def _frame(
    x: _Scale, y: _Scale, x_ticks: Iterable[float], y_ticks: Iterable[float], x_title: str, y_title: str, percent: bool
) -> str:
    def shown(value: float) -> str:
        return f"{value * 100:.3g}%" if percent else f"{value:.3g}"

    parts = []
    for tick in x_ticks:
        parts.append(f'<line class="grid" x1="{x(tick):.1f}" y1="{y.end}" x2="{x(tick):.1f}" y2="{y.start}"/>')
        parts.append(
            f'<text class="tick" x="{x(tick):.1f}" y="{y.start + 16}" text-anchor="middle">{shown(tick)}</text>'
        )
    for tick in y_ticks:
        parts.append(f'<line class="grid" x1="{x.start}" y1="{y(tick):.1f}" x2="{x.end}" y2="{y(tick):.1f}"/>')
        parts.append(
            f'<text class="tick" x="{x.start - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{shown(tick)}</text>'
        )
    middle = (x.start + x.end) / 2
    parts.append(
        f'<text class="axis" x="{middle:.1f}" y="{y.start + 34}" text-anchor="middle">{escape(x_title)}</text>'
    )
    parts.append(f'<text class="axis" x="{x.start}" y="10">{escape(y_title)}</text>')
    return "".join(parts)


def _grid(x: Callable[[float], float], floor_at: float, height: int) -> str:
    steps = [floor_at + (1 - floor_at) * i / 4 for i in range(5)]
    return "".join(
        f'<line class="grid" x1="{x(step):.1f}" y1="2" x2="{x(step):.1f}" y2="{height - 18}"/>'
        f'<text class="tick" x="{x(step):.1f}" y="{height - 4}" text-anchor="middle">{step:.3g}</text>'
        for step in steps
    )


def _whisker(low: float, high: float, middle: float) -> str:
    return (
        f'<path class="whisker" d="M{low:.1f} {middle}H{high:.1f}M{low:.1f} {middle - 4}V{middle + 4}'
        f'M{high:.1f} {middle - 4}V{middle + 4}"/>'
    )


def _legend_height(count: int) -> int:
    return _LEGEND_LINE * ceil(count / 3) + 6


def _legend(names: Sequence[str]) -> str:
    parts = []
    for number, name in enumerate(names):
        left, top = 20 + (number % 3) * (WIDTH - 40) / 3, _HEIGHT + (number // 3) * _LEGEND_LINE + 4
        parts.append(
            f'<circle class="series s{number % SERIES_COLOURS}" cx="{left:.0f}" cy="{top}" r="4"/>'
            f'<text class="label" x="{left + 10:.0f}" y="{top + 4}">{escape(name)}</text>'
        )
    return "".join(parts)


def _ticks(top: float) -> list[float]:
    return [top * i / 5 for i in range(6)]


def _round_up(value: float) -> float:
    """The next of 1, 2, 2.5, 5 × 10ⁿ."""
    if value <= 0:
        return 0.01
    scale = 10.0 ** floor(log10(value))
    return next(step * scale for step in (1, 2, 2.5, 5, 10) if step * scale >= value * 0.999)


def _svg(width: int, height: int, parts: Iterable[str]) -> str:
    """A plot that shrinks with the page down to where its words can still be read, and is scrolled there."""
    inner = "".join(parts)
    view = f'viewBox="0 0 {width} {height}" role="img" preserveAspectRatio="xMinYMin meet"'
    return f'<div class="scroll"><svg {view}>{inner}</svg></div>'
