-- Brings a queue of form 2 back to form 1, as the program of that form would have left it: for tests of the way itself.
DROP TRIGGER forgotten;
ALTER TABLE operation RENAME TO operation_2;
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
INSERT INTO operation
    SELECT id, sealed, hash, lane_kind, lane_id, place, priority, captured_ms, ifnull(state, 'queued'),
           ifnull(outcome, '{"state":"queued"}'), outcome ->> '$.position', ifnull(ever_sent, 0), ifnull(withdrawing, 0),
           ifnull(attempts, 0), decided_ms
    FROM operation_2 LEFT JOIN fate USING (number);
DROP TABLE operation_2;
DROP TABLE fate;
DELETE FROM refinery_schema_history WHERE version > 1;
