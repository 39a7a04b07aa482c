"""The tables of the SQLite storage, and the settings of every connection.

Times are microseconds since 1970, UTC. A fact's `place` is its run's id and its `seq` in one number, so that a
run's facts are adjacent and are found without an index. Totals are maintained by triggers, so that no bound is
checked by counting.
"""

from __future__ import annotations

#: "lnRx": distinguishes these files from those of other programs.
APPLICATION_ID = 0x6C6E5278
VERSION = 2
#: A run's id stands above this many bits of a place, the seq below.
SEQ_BITS = 20

PRAGMAS = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA temp_store = MEMORY;
"""

SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  generation INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'complete', 'abandoned')),
  created_at INTEGER NOT NULL,
  fresh_until INTEGER,
  settled_at INTEGER,
  used_at INTEGER NOT NULL,
  entries INTEGER NOT NULL DEFAULT 0,
  size INTEGER NOT NULL DEFAULT 0,
  client TEXT NOT NULL DEFAULT '',
  options BLOB NOT NULL DEFAULT '',
  attempt INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX runs_open ON runs (id) WHERE state = 'queued';
CREATE INDEX runs_by_use ON runs (used_at) WHERE state <> 'queued';
CREATE INDEX runs_by_end ON runs (settled_at) WHERE state <> 'queued';
CREATE INDEX runs_by_birth ON runs (created_at, key);

CREATE TABLE facts (
  place INTEGER PRIMARY KEY,
  fact_id TEXT NOT NULL,
  observed_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  payload BLOB NOT NULL
);
CREATE TABLE photos (
  place INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  content BLOB NOT NULL
);
CREATE TABLE results (
  key TEXT PRIMARY KEY,
  until INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  payload BLOB NOT NULL
);
CREATE INDEX results_by_use ON results (used_at);
CREATE INDEX results_by_end ON results (until);

CREATE TABLE totals (what TEXT PRIMARY KEY, count INTEGER NOT NULL, bytes INTEGER NOT NULL);
INSERT INTO totals VALUES ('runs', 0, 0), ('results', 0, 0);

CREATE TRIGGER run_settled AFTER UPDATE OF state ON runs
WHEN old.state = 'queued' AND new.state <> 'queued' BEGIN
  UPDATE totals SET count = count + 1, bytes = bytes + new.size WHERE what = 'runs';
END;
CREATE TRIGGER run_adopted AFTER INSERT ON runs WHEN new.state <> 'queued' BEGIN
  UPDATE totals SET count = count + 1, bytes = bytes + new.size WHERE what = 'runs';
END;
CREATE TRIGGER run_dropped AFTER DELETE ON runs WHEN old.state <> 'queued' BEGIN
  UPDATE totals SET count = count - 1, bytes = bytes - old.size WHERE what = 'runs';
END;
CREATE TRIGGER run_emptied AFTER DELETE ON runs BEGIN
  DELETE FROM facts WHERE place >= old.id << {SEQ_BITS} AND place < (old.id + 1) << {SEQ_BITS};
  DELETE FROM photos WHERE place >= old.id << {SEQ_BITS} AND place < (old.id + 1) << {SEQ_BITS};
END;
CREATE TRIGGER result_kept AFTER INSERT ON results BEGIN
  UPDATE totals SET count = count + 1, bytes = bytes + length(new.payload) WHERE what = 'results';
END;
CREATE TRIGGER result_dropped AFTER DELETE ON results BEGIN
  UPDATE totals SET count = count - 1, bytes = bytes - length(old.payload) WHERE what = 'results';
END;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
COMMIT;
"""  # noqa: S608  # only constant numbers are inserted

#: The migration of each older version to the next one.
MIGRATIONS = {
    1: """
BEGIN IMMEDIATE;
ALTER TABLE runs ADD COLUMN attempt INTEGER NOT NULL DEFAULT 0;
PRAGMA user_version = 2;
COMMIT;
"""
}
