//! Who may use lock and socket: the owner and one group.

use std::fs::{File, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt as _, chown, fchown};
use std::path::Path;

/// The group that the udev rules let open the devices.
const GROUP: &str = "countertop";

/// Lets the owner and the group use an open file.
pub(super) fn with_group_file(file: &File) -> io::Result<()> {
    if let Some(group) = group() {
        // Who is not in the group shares with its own.
        let _ = fchown(file, None, Some(group));
    }
    file.set_permissions(Permissions::from_mode(0o660))
}

/// Lets the owner and the group use what is at `path`.
pub(super) fn with_group(path: &Path) -> io::Result<()> {
    if let Some(group) = group() {
        let _ = chown(path, None, Some(group));
    }
    std::fs::set_permissions(path, Permissions::from_mode(0o660))
}

/// Returns the group's number. It is a group of this computer, made when the rules were installed.
fn group() -> Option<u32> {
    find(&std::fs::read_to_string("/etc/group").ok()?)
}

/// Finds the group in the text of group(5).
fn find(groups: &str) -> Option<u32> {
    groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (name == GROUP).then(|| fields.nth(1)?.parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_group_and_no_other() {
        let groups = "root:x:0:\ncountertop-x:x:7:\ncountertop:x:987:clerk,owner\n";
        assert_eq!(find(groups), Some(987));
        for without in ["", "root:x:0:\n", "countertop\n", "countertop:x:many:\n"] {
            assert_eq!(find(without), None);
        }
    }
}
