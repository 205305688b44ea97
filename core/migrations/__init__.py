"""The database's schema, one revision a file, applied by `core.store` when it opens."""
