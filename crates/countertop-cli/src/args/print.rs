//! Arguments of the commands that print and preview.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use countertop_device::Selector;
use countertop_printer::profile::{Profile, Profiles};
use countertop_wire::escpos::WideSet;

#[derive(Debug, Args)]
pub(crate) struct PrintArguments {
    /// The receipt: *.md, *.toml, *.txt, *.png or *.jpg; `-` for text on standard input.
    #[arg(
        required_unless_present_any = ["status", "watch", "profiles"],
        conflicts_with_all = ["status", "watch", "profiles"],
    )]
    pub(crate) file: Option<PathBuf>,
    /// The printer, such as tcp:HOST:9100, serial:/dev/ttyUSB0, usb:04b8:0e15 or file:OUT.bin.
    #[arg(
        long,
        value_name = "SELECTOR",
        required_unless_present_any = ["preview", "profiles"],
        conflicts_with_all = ["preview", "profiles"],
    )]
    pub(crate) to: Option<Selector>,
    /// The printer's model, as --profiles lists them; generic-58mm without it.
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// A TOML file with profiles of your own.
    #[arg(long, value_name = "FILE")]
    pub(crate) profile_file: Option<PathBuf>,
    /// Columns of the printer where they are others than the profile's: 32 on 58 mm paper, 48 on 80 mm.
    #[arg(long)]
    pub(crate) columns: Option<u16>,
    /// A setting of the printer or its line, as in a configuration; may be given several times.
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    pub(crate) set: Vec<(String, String)>,
    /// Draw the receipt into a *.png or *.svg in place of printing it; *.bin takes its bytes.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["status", "watch"])]
    pub(crate) preview: Option<PathBuf>,
    /// Remember the job in this file: the same receipt, printed again after it broke off, is brought to its
    /// end and no line of it is twice on paper without a mark.
    #[arg(long, value_name = "FILE", conflicts_with = "preview")]
    pub(crate) journal: Option<PathBuf>,
    /// Tell how the printer is; prints nothing.
    #[arg(long)]
    pub(crate) status: bool,
    /// Tell whenever the printer's state changes.
    #[arg(long, conflicts_with = "status")]
    pub(crate) watch: bool,
    /// List the printers that are known.
    #[arg(long)]
    pub(crate) profiles: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PreviewArguments {
    /// Bytes as they are sent to a printer.
    pub(crate) input: PathBuf,
    /// The picture; further papers are numbered: OUT-2.png.
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) model: ModelArguments,
    /// Show the characters too.
    #[arg(long)]
    pub(crate) text: bool,
}

/// Which printer is played, by its model or by what counts of it.
#[derive(Debug, Args)]
pub(crate) struct ModelArguments {
    /// The model, such as TM-T88VI, from which what is not given follows.
    #[arg(long, value_name = "MODEL", value_parser = profile)]
    pub(crate) profile: Option<Arc<Profile>>,
    /// Dots in a line: 384 on 58 mm paper, 576 on 80 mm; 384 without a profile.
    #[arg(long)]
    dots: Option<u16>,
    /// Which wide characters Kanji mode has; gb18030 where no profile says.
    #[arg(long, value_enum)]
    kanji: Option<Kanji>,
}

impl ModelArguments {
    /// Returns the dots in a line.
    pub(crate) fn dots(&self) -> u16 {
        let of_profile = || self.profile.as_ref().map_or(384, |profile| profile.dots());
        self.dots.unwrap_or_else(of_profile)
    }

    /// Returns the wide characters.
    pub(crate) fn wide(&self) -> WideSet {
        let of_profile = || self.profile.as_ref().and_then(|profile| profile.kanji());
        self.kanji.map(Kanji::set).or_else(of_profile).unwrap_or(WideSet::Gb18030)
    }
}

fn profile(name: &str) -> Result<Arc<Profile>, String> {
    let profiles = Profiles::builtin();
    let known = || profiles.iter().map(Profile::name).collect::<Vec<_>>().join(", ");
    profiles.get(name).cloned().ok_or_else(|| format!("there are profiles of {}", known()))
}

/// Wide characters that a printer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kanji {
    /// Simplified Chinese.
    Gb18030,
    /// Traditional Chinese.
    Big5,
    /// Japanese.
    ShiftJis,
    /// Korean.
    EucKr,
}

impl Kanji {
    /// Returns the set by the codec's name.
    pub(crate) fn set(self) -> WideSet {
        match self {
            Self::Gb18030 => WideSet::Gb18030,
            Self::Big5 => WideSet::Big5,
            Self::ShiftJis => WideSet::ShiftJis,
            Self::EucKr => WideSet::EucKr,
        }
    }
}

fn key_value(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}
