//! Chip parameters that a host hands out.

use core::fmt;

use serde::{Deserialize, Serialize};

/// Names a table of chip parameters, which is handed out as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ParameterTable {
    /// Public keys of certification authorities.
    CaPublicKeys,
    /// Chip applications with their limits and action codes.
    Applications,
}

impl fmt::Display for ParameterTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CaPublicKeys => "public keys of certification authorities",
            Self::Applications => "chip applications",
        })
    }
}
