//! The chip's state and its commands about itself.

use std::sync::Arc;

use countertop_wire::pn532::register::CIU_TX_CONTROL;
use countertop_wire::pn532::{
    ChipCommand, ChipResponse, Command, GeneralStatus, RfItem, Status, diagnose, parameter,
};

use super::control::Shared;
use super::known::KnownTargets;
use super::model::Model;
use super::registers::Registers;
use super::search::Search;

/// Is the chip behind the host link.
#[derive(Debug)]
pub(super) struct Chip {
    pub(super) model: Model,
    pub(super) shared: Arc<Shared>,
    pub(super) registers: Registers,
    pub(super) known: KnownTargets,
    /// How often InListPassiveTarget searches again; FF is for ever.
    pub(super) passive_retries: u8,
    parameters: u8,
    last_error: Status,
    gpio: (u8, u8),
}

/// Is what comes of a command.
#[derive(Debug)]
pub(super) enum Outcome {
    /// A response, as the data of an information frame.
    Response(Vec<u8>),
    /// A response, and sleep.
    Sleep(Vec<u8>),
    /// The search goes on until a target comes or the host aborts it.
    Searching(Search),
    /// The chip does not know the command, or not with these parameters.
    SyntaxError,
}

/// Default of MxRtyPassiveActivation (UM0701-02, 7.3.1).
const FOR_EVER: u8 = 0xff;

impl Chip {
    pub(super) fn new(model: Model, shared: Arc<Shared>) -> Self {
        Self {
            model,
            shared,
            registers: Registers::new(),
            known: KnownTargets::default(),
            passive_retries: FOR_EVER,
            parameters: parameter::AUTOMATIC_RATS | parameter::AUTOMATIC_ATR_RES,
            last_error: Status::OK,
            gpio: (0x3f, 0x06),
        }
    }

    /// Behind a loss of power: nothing is known, and the field is off.
    pub(super) fn reset(&mut self) {
        self.switch_field(false);
        *self = Self::new(self.model, Arc::clone(&self.shared));
    }

    pub(super) fn run(&mut self, data: &[u8]) -> Outcome {
        match Command::decode(self.model.heard(data)) {
            Ok(Command::Chip(command)) if !self.model.knows(&command) => Outcome::SyntaxError,
            Ok(Command::Chip(ChipCommand::PowerDown { .. })) => {
                self.switch_field(false);
                self.known.clear();
                Outcome::Sleep(encode(ChipResponse::PoweringDown(Status::OK)))
            }
            Ok(Command::Chip(ChipCommand::Diagnose { test: diagnose::ECHO_BACK, parameters })) => {
                // Delay of the answer, CIU_TxMode, CIU_RxMode.
                match parameters[..] {
                    [_, _, _] => self.echo_back(),
                    _ => Outcome::SyntaxError,
                }
            }
            Ok(Command::Chip(command)) => match self.chip_command(command) {
                Some(response) => Outcome::Response(self.model.said(encode(response))),
                None => Outcome::SyntaxError,
            },
            Ok(Command::Initiator(command)) => self.initiator_command(command),
            Err(_) => Outcome::SyntaxError,
        }
    }

    pub(super) fn sends_rats(&self) -> bool {
        self.parameters & parameter::AUTOMATIC_RATS != 0
    }

    /// Remembers a status for GetGeneralStatus.
    pub(super) fn note(&mut self, status: Status) -> Status {
        self.last_error = status;
        status
    }

    pub(super) fn switch_field(&mut self, on: bool) {
        self.shared.field().switch(on);
        self.registers.set_field(on);
    }

    fn chip_command(&mut self, command: ChipCommand) -> Option<ChipResponse> {
        Some(match command {
            ChipCommand::Diagnose { test, parameters } => {
                ChipResponse::Diagnose(self.diagnose(test, &parameters)?)
            }
            ChipCommand::GetFirmwareVersion => ChipResponse::FirmwareVersion(self.model.firmware()),
            ChipCommand::GetGeneralStatus => ChipResponse::GeneralStatus(self.general_status()),
            ChipCommand::ReadRegister(addresses) => {
                let values = addresses.iter().map(|address| self.registers.read(*address));
                ChipResponse::Registers(values.collect())
            }
            ChipCommand::WriteRegister(writes) => self.write_registers(&writes),
            ChipCommand::ReadGpio => ChipResponse::Gpio { p3: self.gpio.0, p7: self.gpio.1, i: 0 },
            ChipCommand::WriteGpio { p3, p7 } => self.write_gpio(p3, p7),
            ChipCommand::SetSerialBaudRate(_) => ChipResponse::BaudRateSet,
            ChipCommand::SetParameters(flags) => {
                self.parameters = flags;
                ChipResponse::ParametersSet
            }
            ChipCommand::SamConfiguration { .. } => ChipResponse::SamConfigured,
            ChipCommand::RfConfiguration(item) => self.configure_radio(&item),
            _ => return None,
        })
    }

    fn general_status(&self) -> GeneralStatus {
        let targets = self.known.states();
        GeneralStatus { error: self.last_error, field: false, targets, sam: 0 }
    }

    fn write_registers(&mut self, writes: &[(u16, u8)]) -> ChipResponse {
        for (address, value) in writes {
            self.registers.write(*address, *value);
            if *address == CIU_TX_CONTROL {
                let on = self.registers.drives_field();
                self.shared.field().switch(on);
            }
        }
        ChipResponse::RegistersWritten
    }

    fn write_gpio(&mut self, p3: u8, p7: u8) -> ChipResponse {
        const APPLY: u8 = 0x80;
        if p3 & APPLY != 0 {
            self.gpio.0 = p3 & !APPLY;
        }
        if p7 & APPLY != 0 {
            self.gpio.1 = p7 & !APPLY;
        }
        ChipResponse::GpioWritten
    }

    fn configure_radio(&mut self, item: &RfItem) -> ChipResponse {
        match item {
            RfItem::Field { on, .. } => self.switch_field(*on),
            RfItem::MaxRetries { passive_activation, .. } => {
                self.passive_retries = *passive_activation;
            }
            // Times and levels do not matter to targets that always answer at once.
            _ => {}
        }
        ChipResponse::RfConfigured
    }
}

fn encode(response: ChipResponse) -> Vec<u8> {
    countertop_wire::pn532::Response::from(response).encode()
}
