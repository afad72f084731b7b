"""What the statement grammar yields: one subject with what the text says of it."""

from dataclasses import dataclass, field

from schemas.quantities import Quantity


@dataclass
class ChangeDraft:
    """A change under way: what is known of it so far."""

    base: str | None = None
    direction: str | None = None
    base_figure: Quantity | None = None
    amount: Quantity | None = None
    percent: Quantity | None = None
    reason: str | None = None


def fill_base(changes: list[ChangeDraft], base: str, figure: Quantity | None) -> None:
    """Give an earlier year's figure to the change against that year that has none; else it is a change of its own."""
    for change in changes:
        if change.base in (base, None) and change.base_figure is None:
            change.base, change.base_figure = base, figure
            return
    if figure is not None:
        changes.append(ChangeDraft(base=base, base_figure=figure))


@dataclass
class Statement:
    """One subject with what the text says of it.

    `label` are the words before the figure as printed, without dates, numbering and verbs; `chunk` the same
    unstripped; `base` is set where the words say that the figure is an earlier year's; `lead` all words since the last form, `after` those behind the figure.
    """

    label: str
    chunk: str
    paragraph: int
    order: int
    figure: Quantity | None = None
    initial: Quantity | None = None
    initial_base: str = "initial_budget"
    completion: Quantity | None = None
    completion_of: str = ""
    share: Quantity | None = None
    share_of: str = ""
    changes: list[ChangeDraft] = field(default_factory=list)
    reason: str | None = None
    purpose: str | None = None
    part: bool = False
    whole: str = ""  # what this is a part of, where its sentence says so: 财政拨款支出主要用于以下方面：…
    names_initial: bool = False
    sentence: int = 0
    none: bool = False
    none_words: str = ""
    base: str | None = None
    compared: str | None = None
    bracketed: bool = False  # stands inside a bracket: 国内公务接待9批次（其中：外事接待0批次）
    respective: bool = False  # one of several names whose figures are told respectively
    lead: str = ""
    after: str = ""

    @property
    def empty(self) -> bool:
        """True while the statement holds nothing but its words."""
        return not (
            self.figure
            or self.initial
            or self.completion
            or self.share
            or self.changes
            or self.none
            or self.reason
            or self.purpose
        )


@dataclass(frozen=True)
class Setting:
    """What the grammar must know of the document: the year it is about, whether it is a budget, and which date is the day
    of its publication (a quantity id)."""

    fiscal_year: int | None
    budget: bool
    published: str | None = None
