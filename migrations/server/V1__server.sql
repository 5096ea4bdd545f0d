-- The server's database. Portable SQL: the same text makes the tables of SQLite and of PostgreSQL.
-- Ids are UUIDs as TEXT, times are milliseconds since 1970 UTC, money is kopecks, days are 'YYYY-MM-DD',
-- months are 'YYYY-MM', booleans are 0 and 1. Values of meters are JSON lists of steps (1/10000 of the unit).

-- One row: the life of this database, the head of the feed, the end of what was pruned, what a backup holds.
CREATE TABLE head (
    one        BIGINT PRIMARY KEY CHECK (one = 1),
    epoch      TEXT   NOT NULL,
    seq        BIGINT NOT NULL,
    name       TEXT   NOT NULL,
    horizon    BIGINT NOT NULL,
    backed_up  BIGINT NOT NULL
);

-- What changed, in one order for everybody.
CREATE TABLE feed (
    seq        BIGINT PRIMARY KEY,
    name       TEXT   NOT NULL,
    scope      TEXT   NOT NULL,
    operation  TEXT,
    change     TEXT   NOT NULL,
    at_ms      BIGINT NOT NULL
);
CREATE INDEX feed_by_scope ON feed (scope, seq);

-- Every entity as it is now, per scope: what snapshots are read from.
CREATE TABLE mirror (
    scope      TEXT   NOT NULL,
    id         TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    version    BIGINT NOT NULL,
    entity     TEXT   NOT NULL,
    PRIMARY KEY (scope, id)
);

-- The fate of every operation that was ever seen. Rows are never deleted and never change their outcome.
-- hash is NULL for an operation that was withdrawn before it came.
CREATE TABLE ledger (
    id         TEXT   PRIMARY KEY,
    actor      TEXT   NOT NULL,
    hash       BYTEA,
    outcome    TEXT   NOT NULL CHECK (outcome IN ('applied', 'rejected', 'withdrawn')),
    rejection  TEXT,
    replaces   TEXT,
    position   BIGINT,
    decided_ms BIGINT NOT NULL
);
CREATE INDEX ledger_by_replaced ON ledger (replaces);

-- Which operation stands where in the life of an outbox; another one in its place means a restored copy.
CREATE TABLE device_order (
    actor       TEXT   NOT NULL,
    incarnation TEXT   NOT NULL,
    device_seq  BIGINT NOT NULL,
    operation   TEXT   NOT NULL,
    PRIMARY KEY (actor, incarnation, device_seq)
);

-- People.
CREATE TABLE users (
    id          TEXT   PRIMARY KEY,
    phone       TEXT   NOT NULL UNIQUE,
    name        TEXT   NOT NULL,
    email       TEXT   NOT NULL,
    password    TEXT   NOT NULL,
    created_ms  BIGINT NOT NULL,
    password_ms BIGINT NOT NULL
);
CREATE TABLE profile_history (
    id         TEXT   PRIMARY KEY,
    user_id    TEXT   NOT NULL,
    field      TEXT   NOT NULL,
    was        TEXT   NOT NULL,
    operation  TEXT,
    changed_ms BIGINT NOT NULL
);
CREATE INDEX profile_history_by_user ON profile_history (user_id, changed_ms);

CREATE TABLE devices (
    id         TEXT   PRIMARY KEY,
    user_id    TEXT   NOT NULL,
    secret     BYTEA  NOT NULL,
    system     TEXT   NOT NULL,
    version    TEXT   NOT NULL,
    created_ms BIGINT NOT NULL,
    seen_ms    BIGINT NOT NULL
);
CREATE INDEX devices_by_user ON devices (user_id);

-- One sign-in. Only hashes of its tokens are kept. previous_refresh stays good until refresh was used once.
CREATE TABLE sessions (
    id               TEXT   PRIMARY KEY,
    user_id          TEXT   NOT NULL,
    device_id        TEXT   NOT NULL,
    refresh          BYTEA  NOT NULL,
    previous_refresh BYTEA,
    created_ms       BIGINT NOT NULL,
    refreshed_ms     BIGINT NOT NULL,
    ended_ms         BIGINT,
    ended_why        TEXT
);
CREATE UNIQUE INDEX sessions_by_refresh ON sessions (refresh);
CREATE INDEX sessions_by_previous ON sessions (previous_refresh);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_device ON sessions (device_id);

-- Refresh tokens that were replaced: whoever shows one of them has a copy.
CREATE TABLE spent_refresh (
    hash       BYTEA  PRIMARY KEY,
    session_id TEXT   NOT NULL,
    spent_ms   BIGINT NOT NULL
);
CREATE INDEX spent_refresh_by_time ON spent_refresh (spent_ms);
CREATE TABLE access_tokens (
    hash       BYTEA  PRIMARY KEY,
    session_id TEXT   NOT NULL,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX access_tokens_by_session ON access_tokens (session_id);
CREATE INDEX access_tokens_by_time ON access_tokens (expires_ms);

CREATE TABLE registrations (
    id              TEXT   PRIMARY KEY,
    phone           TEXT   NOT NULL,
    name            TEXT   NOT NULL,
    consent_version TEXT   NOT NULL,
    consent_sha256  TEXT   NOT NULL,
    started_ms      BIGINT NOT NULL,
    code_hmac       BYTEA,
    code_until_ms   BIGINT,
    code_tries      BIGINT NOT NULL,
    proven_ms       BIGINT,
    finished_ms     BIGINT
);

-- Texts of consents are kept for ever: a consent names one of them.
CREATE TABLE consent_documents (
    version  TEXT   NOT NULL,
    sha256   TEXT   NOT NULL,
    title    TEXT   NOT NULL,
    body     TEXT   NOT NULL,
    since_ms BIGINT NOT NULL,
    PRIMARY KEY (version, sha256)
);
CREATE TABLE consents (
    id           TEXT   PRIMARY KEY,
    user_id      TEXT   NOT NULL,
    phone        TEXT   NOT NULL,
    purpose      TEXT   NOT NULL,
    version      TEXT   NOT NULL,
    sha256       TEXT   NOT NULL,
    given_ms     BIGINT NOT NULL,
    channel      TEXT   NOT NULL,
    app_version  TEXT   NOT NULL,
    device_id    TEXT   NOT NULL,
    proven_by    TEXT   NOT NULL,
    withdrawn_ms BIGINT
);
CREATE INDEX consents_by_user ON consents (user_id);

-- Tries and calls, counted per thing and key; survives a restart.
CREATE TABLE limits (
    thing     TEXT   NOT NULL,
    key       TEXT   NOT NULL,
    count     BIGINT NOT NULL,
    since_ms  BIGINT NOT NULL,
    last_ms   BIGINT NOT NULL,
    PRIMARY KEY (thing, key)
);

CREATE TABLE houses (
    id      TEXT PRIMARY KEY,
    address TEXT NOT NULL UNIQUE,
    -- The address without the kind of its street: files may leave it out.
    bare    TEXT NOT NULL DEFAULT '',
    fias    TEXT
);
CREATE INDEX houses_by_bare ON houses (bare);

CREATE TABLE accounts (
    id            TEXT   PRIMARY KEY,
    number        TEXT   NOT NULL UNIQUE,
    els           TEXT,
    fias          TEXT,
    house_id      TEXT   NOT NULL,
    address       TEXT   NOT NULL,
    short_address TEXT   NOT NULL,
    payer         TEXT   NOT NULL,
    debt          BIGINT NOT NULL,
    debt_on       TEXT   NOT NULL,
    bill_sum      BIGINT,
    bill_period   TEXT
);
CREATE INDEX accounts_by_house ON accounts (house_id);

CREATE TABLE attachments (
    user_id     TEXT   NOT NULL,
    account_id  TEXT   NOT NULL,
    attached_ms BIGINT NOT NULL,
    proof       TEXT   NOT NULL,
    PRIMARY KEY (user_id, account_id)
);
CREATE INDEX attachments_by_account ON attachments (account_id);
CREATE TABLE attach_tokens (
    id         TEXT   PRIMARY KEY,
    user_id    TEXT   NOT NULL,
    account_id TEXT   NOT NULL,
    proof      TEXT   NOT NULL,
    until_ms   BIGINT NOT NULL
);

CREATE TABLE meters (
    id                          TEXT   PRIMARY KEY,
    account_id                  TEXT   NOT NULL,
    kind                        TEXT   NOT NULL,
    name                        TEXT   NOT NULL,
    own_name                    TEXT,
    serial                      TEXT   NOT NULL,
    digits                      BIGINT NOT NULL,
    decimals                    BIGINT NOT NULL,
    tariffs                     BIGINT NOT NULL,
    ratio                       BIGINT NOT NULL,
    initial                     TEXT   NOT NULL,
    verified_on                 TEXT,
    verified_until              TEXT,
    verification_interval_years BIGINT,
    automatic                   BIGINT NOT NULL,
    archived_on                 TEXT,
    replaced_by                 TEXT
);
CREATE INDEX meters_by_account ON meters (account_id);
CREATE INDEX meters_by_serial ON meters (serial, kind);

-- Readings are only added. Which one counts in its month, and what became of it, is all that changes.
CREATE TABLE readings (
    id            TEXT   PRIMARY KEY,
    meter_id      TEXT   NOT NULL,
    account_id    TEXT   NOT NULL,
    period        TEXT   NOT NULL,
    steps         TEXT   NOT NULL,
    taken_on      TEXT   NOT NULL,
    captured_ms   BIGINT NOT NULL,
    captured_sure BIGINT NOT NULL,
    received_ms   BIGINT NOT NULL,
    source        TEXT   NOT NULL,
    late          BIGINT NOT NULL,
    verdict       TEXT   NOT NULL CHECK (verdict IN ('accepted', 'scheduled', 'exported', 'counted', 'refused')),
    scheduled_on  TEXT,
    refused_why   TEXT,
    is_current    BIGINT NOT NULL,
    superseded_by TEXT,
    actor         TEXT,
    operation     TEXT,
    import_id     TEXT
);
CREATE INDEX readings_by_meter ON readings (meter_id, period, is_current);
CREATE INDEX readings_by_period ON readings (period, is_current);
CREATE INDEX readings_scheduled ON readings (verdict, scheduled_on);

-- One export of readings to billing. A period with a locking one takes no more readings.
CREATE TABLE exports (
    id      TEXT   PRIMARY KEY,
    format  TEXT   NOT NULL,
    period  TEXT   NOT NULL,
    made_ms BIGINT NOT NULL,
    sha256  TEXT   NOT NULL,
    rows    BIGINT NOT NULL,
    locks   BIGINT NOT NULL
);
CREATE INDEX exports_by_period ON exports (period, locks);

-- Public entities made from the settings, to see what changed since the last start.
CREATE TABLE published (
    id     TEXT PRIMARY KEY,
    scope  TEXT NOT NULL,
    kind   TEXT NOT NULL,
    entity TEXT NOT NULL
);

CREATE TABLE staff (
    id         TEXT   PRIMARY KEY,
    login      TEXT   NOT NULL UNIQUE,
    name       TEXT   NOT NULL,
    role       TEXT   NOT NULL,
    password   TEXT   NOT NULL,
    created_ms BIGINT NOT NULL,
    removed_ms BIGINT
);

-- Who saw or changed whose data (152-ФЗ). The program only adds rows.
CREATE TABLE access_log (
    id      TEXT   PRIMARY KEY,
    at_ms   BIGINT NOT NULL,
    who     TEXT   NOT NULL,
    deed    TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    origin  TEXT   NOT NULL
);
CREATE INDEX access_log_by_time ON access_log (at_ms);
CREATE INDEX access_log_by_subject ON access_log (subject, at_ms);
