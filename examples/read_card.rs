//! Waits for a chip card in a PC/SC reader and shows which payment applications it has.
//!
//! With a virtual card, and pcscd with vsmartcard-vpcd as the reader:
//!
//! ```sh
//! countertop virtual card
//! cargo run --example read_card -- "pcsc:Virtual PCD"
//! ```

use std::error::Error;

use countertop_chip::PcscDriver;
use countertop_device::{CardSession, ChipReader as _, Settings};
use countertop_wire::apdu::{CommandApdu, ResponseApdu};
use countertop_wire::atr::AnswerToReset;
use countertop_wire::tlv::{find_anywhere, tags, tlvs};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let selector = std::env::args().nth(1).unwrap_or_else(|| "pcsc:Virtual PCD".into());
    let mut reader = PcscDriver::new().open_reader(&selector.parse()?, &Settings::new()).await?;
    println!("insert a card");
    reader.await_card().await?;
    let mut card = reader.connect().await?;
    let answer = AnswerToReset::parse(card.answer_to_reset())?;
    println!("the card offers T={}", answer.protocols().first().map_or(0, |it| it.number()));

    // The payment system environment names a file of applications (EMV Book 1, clause 12.3.2).
    let select = CommandApdu::new(0x00, 0xa4, 0x04, 0x00).with_data(b"1PAY.SYS.DDF01".as_slice());
    let directory = ask(card.as_mut(), select.expecting(256)).await?;
    let file = find_anywhere(directory.data(), tags::SHORT_FILE_IDENTIFIER)?;
    let &[file] = file.ok_or("the card has no list of applications")? else {
        return Err("the card names no file of applications".into());
    };
    for number in 1.. {
        let read = CommandApdu::new(0x00, 0xb2, number, file << 3 | 0x04).expecting(256);
        let record = ask(card.as_mut(), read).await?;
        if !record.is_success() {
            break;
        }
        for entry in tlvs(record.data()).flat_map(|record| record.map(|it| it.children())) {
            for entry in entry {
                let entry = entry?;
                let label = find_anywhere(entry.value, tags::APPLICATION_LABEL)?;
                println!("application: {}", String::from_utf8_lossy(label.unwrap_or(b"no name")));
            }
        }
    }
    Ok(card.close().await?)
}

async fn ask(
    card: &mut dyn CardSession,
    command: CommandApdu,
) -> Result<ResponseApdu, Box<dyn Error>> {
    let answer = card.transmit(&command.to_bytes()).await?;
    Ok(ResponseApdu::parse(answer.expose())?)
}
