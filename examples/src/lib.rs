//! Holds the examples; see the files in this folder.
