-- +goose Up
-- What a report tells of each document.
CREATE TABLE event (
    document TEXT NOT NULL PRIMARY KEY,
    body     TEXT NOT NULL
);

-- exact is 1 when changed_at is the tracker's own time, ours is 1 when the change was
-- seen in the answer to our own write. Of what was written before there is no telling
-- whose it was, and a tracker's time that is the time of reading may be either.
ALTER TABLE history ADD COLUMN exact INTEGER NOT NULL DEFAULT 0;
ALTER TABLE history ADD COLUMN ours  INTEGER NOT NULL DEFAULT 0;

UPDATE history SET exact = 1 WHERE changed_at <> as_of;
