-- Files that people send. Their contents lie in the folder of files, each under its SHA-256 (64 hex digits), which is its
-- id here; what comes in lies there under the id of its upload.

-- One upload. What came up to `received` is on the disk. When all of it came, hash says what it is; when that was put in
-- its place, stored is 1.
CREATE TABLE uploads (
    id         TEXT   PRIMARY KEY,
    user_id    TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    metadata   TEXT   NOT NULL,
    length     BIGINT NOT NULL,
    received   BIGINT NOT NULL,
    promised   TEXT,
    hash       TEXT,
    stored     BIGINT NOT NULL,
    until_ms   BIGINT NOT NULL
);
CREATE INDEX uploads_by_time ON uploads (until_ms);
CREATE INDEX uploads_by_user ON uploads (user_id, stored);

-- Every content, once. attached is 1 as soon as something refers to it.
CREATE TABLE files (
    id          TEXT   PRIMARY KEY,
    bytes       BIGINT NOT NULL,
    media       TEXT   NOT NULL,
    width       BIGINT,
    height      BIGINT,
    attached    BIGINT NOT NULL,
    uploaded_ms BIGINT NOT NULL
);
CREATE INDEX files_by_need ON files (attached, uploaded_ms);

-- Who uploaded a content, and what they call it.
CREATE TABLE file_uploaders (
    file        TEXT   NOT NULL,
    user_id     TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    uploaded_ms BIGINT NOT NULL,
    PRIMARY KEY (file, user_id)
);
CREATE INDEX file_uploaders_by_user ON file_uploaders (user_id);

-- Who else may see it, under which name: those who see what it is attached to.
CREATE TABLE file_rights (
    file        TEXT   NOT NULL,
    scope       TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    attached_ms BIGINT NOT NULL,
    PRIMARY KEY (file, scope)
);
