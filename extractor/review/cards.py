"""The card of a task: what is wrong, where it stands, what was read; and what a draft would make of it, live."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractor.review.actors import Actor
from extractor.review.desk import Desk, State
from extractor.review.drafts import Draft, Step, draft_of, keep, stepped
from extractor.review.edits import Edit
from extractor.review.evaluating import Correction, Evaluated
from extractor.review.indexed import Indexed, index_of
from extractor.review.projection import finding_now
from extractor.review.proposals import Proposal, Propose
from extractor.review.standing import prefix_of
from extractor.review.talk import Comment, comments_of
from extractor.review.views import (
    ActView,
    RecordView,
    RelationView,
    SuspectView,
    TaskView,
    act_view,
    record_view,
    task_view,
)
from extractor.review.written import Written
from extractor.storage.models import TaskRow, TaskStatus
from extractor.storage.packing import expand
from extractor.storage.people import Role
from extractor.storage.tasks import TaskKind
from extractor.storage.types import now
from schemas.base import Model
from schemas.checks import Finding
from schemas.extraction import DocumentInfo, Extraction, Record
from schemas.fields import pointers
from schemas.quantities import Quantity
from schemas.quantities import Role as QuantityRole

MOST_RECORDS = 15
"""Records of a card; the others that a long sum adds up are in the text, where a click on a figure finds them."""

MOST_RELATIONS = 12

MOST_UNCLAIMED = 60

CONTEXT = 2
"""Records next to a figure that no record holds, shown so that it can be put into one of them."""


class Card(Model):
    """Everything about a task but the text. `figures` and `spans` are what it is about.

    `basis` is the state of the document that the card shows; it goes back with the verdict.
    """

    task: TaskView
    document: DocumentInfo
    finding: Finding | None
    figures: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    records: tuple[RecordView, ...]
    relations: tuple[RelationView, ...]
    suspects: tuple[SuspectView, ...]
    unclaimed: tuple[SuspectView, ...]
    comments: tuple[Comment, ...]
    history: tuple[ActView, ...]
    doubled: bool
    basis: int
    edits: int = 0
    undone: int = 0


class Live(Model):
    """What a draft makes of the document, checked just now and not saved.

    `colours` are those of figures that look different from the saved state. `settles` and `breaks` say which
    relations it would make hold, or break.
    """

    records: tuple[RecordView, ...]
    relations: tuple[RelationView, ...]
    colours: dict[str, str]
    settles: tuple[str, ...]
    breaks: tuple[str, ...]
    edits: tuple[Edit, ...]
    undone: int
    basis: int


@dataclass(frozen=True)
class Opened:
    """A card with what the source needs: the text as loaded and the extraction."""

    card: Card
    text: str
    extraction: Extraction


def open_card(desk: Desk, actor: Actor, task_id: int) -> Opened:
    """The card of a task as the person may see it. Raises NotStored."""
    with desk.database.transaction() as session:
        state = desk.state(session, task_id)
        draft = draft_of(session, actor, task_id)
        blind = _is_blind(state, task_id, actor)
        comments = () if blind else comments_of(session, task_id)
    task = state.rows[task_id]
    about = _About.of(task, state)
    acts = [row for row in state.log if row.task_id == task_id] if not blind else []
    card = Card(
        task=task_view(task, actor),
        document=state.now.document,
        finding=about.finding,
        figures=about.figures,
        spans=about.spans,
        records=tuple(record_view(each, about.quantities) for each in about.records),
        relations=_stated(about),
        suspects=about.suspects,
        unclaimed=about.unclaimed,
        comments=comments,
        history=tuple(map(act_view, acts)),
        doubled=task_id in state.doubled,
        basis=state.basis,
        edits=len(draft.edits),
        undone=len(draft.undone),
    )
    return Opened(card, expand(state.text), state.now)


def _is_blind(state: State, task_id: int, actor: Actor) -> bool:
    """Whether the person may not see what was decided, because they are to decide by themselves."""
    decided = state.standing(task_id).decisions
    waiting = state.rows[task_id].status == TaskStatus.SECOND
    return waiting and not actor.role.includes(Role.LEAD) and all(each.actor != actor.name for each in decided)


def change(desk: Desk, actor: Actor, task_id: int, step: Step = Step.STAY, added: tuple[Edit, ...] = ()) -> Live:
    """Take a step with a person's draft, check the document with it, and keep it.

    Raises EditRefused (then the draft stays as it was), LoadError, NotStored.
    """
    with desk.database.transaction() as session:
        state = desk.state(session, task_id)
        before = draft_of(session, actor, task_id)
    draft = stepped(before, step, added)
    live = _live(desk, actor, task_id, state, draft)
    if draft != before:
        with desk.database.writing() as session:
            keep(session, actor, task_id, draft, state.basis)
    return live


def evaluate(desk: Desk, actor: Actor, task_id: int, edits: tuple[Edit, ...]) -> Live:
    """What edits would make of the document; nothing is kept. Raises EditRefused, LoadError, NotStored."""
    with desk.database.transaction() as session:
        state = desk.state(session, task_id)
    return _live(desk, actor, task_id, state, Draft(edits))


def proposals(desk: Desk, actor: Actor, task_id: int) -> tuple[Proposal, ...]:
    """Corrections that would settle what the task is about, best first. Raises LoadError, NotStored."""
    with desk.database.transaction() as session:
        state = desk.state(session, task_id)
    about = _About.of(state.rows[task_id], state)
    suspects = tuple(each.quantity for each in about.suspects)
    return desk.workbench.propose(Propose(desk.question(state), about.figures, suspects))


def _live(desk: Desk, actor: Actor, task_id: int, state: State, draft: Draft) -> Live:
    about = _About.of(state.rows[task_id], state)
    correction = Correction(prefix_of(task_id), draft.edits, task_id, actor.name, now()) if draft.edits else None
    focus = frozenset(about.figures if about.finding else (each.id for each in about.records[:MOST_RECORDS]))
    evaluated = desk.workbench.evaluate(desk.question(state, correction, focus))
    quantities = {each.id: each for each in evaluated.extraction.quantities}
    old, new = index_of(state.now).colours, Indexed(evaluated.extraction).colours
    was, by_now = _failing(state.now), _failing(evaluated.extraction)
    return Live(
        records=tuple(_shown(about, evaluated, quantities)),
        relations=_written(evaluated.relations, about, evaluated.extraction),
        colours={name: colour for name, colour in new.items() if old.get(name) != colour},
        settles=tuple(said for key, said in was.items() if key not in by_now),
        breaks=tuple(said for key, said in by_now.items() if key not in was),
        edits=draft.edits,
        undone=len(draft.undone),
        basis=state.basis if draft.basis is None else draft.basis,
    )


def _shown(about: "_About", evaluated: Evaluated, quantities: dict[str, Quantity]) -> Iterable[RecordView]:
    """The card's records as they became, and those that the draft touched or added."""
    records = {each.id: each for each in evaluated.extraction.records}
    names = dict.fromkeys((*(each.id for each in about.records), *evaluated.touched))
    for name in names:
        if name in records:
            yield record_view(records[name], quantities, name in evaluated.touched)


def _failing(extraction: Extraction) -> dict[tuple[str | None, frozenset[str]], str]:
    """Failing relations by rule and figures (their numbers change from check to check), as sentences."""
    failing = [each for each in extraction.checks if each.outcome.fails]
    return {(each.rule, frozenset(each.operands)): each.statement for each in failing}


@dataclass(frozen=True)
class _About:
    """What a task is about."""

    task: TaskRow
    extraction: Extraction
    quantities: dict[str, Quantity]
    finding: Finding | None
    figures: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    records: tuple[Record, ...]

    @classmethod
    def of(cls, task: TaskRow, state: State) -> "_About":
        """Worked out from the settled version; from the reading where the finding is gone by now."""
        extraction, finding = state.now, finding_now(task, state.reading, state.now)
        if finding is None and task.kind == TaskKind.FINDING:
            finding = next((each for each in state.reading.findings if each.id == task.subject), None)
        quantities = index_of(extraction).quantities
        figures = _figures(task, extraction, finding)
        known = [quantities[each] for each in figures if each in quantities]
        spans = list(finding.spans) if finding is not None else []
        spans.extend((each.start, each.end) for each in known)
        if not known and task.kind in (TaskKind.SECTION, TaskKind.COVERAGE):
            spans.extend((each.start, each.end) for each in extraction.sections if each.id == task.subject)
        records = _records(task, extraction, figures)
        return cls(task, extraction, quantities, finding, figures, tuple(sorted(set(spans))), records)

    @property
    def suspects(self) -> tuple[SuspectView, ...]:
        """The figures that may be wrong, the likeliest first."""
        if self.finding is None:
            return ()
        ranked = dict.fromkeys((*((self.finding.suspect,) if self.finding.suspect else ()), *self.finding.suspects))
        return tuple(
            self._view(name, self.finding.suggested if name == self.finding.suspect else None)
            for name in ranked
            if name in self.quantities
        )

    @property
    def unclaimed(self) -> tuple[SuspectView, ...]:
        """Figures that the task is about and no record holds."""
        named = [name for name in self.figures if self.quantities[name].role is QuantityRole.UNCLAIMED]
        return tuple(self._view(name) for name in named[:MOST_UNCLAIMED])

    def _view(self, name: str, suggested: str | None = None) -> SuspectView:
        quantity = self.quantities[name]
        return SuspectView(quantity=name, raw=quantity.raw, page=quantity.page, suggested=suggested)


def _figures(task: TaskRow, extraction: Extraction, finding: Finding | None) -> tuple[str, ...]:
    known = index_of(extraction).quantities
    if finding is not None:
        named = ((finding.suspect,) if finding.suspect else ()) + finding.quantities
        return tuple(name for name in dict.fromkeys(named) if name in known)
    if task.kind in (TaskKind.SECTION, TaskKind.COVERAGE):
        inside = [each for each in extraction.quantities if each.section == task.subject]
        missed = [each.id for each in inside if each.role is QuantityRole.UNCLAIMED]
        return tuple(missed or [each.id for each in inside])
    if task.kind == TaskKind.MANUAL:
        return (task.subject,) if task.subject in known else ()
    record = next((each for each in extraction.records if each.id == task.subject), None)
    return tuple(name for _, name in pointers(record.fields) if name in known) if record is not None else ()


def _records(task: TaskRow, extraction: Extraction, figures: Sequence[str]) -> tuple[Record, ...]:
    """The records that the task speaks of, those of its first figures first."""
    holders = index_of(extraction).holders
    found = {holders[name].id: holders[name] for name in figures if name in holders}
    if task.kind in (TaskKind.RECORD, TaskKind.AUDIT):
        found.update({each.id: each for each in extraction.records if each.id == task.subject})
    elif task.kind in (TaskKind.SECTION, TaskKind.COVERAGE):
        found.update({each.id: each for each in extraction.records if each.section == task.subject})
    elif not found:
        found.update(_neighbours(extraction, figures, holders))
    return tuple(found.values())[:MOST_RECORDS]


def _neighbours(extraction: Extraction, figures: Sequence[str], holders: dict[str, Record]) -> dict[str, Record]:
    """Records of the figures that stand next to ones that no record holds."""
    held = [each for each in extraction.quantities if each.id in holders]
    found: dict[str, Record] = {}
    for quantity in (each for each in extraction.quantities if each.id in set(figures[:MOST_UNCLAIMED])):
        near = sorted(held, key=lambda each, at=quantity.start: abs(each.start - at))  # type: ignore[misc]
        found.update({holders[each.id].id: holders[each.id] for each in near[:CONTEXT]})
    return found


def _stated(about: _About) -> tuple[RelationView, ...]:
    """The relations of the card as they were when the document was last checked."""
    wanted, mine = set(about.figures), {each.id for each in about.records}
    named = set(about.finding.checks) if about.finding is not None else set()
    shown = [
        check
        for check in about.extraction.checks
        if check.id in named
        or (check.outcome.fails and not wanted.isdisjoint(check.operands))
        or (about.task.kind == TaskKind.AUDIT and not mine.isdisjoint(check.records))
    ]
    views = [RelationView(check=each.id, outcome=each.outcome, statement=each.statement) for each in shown]
    return tuple(sorted(views, key=lambda each: not each.outcome.fails)[:MOST_RELATIONS])


def _written(relations: Sequence[Written], about: _About, extraction: Extraction) -> tuple[RelationView, ...]:
    """The relations that the card's figures stand in, written out; those that fail come first."""
    statements = {each.id: each.statement for each in extraction.checks}
    mine = {*about.figures, *(name for each in about.records for _, name in pointers(each.fields))}
    near = [each for each in relations if not mine.isdisjoint(term.quantity for term in each.terms)]
    near.sort(key=lambda each: not each.outcome.fails)
    return tuple(
        RelationView(
            check=each.check, outcome=each.outcome, statement=statements.get(each.check, each.rule), written=each
        )
        for each in near[:MOST_RELATIONS]
    )
