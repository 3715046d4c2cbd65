//! Access control lists of files, as the kernel gives them (`struct posix_acl_xattr_header` and
//! `posix_acl_xattr_entry` of linux/posix_acl_xattr.h): version 2, then tag, permissions and id.

/// The extended attribute that holds the list.
pub(super) const ATTRIBUTE: &str = "system.posix_acl_access";

/// Is an entry for one user or group by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// ACL_USER.
    User { id: u32, permissions: u16 },
    /// ACL_GROUP.
    Group { id: u32, permissions: u16 },
    /// ACL_MASK: what the other entries are cut down to.
    Mask { permissions: u16 },
}

/// Parses a list; entries for owner, owning group and others are in the file's mode and left out.
/// Of what is no list nothing is returned.
pub(super) fn parse(list: &[u8]) -> Vec<Entry> {
    let Some((version, entries)) = list.split_first_chunk::<4>() else { return Vec::new() };
    if u32::from_le_bytes(*version) != 2 {
        return Vec::new();
    }
    entries.as_chunks::<8>().0.iter().filter_map(entry).collect()
}

fn entry(bytes: &[u8; 8]) -> Option<Entry> {
    let [tag_low, tag_high, low, high, id @ ..] = *bytes;
    let permissions = u16::from_le_bytes([low, high]);
    let id = u32::from_le_bytes(id);
    match u16::from_le_bytes([tag_low, tag_high]) {
        0x02 => Some(Entry::User { id, permissions }),
        0x08 => Some(Entry::Group { id, permissions }),
        0x10 => Some(Entry::Mask { permissions }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As of `setfacl -m u:1000:rw` on a node with mode 0660.
    const LIST: &[u8] = &[
        2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 6, 0, 0xe8, 3, 0, 0, 4, 0, 6, 0, 255,
        255, 255, 255, 16, 0, 6, 0, 255, 255, 255, 255, 32, 0, 0, 0, 255, 255, 255, 255,
    ];

    #[test]
    fn a_user_by_name_is_found() {
        assert_eq!(
            parse(LIST),
            [Entry::User { id: 1000, permissions: 6 }, Entry::Mask { permissions: 6 }]
        );
    }

    #[test]
    fn cut_off_lists_and_noise_give_less_and_never_panic() {
        for length in 0..LIST.len() {
            assert!(parse(&LIST[..length]).len() <= 2);
        }
        assert!(parse(b"noise that is no list").is_empty());
    }
}
