//! Commands that change the computer, as a person would type them.

use core::fmt;
use std::io;
use std::process::Command;

use serde::{Serialize, Serializer};

/// Is a command, written for people and run for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    words: Vec<String>,
    root: bool,
}

impl Step {
    /// Creates a command that needs root.
    pub(crate) fn root<W: Into<String>>(words: impl IntoIterator<Item = W>) -> Self {
        Self { words: words.into_iter().map(Into::into).collect(), root: true }
    }

    /// Creates a command of this program.
    pub(crate) fn countertop<'w>(root: bool, words: impl IntoIterator<Item = &'w str>) -> Self {
        let program = std::env::current_exe().map(|path| path.display().to_string());
        let program = program.unwrap_or_else(|_| "countertop".into());
        let words = core::iter::once(program).chain(words.into_iter().map(String::from));
        Self { words: words.collect(), root }
    }

    /// Returns the words that are run, `sudo` among them where it is needed and `is_root` is not so.
    fn argv(&self, is_root: bool) -> Vec<&str> {
        let sudo = (self.root && !is_root).then_some("sudo");
        sudo.into_iter().chain(self.words.iter().map(String::as_str)).collect()
    }
}

/// Shows the command as a shell takes it.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.argv(false).into_iter().map(quote).collect();
        f.write_str(&words.join(" "))
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

fn quote(word: &str) -> String {
    let plain = |it: char| it.is_ascii_alphanumeric() || "-_./:=,@+".contains(it);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Runs commands.
pub(crate) trait Runner {
    /// Runs a command to its end. `is_root` says that this process is root already.
    fn run(&self, step: &Step, is_root: bool) -> io::Result<()>;
}

/// Runs commands on this computer.
pub(crate) struct Shell;

impl Runner for Shell {
    fn run(&self, step: &Step, is_root: bool) -> io::Result<()> {
        let argv = step.argv(is_root);
        let Some((program, arguments)) = argv.split_first() else { return Ok(()) };
        // What it writes is no part of our output, which may be JSON.
        let status = Command::new(program)
            .args(arguments)
            .stdout(io::stderr())
            .status()
            .map_err(|error| io::Error::new(error.kind(), format!("{program}: {error}")))?;
        if status.success() { Ok(()) } else { Err(io::Error::other(format!("{step}: {status}"))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_shown_as_a_shell_takes_them() {
        let step = Step::root(["sh", "-c", "echo it's > /etc/x"]);
        assert_eq!(step.to_string(), r"sudo sh -c 'echo it'\''s > /etc/x'");
        assert_eq!(Step::root(["cp", "a b", ""]).to_string(), "sudo cp 'a b' ''");
        let own = Step::countertop(false, ["devices"]).to_string();
        assert!(own.ends_with(" devices") && !own.starts_with("sudo"), "{own}");
    }

    #[test]
    fn root_needs_no_sudo() {
        let step = Step::root(["true"]);
        assert_eq!(step.argv(true), ["true"]);
        assert_eq!(step.argv(false), ["sudo", "true"]);
    }

    #[test]
    fn a_command_that_fails_says_so() {
        let error = Shell.run(&Step::root(["false"]), true).unwrap_err();
        assert!(error.to_string().starts_with("sudo false: "), "{error}");
        let error = Shell.run(&Step::root(["/does/not/exist"]), true).unwrap_err();
        assert!(error.to_string().starts_with("/does/not/exist: "), "{error}");
    }
}
