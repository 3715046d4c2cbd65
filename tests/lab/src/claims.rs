//! Tests shared by guests that run side by side: each takes the next that no other has taken.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::str::FromStr;

/// A folder that all these guests see; a test belongs to the guest that makes the test's folder in it.
#[derive(Debug, Clone)]
pub(crate) struct Claims(PathBuf);

impl Claims {
    /// Takes the test of this full name, and returns whether it was still free.
    ///
    /// # Errors
    ///
    /// Those of making the folder, but for its being there already.
    pub(crate) fn take(&self, test: &str) -> io::Result<bool> {
        match fs::create_dir(self.0.join(test)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl FromStr for Claims {
    type Err = std::convert::Infallible;

    fn from_str(folder: &str) -> Result<Self, Self::Err> {
        Ok(Self(folder.into()))
    }
}

#[cfg(test)]
mod checks {
    use super::*;

    #[test]
    fn a_test_is_taken_once() {
        let folder = std::env::temp_dir().join(format!("countertop-claims-{}", std::process::id()));
        let claims = Claims(folder.clone());
        assert!(claims.take("smoke::boots").is_err(), "there is no folder yet");
        fs::create_dir(&folder).expect("the folder is made");
        let other = claims.clone();
        let taken = [&claims, &other, &claims].map(|it| it.take("smoke::boots").expect("a claim"));
        let next = other.take("smoke::users").expect("a claim");
        fs::remove_dir_all(folder).expect("the folder is removed");
        assert_eq!(taken, [true, false, false]);
        assert!(next);
    }
}
