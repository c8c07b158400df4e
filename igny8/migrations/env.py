"""Runs migrations on the connection that `db.migrate` hands in."""

from alembic import context

from igny8.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
if connection.dialect.name == "postgresql":
    # Never queue behind a long reader for good: fail, say so, let the user choose the time.
    connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(5149198)")
with context.begin_transaction():
    context.run_migrations()
