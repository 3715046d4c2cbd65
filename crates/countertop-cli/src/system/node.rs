//! Device nodes: to whom they belong, and who may open them.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use serde::Serialize;

use super::System;
use super::acl::{self, Entry};
use super::user::{User, group_name, name_of};

/// Is a device node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Node {
    /// Its path.
    pub(crate) path: String,
    /// The owner's name.
    pub(crate) owner: String,
    /// The group's name.
    pub(crate) group: String,
    /// The permissions in octal.
    pub(crate) mode: String,
    /// Users beside owner and group who may open it, such as whoever sits at the screen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) also: Vec<String>,
    #[serde(skip)]
    owner_id: u32,
    #[serde(skip)]
    group_id: u32,
    #[serde(skip)]
    bits: u32,
    #[serde(skip)]
    acl: Vec<Entry>,
}

/// Says whether and why a user may read and write a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Right {
    /// Root may everything.
    Root,
    /// As the owner.
    Owner,
    /// By an access control list.
    Acl,
    /// As a member of the group.
    Group,
    /// Everybody may.
    Everybody,
    /// Not at all.
    None,
}

/// Read and write.
const READ_WRITE: u16 = 0o6;

impl System {
    /// Looks at a device node; `None` when there is none.
    pub(crate) fn node(&self, path: impl AsRef<Path>) -> Option<Node> {
        let path = path.as_ref();
        let real = self.path(path);
        let metadata = fs::metadata(&real).ok()?;
        let acl = read_acl(&real);
        let bits = metadata.mode() & 0o7777;
        Some(Node {
            path: path.display().to_string(),
            owner: name_of(self, metadata.uid()),
            group: group_name(self, metadata.gid()),
            mode: format!("{bits:04o}"),
            also: named(self, &acl),
            owner_id: metadata.uid(),
            group_id: metadata.gid(),
            bits,
            acl,
        })
    }
}

fn read_acl(path: &Path) -> Vec<Entry> {
    let mut list = [0; 1024];
    // Most files have no list, and some file systems none at all.
    let length = rustix::fs::getxattr(path, acl::ATTRIBUTE, &mut list).unwrap_or_default();
    acl::parse(list.get(..length).unwrap_or_default())
}

fn named(system: &System, acl: &[Entry]) -> Vec<String> {
    let name = |entry: &Entry| match *entry {
        Entry::User { id, permissions } if may(permissions) => Some(name_of(system, id)),
        _ => None,
    };
    acl.iter().filter_map(name).collect()
}

const fn may(permissions: u16) -> bool {
    permissions & READ_WRITE == READ_WRITE
}

impl Node {
    /// Tells whether and why `user` may read and write it (acl(5), access check algorithm).
    pub(crate) fn right(&self, user: &User) -> Right {
        let bits = |shift: u32| may(u16::try_from(self.bits >> shift & 0o7).unwrap_or_default());
        if user.is_root() {
            return Right::Root;
        }
        if user.id == self.owner_id {
            return if bits(6) { Right::Owner } else { Right::None };
        }
        if let Some(permissions) = self.entry_of(user) {
            return if may(permissions & self.mask()) { Right::Acl } else { Right::None };
        }
        if user.groups.contains(&self.group_id) {
            return if bits(3) { Right::Group } else { Right::None };
        }
        if self.by_group_entry(user) {
            return Right::Acl;
        }
        if bits(0) { Right::Everybody } else { Right::None }
    }

    fn mask(&self) -> u16 {
        let mask = self.acl.iter().find_map(|entry| match entry {
            Entry::Mask { permissions } => Some(*permissions),
            _ => None,
        });
        mask.unwrap_or(u16::MAX)
    }

    fn entry_of(&self, user: &User) -> Option<u16> {
        self.acl.iter().find_map(|entry| match entry {
            Entry::User { id, permissions } if *id == user.id => Some(*permissions),
            _ => None,
        })
    }

    fn by_group_entry(&self, user: &User) -> bool {
        self.acl.iter().any(|entry| match entry {
            Entry::Group { id, permissions } => {
                user.groups.contains(id) && may(permissions & self.mask())
            }
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(bits: u32, acl: Vec<Entry>) -> Node {
        Node {
            path: "/dev/hidraw0".into(),
            owner: "root".into(),
            group: "countertop".into(),
            mode: String::new(),
            also: Vec::new(),
            owner_id: 0,
            group_id: 990,
            bits,
            acl,
        }
    }

    fn user(id: u32, groups: &[u32]) -> User {
        User { name: "ann".into(), id, groups: groups.to_vec() }
    }

    #[test]
    fn rights_come_from_mode_and_group() {
        assert_eq!(node(0o660, vec![]).right(&user(1000, &[1000, 990])), Right::Group);
        assert_eq!(node(0o660, vec![]).right(&user(1000, &[1000])), Right::None);
        assert_eq!(node(0o666, vec![]).right(&user(1000, &[1000])), Right::Everybody);
        assert_eq!(node(0o640, vec![]).right(&user(1000, &[990])), Right::None);
        assert_eq!(node(0o600, vec![]).right(&user(0, &[])), Right::Root);
    }

    #[test]
    fn an_entry_counts_as_far_as_the_mask_goes() {
        let seat = Entry::User { id: 1000, permissions: 6 };
        let open = Entry::Mask { permissions: 6 };
        let shut = Entry::Mask { permissions: 4 };
        assert_eq!(node(0o660, vec![seat, open]).right(&user(1000, &[])), Right::Acl);
        assert_eq!(node(0o660, vec![seat, shut]).right(&user(1000, &[])), Right::None);
        let group = Entry::Group { id: 24, permissions: 6 };
        assert_eq!(node(0o660, vec![group, open]).right(&user(1001, &[24])), Right::Acl);
    }

    #[test]
    fn a_node_names_owner_and_group() {
        let node = System::this().node("/dev/null").unwrap();
        assert_eq!((node.owner.as_str(), node.mode.as_str()), ("root", "0666"));
        assert_eq!(node.right(&user(1000, &[])), Right::Everybody);
    }
}
