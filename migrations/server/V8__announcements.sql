-- News, polls and offers.

-- An announcement: state is all of it as its editors see it (JSON, as the wire has it); who changed it last, and by which
-- operation. next_ms: when it turns by itself (shown, over, results); NULL: not any more.
CREATE TABLE announcements (
    id           TEXT   PRIMARY KEY,
    state        TEXT   NOT NULL,
    actor        TEXT   NOT NULL,
    operation    TEXT   NOT NULL,
    next_ms      BIGINT
);
CREATE INDEX announcements_due ON announcements (next_ms);

-- For which scopes it is (meant), whether they have it now (told), whether they still have to hear how it stands (due). A row
-- stays when its scope lost it: who has seen a poll may have answered it before.
CREATE TABLE announcement_scopes (
    announcement_id TEXT   NOT NULL,
    scope           TEXT   NOT NULL,
    meant           BIGINT NOT NULL,
    told            BIGINT NOT NULL,
    due             BIGINT NOT NULL,
    PRIMARY KEY (announcement_id, scope)
);
CREATE INDEX announcement_scopes_due ON announcement_scopes (due);

-- Who read it, and what they answered (JSON, as the wire has it).
CREATE TABLE announcement_marks (
    announcement_id TEXT   NOT NULL,
    user_id         TEXT   NOT NULL,
    read_ms         BIGINT NOT NULL,
    answers         TEXT,
    answered_ms     BIGINT,
    PRIMARY KEY (announcement_id, user_id)
);
CREATE INDEX announcement_marks_by_user ON announcement_marks (user_id);
