//! The host of one sale: signed in to, asked, and told to reverse.

use countertop_acquirer::unionpay::UnionPay;
use countertop_acquirer::{
    Acquirer as _, BatchNumber, CardEntry, FinancialRequest, HostAnswer, HostError,
    PreparedRequest, ReversalReason, SignInRequest, Stan, Submission, TransactionKind,
    UnknownReason, Verdict,
};
use countertop_device::{EncryptedPinBlock, Money, PinPad, Selector};
use countertop_emv::parameters::EmvParameters;
use countertop_emv::{PinSupport, TransactionData};
use countertop_hub::{DeviceConfig, Devices, DevicesConfig, Role};
use countertop_terminal::flow::FlowError;
use countertop_terminal::{Clock as _, SystemClock};
use countertop_virtual::acquirer::{AcquirerConfig, VirtualAcquirer};
use countertop_virtual::pinpad::{PinPadConfig, ProfileKind, VirtualPinPad};
use countertop_virtual::pty::Pty;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::app::emv_parameters;
use crate::commands::card::args::SaleArguments;
use crate::config::Config;
use crate::failure::Failure;

/// What `--host` calls a host in this process.
const VIRTUAL: &str = "virtual";

/// Says which host is asked and with whose keys.
pub(super) struct Plan {
    config: Config,
    /// Whether the host is in this process.
    is_virtual: bool,
    /// Whether keys are the published ones, so that test cards are believed.
    test_keys: bool,
}

impl Plan {
    pub(super) fn of(arguments: &SaleArguments) -> Result<Self, Failure> {
        let mut config = match &arguments.config {
            Some(file) => Config::read(file)?,
            None => Config::default(),
        };
        if config.acquirer.live {
            return Err(Failure::new(format!("{} moves money", config.acquirer.host))
                .with_help("sell there by `countertop run`, which has operators and a journal"));
        }
        let named = arguments.host.as_deref().filter(|host| *host != VIRTUAL);
        let is_virtual = arguments.host.as_deref() == Some(VIRTUAL)
            || (arguments.config.is_none() && named.is_none());
        if let Some(host) = named {
            config.acquirer.host = host.into();
        }
        let test_keys = arguments.config.is_none() || is_virtual;
        config.acquirer.training |= test_keys;
        Ok(Self { config, is_virtual, test_keys })
    }

    pub(super) fn emv_parameters(&self) -> Result<EmvParameters, Failure> {
        emv_parameters(&self.config, self.test_keys)
    }
}

/// Is a host that the terminal has signed in to.
pub(super) struct Host {
    acquirer: UnionPay,
    devices: Devices,
    config: Config,
    batch: BatchNumber,
    stan: Stan,
    /// Which PINs a person can type: the virtual PIN pad has keys, and nobody in front of it.
    pin: PinSupport,
    _virtual: JoinSet<()>,
}

/// Is what the host has to say of a request.
pub(super) struct Asked {
    pub(super) said: Said,
    prepared: PreparedRequest,
}

/// Is an answer, or why there is none.
pub(super) enum Said {
    Answered(HostAnswer),
    NotSent(String),
    Unknown(UnknownReason, String),
}

impl Asked {
    /// Returns the answer of a host that has approved the whole amount.
    pub(super) fn approval(&self) -> Option<&HostAnswer> {
        match &self.said {
            Said::Answered(answer) if answer.code.verdict() == Verdict::Approved => Some(answer),
            _ => None,
        }
    }

    /// Says whether the host has to undo something, whatever the card says.
    pub(super) fn reversal_due(&self) -> Option<ReversalReason> {
        match &self.said {
            Said::Unknown(UnknownReason::BadMac, _) => Some(ReversalReason::BadMac),
            Said::Unknown(..) => Some(ReversalReason::NoAnswer),
            Said::Answered(answer) if answer.code.verdict() == Verdict::PartiallyApproved => {
                Some(ReversalReason::CannotComplete)
            }
            _ => None,
        }
    }
}

impl Host {
    /// Raises what is virtual and signs in.
    pub(super) async fn sign_in(plan: Plan) -> Result<Self, Failure> {
        let Plan { mut config, is_virtual, test_keys } = plan;
        let mut tasks = JoinSet::new();
        if is_virtual {
            config.acquirer.host = raise_acquirer(&mut tasks).await?;
            // A person who watches should not wait half a minute for an answer that never comes.
            config.acquirer.response_timeout_ms = 3_000;
        }
        if test_keys {
            config.devices = raise_pin_pad(&mut tasks)?;
        }
        let mut devices = Devices::from_config(&countertop::registry(), &config.devices);
        if !devices.pin_pad.assigned() {
            return Err(Failure::new(
                "the configuration has no PIN pad, which has the host's keys",
            )
            .with_help("add a [devices.pin-pad] table, or sell at `--host virtual`"));
        }
        let mut acquirer = UnionPay::new(config.acquirer.clone())?;
        let pin_pad = devices.pin_pad.open().await?.as_mut();
        let pin = pin_support(pin_pad, test_keys);
        let stan = stan_of_now();
        let request = SignInRequest { stan, batch: BatchNumber::FIRST, operator: 1 };
        let signed_in = acquirer.sign_in(pin_pad, &request).await.map_err(failed)?;
        let (batch, stan) = (signed_in.batch, stan.next());
        Ok(Self { acquirer, devices, config, batch, stan, pin, _virtual: tasks })
    }

    /// Tells the card who and where the terminal is, and which PINs can be taken.
    pub(super) fn describe(&self, data: &mut TransactionData) {
        let profile = &self.config.acquirer;
        data.terminal_id.clone_from(&profile.terminal_id);
        data.merchant_id.clone_from(&profile.merchant_id);
        data.merchant_name.clone_from(&self.config.terminal.merchant_name);
        data.sequence_counter = self.stan.get();
        data.pin = self.pin;
    }

    /// Returns the PIN pad, if anyone can type at it.
    pub(super) async fn pin_pad(&mut self) -> Result<Option<&mut dyn PinPad>, Failure> {
        if self.pin == PinSupport::None {
            return Ok(None);
        }
        Ok(Some(self.devices.pin_pad.open().await?.as_mut()))
    }

    /// Asks for the money. An error means that nothing was sent.
    pub(super) async fn ask(
        &mut self,
        amount: Money,
        entry: CardEntry,
        pin_block: Option<EncryptedPinBlock>,
    ) -> Result<Asked, Failure> {
        let (stan, batch) = (self.stan, self.batch);
        let kind = TransactionKind::Sale;
        let request =
            FinancialRequest { kind, stan, batch, amount, entry, pin_block, original: None };
        let pin_pad = self.devices.pin_pad.open().await?.as_mut();
        let prepared = self.acquirer.prepare(pin_pad, &request).await.map_err(failed)?;
        let said = match self.acquirer.submit(pin_pad, &prepared).await {
            Submission::Answered(answer) => Said::Answered(answer),
            Submission::NotSent(error) => Said::NotSent(error.to_string()),
            Submission::Unknown(reason, error) => Said::Unknown(reason, error.to_string()),
            // A kind of answer that this version does not know is no answer.
            _ => Said::Unknown(UnknownReason::NoAnswer, "the answer is not known".into()),
        };
        Ok(Asked { said, prepared })
    }

    /// Undoes at the host what it may have booked; says what became of that.
    pub(super) async fn reverse(&mut self, asked: &Asked, reason: ReversalReason) -> Reversal {
        const TRIES: u32 = 3;
        let code = asked.approval().and_then(|answer| answer.authorization_code.clone());
        let mut last = String::new();
        for _ in 0..TRIES {
            match self.try_reversal(asked, reason, code.as_deref()).await {
                Ok(()) => return Reversal::Acknowledged,
                Err(error) => last = error,
            }
        }
        Reversal::Open(last)
    }

    async fn try_reversal(
        &mut self,
        asked: &Asked,
        reason: ReversalReason,
        authorization_code: Option<&str>,
    ) -> Result<(), String> {
        let pin_pad = self.devices.pin_pad.open().await.map_err(|error| error.to_string())?;
        let reversal = &asked.prepared.reversal;
        let sent = self.acquirer.reverse(pin_pad.as_mut(), reversal, reason, authorization_code);
        match sent.await {
            Ok(code) if code.reversal_done() => Ok(()),
            Ok(code) => Err(format!("refused with {code}")),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// Is what became of a reversal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reversal {
    Acknowledged,
    /// The host has not taken it; why.
    Open(String),
}

fn pin_support(pin_pad: &dyn PinPad, test_keys: bool) -> PinSupport {
    if test_keys {
        PinSupport::None
    } else if pin_pad.capabilities().offline_enciphered_pin {
        PinSupport::OnlineAndOfflineEnciphered
    } else {
        PinSupport::Online
    }
}

fn failed(error: HostError) -> Failure {
    Failure::from(FlowError::from(error))
}

/// Returns a number that no sale of another second of this day has.
fn stan_of_now() -> Stan {
    let time = SystemClock.now().time();
    let seconds = time.split(':').filter_map(|part| part.parse::<u32>().ok());
    let second = seconds.fold(0, |sum, part| sum * 60 + part);
    // Two numbers are used: one to sign in, one to sell.
    Stan::new(second * 2 + 1).unwrap_or(Stan::FIRST)
}

async fn raise_acquirer(tasks: &mut JoinSet<()>) -> Result<String, Failure> {
    let failed = |error| Failure::io("acquirer", &error);
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?.to_string();
    let mut config = AcquirerConfig::default();
    config.amount_rules = true;
    let (host, _) = VirtualAcquirer::new(config).map_err(failed)?;
    tasks.spawn(async move {
        if let Err(error) = host.listen(listener).await {
            tracing::error!(%error, "virtual acquirer ended");
        }
    });
    Ok(address)
}

/// Raises a PIN pad for its keys: nobody types at it.
fn raise_pin_pad(tasks: &mut JoinSet<()>) -> Result<DevicesConfig, Failure> {
    let pty = Pty::open(None).map_err(|error| Failure::io("PIN pad: pty", &error))?;
    let at = Selector::Serial(pty.path().display().to_string());
    let (pad, _) = VirtualPinPad::new(PinPadConfig::new(ProfileKind::Training))
        .map_err(|error| Failure::new(error.to_string()))?;
    tasks.spawn(async move {
        if let Err(error) = pad.serve(pty).await {
            tracing::error!(%error, "virtual PIN pad ended");
        }
    });
    Ok(DevicesConfig::default().with(Role::PinPad, DeviceConfig::new("visa-pinpad", at)))
}
