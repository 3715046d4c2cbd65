//! Reading a card: what it tells anyone who asks.

use countertop_device::{CardProtocol, CardSession, Sensitive};
use countertop_wire::apdu::{CommandApdu, ResponseApdu, StatusWord};
use countertop_wire::apdu_log::{LogProtocol, Octets, Redaction, Redactor};
use countertop_wire::tlv::{Dol, Tag, find_anywhere, tags};

use super::files::{Directory, read_record, select};
use super::objects::{Object, objects};
use super::trace::without_status;
use crate::failure::Failure;

/// Is what was read from a card; nothing of it is secret.
pub(super) struct ReadCard {
    pub(super) protocol: CardProtocol,
    pub(super) answer_to_reset: Vec<u8>,
    /// The directory's name, where the card has one.
    pub(super) directory: Option<&'static str>,
    pub(super) applications: Vec<Application>,
}

/// Is one application.
#[derive(Default)]
pub(super) struct Application {
    pub(super) aid: Vec<u8>,
    /// The card number with its first six and last four digits alone.
    pub(super) masked_pan: Option<String>,
    pub(super) objects: Vec<Object>,
    /// Which command was refused, and how.
    pub(super) refused: Option<(&'static str, StatusWord)>,
    /// The transaction log, the newest first; none when the card has none.
    pub(super) log: Option<Vec<LogRecord>>,
}

/// Is a record of the transaction log.
pub(super) type LogRecord = Vec<(Tag, Vec<u8>)>;

/// Is an answer, whole and as far as it may be shown.
pub(super) struct Answer {
    pub(super) data: Sensitive,
    pub(super) status: StatusWord,
    shown: Octets,
}

impl Answer {
    pub(super) fn is_success(&self) -> bool {
        self.status == StatusWord::SUCCESS
    }
}

/// Is a conversation with a card.
pub(super) struct Talk<'a> {
    session: &'a mut dyn CardSession,
    redactor: Redactor,
}

impl Talk<'_> {
    pub(super) async fn ask(&mut self, command: &CommandApdu) -> Result<Answer, Failure> {
        let command = command.to_bytes();
        self.redactor.command(&command);
        let answer = self.session.transmit(&command).await?;
        let shown = without_status(&self.redactor.answer(answer.expose()));
        let parsed = ResponseApdu::parse(answer.expose())
            .map_err(|error| Failure::new(format!("the card's answer is none: {error}")))?;
        let data = Sensitive::new(parsed.data().to_vec());
        Ok(Answer { data, status: parsed.status(), shown })
    }
}

/// Reads everything that needs no secret. The card counts a transaction (`9F36`) as begun.
pub(super) async fn read(session: &mut dyn CardSession) -> Result<ReadCard, Failure> {
    let protocol = session.protocol();
    if !matches!(protocol, CardProtocol::T0 | CardProtocol::T1 | CardProtocol::IsoDep) {
        return Err(Failure::new("this is a tag, and no card that takes commands")
            .with_help("read it by `countertop tag read`"));
    }
    let answer_to_reset = session.answer_to_reset().to_vec();
    // What is withheld is the same in each protocol that carries command APDUs.
    let redactor = Redactor::new(Redaction::Cardholder, LogProtocol::T1);
    let mut talk = Talk { session, redactor };
    let directory = Directory::read(&mut talk, protocol == CardProtocol::IsoDep).await?;
    let mut applications = Vec::new();
    for aid in &directory.aids {
        let application = talk.application(aid).await?;
        let not_there = matches!(application.refused, Some(("SELECT", _)));
        if directory.name.is_some() || !not_there {
            applications.push(application);
        }
    }
    Ok(ReadCard { protocol, answer_to_reset, directory: directory.name, applications })
}

impl Talk<'_> {
    async fn application(&mut self, aid: &[u8]) -> Result<Application, Failure> {
        let mut application = Application { aid: aid.to_vec(), ..Application::default() };
        let selected = self.ask(&select(aid)).await?;
        if !application.take("SELECT", &selected) {
            return Ok(application);
        }
        let options = self.ask(&processing_options(selected.data.expose())).await?;
        if application.take("GET PROCESSING OPTIONS", &options) {
            for (file, number) in located(options.data.expose()) {
                let record = self.ask(&read_record(file, number)).await?;
                application.take("READ RECORD", &record);
            }
        }
        self.get_data(&mut application).await?;
        application.log = self.log(selected.data.expose()).await?;
        Ok(application)
    }

    async fn get_data(&mut self, application: &mut Application) -> Result<(), Failure> {
        const COUNTERS: [Tag; 3] = [
            tags::APPLICATION_TRANSACTION_COUNTER,
            tags::LAST_ONLINE_ATC_REGISTER,
            tags::PIN_TRY_COUNTER,
        ];
        for tag in COUNTERS {
            let answer = self.ask(&get_data(tag)).await?;
            if answer.is_success() {
                application.take("GET DATA", &answer);
            }
        }
        Ok(())
    }

    /// Reads the transaction log, where the FCI names its file and the card its format (EMV Book 3,
    /// annex D).
    async fn log(&mut self, fci: &[u8]) -> Result<Option<Vec<LogRecord>>, Failure> {
        let Ok(Some(&[file, count])) = find_anywhere(fci, tags::LOG_ENTRY) else { return Ok(None) };
        let answer = self.ask(&get_data(tags::LOG_FORMAT)).await?;
        let format = find_anywhere(answer.data.expose(), tags::LOG_FORMAT);
        let Some(format) = format.ok().flatten().and_then(|list| Dol::parse(list).ok()) else {
            return Ok(None);
        };
        let mut records = Vec::new();
        for number in 1..=count {
            let answer = self.ask(&read_record(file & 0x1f, number)).await?;
            if !answer.is_success() {
                break;
            }
            let fields = format.split(answer.data.expose()).unwrap_or_default();
            records.push(fields.into_iter().map(|(tag, value)| (tag, value.to_vec())).collect());
        }
        Ok(Some(records))
    }
}

impl Application {
    /// Takes the data objects of an answer; tells whether there are any to go on with.
    fn take(&mut self, command: &'static str, answer: &Answer) -> bool {
        if !answer.is_success() {
            self.refused = Some((command, answer.status));
            return false;
        }
        let objects = objects(&answer.shown).unwrap_or_default();
        self.objects.extend(objects.into_iter().filter(|it| !it.tag.is_constructed()));
        if self.masked_pan.is_none() {
            self.masked_pan = masked_pan(answer.data.expose());
        }
        true
    }

    /// Returns the value of a data object, where it may be shown.
    pub(super) fn value(&self, tag: Tag) -> Option<&[u8]> {
        self.objects.iter().find(|object| object.tag == tag)?.value.as_deref()
    }

    /// Returns the name to show.
    pub(super) fn label(&self) -> Option<String> {
        let label = self.value(tags::APPLICATION_LABEL)?;
        Some(String::from_utf8_lossy(label).trim().to_owned())
    }
}

fn get_data(tag: Tag) -> CommandApdu {
    let [.., p1, p2] = tag.number().to_be_bytes();
    CommandApdu::new(0x80, 0xca, p1, p2).expecting(256)
}

/// Answers the card's list as a terminal in China does before it knows an amount. Nothing is by chance,
/// so that a recording can be replayed.
fn processing_options(fci: &[u8]) -> CommandApdu {
    let list = find_anywhere(fci, tags::PDOL).ok().flatten();
    let list = list.and_then(|list| Dol::parse(list).ok());
    let answer = list.map(|list| list.answer(told)).unwrap_or_default();
    // A list of more than 250 bytes is no list: its length has one byte here.
    let length = u8::try_from(answer.len()).unwrap_or(0);
    let data = [&[0x83, length][..], &answer].concat();
    CommandApdu::new(0x80, 0xa8, 0x00, 0x00).with_data(data).expecting(256)
}

fn told(tag: Tag) -> Option<&'static [u8]> {
    Some(match tag {
        // EMV mode, signature, online cryptogram; issuer updates (EMV Book A, table 5-4).
        tags::TERMINAL_TRANSACTION_QUALIFIERS => &[0x26, 0x80, 0x40, 0x80],
        tags::TERMINAL_COUNTRY_CODE | tags::TRANSACTION_CURRENCY_CODE => &[0x01, 0x56],
        tags::TRANSACTION_DATE => &[0x26, 0x01, 0x01],
        tags::TERMINAL_CAPABILITIES => &[0xe0, 0x08, 0xc8],
        tags::TERMINAL_TYPE => &[0x22],
        _ => return None,
    })
}

/// Returns the records that the card's answer to GET PROCESSING OPTIONS names (EMV Book 3,
/// clause 10.2), each with its file.
fn located(options: &[u8]) -> Vec<(u8, u8)> {
    let locator = match options {
        [0x80, _, _, _, locator @ ..] => Some(locator),
        _ => find_anywhere(options, tags::APPLICATION_FILE_LOCATOR).ok().flatten(),
    };
    let (entries, _) = locator.unwrap_or_default().as_chunks::<4>();
    entries
        .iter()
        .flat_map(|&[file, first, last, _]| (first..=last).map(move |number| (file >> 3, number)))
        .collect()
}

/// Finds the card number and hides all of it but the first six and the last four digits.
fn masked_pan(data: &[u8]) -> Option<String> {
    let find = |tag| find_anywhere(data, tag).ok().flatten();
    let value = find(tags::APPLICATION_PAN).or_else(|| find(tags::TRACK_2_EQUIVALENT_DATA))?;
    let nibbles = value.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]);
    let digits: Vec<u8> = nibbles.take_while(|nibble| *nibble <= 9).collect();
    // A recording plays noughts for what was withheld.
    if digits.len() < 12 || digits.iter().all(|digit| *digit == 0) {
        return None;
    }
    let hidden = 6..digits.len() - 4;
    let shown = |(at, digit): (usize, &u8)| {
        if hidden.contains(&at) { '*' } else { char::from(b'0' + digit) }
    };
    Some(digits.iter().enumerate().map(shown).collect())
}

#[cfg(test)]
mod tests {
    use countertop_device::DeviceError;

    use super::*;

    /// Is a card whose every record lists the same two applications, and which counts what it is asked.
    #[derive(Debug, Default)]
    struct Repeating {
        records: usize,
        selected: Vec<Vec<u8>>,
    }

    impl Repeating {
        const FCI: &[u8] = &[0x6f, 0x05, 0xa5, 0x03, 0x88, 0x01, 0x01, 0x90, 0x00];
        const RECORD: &[u8] = &[
            0x70, 0x12, 0x61, 0x07, 0x4f, 0x05, 0xa0, 0, 0, 0, 1, 0x61, 0x07, 0x4f, 0x05, 0xa0, 0,
            0, 0, 2, 0x90, 0x00,
        ];
    }

    #[async_trait::async_trait]
    impl CardSession for Repeating {
        fn protocol(&self) -> CardProtocol {
            CardProtocol::T1
        }

        fn answer_to_reset(&self) -> &[u8] {
            &[]
        }

        async fn transmit(&mut self, command: &[u8]) -> Result<Sensitive, DeviceError> {
            Ok(Sensitive::from(match command {
                [_, 0xa4, _, _, _, b'1', ..] => Self::FCI,
                [_, 0xa4, _, _, _, aid @ .., _] => {
                    self.selected.push(aid.to_vec());
                    &[0x90, 0x00]
                }
                [_, 0xb2, ..] => {
                    self.records += 1;
                    Self::RECORD
                }
                _ => &[0x69, 0x85],
            }))
        }

        async fn close(self: Box<Self>) -> Result<(), DeviceError> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn an_application_that_is_listed_again_and_again_is_read_once() {
        let mut card = Repeating::default();
        let read = read(&mut card).await.unwrap();
        let aids = [vec![0xa0, 0, 0, 0, 1], vec![0xa0, 0, 0, 0, 2]];
        let found: Vec<_> = read.applications.iter().map(|it| it.aid.clone()).collect();
        assert_eq!((found, card.selected), (aids.to_vec(), aids.to_vec()));
        assert_eq!((read.directory, card.records), (Some("1PAY.SYS.DDF01"), 10));
    }

    #[test]
    fn records_are_located_in_both_formats() {
        let records = [(1, 1), (1, 2), (2, 5)];
        assert_eq!(located(&[0x80, 0x0a, 0x7c, 0, 8, 1, 2, 0, 16, 5, 5, 0]), records);
        assert_eq!(located(&[0x77, 0x0a, 0x94, 8, 8, 1, 2, 0, 16, 5, 5, 0]), records);
        assert!(located(&[0x80, 0x02, 0x7c, 0]).is_empty() && located(&[]).is_empty());
    }

    #[test]
    fn a_card_number_is_masked() {
        let pan = [0x5a, 8, 0x62, 0, 0, 0, 0, 0, 0, 5];
        assert_eq!(masked_pan(&pan).as_deref(), Some("620000******0005"));
        let track = [0x57, 9, 0x62, 0, 0, 0, 0, 0, 0, 5, 0xd3];
        assert_eq!(masked_pan(&track).as_deref(), Some("620000******0005"));
        assert_eq!(masked_pan(&[0x5a, 8, 0, 0, 0, 0, 0, 0, 0, 0]), None);
        assert_eq!(masked_pan(&[0x5a, 1, 0x62]), None);
    }

    #[test]
    fn the_options_answer_the_list() {
        let fci = [0xa5, 0x06, 0x9f, 0x38, 0x03, 0x9f, 0x1a, 0x02];
        let command = processing_options(&fci);
        assert_eq!(command.data(), [0x83, 0x02, 0x01, 0x56]);
        assert_eq!(processing_options(&[]).data(), [0x83, 0x00]);
    }
}
