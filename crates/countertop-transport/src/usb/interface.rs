//! Which interface of a device to claim, and its endpoints.

use core::cmp::Reverse;

use rusb::{ConfigDescriptor, Direction, InterfaceDescriptor, TransferType};

/// Is an interface's number, setting and endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Endpoints {
    pub(super) interface: u8,
    /// The alternate setting to choose; `None` where there is one only, since some devices do not
    /// know the request.
    pub(super) alternate: Option<u8>,
    pub(super) output: u8,
    pub(super) input: Option<u8>,
}

/// Is a setting of an interface, as far as the choice goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) interface: u8,
    pub(super) alternate: u8,
    /// Class, subclass and protocol.
    pub(super) class: (u8, u8, u8),
    pub(super) output: Option<u8>,
    pub(super) input: Option<u8>,
}

/// Reads the settings of all interfaces.
pub(super) fn settings(config: &ConfigDescriptor) -> Vec<Setting> {
    config.interfaces().flat_map(|it| it.descriptors()).map(|it| setting(&it)).collect()
}

fn setting(descriptor: &InterfaceDescriptor<'_>) -> Setting {
    let bulk = |direction| {
        let mut endpoints = descriptor.endpoint_descriptors();
        let found = endpoints.find(|endpoint| {
            endpoint.transfer_type() == TransferType::Bulk && endpoint.direction() == direction
        });
        found.map(|endpoint| endpoint.address())
    };
    Setting {
        interface: descriptor.interface_number(),
        alternate: descriptor.setting_number(),
        class: (descriptor.class_code(), descriptor.sub_class_code(), descriptor.protocol_code()),
        output: bulk(Direction::Out),
        input: bulk(Direction::In),
    }
}

/// Chooses the setting of a printer: the printer class with an answer channel, then without; then an
/// interface of the vendor's own class, as printers have it that are switched to a driver of the
/// maker. `None` where nothing can be written to.
pub(super) fn choose(settings: &[Setting]) -> Option<Endpoints> {
    let best = settings.iter().filter(|it| it.output.is_some()).max_by_key(|it| preference(it))?;
    preference(best)?;
    let alternates = settings.iter().filter(|it| it.interface == best.interface).count();
    Some(Endpoints {
        interface: best.interface,
        alternate: (alternates > 1).then_some(best.alternate),
        output: best.output?,
        input: best.input.filter(|_| best.class != UNIDIRECTIONAL),
    })
}

/// Protocols of the printer class (USB printer class 1.1, 4.2.1 and table 1).
const UNIDIRECTIONAL: (u8, u8, u8) = (0x07, 0x01, 0x01);
const BIDIRECTIONAL: (u8, u8, u8) = (0x07, 0x01, 0x02);
/// Class code of a vendor's own (USB 2.0, 9.6.5).
const VENDOR_SPECIFIC: u8 = 0xFF;

/// Orders settings: first by class, then by answer channel, then the lowest numbers. `None` is no
/// printer; a printer with IEEE 1284.4 packets (protocol 3) or IPP (4) takes no plain bytes.
fn preference(setting: &Setting) -> Option<(u8, bool, Reverse<u16>)> {
    let class = match setting.class {
        BIDIRECTIONAL => 3,
        UNIDIRECTIONAL => 2,
        (VENDOR_SPECIFIC, _, _) => 1,
        _ => return None,
    };
    let numbers = u16::from_be_bytes([setting.interface, setting.alternate]);
    Some((class, setting.input.is_some(), Reverse(numbers)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(interface: u8, alternate: u8, class: (u8, u8, u8)) -> Setting {
        let (output, input) = (Some(0x01 + interface), Some(0x81 + interface));
        Setting { interface, alternate, class, output, input }
    }

    #[test]
    fn the_printer_class_with_an_answer_channel_is_best() {
        let settings = [
            setting(0, 0, (0xFF, 0x00, 0x00)),
            setting(1, 0, UNIDIRECTIONAL),
            setting(1, 1, BIDIRECTIONAL),
            setting(1, 2, (0x07, 0x01, 0x04)),
        ];
        let best = choose(&settings).unwrap();
        assert_eq!((best.interface, best.alternate), (1, Some(1)));
        assert_eq!((best.output, best.input), (0x02, Some(0x82)));
        let one_way = choose(&settings[..2]).unwrap();
        assert_eq!((one_way.interface, one_way.alternate, one_way.input), (1, None, None));
    }

    #[test]
    fn a_vendors_own_interface_will_do() {
        let best = choose(&[setting(0, 0, (0x03, 0x01, 0x01)), setting(1, 0, (0xFF, 0xFF, 0xFF))]);
        assert_eq!(best.unwrap().interface, 1);
    }

    #[test]
    fn the_lowest_of_equals_is_chosen() {
        let equals = [setting(0, 0, BIDIRECTIONAL), setting(1, 0, BIDIRECTIONAL)];
        assert_eq!(choose(&equals).unwrap().interface, 0);
    }

    #[test]
    fn what_takes_no_plain_bytes_is_no_printer() {
        assert_eq!(choose(&[]), None);
        assert_eq!(choose(&[setting(0, 0, (0x07, 0x01, 0x04))]), None);
        let mut deaf = setting(0, 0, BIDIRECTIONAL);
        deaf.output = None;
        assert_eq!(choose(&[deaf]), None);
    }
}
