//! `countertop tag`: one tag, one job.

mod args;
mod content;
mod describe;

use std::process::ExitCode;

use countertop::nfc::tag::{self, TagError};
use countertop_device::{CardSession, ContactlessTarget};
use countertop_hub::{DeviceConfig, Devices, DevicesConfig, Role};
use countertop_wire::ndef::Message;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::failure::Failure;

use args::ReaderArguments;
pub(crate) use args::TagCommand;

/// Waits for a tag and does the job.
pub(crate) async fn run(command: &TagCommand, json: bool) -> Result<ExitCode, Failure> {
    let (reader, job) = match command {
        TagCommand::Read(reader) => (reader, Job::Read),
        TagCommand::Write(arguments) => {
            (&arguments.reader, Job::Write(arguments.content.message()?))
        }
        TagCommand::Format(reader) => (reader, Job::Format),
        TagCommand::Lock(arguments) => (&arguments.reader, Job::Lock),
        TagCommand::Dump(reader) => (reader, Job::Dump),
    };
    let (text, value) = with_tag(reader, job).await?;
    if json {
        outln!("{value}");
    } else {
        outln!("{}", super::printable(text.trim_end()));
    }
    Ok(ExitCode::SUCCESS)
}

/// Is what is to be done with a tag.
enum Job {
    Read,
    Write(Message),
    Format,
    Lock,
    Dump,
}

async fn with_tag(arguments: &ReaderArguments, job: Job) -> Result<(String, Value), Failure> {
    let device = DeviceConfig::new(arguments.driver(), arguments.at.clone());
    let config = DevicesConfig::default().with(Role::Contactless, device);
    let mut devices = Devices::from_config(&countertop::registry(), &config);
    let reader = devices.contactless.open().await?;
    let target = timeout(arguments.wait(), reader.await_target()).await.map_err(|_elapsed| {
        Failure::new(format!("{}: no tag came", arguments.at))
            .with_help("hold a tag to the reader's antenna; --wait takes more seconds")
    })??;
    super::alone::alone(&target, &arguments.at.to_string())?;
    let mut session = reader.connect().await?;
    let result = job.run(session.as_mut(), &target).await;
    session.close().await?;
    Ok(result?)
}

impl Job {
    /// Does the job; returns what to tell a person and a program.
    async fn run(
        self,
        session: &mut dyn CardSession,
        target: &ContactlessTarget,
    ) -> Result<(String, Value), TagError> {
        if let Self::Dump = self {
            let memory = tag::dump(session, target).await?;
            return Ok((describe::dump_text(&memory), describe::dump_json(target, &memory)));
        }
        match &self {
            Self::Write(message) => tag::write(session, target, message).await?,
            Self::Format => tag::format(session, target).await?,
            Self::Lock => tag::lock(session, target).await?,
            Self::Read | Self::Dump => {}
        }
        let state = tag::state(session, target).await?;
        let message = tag::read(session, target).await?.unwrap_or_default();
        if let Self::Write(written) = &self
            && message != *written
        {
            return Err(TagError::Malformed("give back what was written"));
        }
        let mut value = describe::json(target, state, &message);
        if let (Some(done), Some(object)) = (self.done(), value.as_object_mut()) {
            object.insert("done".into(), json!(done));
        }
        let head = self.done().map(|done| format!("{done}: ")).unwrap_or_default();
        Ok((head + &describe::text(target, state, &message), value))
    }

    fn done(&self) -> Option<&'static str> {
        match self {
            Self::Read | Self::Dump => None,
            Self::Write(_) => Some("written"),
            Self::Format => Some("formatted"),
            Self::Lock => Some("locked"),
        }
    }
}

impl From<TagError> for Failure {
    fn from(error: TagError) -> Self {
        let failure = Self::new(error.to_string());
        match error.help() {
            Some(help) => failure.with_help(help),
            None => failure,
        }
    }
}
