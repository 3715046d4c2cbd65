//! Codes that a customer presents for payment.
