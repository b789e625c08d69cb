-- +goose Up
-- The key that a ticket carries in its marker, '' for one that carries none of ours: by
-- it the tickets of a document are found that no link leads to.
ALTER TABLE seen ADD COLUMN document TEXT NOT NULL DEFAULT '';
ALTER TABLE seen ADD COLUMN action   TEXT NOT NULL DEFAULT '';

UPDATE seen SET document = coalesce(body ->> '$.key.document', ''), action = coalesce(body ->> '$.key.action', '');

CREATE INDEX seen_document ON seen (document);
