//! What device nodes of the kernel have in common.

use std::fs;
use std::io;
use std::path::Path;

use countertop_device::{Access, DeviceError};

#[cfg(any(feature = "evdev", feature = "hidraw"))]
pub(crate) use crate::gone::io_error;

/// Lists the entries of a class in sysfs that are called `prefix` and a number, in the order of the
/// numbers. A kernel without the class has none.
pub(crate) fn entries(class: &Path, prefix: &str) -> Result<Vec<String>, DeviceError> {
    let fail = |error| DeviceError::from_io(error, class.display().to_string(), "list");
    let folder = match fs::read_dir(class) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        folder => folder.map_err(fail)?,
    };
    let mut found = Vec::new();
    for entry in folder {
        let name = entry.map_err(fail)?.file_name().into_string().unwrap_or_default();
        let number = name.strip_prefix(prefix).and_then(|number| number.parse::<u32>().ok());
        found.extend(number.map(|number| (number, name)));
    }
    found.sort();
    Ok(found.into_iter().map(|(_number, name)| name).collect())
}

/// Tells whether this process may open a node; `None` when there is none. Opening it instead would
/// wake the device.
pub(crate) fn access(node: &Path, wanted: rustix::fs::Access) -> Option<Access> {
    if !node.exists() {
        return None;
    }
    let allowed = rustix::fs::access(node, wanted).is_ok();
    Some(if allowed { Access::Accessible } else { Access::PermissionDenied })
}
