-- Chip parameters as a host sent them. A table is replaced as a whole, so that its rows are of one moment.

CREATE TABLE parameter_tables (
    name TEXT PRIMARY KEY CHECK (name IN ('ca-public-keys', 'applications')),
    loaded_utc INTEGER NOT NULL,
    loaded_local TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE parameter_records (
    table_name TEXT NOT NULL REFERENCES parameter_tables (name) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (table_name, position)
) STRICT, WITHOUT ROWID;
