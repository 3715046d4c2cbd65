//! The configuration file.

use std::path::{Path, PathBuf};

use countertop_acquirer::unionpay::Profile;
use countertop_hub::{DevicesConfig, parse_config};
use countertop_terminal::flow::TerminalSettings;
use serde::Deserialize;

use crate::failure::Failure;

/// Is the whole file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// The operating flow.
    pub(crate) terminal: TerminalSettings,
    /// The host; without this table the terminal has none and cannot sell.
    pub(crate) acquirer: Profile,
    /// The devices by role.
    pub(crate) devices: DevicesConfig,
    /// EMV parameters in a file of their own; UnionPay's applications without it.
    pub(crate) emv_parameters: Option<PathBuf>,
}

impl Config {
    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Failure::io(format_args!("configuration {}", path.display()), &error)
                .with_help("countertop without --config raises the virtual counter")
        })?;
        Self::parse(&path.display().to_string(), &text)
    }

    /// Parses the text of a file.
    pub(crate) fn parse(file: &str, text: &str) -> Result<Self, Failure> {
        let mut config: Self = parse_config(file, text)?;
        // The numbers that the host knows are the ones that vouchers show.
        config.terminal.terminal_id.clone_from(&config.acquirer.terminal_id);
        config.terminal.merchant_id.clone_from(&config.acquirer.merchant_id);
        config.terminal.training = config.acquirer.training;
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_the_default() {
        let config = Config::parse("empty.toml", "").unwrap();
        assert!(config.devices.is_empty());
        assert!(!config.acquirer.live);
    }

    #[test]
    fn vouchers_show_the_numbers_that_the_host_knows() {
        let text = "[acquirer]\nterminal_id = \"12345678\"\ntraining = true\n";
        let config = Config::parse("x.toml", text).unwrap();
        assert_eq!(config.terminal.terminal_id, "12345678");
        assert!(config.terminal.training);
    }

    #[test]
    fn mistakes_are_named_with_line_and_key() {
        for (text, shown) in [
            ("[terminal]\ncolums = 32\n", "x.toml: line 2: terminal.colums"),
            ("[acquirer]\n\nhost = 4\n", "x.toml: line 3: acquirer.host"),
            ("[terminal]\ncurrency = \"XYZ\"\n", "x.toml: line 2: terminal.currency"),
        ] {
            let error = Config::parse("x.toml", text).unwrap_err().to_string();
            assert!(error.starts_with(shown), "{error}");
        }
    }
}
