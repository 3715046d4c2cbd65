//! Events between the kernel and us (linux/uhid.h). All fields are packed and of the host's order.

use countertop_wire::hid::ReportKind;

use crate::hid::HidDescriptors;

/// The longest report and report descriptor.
const DATA_MAX: usize = 4096;
/// `sizeof(struct uhid_event)`: a type and the largest of the union, `uhid_create2_req`.
pub(super) const EVENT_SIZE: usize = 4 + 276 + DATA_MAX;

const CREATE2: u32 = 11;
const DESTROY: u32 = 1;
const OPEN: u32 = 4;
const CLOSE: u32 = 5;
const OUTPUT: u32 = 6;
const GET_REPORT: u32 = 9;
const GET_REPORT_REPLY: u32 = 10;
const INPUT2: u32 = 12;
const SET_REPORT: u32 = 13;
const SET_REPORT_REPLY: u32 = 14;

/// The bus that hidraw shows (linux/input.h, `BUS_USB`).
const BUS_USB: u16 = 0x03;
/// What a refused request gives the host.
const EIO: u16 = 5;

/// Is what the kernel says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event {
    Open,
    Close,
    /// An output report, perhaps with its number.
    Output(Vec<u8>),
    GetReport {
        request: u32,
        kind: ReportKind,
        number: u8,
    },
    /// The data perhaps begin with the number.
    SetReport {
        request: u32,
        kind: ReportKind,
        number: u8,
        data: Vec<u8>,
    },
    /// What needs no answer.
    Other,
}

impl Event {
    /// Parses an event; one that is cut off is [`Event::Other`].
    pub(super) fn parse(bytes: &[u8]) -> Self {
        Self::parse_known(bytes).unwrap_or(Self::Other)
    }

    fn parse_known(bytes: &[u8]) -> Option<Self> {
        let (kind, body) = bytes.split_first_chunk()?;
        let rest = body.get(4..).unwrap_or_default();
        Some(match u32::from_ne_bytes(*kind) {
            OPEN => Self::Open,
            CLOSE => Self::Close,
            OUTPUT => {
                let length = u16_at(body, DATA_MAX)?;
                Self::Output(body.get(..length.into())?.to_vec())
            }
            GET_REPORT => {
                let [number, kind, ..] = rest else { return None };
                let (request, kind) = (u32_at(body)?, report_kind(*kind)?);
                Self::GetReport { request, kind, number: *number }
            }
            SET_REPORT => {
                let [number, kind, ..] = rest else { return None };
                let (request, kind) = (u32_at(body)?, report_kind(*kind)?);
                let data = body.get(8..8 + usize::from(u16_at(body, 6)?))?.to_vec();
                Self::SetReport { request, kind, number: *number, data }
            }
            _ => Self::Other,
        })
    }
}

/// `enum uhid_report_type`.
fn report_kind(kind: u8) -> Option<ReportKind> {
    Some(match kind {
        0 => ReportKind::Feature,
        1 => ReportKind::Output,
        2 => ReportKind::Input,
        _ => return None,
    })
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|bytes| u16::from_ne_bytes(*bytes))
}

fn u32_at(bytes: &[u8]) -> Option<u32> {
    bytes.first_chunk().map(|bytes| u32::from_ne_bytes(*bytes))
}

/// Makes the device; `None` when the report descriptor is too long.
pub(super) fn create(hid: &HidDescriptors, place: &str) -> Option<Vec<u8>> {
    let descriptor = &hid.report_descriptor;
    let length = u16::try_from(descriptor.len()).ok().filter(|it| usize::from(*it) <= DATA_MAX)?;
    let mut event = CREATE2.to_ne_bytes().to_vec();
    let name = format!("{} {}", hid.manufacturer, hid.name);
    text(&mut event, name.trim(), 128);
    text(&mut event, place, 64);
    text(&mut event, hid.serial_number.as_deref().unwrap_or_default(), 64);
    event.extend(length.to_ne_bytes());
    event.extend(BUS_USB.to_ne_bytes());
    let numbers = [hid.vendor.into(), hid.product.into(), hid.release.into(), 0u32];
    event.extend(numbers.into_iter().flat_map(u32::to_ne_bytes));
    event.extend(descriptor);
    Some(event)
}

/// A text of fixed room with a zero at its end.
fn text(event: &mut Vec<u8>, text: &str, room: usize) {
    let end = event.len() + room;
    event.extend(text.bytes().take(room - 1));
    event.resize(end, 0);
}

pub(super) fn destroy() -> Vec<u8> {
    DESTROY.to_ne_bytes().to_vec()
}

pub(super) fn input(report: &[u8]) -> Vec<u8> {
    let report = report.get(..DATA_MAX).unwrap_or(report);
    let length = u16::try_from(report.len()).unwrap_or(u16::MAX);
    [&INPUT2.to_ne_bytes(), length.to_ne_bytes().as_slice(), report].concat()
}

/// Answers GET_REPORT; `None` refuses.
pub(super) fn get_report_reply(request: u32, report: Option<&[u8]>) -> Vec<u8> {
    let error: u16 = if report.is_some() { 0 } else { EIO };
    let report = report.unwrap_or_default();
    let report = report.get(..DATA_MAX).unwrap_or(report);
    let length = u16::try_from(report.len()).unwrap_or(u16::MAX);
    let mut event = reply(GET_REPORT_REPLY, request, error);
    event.extend(length.to_ne_bytes());
    event.extend(report);
    event
}

pub(super) fn set_report_reply(request: u32, accepted: bool) -> Vec<u8> {
    reply(SET_REPORT_REPLY, request, if accepted { 0 } else { EIO })
}

fn reply(kind: u32, request: u32, error: u16) -> Vec<u8> {
    [&kind.to_ne_bytes(), request.to_ne_bytes().as_slice(), &error.to_ne_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: u32, body: &[u8]) -> Vec<u8> {
        let mut bytes = [&kind.to_ne_bytes(), body].concat();
        bytes.resize(EVENT_SIZE, 0);
        bytes
    }

    #[test]
    fn reads_what_the_kernel_says() {
        assert_eq!(EVENT_SIZE, 4376);
        assert_eq!(Event::parse(&event(OPEN, &[])), Event::Open);
        assert_eq!(Event::parse(&event(2, &[])), Event::Other);
        let get = Event::GetReport { request: 7, kind: ReportKind::Feature, number: 3 };
        let body = [7u32.to_ne_bytes().as_slice(), &[3, 0]].concat();
        assert_eq!(Event::parse(&event(GET_REPORT, &body)), get);
        let body = [8u32.to_ne_bytes().as_slice(), &[0, 1], &2u16.to_ne_bytes(), &[0, 9]].concat();
        let kind = ReportKind::Output;
        let set = Event::SetReport { request: 8, kind, number: 0, data: vec![0, 9] };
        assert_eq!(Event::parse(&event(SET_REPORT, &body)), set);
        let mut output = vec![0x02];
        output.resize(DATA_MAX, 0);
        output.extend(1u16.to_ne_bytes());
        assert_eq!(Event::parse(&event(OUTPUT, &output)), Event::Output(vec![0x02]));
        for length in 0..16 {
            let whole = event(SET_REPORT, &body);
            assert_eq!(Event::parse(&whole[..length.min(13)]), Event::Other, "{length}");
        }
    }

    #[test]
    fn writes_what_the_kernel_reads() {
        let hid = HidDescriptors::new(0x0801, 0x0002, vec![0x06, 0x00, 0xFF])
            .names("Mag-Tek", "USB Swipe Reader")
            .serial_number("B01");
        let created = create(&hid, "virtual").unwrap();
        assert_eq!(created.len(), 280 + 3);
        assert_eq!(&created[4..28], b"Mag-Tek USB Swipe Reader");
        assert_eq!(&created[132..140], b"virtual\0");
        assert_eq!(&created[196..200], b"B01\0");
        assert_eq!(created[260..262], 3u16.to_ne_bytes());
        assert_eq!(created[264..268], 0x0801u32.to_ne_bytes());
        assert!(create(&HidDescriptors::new(1, 1, vec![0; 4097]), "").is_none());
        assert_eq!(input(&[1, 2]).len(), 8);
        let refused = get_report_reply(9, None);
        assert_eq!(refused[8..], [&5u16.to_ne_bytes(), 0u16.to_ne_bytes().as_slice()].concat());
        assert_eq!(set_report_reply(9, true)[8..], [0, 0]);
        assert_eq!(destroy(), DESTROY.to_ne_bytes());
    }
}
