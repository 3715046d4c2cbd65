//! The operating flow of a payment terminal: operators, transactions, journal and receipts.
