"""How the limits of a model server are kept over all workers: who reads with it has a share of them.

A share is a number of slots (requests at once); of requests and tokens a minute a worker has the same part. A
worker takes only what no living one has, and gives back only what it no longer uses: the sum never exceeds the
limits, whoever joins, leaves or dies. Nothing is asked of the database for a single request. How a worker's share
is divided over its processes: `extractor.reading.llm.shares`.
"""

import hashlib

import sqlalchemy as sa
from sqlalchemy.orm import Session

from extractor.settings import ModelSettings
from extractor.storage.work import ShareRow, WorkerRow, WorkerState


def server_of(settings: ModelSettings) -> str:
    """What stands for a model server in the database."""
    return hashlib.sha256((settings.base_url or "").rstrip("/").encode()).hexdigest()


def take_share(session: Session, worker: str, server: str, slots: int, used: int) -> int:
    """The slots that this worker has from now on, of the `slots` of a server; `used` are those it is using.

    The living workers that ask divide them evenly. As long as another one has not given back what is too much, this
    one gets what is left.
    """
    _in_turn(session, server)
    others = session.execute(
        sa.select(ShareRow.worker_id, ShareRow.slots)
        .join(WorkerRow, WorkerRow.id == ShareRow.worker_id)
        .where(ShareRow.server == server, ShareRow.worker_id != worker, WorkerRow.state == WorkerState.ALIVE)
    ).all()
    sharers = sorted([worker, *(row.worker_id for row in others)])
    least, rest = divmod(slots, len(sharers))
    fair = least + (sharers.index(worker) < rest)
    left = slots - sum(row.slots for row in others)
    mine = max(0, min(max(fair, used), left))
    session.merge(ShareRow(worker_id=worker, server=server, slots=mine))
    return int(min(fair, mine))


def give_back(session: Session, worker: str) -> None:
    """Have no share any more."""
    session.execute(sa.delete(ShareRow).where(ShareRow.worker_id == worker))


def _in_turn(session: Session, server: str) -> None:
    """One worker at a time; on SQLite there is only one."""
    if session.get_bind().dialect.name == "postgresql":
        key = int(server[:15], 16)
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
