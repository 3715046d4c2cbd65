//! The records to write, in the order of the command line.

use std::path::PathBuf;

use clap::{ArgMatches, Args, FromArgMatches};
use countertop_wire::ndef::{Message, Record};

use crate::failure::Failure;

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Options {
    /// A link; may be given several times.
    #[arg(long, value_name = "URI")]
    uri: Vec<String>,
    /// A text; may be given several times.
    #[arg(long, value_name = "TEXT")]
    text: Vec<String>,
    /// A file's content, after its media type; may be given several times.
    #[arg(long, num_args = 2, value_names = ["TYPE", "FILE"])]
    media: Vec<PathBuf>,
    /// The Android application that is to handle it.
    #[arg(long, value_name = "PACKAGE")]
    app: Option<String>,
    /// The texts' language.
    #[arg(long, value_name = "CODE", default_value = "en")]
    language: String,
}

/// Is the records of the command line.
#[derive(Debug)]
pub(crate) struct Content {
    parts: Vec<Part>,
    language: String,
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Uri(String),
    Text(String),
    Media { media_type: String, file: PathBuf },
    App(String),
}

impl Content {
    /// Reads the files and makes the message, one record for each option in their order.
    pub(super) fn message(&self) -> Result<Message, Failure> {
        let records: Result<_, _> = self.parts.iter().map(|part| self.record(part)).collect();
        records.map(Message::new)
    }

    fn record(&self, part: &Part) -> Result<Record, Failure> {
        Ok(match part {
            Part::Uri(uri) => Record::uri(uri),
            Part::Text(text) => Record::text(&self.language, text),
            Part::App(package) => Record::android_application(package),
            Part::Media { media_type, file } => {
                let bytes = std::fs::read(file);
                let bytes = bytes.map_err(|error| Failure::io(file.display(), &error))?;
                Record::media(media_type, bytes)
            }
        })
    }

    fn new(options: Options, matches: &ArgMatches) -> Self {
        let Options { uri, text, media, app, language } = options;
        let media = media.as_chunks().0.iter().map(|[media_type, file]| Part::Media {
            media_type: media_type.to_string_lossy().into_owned(),
            file: file.clone(),
        });
        let mut parts = Vec::new();
        parts.extend(places(matches, "uri", 1).zip(uri.into_iter().map(Part::Uri)));
        parts.extend(places(matches, "text", 1).zip(text.into_iter().map(Part::Text)));
        parts.extend(places(matches, "media", 2).zip(media));
        parts.extend(places(matches, "app", 1).zip(app.into_iter().map(Part::App)));
        parts.sort_by_key(|(place, _)| *place);
        Self { parts: parts.into_iter().map(|(_, part)| part).collect(), language }
    }
}

/// Returns where on the command line an option stands that has so many values.
fn places(matches: &ArgMatches, id: &str, values: usize) -> impl Iterator<Item = usize> {
    matches.indices_of(id).into_iter().flatten().step_by(values)
}

impl FromArgMatches for Content {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Options::from_arg_matches(matches).map(|options| Self::new(options, matches))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Content {
    fn augment_args(command: clap::Command) -> clap::Command {
        Options::augment_args(command)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Options::augment_args_for_update(command)
    }

    fn group_id() -> Option<clap::Id> {
        Options::group_id()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        content: Content,
    }

    fn parts(line: &str) -> Vec<Part> {
        let line: Line = clap::Parser::parse_from(line.split(' '));
        line.content.parts
    }

    #[test]
    fn records_are_in_the_order_of_the_command_line() {
        let media = |media_type: &str, file: &str| Part::Media {
            media_type: media_type.into(),
            file: file.into(),
        };
        assert_eq!(
            parts("x --text A --uri B --media c/d E --app F --text=G --media h/i J --uri K"),
            [
                Part::Text("A".into()),
                Part::Uri("B".into()),
                media("c/d", "E"),
                Part::App("F".into()),
                Part::Text("G".into()),
                media("h/i", "J"),
                Part::Uri("K".into()),
            ]
        );
    }
}
