"""Alembic's entry: migrations run on the connection that `extractor.storage.database` hands in."""

from alembic import context

from extractor.storage import people, reviewing, work
from extractor.storage.models import Base

assert all((people, reviewing, work))  # their tables belong to the same metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, transactional_ddl=True
)
context.run_migrations()
