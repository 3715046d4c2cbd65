//! What the reader answers.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countertop_wire::hid::ReportKind;
use countertop_wire::magtek::{CardLayout, Command, Property, Response, ResultCode};

use super::head::Head;
use super::{MagtekConfig, MagtekModel};
use crate::hid::{HidAnswer, HidFunction};

/// Security levels (99875475, section 1): no encryption yet, and encryption.
const LEVEL_CLEAR: u8 = 2;
const LEVEL_ENCRYPTED: u8 = 3;

/// What can be set.
const ADJUSTABLE: [Property; 4] = [
    Property::POLLING_INTERVAL,
    Property::TRACK_ID_ENABLE,
    Property::INTERFACE_TYPE,
    Property::HOST_POLL_TIMEOUT,
];

/// Is what reader and hand share.
#[derive(Debug)]
pub(super) struct State {
    pub(super) config: MagtekConfig,
    pub(super) layout: CardLayout,
    pub(super) head: Head,
    pub(super) silent: bool,
    pub(super) refusing: bool,
    /// Commands that came, answered or not, for tests that nothing forbidden did.
    pub(super) commands: Vec<Command>,
    properties: BTreeMap<u8, Vec<u8>>,
    response: Response,
}

pub(super) type SharedState = Arc<Mutex<State>>;

pub(super) fn lock(state: &SharedState) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    pub(super) fn new(config: MagtekConfig, layout: CardLayout) -> Self {
        let seconds = u8::try_from(config.host_poll_timeout.as_secs()).unwrap_or(u8::MAX);
        let properties = [
            (Property::POLLING_INTERVAL, 0x0A),
            (Property::TRACK_ID_ENABLE, 0x95),
            (Property::INTERFACE_TYPE, 0x00),
            (Property::HOST_POLL_TIMEOUT, seconds),
        ];
        Self {
            head: Head::new(&config),
            properties: properties.map(|(property, value)| (property.0, vec![value])).into(),
            config,
            layout,
            silent: false,
            refusing: false,
            commands: Vec::new(),
            response: Response::refusal(ResultCode::Failure),
        }
    }

    fn is_magnesafe(&self) -> bool {
        self.config.model == MagtekModel::MagneSafe
    }

    fn execute(&mut self, command: &Command) -> Response {
        match command {
            Command::GetProperty(property) => self.get_property(*property),
            // From level 3 on this takes a message authentication code, which nobody here makes.
            Command::SetProperty(..) if self.head.encrypts() => {
                Response::refusal(ResultCode::InvalidOperation)
            }
            Command::SetProperty(property, value) if ADJUSTABLE.contains(property) => {
                self.properties.insert(property.0, value.clone());
                Response::success([])
            }
            Command::ResetDevice => Response::success([]),
            Command::GetSecurityLevel if self.is_magnesafe() => {
                Response::success([if self.head.encrypts() {
                    LEVEL_ENCRYPTED
                } else {
                    LEVEL_CLEAR
                }])
            }
            Command::GetKeySerialNumber if self.head.encrypts() => {
                Response::success(self.head.key_serial_number())
            }
            _ => Response::refusal(ResultCode::BadParameter),
        }
    }

    fn get_property(&self, property: Property) -> Response {
        let config = &self.config;
        let text = match property {
            Property::SOFTWARE_ID => &config.software_id,
            Property::USB_SERIAL_NUMBER => &config.serial_number,
            Property::DEVICE_SERIAL_NUMBER if self.is_magnesafe() => &config.serial_number,
            property => {
                let value = self.properties.get(&property.0).cloned();
                let refusal = || Response::refusal(ResultCode::BadParameter);
                return value.map_or_else(refusal, Response::success);
            }
        };
        Response::success(text.as_bytes())
    }
}

/// Is the reader as its HID carrier sees it.
#[derive(Debug)]
pub(super) struct Reader {
    state: SharedState,
}

impl Reader {
    pub(super) fn new(state: SharedState) -> Self {
        Self { state }
    }
}

impl HidFunction for Reader {
    fn get_report(&mut self, kind: ReportKind, _number: u8) -> HidAnswer {
        let state = lock(&self.state);
        if state.silent {
            return HidAnswer::Silence;
        }
        let response = state.response.encode(state.layout.command_length());
        match response {
            Ok(report) if kind == ReportKind::Feature && !state.refusing => HidAnswer::Data(report),
            _ => HidAnswer::Refused,
        }
    }

    fn set_report(&mut self, kind: ReportKind, _number: u8, data: &[u8]) -> HidAnswer {
        let mut state = lock(&self.state);
        let command = Command::parse(data);
        state.commands.extend(command.clone());
        if state.silent {
            return HidAnswer::Silence;
        }
        if kind != ReportKind::Feature || state.refusing {
            return HidAnswer::Refused;
        }
        state.response = match command {
            Ok(command) => state.execute(&command),
            Err(_no_command) => Response::refusal(ResultCode::BadParameter),
        };
        HidAnswer::Accepted
    }
}
