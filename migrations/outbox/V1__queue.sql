-- The queue. Never wiped by the program; a row is forgotten only when its operation is over (outbox::Outbox::forget_old).
CREATE TABLE operation (
    id          BLOB    PRIMARY KEY CHECK (length(id) = 16),
    sealed      TEXT    NOT NULL,  -- the bytes as they were entered; no statement updates them
    hash        BLOB    NOT NULL,  -- SHA-256 of them
    lane_kind   TEXT    NOT NULL,
    lane_id     BLOB    NOT NULL,
    place       INTEGER NOT NULL,
    priority    INTEGER NOT NULL,
    captured_ms INTEGER NOT NULL,
    state       TEXT    NOT NULL,  -- the name of the state, for people who look
    outcome     TEXT    NOT NULL,  -- the state with all it carries, JSON
    position    INTEGER,
    ever_sent   INTEGER NOT NULL,
    withdrawing INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    decided_ms  INTEGER
) STRICT, WITHOUT ROWID;

-- What an operation needs before it goes out, besides its lane.
CREATE TABLE need (
    operation BLOB NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('operation', 'blob')),
    target    BLOB NOT NULL CHECK (length(target) = CASE kind WHEN 'blob' THEN 32 ELSE 16 END),
    PRIMARY KEY (operation, kind, target)
) STRICT, WITHOUT ROWID;

-- The blobs that operations need. The file of each was durable in blobs/ before its row.
CREATE TABLE blob (
    name      BLOB    PRIMARY KEY CHECK (length(name) = 32),
    bytes     INTEGER NOT NULL,  -- of the plain content
    on_server INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row: the life of this file and the sequence that the next operation takes.
CREATE TABLE device (
    only        INTEGER PRIMARY KEY CHECK (only = 1),
    incarnation BLOB    NOT NULL CHECK (length(incarnation) = 16),
    next_seq    INTEGER NOT NULL
) STRICT;

-- Secrets and notes of this person on this device: the refresh token, the clock's anchor.
CREATE TABLE secret (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
