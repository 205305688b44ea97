"""What Alembic runs: the revisions, on the connection that `core.store` hands over, inside its transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
