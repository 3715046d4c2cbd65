//! Putting a terminal together from its configuration.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countertop_acquirer::unionpay::UnionPay;
use countertop_emv::parameters::{CaPublicKey, EmvParameters};
use countertop_hub::Devices;
use countertop_terminal::SystemClock;
use countertop_terminal::flow::TerminalParts;
use countertop_terminal::journal::{Journal, JournalSettings, Recovery};
use countertop_terminal::operators::{OperatorBook, OperatorPolicy};
use countertop_terminal::vault::{SystemRandomness, Vault};

use crate::config::Config;
use crate::failure::Failure;

/// Says where a terminal keeps its books, and for whom.
#[derive(Debug, Clone)]
pub(crate) struct State {
    /// The folder of journal and key.
    pub(crate) folder: PathBuf,
    /// Whether the terminal stands at the virtual counter, with test keys and a usable cashier.
    pub(crate) virtual_counter: bool,
}

impl State {
    /// Returns the folder of this user for terminals with real devices.
    pub(crate) fn default_folder() -> Result<PathBuf, Failure> {
        let home =
            |name: &str| std::env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
        let base =
            home("XDG_STATE_HOME").or_else(|| home("HOME").map(|it| it.join(".local/state")));
        base.map(|base| base.join("countertop")).ok_or_else(|| {
            Failure::new("there is no home folder for the journal")
                .with_help("say where it is kept: --state DIR")
        })
    }
}

/// Puts the parts of a terminal together and recovers what a power cut left in its journal.
pub(crate) fn assemble(
    config: &Config,
    devices: Devices,
    state: &State,
) -> Result<(TerminalParts, Recovery), Failure> {
    make_private_folder(&state.folder)?;
    let randomness = Arc::new(SystemRandomness);
    let vault = Vault::open(&state.folder.join("journal.key"), randomness.clone())?;
    let clock = Arc::new(SystemClock);
    let settings = JournalSettings {
        currency: config.terminal.currency,
        training: config.terminal.training,
        ..JournalSettings::default()
    };
    let path = state.folder.join("journal.db");
    let (mut journal, recovery) = Journal::open(&path, settings, vault, clock.clone())?;
    let policy = OperatorPolicy {
        cashiers_settle: state.virtual_counter,
        default_cashier_usable: state.virtual_counter,
        ..OperatorPolicy::default()
    };
    let operators = OperatorBook::open(&mut journal, policy, randomness.clone())?;
    let parts = TerminalParts {
        devices,
        acquirer: Box::new(UnionPay::new(config.acquirer.clone())?),
        journal,
        operators,
        emv: Arc::new(emv_parameters(config, state.virtual_counter)?),
        clock,
        randomness,
        settings: config.terminal.clone(),
    };
    Ok((parts, recovery))
}

fn make_private_folder(folder: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| Failure::io(format_args!("folder {}", folder.display()), &error))
}

/// Reads the EMV parameters that a configuration names; with the test authority's keys at the virtual
/// counter.
pub(crate) fn emv_parameters(
    config: &Config,
    virtual_counter: bool,
) -> Result<EmvParameters, Failure> {
    let mut parameters = match &config.emv_parameters {
        None => EmvParameters::default(),
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| Failure::io(format_args!("{}", path.display()), &error))?;
            EmvParameters::from_toml(&text)
                .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?
        }
    };
    if virtual_counter {
        for key in countertop_virtual::card::TestCa::capks() {
            let key = CaPublicKey::new(key.rid, key.index, key.modulus, key.exponent);
            parameters = parameters.with_key(key);
        }
    }
    Ok(parameters)
}
