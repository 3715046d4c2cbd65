//! Standard requests (clause 9.4).

use std::collections::BTreeMap;

use countertop_wire::usb::{
    Direction, Recipient, RequestKind, SetupPacket,
    request::{
        CLEAR_FEATURE, DEVICE_REMOTE_WAKEUP, ENDPOINT_HALT, GET_CONFIGURATION, GET_DESCRIPTOR,
        GET_INTERFACE, GET_STATUS, SET_ADDRESS, SET_CONFIGURATION, SET_FEATURE, SET_INTERFACE,
        STATUS_REMOTE_WAKEUP, STATUS_SELF_POWERED,
    },
};

use super::pipes::SharedPipes;
use super::{ControlAnswer, UsbDescriptors, UsbEvent};

/// Is what the standard requests change.
#[derive(Debug, Default)]
pub(super) struct StandardState {
    remote_wakeup: bool,
    settings: BTreeMap<u8, u8>,
}

/// Is how a standard request ended.
#[derive(Debug)]
pub(super) enum Handled {
    /// With this answer, and what became of the device.
    Here(ControlAnswer, Option<UsbEvent>),
    /// Only the function can answer it.
    ByFunction,
}

const STALL: Handled = Handled::Here(ControlAnswer::Stall, None);
const ACCEPTED: Handled = Handled::Here(ControlAnswer::Accepted, None);

fn data(bytes: Vec<u8>) -> Handled {
    Handled::Here(ControlAnswer::Data(bytes), None)
}

fn accepted(event: UsbEvent) -> Handled {
    Handled::Here(ControlAnswer::Accepted, Some(event))
}

impl StandardState {
    /// Answers a request if it is a standard one that the descriptors suffice for.
    pub(super) fn handle(
        &mut self,
        setup: &SetupPacket,
        descriptors: &UsbDescriptors,
        pipes: &SharedPipes,
    ) -> Handled {
        if setup.kind() != RequestKind::Standard {
            return Handled::ByFunction;
        }
        match (setup.direction(), setup.recipient(), setup.request) {
            (Direction::In, Recipient::Device, _) => self.read_device(setup, descriptors, pipes),
            (Direction::Out, Recipient::Device, _) => self.write_device(setup, descriptors, pipes),
            (_, Recipient::Interface, _) => self.interface(setup, descriptors, pipes),
            (_, Recipient::Endpoint, _) => endpoint(setup, pipes),
            _ => Handled::ByFunction,
        }
    }

    fn read_device(
        &self,
        setup: &SetupPacket,
        descriptors: &UsbDescriptors,
        pipes: &SharedPipes,
    ) -> Handled {
        match setup.request {
            GET_STATUS => data(vec![self.status(descriptors), 0]),
            GET_CONFIGURATION => data(vec![pipes.lock().configuration()]),
            GET_DESCRIPTOR => {
                let (kind, index) = setup.value_bytes();
                descriptors.get(kind, index).map_or(Handled::ByFunction, data)
            }
            _ => Handled::ByFunction,
        }
    }

    fn status(&self, descriptors: &UsbDescriptors) -> u8 {
        let self_powered = descriptors.configuration().attributes & 0x40 != 0;
        let power = if self_powered { STATUS_SELF_POWERED } else { 0 };
        power | if self.remote_wakeup { STATUS_REMOTE_WAKEUP } else { 0 }
    }

    fn write_device(
        &mut self,
        setup: &SetupPacket,
        descriptors: &UsbDescriptors,
        pipes: &SharedPipes,
    ) -> Handled {
        let can_wake = descriptors.configuration().attributes & 0x20 != 0;
        match setup.request {
            SET_ADDRESS => ACCEPTED,
            SET_CONFIGURATION => self.configure(setup, descriptors, pipes),
            SET_FEATURE | CLEAR_FEATURE if setup.value == DEVICE_REMOTE_WAKEUP && can_wake => {
                self.remote_wakeup = setup.request == SET_FEATURE;
                ACCEPTED
            }
            SET_FEATURE | CLEAR_FEATURE => STALL,
            _ => Handled::ByFunction,
        }
    }

    fn configure(
        &mut self,
        setup: &SetupPacket,
        descriptors: &UsbDescriptors,
        pipes: &SharedPipes,
    ) -> Handled {
        let (_, value) = setup.value_bytes();
        if value != 0 && value != descriptors.configuration().value {
            return STALL;
        }
        self.settings.clear();
        pipes.lock().configure(value);
        accepted(UsbEvent::Configured(value))
    }

    fn interface(
        &mut self,
        setup: &SetupPacket,
        descriptors: &UsbDescriptors,
        pipes: &SharedPipes,
    ) -> Handled {
        let interface = setup.index_low();
        if !descriptors.has_setting(interface, 0) {
            return STALL;
        }
        match (setup.direction(), setup.request) {
            (Direction::In, GET_STATUS) => data(vec![0, 0]),
            (Direction::In, GET_INTERFACE) => {
                data(vec![self.settings.get(&interface).copied().unwrap_or(0)])
            }
            (Direction::Out, SET_INTERFACE) => {
                let (_, setting) = setup.value_bytes();
                if !descriptors.has_setting(interface, setting) {
                    return STALL;
                }
                self.settings.insert(interface, setting);
                end_halts(interface, descriptors, pipes);
                accepted(UsbEvent::InterfaceSet { interface, setting })
            }
            (Direction::Out, SET_FEATURE | CLEAR_FEATURE) => STALL,
            _ => Handled::ByFunction,
        }
    }
}

/// Ends the halts of an interface's endpoints, as selecting a setting does (clause 9.4.5).
fn end_halts(interface: u8, descriptors: &UsbDescriptors, pipes: &SharedPipes) {
    let interfaces = &descriptors.configuration().interfaces;
    let settings = interfaces.iter().filter(|i| i.descriptor.number == interface);
    for endpoint in settings.flat_map(|setting| &setting.endpoints) {
        pipes.lock().set_halt(endpoint.address, false);
    }
}

fn endpoint(setup: &SetupPacket, pipes: &SharedPipes) -> Handled {
    let address = setup.index_low();
    // Endpoint 0 is never halted, but may be asked.
    let is_zero = address & 0x7f == 0;
    let mut pipes = pipes.lock();
    match (setup.direction(), setup.request) {
        (Direction::In, GET_STATUS) => {
            match pipes.halted(address).or_else(|| is_zero.then_some(false)) {
                Some(halted) => data(vec![u8::from(halted), 0]),
                None => STALL,
            }
        }
        (Direction::Out, SET_FEATURE | CLEAR_FEATURE) if setup.value == ENDPOINT_HALT => {
            let halt = setup.request == SET_FEATURE;
            match (is_zero || pipes.set_halt(address, halt), halt) {
                (false, _) => STALL,
                (true, true) => ACCEPTED,
                (true, false) => accepted(UsbEvent::HaltCleared(address)),
            }
        }
        (Direction::Out, SET_FEATURE | CLEAR_FEATURE) => STALL,
        _ => Handled::ByFunction,
    }
}
