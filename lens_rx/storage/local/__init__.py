"""What the storages of one process, in memory and in SQLite, have in common."""
