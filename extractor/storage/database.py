"""Opening the database, and bringing its tables up to date."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from extractor.errors import ConfigurationError
from extractor.sqlite import PATIENCE, log_ahead

MIGRATIONS = Path(__file__).with_name("migrations")

_LOCK = 0x60071  # a number of our own for PostgreSQL's advisory lock: one process migrates at a time


@dataclass(frozen=True)
class Database:
    """An open database, with its tables up to date."""

    url: sa.URL
    engine: sa.Engine = field(compare=False)
    _writer: threading.Lock = field(default_factory=threading.Lock, compare=False, repr=False)

    @property
    def is_sqlite(self) -> bool:
        """True for a file, False for PostgreSQL."""
        return self.engine.dialect.name == "sqlite"

    @property
    def file(self) -> Path | None:
        """The SQLite file; None on PostgreSQL."""
        return Path(str(self.url.database)) if self.is_sqlite else None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose changes are committed together, or not at all."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """As `transaction`, for one that writes at once: threads of this process take turns for an SQLite file.

        SQLite itself lets whoever tries at the right moment go first; of twenty threads some would wait for ever.
        """
        with self._writer if self.is_sqlite else nullcontext(), self.transaction() as session:
            yield session

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def open_database(address: str | Path, pool: int = 8, migrate: bool = True) -> Database:
    """Open `address`: the path of an SQLite file, or a URL (`postgresql://user@host/name`, `sqlite:///path`).

    Missing tables are made and old ones brought up to date. Raises ConfigurationError with a sentence when the
    address means nothing or the database cannot be reached.
    """
    url = url_of(address)
    engine = _sqlite_engine(url, pool) if url.get_backend_name() == "sqlite" else _postgres_engine(url, pool)
    database = Database(url, engine)
    try:
        if migrate:
            _migrate(database)
    except SQLAlchemyError as error:
        database.close()
        raise ConfigurationError(
            f"打不开数据库 {url.render_as_string()} (the database cannot be opened): {_first_line(error)}"
        ) from error
    return database


def url_of(address: str | Path) -> sa.URL:
    """The URL of a database. Raises ConfigurationError for what is neither a file nor SQLite nor PostgreSQL."""
    text = str(address)
    if "://" not in text:
        return sa.URL.create("sqlite", database=text)
    try:
        url = sa.make_url(text)
    except SQLAlchemyError:
        url = sa.URL.create("unknown")
    if url.get_backend_name() == "sqlite" and url.database:
        return url.set(drivername="sqlite")
    if url.get_backend_name() in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    raise ConfigurationError(
        "数据库地址应为文件路径或 postgresql://用户@主机/库名 (a database address is the path of a file,"
        f" or postgresql://user@host/name); it begins with {text.split(':')[0]}:"
    )


def _sqlite_engine(url: sa.URL, pool: int) -> sa.Engine:
    Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, pool_size=2 * pool, max_overflow=2 * pool)
    event.listen(engine, "connect", prepare_sqlite)
    return engine


def prepare_sqlite(connection: Any, _: object = None, synchronous: str = "full") -> None:
    """Set up an SQLite connection: readers beside one writer, who waits its turn instead of failing.

    Results are synchronised to the disk at every commit, since the engine's file may outlive a power cut that
    theirs does not.
    """
    connection.isolation_level = "IMMEDIATE"
    connection.execute(f"pragma busy_timeout = {PATIENCE * 1000:.0f}")
    log_ahead(connection)
    connection.execute(f"pragma synchronous = {synchronous}")
    connection.execute("pragma foreign_keys = on")


def _postgres_engine(url: sa.URL, pool: int) -> sa.Engine:
    keepalive = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "connect_timeout": 10}
    return sa.create_engine(
        url,
        pool_size=pool,
        max_overflow=pool,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        connect_args={"application_name": "gouji", **keepalive},
    )


def _migrate(database: Database) -> None:
    """Apply what is missing of the migrations, in one transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with migration_lock(database), database.engine.connect() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("begin immediate")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


@contextmanager
def migration_lock(database: Database) -> Iterator[None]:
    """One process migrates at a time; on SQLite the file's own lock sees to that.

    The lock is held outside any transaction: CREATE INDEX CONCURRENTLY waits for all that are open.
    """
    if database.is_sqlite:
        yield
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.select(sa.func.pg_advisory_lock(_LOCK)))
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(_LOCK)))


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
