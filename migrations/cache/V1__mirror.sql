-- The mirror of the server. Everything here can be fetched again.
CREATE TABLE entity (
    kind    TEXT    NOT NULL,
    id      BLOB    NOT NULL,
    parent  BLOB,
    scope   TEXT    NOT NULL,
    version INTEGER NOT NULL,  -- the feed position of its last change
    json    TEXT,              -- NULL: a tombstone, kept while a snapshot may still bring an older form
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX entity_by_parent ON entity (kind, parent, id);
CREATE INDEX entity_by_scope ON entity (scope);
CREATE INDEX entity_gone ON entity (version) WHERE json IS NULL;

-- A mirror that is being built anew while the old one is still shown.
CREATE TABLE staging (
    kind    TEXT    NOT NULL,
    id      BLOB    NOT NULL,
    parent  BLOB,
    scope   TEXT    NOT NULL,
    version INTEGER NOT NULL,
    json    TEXT,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

-- The scopes seen. A wanted one was granted and its snapshot is not complete.
CREATE TABLE scope (
    name   TEXT    PRIMARY KEY,
    wanted INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row: where in the feed the mirror is.
CREATE TABLE cursor (
    only      INTEGER PRIMARY KEY CHECK (only = 1),
    epoch     BLOB    NOT NULL,
    seq       INTEGER NOT NULL,
    name      BLOB    NOT NULL,
    backed_up INTEGER NOT NULL,
    form      INTEGER NOT NULL  -- what the program that filled the mirror could read
) STRICT;
