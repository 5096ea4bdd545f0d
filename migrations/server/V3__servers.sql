-- What the servers of one database have to have in common beside it, by fingerprints: the key of codes (code.key).
-- A new key: delete its row while no server runs.
CREATE TABLE server_keys (
    name        TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL
);
