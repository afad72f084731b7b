"""What a child process of the workbench answers. Errors meant for people come back as sentences."""

from dataclasses import dataclass

from extractor.batch.reading import Result, Task, read_file
from extractor.review.edits import EditRefused
from extractor.review.evaluating import Evaluate, Evaluated, evaluate
from extractor.review.pictures import Draw, Measure, PageSize, draw, measure
from extractor.review.proposals import Proposal, Propose, propose
from schemas.base import GoujiError

Question = Evaluate | Propose | Draw | Measure | Task


@dataclass(frozen=True)
class Refused:
    """Why there is no answer: `edit` when it is the edits that cannot be done."""

    message: str
    edit: bool = False


Answer = Evaluated | tuple[Proposal, ...] | bytes | PageSize | Result | Refused


async def answer(question: Question) -> Answer:
    """One question, answered."""
    try:
        match question:
            case Evaluate():
                return evaluate(question)
            case Propose():
                return propose(question)
            case Draw():
                return draw(question)
            case Measure():
                return measure(question)
            case Task():
                return await read_file(question)
    except EditRefused as error:
        return Refused(str(error), edit=True)
    except GoujiError as error:
        return Refused(str(error))
    except MemoryError:
        return Refused("内存不够 (not enough memory for this document)")
    except Exception as error:  # whatever is wrong with one document must not end the child
        return Refused(f"程序出错，请报告 (an unforeseen error, please report it: {type(error).__name__}: {error})")
