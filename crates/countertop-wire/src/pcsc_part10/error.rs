//! What can be wrong with a structure of part 10.

/// Says why bytes are no such structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Part10Error {
    /// A data object has another length than its tag demands.
    #[error("data object {tag:02x} has {length} bytes")]
    BadLength {
        /// The tag.
        tag: u8,
        /// Its length.
        length: usize,
    },
    /// A field has a value without meaning.
    #[error("field {0} has a value without meaning")]
    BadValue(&'static str),
    /// The structure ends early, or its data has another length than it says.
    #[error("structure of {0} bytes does not have the length that it says")]
    WrongLength(usize),
}
