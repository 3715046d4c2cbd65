//! A chip reader and a contactless reader whose cards are in memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use countertop_device::{
    CardProtocol, CardSession, ChipReader, ContactlessReader, ContactlessTarget, Device,
    DeviceError, DeviceErrorKind, DeviceInfo, HealthLevel, HealthReport, Selector, Sensitive,
};
use countertop_virtual::card::VirtualCard;
use tokio::sync::watch;

/// Is the hand at a reader: puts cards there and takes them. A clone is the same reader.
#[derive(Debug, Clone)]
pub(crate) struct Seat {
    state: Arc<Mutex<State>>,
    /// Changes with every change of the state.
    changed: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct State {
    card: Option<Box<dyn VirtualCard>>,
    mute: bool,
    /// Whether a tag lies there that is no card.
    tag: bool,
    /// Whether another card lies beside the card.
    another: bool,
    unplugged: bool,
    /// Commands that cards have seen in all.
    commands: usize,
}

impl Default for Seat {
    fn default() -> Self {
        Self { state: Arc::default(), changed: watch::Sender::new(0) }
    }
}

impl Seat {
    pub(crate) fn put(&self, card: impl VirtualCard + 'static) {
        self.change(|state| {
            state.card = Some(Box::new(card));
            state.mute = false;
            state.tag = false;
            state.another = false;
        });
    }

    /// Puts a card beside another one.
    pub(crate) fn put_beside_another(&self, card: impl VirtualCard + 'static) {
        self.put(card);
        self.change(|state| state.another = true);
    }

    /// Puts a card whose chip does not answer to a reset.
    pub(crate) fn put_mute(&self, card: impl VirtualCard + 'static) {
        self.change(|state| {
            state.card = Some(Box::new(card));
            state.mute = true;
        });
    }

    /// Puts a tag of another trade, such as a ticket.
    pub(crate) fn put_tag(&self) {
        self.change(|state| state.tag = true);
    }

    pub(crate) fn take(&self) {
        self.change(|state| {
            state.card = None;
            state.tag = false;
        });
    }

    pub(crate) fn unplug(&self) {
        self.change(|state| state.unplugged = true);
    }

    pub(crate) fn plug(&self) {
        self.change(|state| state.unplugged = false);
    }

    /// Returns how many commands the cards have seen here.
    pub(crate) fn commands(&self) -> usize {
        self.state().commands
    }

    /// Returns the reader, for a slot.
    pub(crate) fn reader(&self, name: &str) -> MemoryReader {
        let selector = Selector::Virtual(name.into());
        MemoryReader { info: DeviceInfo::new(selector, "memory", name), seat: self.clone() }
    }

    fn change(&self, act: impl FnOnce(&mut State)) {
        act(&mut self.state());
        self.changed.send_modify(|count| *count += 1);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_card(&self) -> bool {
        self.state().card.as_ref().is_some_and(|card| card.is_present())
    }

    fn has_something(&self) -> bool {
        self.has_card() || self.state().tag
    }

    /// Waits until a card is there, or is not.
    async fn wait(&self, wanted: bool) -> Result<(), DeviceError> {
        let mut changed = self.changed.subscribe();
        loop {
            if self.state().unplugged {
                return Err(error(DeviceErrorKind::Disconnected, "wait"));
            }
            if self.has_something() == wanted {
                return Ok(());
            }
            changed.changed().await.map_err(|_| error(DeviceErrorKind::Disconnected, "wait"))?;
        }
    }

    fn connect(&self, protocol: CardProtocol) -> Result<Box<dyn CardSession>, DeviceError> {
        let mut state = self.state();
        if state.unplugged {
            return Err(error(DeviceErrorKind::Disconnected, "connect"));
        }
        let mute = state.mute;
        let Some(card) = state.card.as_mut().filter(|card| card.is_present()) else {
            return Err(error(DeviceErrorKind::CardRemoved, "connect"));
        };
        if mute {
            return Err(error(DeviceErrorKind::Protocol, "connect"));
        }
        card.reset();
        let answer = match protocol {
            CardProtocol::IsoDep => card.answer_to_select(),
            _ => card.answer_to_reset(),
        };
        Ok(Box::new(MemorySession { seat: self.clone(), protocol, answer }))
    }
}

fn error(kind: DeviceErrorKind, action: &str) -> DeviceError {
    DeviceError::new(kind, "virtual:reader", action)
}

/// Is a reader of either kind.
#[derive(Debug)]
pub(crate) struct MemoryReader {
    info: DeviceInfo,
    seat: Seat,
}

#[async_trait]
impl Device for MemoryReader {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn check_health(&mut self, _: HealthLevel) -> Result<HealthReport, DeviceError> {
        Ok(HealthReport::good("in memory"))
    }
}

#[async_trait]
impl ChipReader for MemoryReader {
    async fn await_card(&mut self) -> Result<(), DeviceError> {
        self.seat.wait(true).await
    }

    async fn await_removal(&mut self) -> Result<(), DeviceError> {
        self.seat.wait(false).await
    }

    async fn connect(&mut self) -> Result<Box<dyn CardSession>, DeviceError> {
        self.seat.connect(CardProtocol::T1)
    }
}

#[async_trait]
impl ContactlessReader for MemoryReader {
    async fn await_target(&mut self) -> Result<ContactlessTarget, DeviceError> {
        self.seat.wait(true).await?;
        if self.seat.state().tag {
            let uid = vec![0x04, 0x52, 0x7a, 0x01, 0x02, 0x03, 0x80];
            return Ok(ContactlessTarget::new(uid, [0x00, 0x44], 0x00, Vec::new()));
        }
        let uid = vec![0x08, 0x52, 0x7a, 0x01];
        let target = ContactlessTarget::new(uid, [0x00, 0x04], 0x20, vec![0x02, 0x78]);
        Ok(if self.seat.state().another { target.with_collision() } else { target })
    }

    async fn connect(&mut self) -> Result<Box<dyn CardSession>, DeviceError> {
        self.seat.connect(CardProtocol::IsoDep)
    }
}

#[derive(Debug)]
struct MemorySession {
    seat: Seat,
    protocol: CardProtocol,
    answer: Vec<u8>,
}

#[async_trait]
impl CardSession for MemorySession {
    fn protocol(&self) -> CardProtocol {
        self.protocol
    }

    fn answer_to_reset(&self) -> &[u8] {
        &self.answer
    }

    async fn transmit(&mut self, command: &[u8]) -> Result<Sensitive, DeviceError> {
        let answer = {
            let mut state = self.seat.state();
            if state.unplugged {
                return Err(error(DeviceErrorKind::Disconnected, "transmit"));
            }
            state.commands += 1;
            let Some(card) = state.card.as_mut() else {
                return Err(error(DeviceErrorKind::CardRemoved, "transmit"));
            };
            let answer = card.transmit(command);
            if card.is_present() { Some(answer) } else { None }
        };
        match answer {
            None => {
                self.seat.take();
                Err(error(DeviceErrorKind::CardRemoved, "transmit"))
            }
            Some(answer) if answer.is_empty() => Err(error(DeviceErrorKind::Protocol, "transmit")),
            Some(answer) => Ok(answer.into()),
        }
    }

    async fn close(self: Box<Self>) -> Result<(), DeviceError> {
        Ok(())
    }
}
