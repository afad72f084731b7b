"""Opening databases, and the tables that migrations make."""

import multiprocessing
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from evals.postgres import PostgresServer
from extractor.errors import ConfigurationError
from extractor.storage.database import MIGRATIONS, Database, open_database, url_of
from extractor.storage.models import Base, DocumentRow
from extractor.storage.types import Fixed
from extractor.storage.work import JobRow


def test_migrations_make_the_tables_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_go_back_and_forth(database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]
        command.upgrade(config, "head")


def _open(address: str) -> None:
    open_database(address).close()


def test_processes_open_an_empty_database_at_once(database_address: str) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_open, args=(database_address,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    reopened = open_database(database_address)
    with reopened.transaction() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(JobRow)).scalar() == 0
    reopened.close()


def test_moments_keep_their_zone_and_amounts_their_digits(database: Database) -> None:
    there = datetime(2024, 5, 1, 8, 30, tzinfo=timezone(timedelta(hours=8)))
    with database.transaction() as session:
        session.add(JobRow(name="a", reader="rules", created_at=there))
    with database.transaction() as session:
        assert session.execute(sa.select(JobRow.created_at)).scalar() == datetime(2024, 5, 1, 0, 30, tzinfo=UTC)
    with pytest.raises(sa.exc.StatementError, match="without a zone"), database.transaction() as session:
        session.add(JobRow(name="b", reader="rules", created_at=datetime(2024, 5, 1)))


@given(st.decimals(min_value=-(10**14), max_value=10**14, places=4))
def test_amounts_round_trip(amount: Decimal) -> None:
    kind, dialect = Fixed(4), sqlite.dialect()
    assert kind.process_result_value(kind.process_bind_param(amount, dialect), dialect) == amount


@given(st.decimals(allow_nan=False, allow_infinity=False), st.decimals(allow_nan=False, allow_infinity=False))
def test_amounts_keep_their_order_and_always_fit(one: Decimal, other: Decimal) -> None:
    kept = [Fixed(4).process_bind_param(value, None) for value in sorted((one, other))]
    assert kept == sorted(kept, key=lambda value: value or 0)
    assert all(abs(value or 0) < 2**63 for value in kept)


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    def interrupted() -> None:
        with database.transaction() as session:
            session.add(JobRow(name="a", reader="rules"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    with database.transaction() as session:
        assert session.execute(sa.select(JobRow.id)).all() == []


@pytest.mark.parametrize("address", ["mysql://root@localhost/x", "nonsense://", "postgresql"])
def test_addresses_that_mean_nothing_are_refused_in_words(address: str, tmp_path: Path) -> None:
    if "://" in address:
        with pytest.raises(ConfigurationError, match="数据库地址"):
            url_of(address)
    else:
        assert url_of(address).database == address


def test_a_server_that_is_not_there_is_told_without_its_password() -> None:
    with pytest.raises(ConfigurationError, match="打不开数据库") as caught:
        open_database("postgresql://me:secret@127.0.0.1:1/none")
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, and long enough to be looked at " * 40)
    with pytest.raises(ConfigurationError, match="打不开数据库"):
        open_database(path)


def test_postgres_comes_back_after_a_restart(postgres: PostgresServer) -> None:
    opened = open_database(postgres.create_database("comes_back"))
    postgres.restart()
    with opened.transaction() as session:
        assert session.execute(sa.select(DocumentRow.id)).all() == []
    opened.close()
