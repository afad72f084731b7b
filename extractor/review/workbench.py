"""Where documents are worked on: child processes that check, draw and read, so that no document harms the server."""

import zlib
from typing import TypeVar

from extractor.batch.children import ChildDied, Children
from extractor.batch.reading import Result, Task
from extractor.errors import LoadError
from extractor.review.bench import Answer, Question, Refused, answer
from extractor.review.edits import EditRefused
from extractor.review.evaluating import Evaluate, Evaluated
from extractor.review.pictures import Draw, Measure, PageSize, PictureCache
from extractor.review.proposals import Proposal, Propose

T = TypeVar("T")


class Workbench:
    """`count` children. All questions about a document go to the same one, which keeps it ready.

    Pages are drawn by one of their own: nobody waits for a picture until a check is done.
    """

    def __init__(self, count: int, megabytes: int, seconds: float, pictures: PictureCache) -> None:
        self._seconds = seconds
        self._pictures = pictures
        self._children: list[Children[Question, Answer]] = [
            Children(answer, 1, megabytes, "extractor.review.bench") for _ in range(count)
        ]
        self._painter: Children[Question, Answer] = Children(answer, 1, megabytes, "extractor.review.bench")

    def evaluate(self, question: Evaluate) -> Evaluated:
        """A document with corrections, checked. Raises EditRefused, and LoadError where it cannot be opened."""
        return self._ask(question.original.sha256, question, Evaluated)

    def propose(self, question: Propose) -> tuple[Proposal, ...]:
        """Corrections that would help. Raises as `evaluate` does."""
        return self._ask(question.state.original.sha256, question, tuple)

    def picture(self, question: Draw) -> bytes:
        """A page as PNG. Raises LoadError where there is none."""
        picture = self._pictures.get(question)
        if picture is None:
            picture = self._told(self._painter, question, bytes)
            self._pictures.put(question, picture)
        return picture

    def page_size(self, question: Measure) -> PageSize:
        """How large a page is. Raises LoadError where there is none."""
        return self._told(self._painter, question, PageSize)

    def read(self, task: Task, sha256: str) -> Result:
        """An uploaded file, read. Raises LoadError where it took the child down."""
        return self._ask(sha256, task, Result)

    def _ask(self, sha256: str, question: Question, kind: type[T]) -> T:
        return self._told(self._children[zlib.crc32(sha256.encode()) % len(self._children)], question, kind)

    def _told(self, children: Children[Question, Answer], question: Question, kind: type[T]) -> T:
        try:
            result = children.run(question, self._seconds)
        except ChildDied as death:
            raise LoadError(
                f"处理这份文件的进程中断，文件可能已损坏 (the process that works on this document {death};"
                " the file is probably damaged)"
            ) from death
        if isinstance(result, Refused):
            raise EditRefused(result.message) if result.edit else LoadError(result.message)
        assert isinstance(result, kind)
        return result

    def close(self) -> None:
        """End the children."""
        for children in (*self._children, self._painter):
            children.close()
