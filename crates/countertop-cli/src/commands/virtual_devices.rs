//! `countertop virtual`: one virtual device on its own, for other people's programs.
//!
//! Each says on standard output where it is to be found, stays until it is interrupted, and removes
//! its link when it goes.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use countertop_virtual::acquirer::{AcquirerConfig, VirtualAcquirer};
use countertop_virtual::card::{CardProfile, Interface, PaymentCard};
use countertop_virtual::pinpad::{PinPadConfig, ProfileKind, VirtualPinPad};
use countertop_virtual::pn532::{
    FelicaTag, MifareClassic, MifareSize, Target, TopazTag, Type2Model, Type2Tag, Type4Tag,
    VirtualPn532,
};
use countertop_virtual::printer::{
    Fault, FlowControl, PrinterConfig, PrinterControl, VirtualPrinter, missing_font, obey,
    serve_control,
};
use countertop_virtual::pty::Pty;
use countertop_virtual::scanner::VirtualScanner;
use countertop_virtual::signature::{
    HandOutcome, Handwriting, SignatureConfig, SignatureControl, VirtualSignature,
};
use countertop_virtual::stripe::{StripeCard, StripeConfig, StripeDialect, VirtualStripe};
use countertop_virtual::vpcd::{CardSlot, Reconnect};
use countertop_wire::ndef::{Message, Record};
use countertop_wire::scanner::ScanFormat;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::on_usb::{self, Place};
use super::run::interrupted;
use crate::args::{
    AcquirerArguments, CardArguments, InField, Pn532Arguments, PrinterArguments, ProfileArguments,
    PtyArguments, SerialArguments, UsbArguments, VirtualCommand,
};
use crate::failure::Failure;
use crate::picture::resolution;

/// Runs one device until interrupted.
pub(crate) async fn run(command: &VirtualCommand) -> Result<ExitCode, Failure> {
    tokio::select! {
        // First, so that signals are heeded before anyone is told that the device is there.
        biased;
        () = interrupted() => {}
        ended = device(command) => ended?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn device(command: &VirtualCommand) -> Result<(), Failure> {
    match command {
        VirtualCommand::Acquirer(arguments) => acquirer(arguments).await,
        VirtualCommand::Card(arguments) => card(arguments).await,
        VirtualCommand::Magstripe(arguments) => magstripe(arguments).await,
        VirtualCommand::Pinpad(arguments) => pinpad(arguments).await,
        VirtualCommand::Pn532(arguments) => pn532(arguments).await,
        VirtualCommand::Printer(arguments) => printer(arguments).await,
        VirtualCommand::Scanner(arguments) => scanner(arguments).await,
        VirtualCommand::Signature(arguments) => signature(arguments).await,
    }
}

async fn acquirer(arguments: &AcquirerArguments) -> Result<(), Failure> {
    let listener = TcpListener::bind(arguments.tcp)
        .await
        .map_err(|error| Failure::io(format_args!("acquirer on {}", arguments.tcp), &error))?;
    let mut config = AcquirerConfig::default();
    config.amount_rules = true;
    let (host, _control) =
        VirtualAcquirer::new(config).map_err(|error| Failure::io("acquirer", &error))?;
    outln!("acquirer: {}", local(&listener)?);
    outln!("master key: the published test key 0123456789ABCDEFFEDCBA9876543210");
    outln!("amounts of 44.01 to 44.99 decline with the cents as code; 45.01 to 45.05 fail");
    host.listen(listener).await.map_err(|error| Failure::io("acquirer", &error))
}

async fn card(arguments: &CardArguments) -> Result<(), Failure> {
    let profile = profile(&arguments.profile)?;
    let every = Reconnect::Every(Duration::from_secs(1));
    let (slot, control) = CardSlot::new(arguments.vpcd.clone(), every);
    let running = tokio::spawn(slot.run());
    let card = PaymentCard::new(profile).on(Interface::Contact);
    control.insert(card).await.map_err(|error| {
        Failure::new(format!("card: vpcd at {}: {error}", arguments.vpcd)).with_help(
            "install vsmartcard-vpcd, and start the service: `sudo systemctl start pcscd`, or \
             `sudo pcscd` without systemd",
        )
    })?;
    outln!("card: in the reader of vpcd at {}", arguments.vpcd);
    if arguments.profile.profile.is_none() {
        outln!("test PIN: 123456");
    }
    running.await.map_err(|error| Failure::new(format!("card: {error}")))
}

/// Reads the card's personalisation, if a file is named.
fn profile(arguments: &ProfileArguments) -> Result<CardProfile, Failure> {
    let Some(path) = &arguments.profile else { return Ok(CardProfile::unionpay_debit()) };
    let text =
        std::fs::read_to_string(path).map_err(|error| Failure::io(path.display(), &error))?;
    CardProfile::from_toml(&text)
        .map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}

async fn magstripe(arguments: &SerialArguments) -> Result<(), Failure> {
    let place = on_line(arguments, "magstripe", on_usb::magstripe).await?;
    let (reader, control) = VirtualStripe::new(StripeConfig::new(StripeDialect::Msr605));
    outln!("protocol: MSR605, 9600 8N1; press enter to swipe");
    let hand = async {
        let mut lines = typed_lines()?;
        while lines.recv().await.is_some() {
            let card = StripeCard::new([None, Some("6200000000000005=30121200000000000"), None])
                .map_err(|error| Failure::new(error.to_string()))?;
            if !control.swipe(&card).await {
                eprintln!("the reader is not armed: no program waits for a card");
            }
        }
        std::future::pending().await
    };
    together("magstripe", reader.serve(place.link), hand).await
}

async fn scanner(arguments: &SerialArguments) -> Result<(), Failure> {
    let place = on_line(arguments, "scanner", on_usb::scanner).await?;
    let (scanner, control) = VirtualScanner::new(ScanFormat::default());
    outln!("type a code and press enter to scan it");
    let hand = async {
        let mut lines = typed_lines()?;
        while let Some(code) = lines.recv().await {
            control.scan(&code);
        }
        std::future::pending().await
    };
    together("scanner", scanner.serve(place.link), hand).await
}

async fn pinpad(arguments: &PtyArguments) -> Result<(), Failure> {
    let pty = open(arguments, "pinpad")?;
    let (pad, control) = VirtualPinPad::new(PinPadConfig::new(ProfileKind::Training))
        .map_err(|error| Failure::new(error.to_string()))?;
    outln!("test keys only; type a test PIN and press enter, `cancel` for the cancel key");
    let hand = async {
        let mut lines = typed_lines()?;
        while let Some(keys) = lines.recv().await {
            match keys.trim() {
                "" => control.press_enter(),
                "cancel" => control.press_cancel(),
                pin if pin.bytes().all(|byte| byte.is_ascii_digit()) => control.type_pin(pin),
                _ => eprintln!("digits, nothing, or `cancel`"),
            }
        }
        std::future::pending().await
    };
    together("pinpad", pad.serve(pty), hand).await
}

async fn signature(arguments: &PtyArguments) -> Result<(), Failure> {
    let pty = open(arguments, "signature")?;
    let (pad, control) = VirtualSignature::new(SignatureConfig::default());
    outln!("signs by itself two seconds after it is asked");
    together("signature", pad.serve(pty), sign_when_asked(control)).await
}

async fn sign_when_asked(mut control: SignatureControl) -> Result<(), Failure> {
    while let Some(feature_code) = control.asked().await {
        outln!("asked for a signature under {feature_code}");
        tokio::time::sleep(Duration::from_secs(2)).await;
        if control.sign(&Handwriting::sample(240, 80)).await == HandOutcome::Done {
            outln!("signed");
        }
        control.idle().await;
    }
    std::future::pending().await
}

async fn pn532(arguments: &Pn532Arguments) -> Result<(), Failure> {
    let profile = profile(&arguments.profile)?;
    let pty = open(&arguments.pty, "pn532")?;
    let (chip, control) = VirtualPn532::new();
    for target in targets(arguments.field, profile) {
        control.put(target);
    }
    outln!("libnfc: LIBNFC_DEFAULT_DEVICE=pn532_uart:{} nfc-list", pty.public_path().display());
    chip.serve(pty).await.map_err(|error| Failure::io("pn532", &error))
}

/// Returns what is held to the antenna.
fn targets(field: InField, profile: CardProfile) -> Vec<Target> {
    let message = Message::new(vec![Record::uri("https://example.com/table/7")]).encode();
    let uid = [0x08, 0x52, 0x7a, 0x01];
    let card = || {
        let card = PaymentCard::new(profile).on(Interface::Contactless);
        Target::iso_dep(uid, card)
    };
    let tag = || {
        let uid = [0x04, 0x6b, 0x2a, 0x9c, 0x51, 0x73, 0x80];
        Target::type2(Type2Tag::new(Type2Model::Ntag213, uid).with_ndef(&message))
    };
    let type4 = || Type4Tag::new(1024).with_ndef(&message);
    match field {
        InField::Both => vec![card(), tag()],
        InField::Card => vec![card()],
        InField::Tag => vec![tag()],
        InField::Classic => {
            vec![Target::mifare_classic(MifareClassic::new(MifareSize::Classic1K, uid))]
        }
        InField::Felica => {
            let idm = [0x02, 0xfe, 0x52, 0x7a, 0x01, 0x00, 0x00, 0x07];
            vec![Target::felica(FelicaTag::new(idm).with_ndef(&message))]
        }
        InField::Topaz => vec![Target::topaz(TopazTag::new(uid).with_ndef(&message))],
        InField::Type4 => vec![Target::iso_dep(uid, type4())],
        InField::Type4b => vec![Target::type_b(uid, type4())],
    }
}

async fn printer(arguments: &PrinterArguments) -> Result<(), Failure> {
    std::fs::create_dir_all(&arguments.out)
        .map_err(|error| Failure::io(arguments.out.display(), &error))?;
    if let Some(cure) = missing_font() {
        eprintln!("countertop: {cure}");
    }
    if !arguments.place.is_one() {
        let text = "printer: one of --tcp, --link, --usb and --usbip; start it twice for two";
        return Err(Failure::new(text));
    }
    let (printer, control) = VirtualPrinter::new(printer_config(arguments));
    let reached = reach(arguments.control, control.clone()).await?;
    tokio::select! {
        served = serve_printer(printer, &control, arguments) => served,
        failed = reached => failed,
        failed = typed_requests(control.clone()) => failed,
    }
}

fn printer_config(arguments: &PrinterArguments) -> PrinterConfig {
    let mut config = PrinterConfig::default();
    config.dots = arguments.model.dots();
    config.wide = arguments.model.wide();
    config.output = Some(arguments.out.clone());
    if let Some(profile) = &arguments.model.profile {
        config.resolution = resolution(profile);
        config.receive_buffer = profile.buffer();
        config.process_ids = profile.has_process_id();
        config.identity.maker = profile.vendor().to_owned();
        config.identity.model = profile.name().to_owned();
    }
    config.receive_buffer = arguments.buffer.unwrap_or(config.receive_buffer);
    config.speed = arguments.speed;
    config.paper_rows = arguments.paper;
    config.process_ids &= !arguments.no_process_ids;
    config.serial = arguments.place.link.is_some();
    config.idle_close =
        (arguments.idle_close > 0).then(|| Duration::from_secs(arguments.idle_close));
    if arguments.xon_xoff {
        config.flow = FlowControl::XonXoff;
    }
    config.faults.clone_from(&arguments.fault);
    config.faults.extend(arguments.random_fault.map(|seed| Fault::random(seed, 4000, 2000)));
    config.faults.iter().for_each(|fault| outln!("fault: {fault}"));
    config
}

async fn serve_printer(
    mut printer: VirtualPrinter,
    control: &PrinterControl,
    arguments: &PrinterArguments,
) -> Result<(), Failure> {
    let place = &arguments.place;
    let receipts = arguments.out.display();
    let served = if let Some(address) = &place.tcp {
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| Failure::io(format_args!("printer on {address}"), &error))?;
        outln!("printer: tcp:{}", local(&listener)?);
        outln!("receipts: {receipts}");
        printer.serve_tcp(listener).await
    } else if place.usb().wanted() {
        plug_again_and_again(&mut printer, control, place.usb(), &receipts.to_string()).await?;
        Ok(())
    } else {
        let pty = open_link(place.link.as_deref(), "printer")?;
        outln!("receipts: {receipts}");
        printer.serve(pty).await
    };
    served.map_err(|error| Failure::io("printer", &error))
}

/// Serves a printer on USB; after a fault has pulled it, it is plugged in again once that is mended.
async fn plug_again_and_again(
    printer: &mut VirtualPrinter,
    control: &PrinterControl,
    usb: UsbArguments,
    receipts: &str,
) -> Result<(), Failure> {
    loop {
        let on_usb = on_usb::printer(usb, control).await?;
        outln!("receipts: {receipts}");
        printer.attend(on_usb.link).await.map_err(|error| Failure::io("printer", &error))?;
        let gone = |control: &PrinterControl| {
            let state = control.snapshot();
            !state.plugged || !state.powered
        };
        if !gone(control) {
            return Ok(());
        }
        control.wait_until(|control| !gone(control)).await;
    }
}

/// Opens the port on which other programs act on the printer, and serves it.
async fn reach(
    address: Option<SocketAddr>,
    control: PrinterControl,
) -> Result<impl Future<Output = Result<(), Failure>>, Failure> {
    let listener = match address {
        Some(address) => {
            let listener = TcpListener::bind(address)
                .await
                .map_err(|error| Failure::io(format_args!("control on {address}"), &error))?;
            outln!("control: {}", local(&listener)?);
            Some(listener)
        }
        None => None,
    };
    Ok(async move {
        match listener {
            Some(listener) => serve_control(control, listener)
                .await
                .map_err(|error| Failure::io("control", &error)),
            None => std::future::pending().await,
        }
    })
}

/// Does what is typed, and answers on standard output.
async fn typed_requests(control: PrinterControl) -> Result<(), Failure> {
    let mut lines = typed_lines()?;
    while let Some(request) = lines.recv().await {
        if !request.trim().is_empty() {
            outln!("{}", obey(&control, &request).await);
        }
    }
    std::future::pending().await
}

/// Opens a pty, or USB by `usb`.
async fn on_line<F>(
    arguments: &SerialArguments,
    name: &str,
    usb: impl FnOnce(UsbArguments) -> F,
) -> Result<Place, Failure>
where
    F: Future<Output = Result<Place, Failure>>,
{
    if arguments.usb.wanted() {
        return usb(arguments.usb).await;
    }
    Ok(Place::pty(open(&arguments.pty, name)?))
}

/// Runs a device and the hand at it until the device ends.
async fn together(
    name: &str,
    device: impl Future<Output = std::io::Result<()>>,
    hand: impl Future<Output = Result<(), Failure>>,
) -> Result<(), Failure> {
    tokio::select! {
        ended = device => ended.map_err(|error| Failure::io(name, &error)),
        failed = hand => failed,
    }
}

fn open(arguments: &PtyArguments, name: &str) -> Result<Pty, Failure> {
    open_link(arguments.link.as_deref(), name)
}

fn open_link(link: Option<&Path>, name: &str) -> Result<Pty, Failure> {
    let pty = Pty::open(link).map_err(|error| match link {
        Some(link) => Failure::io(format_args!("{name}: pty with link {}", link.display()), &error),
        None => Failure::io(format_args!("{name}: pty"), &error),
    })?;
    outln!("{name}: serial:{}", pty.public_path().display());
    Ok(pty)
}

fn local(listener: &TcpListener) -> Result<SocketAddr, Failure> {
    listener.local_addr().map_err(|error| Failure::io("listener", &error))
}

/// Reads standard input on a thread of its own, which does not keep the program from ending while
/// nobody types. The lines end when nobody is there to type any more.
fn typed_lines() -> Result<UnboundedReceiver<String>, Failure> {
    let (typed, lines) = unbounded_channel();
    let read = move || {
        let mut lines = std::io::stdin().lines().map_while(Result::ok);
        while lines.next().is_some_and(|line| typed.send(line).is_ok()) {}
    };
    std::thread::Builder::new()
        .name("stdin".into())
        .spawn(read)
        .map_err(|error| Failure::io("standard input", &error))?;
    Ok(lines)
}
