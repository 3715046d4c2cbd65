//! A PN532 on a serial line, with cards and tags in its field.
