//! The virtual counter: every device and the host, at wire level, in this process.
//!
//! Nothing here takes a short cut: the terminal opens a pty for each serial device, TCP for printer
//! and host, libnfc for the PN532, and pcscd for the chip card, as it would with real ones.

mod hands;
mod slot_lock;

use std::path::Path;

use countertop_acquirer::unionpay::Profile;
use countertop_device::Selector;
use countertop_hub::{DeviceConfig, DevicesConfig, Role};
use countertop_virtual::acquirer::{AcquirerConfig, AcquirerControl, VirtualAcquirer};
use countertop_virtual::pinpad::{PinPadConfig, ProfileKind, VirtualPinPad};
use countertop_virtual::pn532::VirtualPn532;
use countertop_virtual::printer::{PrinterConfig, PrinterControl, VirtualPrinter};
use countertop_virtual::pty::Pty;
use countertop_virtual::scanner::VirtualScanner;
use countertop_virtual::signature::{SignatureConfig, VirtualSignature};
use countertop_virtual::stripe::{StripeConfig, StripeDialect, VirtualStripe};
use countertop_virtual::vpcd::{CardSlot, Reconnect};
use countertop_wire::scanner::ScanFormat;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::config::Config;
use crate::failure::Failure;
pub(crate) use hands::{Act, Hands};
use slot_lock::SlotLock;

/// Is a raised counter; the devices go with it.
#[derive(Debug)]
pub(crate) struct VirtualCounter {
    /// The customer's and the operator's hands.
    pub(crate) hands: Hands,
    /// The host's hand and ledger.
    pub(crate) acquirer: AcquirerControl,
    /// A configuration that names these devices and this host.
    pub(crate) config: Config,
    _devices: JoinSet<()>,
    _slot: Option<SlotLock>,
}

impl VirtualCounter {
    /// Raises the counter. `out` gets the receipts as files, and the host's ledger.
    pub(crate) async fn raise(out: Option<&Path>) -> Result<Self, Failure> {
        let mut raising = Raising::default();
        let acquirer = raising.acquirer(out).await?;
        let printer = raising.printer(out).await?;
        let stripe = raising.stripe()?;
        let scanner = raising.scanner()?;
        let pin_pad = raising.pin_pad()?;
        let signature = raising.signature()?;
        let field = raising.pn532()?;
        let (chip, slot) = raising.chip();
        let hands = Hands::new(hands::Controls {
            acquirer: acquirer.clone(),
            chip,
            field,
            pin_pad,
            printer,
            scanner,
            signature,
            stripe,
        });
        let mut config = Config { devices: raising.devices, ..Config::default() };
        config.acquirer = raising.profile;
        config.acquirer.training = true;
        config.terminal.training = true;
        config.terminal.merchant_name = "虚拟柜台 Virtual Counter".into();
        Ok(Self { hands, acquirer, config, _devices: raising.tasks, _slot: slot })
    }
}

/// Collects what is raised.
#[derive(Debug, Default)]
struct Raising {
    tasks: JoinSet<()>,
    devices: DevicesConfig,
    profile: Profile,
}

impl Raising {
    fn add(&mut self, role: Role, driver: &str, at: Selector) {
        let is_a_wire = matches!(at, Selector::Serial(_) | Selector::Tcp { .. });
        let mut device = DeviceConfig::new(driver, at);
        // Who wants to see wires in the log sees those of this counter.
        if is_a_wire && tracing::enabled!(target: "countertop::wire", tracing::Level::TRACE) {
            device = device.with("trace", true);
        }
        let devices = std::mem::take(&mut self.devices);
        self.devices = devices.with(role, device);
    }

    fn spawn(
        &mut self,
        name: &'static str,
        device: impl Future<Output = std::io::Result<()>> + Send + 'static,
    ) {
        self.tasks.spawn(async move {
            if let Err(error) = device.await {
                tracing::error!(device = name, %error, "virtual device ended");
            }
        });
    }

    /// Opens a pty and names it in the configuration.
    fn pty(&mut self, role: Role, driver: &str) -> Result<Pty, Failure> {
        let pty =
            Pty::open(None).map_err(|error| Failure::io(format_args!("{role}: pty"), &error))?;
        self.add(role, driver, Selector::Serial(pty.path().display().to_string()));
        Ok(pty)
    }

    async fn acquirer(&mut self, out: Option<&Path>) -> Result<AcquirerControl, Failure> {
        let listener = loopback("acquirer").await?;
        self.profile.host = address(&listener)?;
        // A person who watches should not wait half a minute for an answer that never comes.
        self.profile.response_timeout_ms = 3_000;
        let mut config = AcquirerConfig::default();
        config.amount_rules = true;
        config.ledger_file = out.map(|folder| folder.join("host-ledger.jsonl"));
        let (host, control) =
            VirtualAcquirer::new(config).map_err(|error| Failure::io("acquirer", &error))?;
        self.spawn("acquirer", async move { host.listen(listener).await });
        Ok(control)
    }

    async fn printer(&mut self, out: Option<&Path>) -> Result<PrinterControl, Failure> {
        let listener = loopback("printer").await?;
        let at = format!("tcp:{}", address(&listener)?);
        let at = at.parse().map_err(|error| Failure::new(format!("printer: {error}")))?;
        self.add(Role::ReceiptPrinter, "escpos", at);
        let mut config = PrinterConfig::default();
        config.output = out.map(Path::to_path_buf);
        let (printer, control) = VirtualPrinter::new(config);
        self.spawn("printer", printer.serve_tcp(listener));
        Ok(control)
    }

    fn stripe(&mut self) -> Result<countertop_virtual::stripe::StripeControl, Failure> {
        let pty = self.pty(Role::Stripe, "msr605")?;
        let (reader, control) = VirtualStripe::new(StripeConfig::new(StripeDialect::Msr605));
        self.spawn("stripe", reader.serve(pty));
        Ok(control)
    }

    fn scanner(&mut self) -> Result<countertop_virtual::scanner::ScannerControl, Failure> {
        let pty = self.pty(Role::Scanner, "serial-scanner")?;
        let (scanner, control) = VirtualScanner::new(ScanFormat::default());
        self.spawn("scanner", scanner.serve(pty));
        Ok(control)
    }

    fn pin_pad(&mut self) -> Result<countertop_virtual::pinpad::PinPadControl, Failure> {
        let pty = self.pty(Role::PinPad, "visa-pinpad")?;
        let (pad, control) = VirtualPinPad::new(PinPadConfig::new(ProfileKind::Training))
            .map_err(|error| Failure::new(error.to_string()))?;
        self.spawn("pin pad", pad.serve(pty));
        Ok(control)
    }

    fn signature(&mut self) -> Result<countertop_virtual::signature::SignatureControl, Failure> {
        let pty = self.pty(Role::SignaturePad, "unionpay-signpad")?;
        let (pad, control) = VirtualSignature::new(SignatureConfig::default());
        self.spawn("signature pad", pad.serve(pty));
        Ok(control)
    }

    fn pn532(&mut self) -> Result<countertop_virtual::pn532::Pn532Control, Failure> {
        let pty = Pty::open(None).map_err(|error| Failure::io("contactless: pty", &error))?;
        let connstring = format!("pn532_uart:{}:115200", pty.path().display());
        self.add(Role::Contactless, "libnfc", Selector::Nfc(connstring));
        let (chip, control) = VirtualPn532::new();
        self.spawn("pn532", chip.serve(pty));
        Ok(control)
    }

    /// Takes a slot of vpcd; without one the reader is configured all the same, and the self-test
    /// says what is missing.
    fn chip(&mut self) -> (Option<countertop_virtual::vpcd::CardSlotControl>, Option<SlotLock>) {
        let lock = SlotLock::take();
        let (port, reader) = lock.as_ref().map_or((35963, "Virtual PCD 00 00"), |lock| lock.slot());
        self.add(Role::Chip, "pcsc", Selector::Pcsc(reader.into()));
        if lock.is_none() {
            return (None, None);
        }
        let address = format!("127.0.0.1:{port}");
        let every = Reconnect::Every(std::time::Duration::from_secs(1));
        let (slot, control) = CardSlot::new(address, every);
        self.tasks.spawn(slot.run());
        (Some(control), lock)
    }
}

async fn loopback(what: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind("127.0.0.1:0").await.map_err(|error| Failure::io(what, &error))
}

fn address(listener: &TcpListener) -> Result<String, Failure> {
    let address = listener.local_addr().map_err(|error| Failure::io("listener", &error))?;
    Ok(address.to_string())
}
