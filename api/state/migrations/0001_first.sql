-- Times are RFC 3339 in UTC with nanoseconds, so that text order is time order.
CREATE TABLE import (
    id       TEXT PRIMARY KEY NOT NULL,
    created  TEXT NOT NULL,
    started  TEXT NOT NULL DEFAULT '',
    finished TEXT NOT NULL DEFAULT '',
    state    TEXT NOT NULL CHECK (state IN ('accepted', 'running', 'successful', 'failed', 'dismissed')),
    layer    TEXT NOT NULL,
    theme    TEXT NOT NULL,
    title    TEXT NOT NULL,
    vintage  TEXT NOT NULL,
    file     TEXT NOT NULL,              -- as its owner calls it
    upload   TEXT NOT NULL,              -- where it is kept, see api.uploads
    request  BLOB NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    done     INTEGER NOT NULL DEFAULT 0,
    total    INTEGER NOT NULL DEFAULT -1,
    ref      TEXT NOT NULL DEFAULT '',
    report   BLOB,
    problem  BLOB,
    queued   INTEGER NOT NULL DEFAULT 0  -- the queue's own number for it
) STRICT;
CREATE INDEX import_created ON import (created);
CREATE INDEX import_open ON import (upload) WHERE state IN ('accepted', 'running');

CREATE TABLE parcel_check (
    id       TEXT PRIMARY KEY NOT NULL,
    created  TEXT NOT NULL,
    file     TEXT NOT NULL,
    activity TEXT NOT NULL,
    date     TEXT NOT NULL,
    verdict  TEXT NOT NULL,
    result   BLOB NOT NULL
) STRICT;
CREATE INDEX parcel_check_created ON parcel_check (created);
