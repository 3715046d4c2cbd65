//! Reading configuration, with errors that name file, line and key.

use serde::de::DeserializeOwned;

/// Says where a configuration file is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: line {line}: {key}: {message}")]
pub struct ConfigError {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The key, as a dotted path; `(file)` when the text is no TOML at all.
    pub key: String,
    /// What is wrong with it.
    pub message: String,
}

/// Parses a TOML configuration into any type; an error names file, line and key.
///
/// # Errors
///
/// When the text is no TOML, or a key does not fit `T`.
pub fn parse_config<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, ConfigError> {
    let error = |key: String, error: &toml::de::Error| ConfigError {
        file: file.into(),
        line: error.span().map_or(1, |span| line_of(text, span.start)),
        key,
        message: first_line(error.message()),
    };
    let deserializer =
        toml::Deserializer::parse(text).map_err(|cause| error("(file)".into(), &cause))?;
    serde_path_to_error::deserialize(deserializer)
        .map_err(|cause| error(cause.path().to_string(), cause.inner()))
}

/// Returns the line of a place in a text, from 1.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or("cannot be read").to_owned()
}
