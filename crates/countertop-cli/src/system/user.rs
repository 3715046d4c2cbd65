//! Users and their groups (passwd(5), group(5), proc(5)).

use super::System;

/// Is a user with all groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct User {
    /// Login name.
    pub(crate) name: String,
    /// Number.
    pub(crate) id: u32,
    /// The numbers of the groups, as of the files.
    pub(crate) groups: Vec<u32>,
}

impl User {
    /// Finds a user by login name.
    pub(crate) fn named(system: &System, name: &str) -> Option<Self> {
        let line = lines(system, "/etc/passwd").find(|fields| fields[0] == name)?;
        let id = line.get(2)?.parse().ok()?;
        let primary: u32 = line.get(3)?.parse().ok()?;
        let member = |fields: &Vec<String>| {
            fields.get(3).is_some_and(|members| members.split(',').any(|it| it == name))
        };
        let others = lines(system, "/etc/group").filter(member);
        let others = others.filter_map(|fields| fields.get(2)?.parse().ok());
        let groups = core::iter::once(primary).chain(others).collect();
        Some(Self { name: name.to_owned(), id, groups })
    }

    /// Returns the user as whom this process runs, with the groups that it really has: a group that
    /// was joined after signing in is not among them.
    pub(crate) fn current(system: &System) -> Option<Self> {
        let status = system.read("/proc/self/status")?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            Some(line.split_whitespace().filter_map(|it| it.parse().ok()).collect::<Vec<u32>>())
        };
        let id = *field("Uid:")?.get(1)?;
        let mut groups = field("Groups:")?;
        groups.extend(field("Gid:")?.get(1));
        Some(Self { name: name_of(system, id), id, groups })
    }

    /// Tells whether this is root, whom no permission keeps out.
    pub(crate) fn is_root(&self) -> bool {
        self.id == 0
    }
}

/// Returns the name of the user `id`, or the number where there is none.
pub(super) fn name_of(system: &System, id: u32) -> String {
    name_in(system, "/etc/passwd", id)
}

/// Returns the name of the group `id`, or the number where there is none.
pub(super) fn group_name(system: &System, id: u32) -> String {
    name_in(system, "/etc/group", id)
}

impl System {
    /// Returns the number of a group.
    pub(crate) fn group(&self, name: &str) -> Option<u32> {
        let line = lines(self, "/etc/group").find(|fields| fields[0] == name)?;
        line.get(2)?.parse().ok()
    }
}

fn name_in(system: &System, file: &str, id: u32) -> String {
    let id = id.to_string();
    let found = lines(system, file).find(|fields| fields.get(2) == Some(&id));
    found.map_or(id, |mut fields| fields.swap_remove(0))
}

/// Returns the lines of a file of users or groups; each has a name at least.
fn lines(system: &System, file: &str) -> impl Iterator<Item = Vec<String>> {
    let text = system.read(file).unwrap_or_default();
    let lines: Vec<Vec<String>> = text
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| line.split(':').map(String::from).collect())
        .collect();
    lines.into_iter()
}

#[cfg(test)]
mod tests {
    use super::super::tests::Tree;
    use super::*;

    fn tree() -> Tree {
        Tree::new()
            .file("/etc/passwd", "root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n")
            .file("/etc/group", "root:x:0:\ncountertop:x:990:bob,ann\nann:x:1000:\n")
    }

    #[test]
    fn groups_are_the_primary_one_and_those_that_name_the_user() {
        let tree = tree();
        let ann = User::named(&tree.system(), "ann").unwrap();
        assert_eq!((ann.id, ann.groups), (1000, vec![1000, 990]));
        assert_eq!(User::named(&tree.system(), "an"), None);
        assert_eq!(tree.system().group("countertop"), Some(990));
    }

    #[test]
    fn a_process_has_the_groups_of_its_session() {
        let status = "Name:\tx\nUid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\nGroups:\t4 24 \n";
        let tree = tree().file("/proc/self/status", status);
        let user = User::current(&tree.system()).unwrap();
        assert_eq!(user, User { name: "ann".into(), id: 1000, groups: vec![4, 24, 1000] });
        assert!(!user.is_root());
    }

    #[test]
    fn who_has_no_name_is_a_number() {
        assert_eq!(name_of(&tree().system(), 77), "77");
        assert_eq!(group_name(&tree().system(), 990), "countertop");
    }
}
