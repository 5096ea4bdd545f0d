-- A conversation is read page by page and searched by words, without reading the rest of it.
ALTER TABLE entity ADD COLUMN place INTEGER;  -- of a message: its number in its conversation
ALTER TABLE entity ADD COLUMN words TEXT;     -- of a message: what it is found by, in small letters
CREATE INDEX entity_by_place ON entity (kind, parent, place) WHERE place IS NOT NULL;

-- In the same order: what was built is copied as it is.
ALTER TABLE staging ADD COLUMN place INTEGER;
ALTER TABLE staging ADD COLUMN words TEXT;

-- What was fetched to be looked at: contents and small pictures, each an encrypted blob. The least recently used goes first.
CREATE TABLE fetched (
    name    TEXT    PRIMARY KEY,
    blob    BLOB    NOT NULL CHECK (length(blob) = 32),
    bytes   INTEGER NOT NULL,
    used_ms INTEGER NOT NULL,
    facts   TEXT    NOT NULL  -- what else is known of it, JSON
) STRICT, WITHOUT ROWID;
