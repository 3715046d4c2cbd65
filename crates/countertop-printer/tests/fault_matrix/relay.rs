//! The cable and the switch: what lies between the host's end of a link and the printer.

use core::time::Duration;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use countertop_transport::{BoxLink, memory};
use countertop_virtual::printer::{PrinterConfig, PrinterControl, VirtualPrinter};
use countertop_virtual::pty::Pty;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, ReadHalf, WriteHalf, split};
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc};
use tokio::time::sleep;

use crate::faults::{Fault, Transport};

/// How long a printer is off.
const OFF: Duration = Duration::from_millis(2500);
/// How long the line takes nothing.
const STALL: Duration = Duration::from_millis(5500);
/// Bytes within the cable.
const CABLE: usize = 64;

/// Is where hosts connect.
pub(crate) enum Port {
    Memory(mpsc::UnboundedReceiver<BoxLink>),
    Pty(PathBuf, Option<Pty>),
    Tcp(TcpListener),
}

impl Port {
    async fn next(&mut self) -> Option<BoxLink> {
        match self {
            Self::Memory(links) => links.recv().await,
            Self::Pty(path, first) => {
                // Behind the end of its run the folder is gone.
                let pty = match first.take() {
                    Some(pty) => pty,
                    None => Pty::open(Some(path)).ok()?,
                };
                Some(Box::new(pty))
            }
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await.unwrap();
                stream.set_nodelay(true).unwrap();
                Some(Box::new(stream))
            }
        }
    }
}

/// Is the hand on cable and switch.
#[derive(Clone)]
pub(crate) struct Cable {
    pub(crate) control: PrinterControl,
    fault: Fault,
    transport: Transport,
    /// Bytes after which the fault strikes.
    at: u64,
    passed: Arc<AtomicU64>,
    seen: Arc<Mutex<Vec<u8>>>,
    struck: Arc<AtomicBool>,
    off: Arc<AtomicBool>,
    pull: Arc<Notify>,
    pub(crate) links: mpsc::UnboundedSender<BoxLink>,
}

impl Cable {
    /// Lays a cable to a new printer, in which `fault` strikes after `at` bytes.
    pub(crate) fn lay(
        config: PrinterConfig,
        (fault, transport, at): (Fault, Transport, u64),
        port: impl FnOnce(mpsc::UnboundedReceiver<BoxLink>) -> Port,
    ) -> Self {
        let (printer, control) = VirtualPrinter::new(config);
        let (ours, theirs) = tokio::io::duplex(CABLE);
        tokio::spawn(printer.serve(theirs));
        let (links, received) = mpsc::unbounded_channel();
        let cable = Self {
            control,
            fault,
            transport,
            at,
            passed: Arc::default(),
            seen: Arc::default(),
            struck: Arc::default(),
            off: Arc::default(),
            pull: Arc::default(),
            links,
        };
        tokio::spawn(cable.clone().serve(port(received), ours));
        cable
    }

    /// Gives the host's end of a new link in memory.
    pub(crate) fn plug_in(&self) -> BoxLink {
        let (host, device) = memory::pair();
        self.links.send(device).unwrap();
        host
    }

    /// Returns every byte that hosts have sent.
    pub(crate) fn seen(&self) -> Vec<u8> {
        self.seen.lock().unwrap().clone()
    }

    /// Tells whether the fault has struck.
    pub(crate) fn has_struck(&self) -> bool {
        self.struck.load(Ordering::SeqCst)
    }

    async fn serve(self, mut port: Port, mut printer: DuplexStream) {
        while let Some(host) = port.next().await {
            let (mut from_host, mut to_host) = split(host);
            let (mut from_printer, mut to_printer) = split(&mut printer);
            tokio::select! {
                () = self.pull.notified() => {}
                () = self.carry(&mut from_host, &mut to_printer) => {}
                () = self.carry_back(&mut from_printer, &mut to_host) => {}
            }
        }
    }

    async fn carry(
        &self,
        host: &mut ReadHalf<BoxLink>,
        printer: &mut WriteHalf<&mut DuplexStream>,
    ) {
        let mut bytes = [0; CABLE];
        loop {
            let passed = self.passed.load(Ordering::SeqCst);
            let before = usize::try_from(self.at.saturating_sub(passed)).unwrap_or(CABLE);
            let most = if before == 0 { CABLE } else { before.min(CABLE) };
            let Ok(count @ 1..) = host.read(&mut bytes[..most]).await else { return };
            if !self.off.load(Ordering::SeqCst) && printer.write_all(&bytes[..count]).await.is_err()
            {
                return;
            }
            self.seen.lock().unwrap().extend(&bytes[..count]);
            let now = passed + count as u64;
            self.passed.store(now, Ordering::SeqCst);
            if passed < self.at && now >= self.at {
                self.strike().await;
            }
        }
    }

    async fn carry_back(
        &self,
        printer: &mut ReadHalf<&mut DuplexStream>,
        host: &mut WriteHalf<BoxLink>,
    ) {
        let mut bytes = [0; CABLE];
        while let Ok(count @ 1..) = printer.read(&mut bytes).await {
            if !self.off.load(Ordering::SeqCst) && host.write_all(&bytes[..count]).await.is_err() {
                return;
            }
        }
    }

    async fn strike(&self) {
        self.struck.store(true, Ordering::SeqCst);
        self.fault.strike(&self.control);
        match self.fault {
            Fault::PowerOff => drop(tokio::spawn(self.clone().switch_off_and_on())),
            Fault::Stall => sleep(STALL).await,
            Fault::Unplug => self.pull.notify_one(),
            Fault::Overheated => {
                let control = self.control.clone();
                tokio::spawn(async move {
                    sleep(OFF).await;
                    control.set_overheated(false);
                });
            }
            _ => {}
        }
    }

    /// Switches the printer off and on: what it held is lost, and what is sent meanwhile.
    pub(crate) async fn switch_off_and_on(self) {
        self.off.store(true, Ordering::SeqCst);
        if self.transport == Transport::Tcp {
            self.pull.notify_one();
        }
        // What is in the cable has arrived.
        sleep(Duration::from_millis(20)).await;
        self.control.power_cycle();
        sleep(OFF).await;
        self.off.store(false, Ordering::SeqCst);
    }
}
