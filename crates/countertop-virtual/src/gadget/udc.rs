//! Device controllers: the ports into which gadgets are plugged.

use std::fs;
use std::io;
use std::path::Path;

/// The kernel's list of device controllers.
pub(super) const CONTROLLERS: &str = "/sys/class/udc";

/// Returns the first controller that no gadget uses.
pub(super) fn free(gadgets: &Path, controllers: &Path) -> io::Result<String> {
    let used: Vec<String> = names(gadgets)?
        .iter()
        .filter_map(|gadget| fs::read_to_string(gadgets.join(gadget).join("UDC")).ok())
        .map(|controller| controller.trim().to_owned())
        .collect();
    let free = names(controllers)?.into_iter().find(|it| !used.contains(it));
    free.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no device controller is free"))
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.extend(entry?.file_name().into_string());
    }
    names.sort();
    Ok(names)
}
