//! Commands, also as other users.

use std::process::Output;

use tokio::process::Command;

use crate::lab_test::{TestResult, check};

/// The users that the guest has beside root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum User {
    /// `clerk`, in the group `countertop` of the udev rules.
    Inside,
    /// `stranger`, in no group but its own.
    Outside,
}

impl User {
    fn name(self) -> &'static str {
        match self {
            Self::Inside => "clerk",
            Self::Outside => "stranger",
        }
    }
}

/// Runs a command and returns what it wrote to stdout.
///
/// # Errors
///
/// When it is missing or its exit code is not 0, with all that it wrote.
pub(crate) async fn run(program: &str, arguments: &[&str]) -> TestResult<String> {
    let output = Command::new(program).args(arguments).kill_on_drop(true).output().await;
    let output = output.map_err(|error| format!("cannot run {program}: {error}"))?;
    check!(output.status.success(), "{program} {arguments:?}: {}", described(&output));
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command as another user and returns how it ended, whatever that is.
pub(crate) async fn run_as(user: User, program: &str, arguments: &[&str]) -> TestResult<Output> {
    let name = user.name();
    let mut command = Command::new("setpriv");
    command.args(["--reuid", name, "--regid", name, "--init-groups", "--", program]);
    Ok(command.args(arguments).kill_on_drop(true).output().await?)
}

/// Returns whether the user may open this node for reading and writing.
pub(crate) async fn can_open(user: User, node: &str) -> TestResult<bool> {
    let output = run_as(user, "test", &["-r", node, "-a", "-w", node]).await?;
    Ok(output.status.success())
}

fn described(output: &Output) -> String {
    let text = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it).into_owned());
    format!("{}\n{}", output.status, text.concat())
}
