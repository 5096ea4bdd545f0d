-- What was entered is written once; what becomes of it three times and more. In one row every one of these wrote the sealed
-- bytes again, four rows to a page; sixty fates share a page. And wide rows stand in the order of entry now, with an index
-- of their ids: by id alone, every one was a place at which the tree forks.
ALTER TABLE operation RENAME TO operation_1;

-- What was entered. Never wiped by the program, and no statement updates it; a row is forgotten only when its operation
-- is over (outbox::Outbox::forget_old).
CREATE TABLE operation (
    number      INTEGER PRIMARY KEY,
    id          BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    sealed      TEXT    NOT NULL,  -- the bytes as they were entered
    hash        BLOB    NOT NULL,  -- SHA-256 of them
    lane_kind   TEXT    NOT NULL,
    lane_id     BLOB    NOT NULL,
    place       INTEGER NOT NULL,
    priority    INTEGER NOT NULL,
    captured_ms INTEGER NOT NULL
) STRICT;

-- What became of it. An entry without a row here stands as it was entered: queued, and no copy has left.
CREATE TABLE fate (
    number      INTEGER PRIMARY KEY,
    state       TEXT    NOT NULL,  -- the name of the state, for people who look
    outcome     TEXT    NOT NULL,  -- the state with all it carries, JSON
    ever_sent   INTEGER NOT NULL,
    withdrawing INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    decided_ms  INTEGER
) STRICT;

-- A number is free again when its row is gone, and its fate must not be another's.
CREATE TRIGGER forgotten AFTER DELETE ON operation BEGIN
    DELETE FROM fate WHERE number = OLD.number;
END;

INSERT INTO operation (id, sealed, hash, lane_kind, lane_id, place, priority, captured_ms)
    SELECT id, sealed, hash, lane_kind, lane_id, place, priority, captured_ms FROM operation_1 ORDER BY id;
-- Also of those that never left: nothing is to be concluded from what an older program wrote.
INSERT INTO fate (number, state, outcome, ever_sent, withdrawing, attempts, decided_ms)
    SELECT number, state, outcome, ever_sent, withdrawing, attempts, decided_ms
    FROM operation JOIN operation_1 USING (id) ORDER BY number;

DROP TABLE operation_1;
