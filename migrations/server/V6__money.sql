-- Bills and payments.

-- A bill. state is its entity as the wire has it (JSON), and the only copy: rows of the mirror point here. One for an account and
-- a month. lines: 0 where billing told only the sum. import_id: the file it came with.
CREATE TABLE bills (
    id           TEXT   PRIMARY KEY,
    account_id   TEXT   NOT NULL,
    period       TEXT   NOT NULL,
    to_pay       BIGINT NOT NULL,
    lines        BIGINT NOT NULL,
    state        TEXT   NOT NULL,
    import_id    TEXT   NOT NULL,
    UNIQUE (account_id, period)
);
CREATE INDEX bills_by_import ON bills (import_id);

-- What a bill was before a newer file (import_id) replaced it. Rows are only added.
CREATE TABLE former_bills (
    bill_id      TEXT   NOT NULL,
    import_id    TEXT   NOT NULL,
    state        TEXT   NOT NULL,
    replaced_ms  BIGINT NOT NULL,
    PRIMARY KEY (bill_id, import_id)
);

-- The last number that was given to a payment.
CREATE TABLE payment_numbers (
    one          BIGINT PRIMARY KEY CHECK (one = 1),
    last         BIGINT NOT NULL
);

-- A payment: one order at the bank, written before the bank is asked. number is our key there.
-- next_ms: when the bank is asked about it next; NULL when nothing is expected any more. busy_ms: until when one server is
-- the one that asks. unwanted: the person has cancelled it.
CREATE TABLE payments (
    id           TEXT   PRIMARY KEY,
    number       TEXT   NOT NULL UNIQUE,
    user_id      TEXT   NOT NULL,
    way          TEXT   NOT NULL,
    email        TEXT   NOT NULL,
    sum          BIGINT NOT NULL,
    commission   BIGINT NOT NULL,
    status       TEXT   NOT NULL,
    why          TEXT   NOT NULL,
    paid_by      TEXT   NOT NULL,
    bank_order   TEXT   UNIQUE,
    form_url     TEXT,
    sbp_payload  TEXT,
    receipt_url  TEXT,
    created_ms   BIGINT NOT NULL,
    until_ms     BIGINT NOT NULL,
    asked        BIGINT NOT NULL,
    next_ms      BIGINT,
    busy_ms      BIGINT NOT NULL,
    unwanted     BIGINT NOT NULL,
    paid_ms      BIGINT,
    credited_ms  BIGINT
);
CREATE INDEX payments_due ON payments (next_ms);
CREATE INDEX payments_by_user ON payments (user_id, created_ms);

CREATE TABLE payment_parts (
    id           TEXT   PRIMARY KEY,
    payment_id   TEXT   NOT NULL,
    account_id   TEXT   NOT NULL,
    sum          BIGINT NOT NULL,
    refunded     BIGINT NOT NULL,
    -- While it is live, the account it holds: two live payments for one account cannot stand here.
    holds        TEXT   UNIQUE,
    UNIQUE (payment_id, account_id)
);
CREATE INDEX payment_parts_by_account ON payment_parts (account_id);

-- Money that was credited to an account, and money that went back (negative): each once. Rows are only added; what billing
-- knows of is marked with the export that told it.
CREATE TABLE credits (
    id           TEXT   PRIMARY KEY,
    part_id      TEXT   NOT NULL,
    account_id   TEXT   NOT NULL,
    kind         TEXT   NOT NULL CHECK (kind IN ('payment', 'refund')),
    sum          BIGINT NOT NULL,
    at_ms        BIGINT NOT NULL,
    export_id    TEXT,
    exported_on  TEXT
);
CREATE INDEX credits_by_account ON credits (account_id, exported_on);
CREATE INDEX credits_by_export ON credits (export_id);
CREATE INDEX credits_by_part ON credits (part_id);

-- What happened to a payment: who asked, what the bank said. For the support and for disputes.
CREATE TABLE payment_events (
    id           TEXT   PRIMARY KEY,
    payment_id   TEXT   NOT NULL,
    at_ms        BIGINT NOT NULL,
    what         TEXT   NOT NULL,
    detail       TEXT   NOT NULL
);
CREATE INDEX payment_events_by_payment ON payment_events (payment_id, at_ms);

-- One export of payments to billing.
CREATE TABLE payment_exports (
    id           TEXT   PRIMARY KEY,
    format       TEXT   NOT NULL,
    made_ms      BIGINT NOT NULL,
    day          TEXT   NOT NULL,
    sha256       TEXT   NOT NULL,
    rows         BIGINT NOT NULL,
    sum          BIGINT NOT NULL
);
