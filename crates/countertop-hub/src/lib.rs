//! Configuration, discovery, roles, claims and self-test of devices; knows the traits only.
