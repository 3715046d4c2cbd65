//! Names of readers.

use std::ffi::CString;

use countertop_device::{DeviceError, DeviceErrorKind};
use pcsc::{Context, Error};

/// Lists the readers that pcscd knows. None is no error.
pub(super) fn list(context: &Context) -> Result<Vec<String>, Error> {
    match context.list_readers_owned() {
        Ok(names) => Ok(names.into_iter().map(lossy).collect()),
        Err(Error::NoReadersAvailable) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn lossy(name: CString) -> String {
    name.to_string_lossy().into_owned()
}

/// Returns the reader that is called `prefix`, else the first whose name starts with it.
pub(super) fn find<'n>(names: &'n [String], prefix: &str) -> Option<&'n String> {
    let exact = names.iter().find(|name| *name == prefix);
    exact.or_else(|| names.iter().find(|name| name.starts_with(prefix)))
}

/// Creates the error of a reader that is not among `names`.
pub(super) fn not_found(device: &str, action: &str, names: &[String]) -> DeviceError {
    let help = if names.is_empty() {
        "no reader is attached: check the cable, and whether its driver (libccid) is installed"
            .to_owned()
    } else {
        format!("these readers are there: {}", names.join(", "))
    };
    DeviceError::new(DeviceErrorKind::NotFound, device, action).with_help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exact_name_goes_before_a_prefix() {
        let names = ["Reader 00 01".to_owned(), "Reader 00".to_owned()];
        assert_eq!(find(&names, "Reader 00").unwrap(), "Reader 00");
        assert_eq!(find(&names, "Read").unwrap(), "Reader 00 01");
        assert_eq!(find(&names, "reader"), None);
    }

    #[test]
    fn not_found_lists_what_is_there() {
        let error = not_found("pcsc:x", "open", &["A 00".into(), "B 00".into()]);
        assert_eq!(error.help(), Some("these readers are there: A 00, B 00"));
        assert!(not_found("pcsc:x", "open", &[]).help().unwrap().contains("no reader"));
    }
}
