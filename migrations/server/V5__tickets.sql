-- Tickets and conversations.

-- The last number that was given in a year. Taken in the transaction that registers, so no number is left out.
CREATE TABLE ticket_numbers (
    year       BIGINT PRIMARY KEY,
    last       BIGINT NOT NULL
);

-- A ticket: state is all of it as the desk sees it (JSON, as the wire has it); the columns are what is asked for. done_ms:
-- since when it stands at done.
CREATE TABLE tickets (
    id             TEXT   PRIMARY KEY,
    year           BIGINT NOT NULL,
    number         BIGINT NOT NULL,
    user_id        TEXT,
    status         TEXT   NOT NULL,
    done_ms        BIGINT,
    state          TEXT   NOT NULL,
    UNIQUE (year, number)
);
CREATE INDEX tickets_by_user ON tickets (user_id);
CREATE INDEX tickets_done ON tickets (done_ms);

-- What happened to a ticket, as the wire has it.
CREATE TABLE ticket_events (
    id         TEXT   PRIMARY KEY,
    ticket_id  TEXT   NOT NULL,
    at_ms      BIGINT NOT NULL,
    party      TEXT   NOT NULL,
    who        TEXT   NOT NULL,
    what       TEXT   NOT NULL
);
CREATE INDEX ticket_events_by_ticket ON ticket_events (ticket_id, at_ms);

-- How many messages a conversation has: 'ticket:UUID' or 'support:UUID'; since when the resident waits for an answer.
CREATE TABLE conversations (
    conversation TEXT   PRIMARY KEY,
    messages     BIGINT NOT NULL,
    waiting_since_ms BIGINT
);

CREATE TABLE messages (
    id           TEXT   PRIMARY KEY,
    conversation TEXT   NOT NULL,
    number       BIGINT NOT NULL,
    party        TEXT   NOT NULL,
    author       TEXT   NOT NULL,
    text         TEXT   NOT NULL,
    attachments  TEXT   NOT NULL,
    captured_ms  BIGINT NOT NULL,
    received_ms  BIGINT NOT NULL,
    UNIQUE (conversation, number)
);

-- How far each side has read.
CREATE TABLE read_marks (
    conversation TEXT   NOT NULL,
    party        TEXT   NOT NULL,
    through      BIGINT NOT NULL,
    PRIMARY KEY (conversation, party)
);

-- What only the staff reads: never in the table of messages, so that no query can mix them up.
CREATE TABLE notes (
    id           TEXT   PRIMARY KEY,
    ticket_id    TEXT   NOT NULL,
    author       TEXT   NOT NULL,
    text         TEXT   NOT NULL,
    attachments  TEXT   NOT NULL,
    captured_ms  BIGINT NOT NULL,
    received_ms  BIGINT NOT NULL
);
CREATE INDEX notes_by_ticket ON notes (ticket_id);

-- A mass outage, as the wire has it; who changed it last, and by which operation.
CREATE TABLE incidents (
    id           TEXT   PRIMARY KEY,
    state        TEXT   NOT NULL,
    actor        TEXT   NOT NULL,
    operation    TEXT   NOT NULL
);

-- A question that was asked without signing in.
CREATE TABLE questions (
    id           TEXT   PRIMARY KEY,
    phone        TEXT   NOT NULL,
    text         TEXT   NOT NULL,
    asked_ms     BIGINT NOT NULL,
    answered     TEXT
);

-- Letters to residents, until they are sent and for some days after. event is what a letter tells of: one letter each.
CREATE TABLE letters (
    event        TEXT   PRIMARY KEY,
    receiver     TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    body         TEXT   NOT NULL,
    created_ms   BIGINT NOT NULL,
    tries        BIGINT NOT NULL,
    next_ms      BIGINT,
    sent_ms      BIGINT
);
CREATE INDEX letters_due ON letters (next_ms);

-- The classifier that was imported last, instead of that of the settings: TOML in the form of their section.
CREATE TABLE classifier (
    one          BIGINT PRIMARY KEY CHECK (one = 1),
    text         TEXT   NOT NULL,
    imported_ms  BIGINT NOT NULL
);

-- The places for which a ticket can be registered, as the desk was last told of them.
CREATE TABLE desk_places (
    id           TEXT   PRIMARY KEY,
    state        TEXT   NOT NULL
);

-- The staff signs in too. role is one word or several with commas between; an empty password lets nobody in.
ALTER TABLE staff ADD COLUMN post TEXT NOT NULL DEFAULT '';
ALTER TABLE staff ADD COLUMN department TEXT;
