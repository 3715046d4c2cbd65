-- Columns named *_utc hold seconds since 1970, *_local the wall clock of that moment (ISO 8601).
-- Columns named sealed_* are encrypted by the vault; no other column holds a whole card number.

CREATE TABLE identity (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    training INTEGER NOT NULL CHECK (training IN (0, 1)),
    currency TEXT NOT NULL,
    key_check BLOB NOT NULL
) STRICT;

CREATE TABLE counters (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    next_stan INTEGER NOT NULL CHECK (next_stan BETWEEN 1 AND 999999),
    stans_used INTEGER NOT NULL CHECK (stans_used BETWEEN 0 AND 999999)
) STRICT;

-- is_open is 1 or NULL, so that at most one batch is open.
CREATE TABLE batches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 999999),
    is_open INTEGER UNIQUE CHECK (is_open = 1),
    step TEXT NOT NULL
        CHECK (step IN ('selling', 'started', 'to-upload', 'to-print', 'to-close', 'closed')),
    totals TEXT,
    answer TEXT,
    operator INTEGER,
    started_utc INTEGER,
    started_local TEXT,
    CHECK (step = 'selling' OR (totals IS NOT NULL AND started_local IS NOT NULL))
) STRICT;

CREATE TABLE transactions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    batch_id INTEGER NOT NULL REFERENCES batches (id),
    stan INTEGER NOT NULL CHECK (stan BETWEEN 1 AND 999999),
    kind TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    entry TEXT NOT NULL,
    masked_pan TEXT,
    last_four TEXT,
    sealed_card BLOB,
    scheme TEXT,
    foreign_card INTEGER NOT NULL CHECK (foreign_card IN (0, 1)),
    state TEXT NOT NULL CHECK (state IN ('pending', 'not-sent', 'declined', 'approved', 'voided',
        'unknown', 'not-completed', 'reversed')),
    response_code TEXT,
    host_date TEXT,
    host_time TEXT,
    settlement_date TEXT,
    rrn TEXT,
    authorization_code TEXT,
    issuer TEXT,
    acquirer TEXT,
    emv TEXT,
    signature TEXT NOT NULL,
    sealed_signature BLOB,
    operator INTEGER NOT NULL,
    authorised_by INTEGER,
    original_id INTEGER REFERENCES transactions (id),
    started_utc INTEGER NOT NULL,
    started_local TEXT NOT NULL,
    UNIQUE (batch_id, stan),
    CHECK ((kind = 'void') = (original_id IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX one_void_for_a_sale ON transactions (original_id)
    WHERE state IN ('pending', 'approved', 'unknown', 'not-completed');
CREATE UNIQUE INDEX one_transaction_under_way ON transactions (state) WHERE state = 'pending';
CREATE INDEX transactions_by_last_four ON transactions (last_four);

CREATE TABLE reversals (
    transaction_id INTEGER PRIMARY KEY REFERENCES transactions (id),
    sealed_reversal BLOB,
    reason TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'exhausted')),
    last_code TEXT
) STRICT;

CREATE TABLE receipts (
    transaction_id INTEGER NOT NULL REFERENCES transactions (id),
    copy TEXT NOT NULL CHECK (copy IN ('merchant', 'cardholder')),
    prints INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (transaction_id, copy)
) STRICT;

-- Every state a transaction ever had.
CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    transaction_id INTEGER NOT NULL REFERENCES transactions (id),
    at_utc INTEGER NOT NULL,
    at_local TEXT NOT NULL,
    event TEXT NOT NULL
) STRICT;

CREATE TABLE operators (
    number INTEGER PRIMARY KEY CHECK (number BETWEEN 0 AND 99),
    password_hash TEXT NOT NULL,
    must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
    failures INTEGER NOT NULL DEFAULT 0,
    locked_until_utc INTEGER
) STRICT;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at_utc INTEGER NOT NULL,
    at_local TEXT NOT NULL,
    operator INTEGER,
    action TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
