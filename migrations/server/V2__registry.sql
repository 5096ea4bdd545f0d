-- Registry files that were applied. A file is known by its bytes: the same ones again change nothing.
CREATE TABLE imports (
    id        TEXT   PRIMARY KEY,
    format    TEXT   NOT NULL,
    file      TEXT   NOT NULL,
    sha256    TEXT   NOT NULL UNIQUE,
    loaded_ms BIGINT NOT NULL,
    rows      BIGINT NOT NULL,
    rejected  BIGINT NOT NULL
);

-- When a meter was installed: a file that takes one meter out of use and installs another on the same day in the same
-- place tells which replaced which.
CREATE TABLE installations (
    meter_id     TEXT PRIMARY KEY,
    installed_on TEXT NOT NULL
);
