//! The terminal's side: its devices on ptys and TCP, its folder, and its parts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countertop_acquirer::unionpay::{Profile, UnionPay};
use countertop_device::Selector;
use countertop_emv::parameters::{CaPublicKey, EmvParameters};
use countertop_hub::{DeviceConfig, Devices, DevicesConfig, Role};
use countertop_terminal::SystemClock;
use countertop_terminal::flow::{TerminalParts, TerminalSettings};
use countertop_terminal::journal::{Journal, JournalError, JournalSettings, Recovery};
use countertop_terminal::operators::{OperatorBook, OperatorPolicy, PasswordCost};
use countertop_terminal::vault::{SystemRandomness, Vault, VaultError};
use countertop_virtual::card::TestCa;
use countertop_virtual::pinpad::{PinPadConfig, ProfileKind, VirtualPinPad};
use countertop_virtual::printer::{PrinterConfig, VirtualPrinter};
use countertop_virtual::pty::Pty;
use countertop_virtual::scanner::VirtualScanner;
use countertop_virtual::signature::{SignatureConfig, VirtualSignature};
use countertop_virtual::stripe::{StripeConfig, StripeDialect, VirtualStripe};
use countertop_wire::scanner::ScanFormat;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::clerk::Hands;
use super::readers::Seat;

/// Is a desk with devices, and the folder of a terminal.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) folder: PathBuf,
    pub(crate) hands: Hands,
    /// What a test may change before it takes the parts.
    pub(crate) config: DevicesConfig,
    pub(crate) profile: Profile,
    pub(crate) settings: TerminalSettings,
    pub(crate) journal: JournalSettings,
    /// Roles without a device.
    pub(crate) without: Vec<Role>,
    devices: JoinSet<()>,
    pin_pad: JoinSet<()>,
    own_folder: TempDir,
}

impl Desk {
    /// Raises the devices of a terminal whose host is at `host`.
    pub(crate) async fn raise(host: &str) -> Self {
        let own_folder = tempfile::tempdir().unwrap();
        let mut devices = JoinSet::new();
        let (config, hands, pin_pad) = raise_devices(own_folder.path(), &mut devices).await;
        let mut profile = Profile::default();
        profile.host = host.into();
        profile.response_timeout_ms = 1_500;
        profile.training = true;
        let settings = TerminalSettings {
            merchant_name: "虚拟柜台 Virtual Counter".into(),
            training: true,
            prompt_timeout_ms: 20_000,
            ..TerminalSettings::default()
        };
        let journal = JournalSettings { training: true, ..JournalSettings::default() };
        let folder = own_folder.path().into();
        let without = Vec::new();
        Self {
            folder,
            hands,
            config,
            profile,
            settings,
            journal,
            without,
            devices,
            pin_pad,
            own_folder,
        }
    }

    /// Opens the parts of the terminal.
    pub(crate) fn parts(&self) -> TerminalParts {
        self.try_parts().unwrap().0
    }

    pub(crate) fn try_parts(&self) -> Result<(TerminalParts, Recovery), JournalError> {
        let randomness = Arc::new(SystemRandomness);
        let (mut journal, recovery) = self.open_journal()?;
        let policy = OperatorPolicy {
            cashiers_settle: true,
            default_cashier_usable: true,
            cost: PasswordCost { memory_kib: 8, passes: 1 },
            ..OperatorPolicy::default()
        };
        let operators = OperatorBook::open(&mut journal, policy, randomness.clone()).unwrap();
        let parts = TerminalParts {
            devices: self.devices(),
            acquirer: Box::new(UnionPay::new(self.profile.clone()).unwrap()),
            journal,
            operators,
            emv: Arc::new(emv_parameters()),
            clock: Arc::new(SystemClock),
            randomness,
            settings: self.settings.clone(),
        };
        Ok((parts, recovery))
    }

    pub(crate) fn open_journal(&self) -> Result<(Journal, Recovery), JournalError> {
        let vault = self.open_vault()?;
        let path = self.folder.join("journal.db");
        Journal::open(&path, self.journal.clone(), vault, Arc::new(SystemClock))
    }

    fn open_vault(&self) -> Result<Vault, VaultError> {
        Vault::open(&self.folder.join("journal.key"), Arc::new(SystemRandomness))
    }

    fn devices(&self) -> Devices {
        let mut config = DevicesConfig::default();
        for (role, device) in self.config.iter().filter(|(role, _)| !self.without.contains(role)) {
            config = config.with(role, device.clone());
        }
        let mut devices = Devices::from_config(&countertop::registry(), &config);
        devices.chip.put(Box::new(self.hands.chip.reader("chip")));
        devices.contactless.put(Box::new(self.hands.field.reader("contactless")));
        devices
    }

    /// Pulls the PIN pad's cable.
    pub(crate) async fn unplug_pin_pad(&mut self) {
        self.pin_pad.shutdown().await;
    }

    /// Pulls the cables of printer, stripe reader, scanner and signature pad.
    pub(crate) async fn unplug_the_rest(&mut self) {
        self.devices.shutdown().await;
    }

    /// Plugs another PIN pad in, which has the master key and no working keys.
    pub(crate) fn plug_pin_pad(&mut self) {
        let (pty, _) = pty(&self.folder, "pin-pad");
        let config = PinPadConfig::new(ProfileKind::Training);
        let (pin_pad, hand) = VirtualPinPad::new(config).unwrap();
        self.pin_pad.spawn(async move { pin_pad.serve(pty).await.unwrap() });
        self.hands.pin_pad = hand;
    }
}

fn emv_parameters() -> EmvParameters {
    let keys = TestCa::capks().into_iter();
    let keys = keys.map(|key| CaPublicKey::new(key.rid, key.index, key.modulus, key.exponent));
    keys.fold(EmvParameters::default(), EmvParameters::with_key)
}

async fn raise_devices(
    folder: &Path,
    devices: &mut JoinSet<()>,
) -> (DevicesConfig, Hands, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let printer_at: Selector = format!("tcp:{}", listener.local_addr().unwrap()).parse().unwrap();
    let (printer, printer_hand) = VirtualPrinter::new(PrinterConfig::default());
    devices.spawn(async move { printer.serve_tcp(listener).await.unwrap() });

    let (stripe_pty, stripe_at) = pty(folder, "stripe");
    let (stripe, stripe_hand) = VirtualStripe::new(StripeConfig::new(StripeDialect::Msr605));
    devices.spawn(async move { stripe.serve(stripe_pty).await.unwrap() });

    let (scanner_pty, scanner_at) = pty(folder, "scanner");
    let (scanner, scanner_hand) = VirtualScanner::new(ScanFormat::default());
    devices.spawn(async move { scanner.serve(scanner_pty).await.unwrap() });

    let (signature_pty, signature_at) = pty(folder, "signature");
    let (signature, signature_hand) = VirtualSignature::new(SignatureConfig::default());
    devices.spawn(async move { signature.serve(signature_pty).await.unwrap() });

    let (pin_pad_pty, pin_pad_at) = pty(folder, "pin-pad");
    let pin_pad_config = PinPadConfig::new(ProfileKind::Training);
    let (pin_pad, pin_pad_hand) = VirtualPinPad::new(pin_pad_config).unwrap();
    let mut pin_pad_task = JoinSet::new();
    pin_pad_task.spawn(async move { pin_pad.serve(pin_pad_pty).await.unwrap() });

    let config = DevicesConfig::default()
        .with(Role::ReceiptPrinter, DeviceConfig::new("escpos", printer_at))
        .with(Role::Stripe, DeviceConfig::new("msr605", stripe_at))
        .with(Role::Scanner, DeviceConfig::new("serial-scanner", scanner_at))
        .with(Role::SignaturePad, DeviceConfig::new("unionpay-signpad", signature_at))
        .with(Role::PinPad, DeviceConfig::new("visa-pinpad", pin_pad_at));
    let hands = Hands {
        chip: Seat::default(),
        field: Seat::default(),
        pin_pad: pin_pad_hand,
        printer: printer_hand,
        scanner: scanner_hand,
        signature: signature_hand,
        stripe: stripe_hand,
    };
    (config, hands, pin_pad_task)
}

/// Opens a pty whose name in `folder` stays when the device is plugged again.
fn pty(folder: &Path, name: &str) -> (Pty, Selector) {
    let link = folder.join(name);
    let pty = Pty::open(Some(&link)).unwrap();
    (pty, Selector::Serial(link.display().to_string()))
}
