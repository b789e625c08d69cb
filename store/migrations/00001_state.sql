-- +goose Up
-- Instants are microseconds since 1970 in UTC, and 0 is none. Days are text as
-- "2026-03-16", '' is none. Bodies are the whole value as JSON; the columns beside
-- a body are those that are searched, compared or reported on.

CREATE TABLE link (
    document TEXT NOT NULL,
    action   TEXT NOT NULL, -- '' for the document's own ticket
    tracker  TEXT NOT NULL,
    ref      TEXT NOT NULL, -- '' for an intent
    state    TEXT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (document, action)
);

CREATE INDEX link_ticket ON link (tracker, ref);

-- What is known of each ticket. as_of is when it was last read, missed when it was
-- last looked for in vain; both 0 when that never happened since.
CREATE TABLE seen (
    tracker   TEXT    NOT NULL,
    ref       TEXT    NOT NULL,
    as_of     BIGINT  NOT NULL,
    status    TEXT    NOT NULL,
    word      TEXT    NOT NULL,
    assignees TEXT    NOT NULL, -- in order, with ", " between them
    priority  INTEGER NOT NULL, -- 0 none, 1 lowest to 5 highest
    due       TEXT    NOT NULL,
    parent    TEXT    NOT NULL,
    body      TEXT    NOT NULL, -- without its as_of
    misses    INTEGER NOT NULL,
    missed    BIGINT  NOT NULL,
    gone      BIGINT  NOT NULL,
    PRIMARY KEY (tracker, ref)
);

-- A row for each time that one of these was found changed. changed_at is when the
-- tracker says so, or else as_of.
CREATE TABLE history (
    tracker    TEXT    NOT NULL,
    ref        TEXT    NOT NULL,
    changed_at BIGINT  NOT NULL,
    as_of      BIGINT  NOT NULL,
    status     TEXT    NOT NULL,
    word       TEXT    NOT NULL,
    assignees  TEXT    NOT NULL,
    priority   INTEGER NOT NULL,
    due        TEXT    NOT NULL,
    parent     TEXT    NOT NULL,
    PRIMARY KEY (tracker, ref, as_of)
);

CREATE INDEX history_changed ON history (changed_at);

CREATE TABLE progress (
    tracker   TEXT   NOT NULL PRIMARY KEY,
    cursor    TEXT   NOT NULL,
    contacted BIGINT NOT NULL,
    polled    BIGINT NOT NULL,
    swept     BIGINT NOT NULL
);

CREATE TABLE lease (
    document TEXT   NOT NULL PRIMARY KEY,
    holder   TEXT   NOT NULL,
    fence    BIGINT NOT NULL,
    expires  BIGINT NOT NULL
);

-- One row: the fence of the latest lease.
CREATE TABLE fence (
    latest BIGINT NOT NULL
);

INSERT INTO fence (latest) VALUES (0);

CREATE TABLE finding (
    position INTEGER NOT NULL PRIMARY KEY, -- in the order in which they are shown
    document TEXT    NOT NULL,
    action   TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    since    BIGINT  NOT NULL,
    body     TEXT    NOT NULL
);

CREATE TABLE approved (
    digest TEXT NOT NULL PRIMARY KEY
);
