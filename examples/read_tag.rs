//! Reads the NDEF message of an NFC tag of any type with a PN532 on a serial line.
//!
//! With a virtual PN532:
//!
//! ```sh
//! countertop virtual pn532 --link /tmp/pn532 --field tag
//! cargo run --example read_tag -- serial:/tmp/pn532
//! ```

use std::error::Error;

use countertop_device::{ContactlessReader as _, Selector, Settings};
use countertop_nfc::{Pn532Driver, tag};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let selector = std::env::args().nth(1).ok_or("usage: read_tag serial:/dev/ttyUSB0")?;
    let selector: Selector = selector.parse()?;
    let mut reader = Pn532Driver::new().open_reader(&selector, &Settings::new()).await?;
    println!("hold a tag to the reader");
    let target = reader.await_target().await?;
    println!("found {:?}, {} bytes of identifier", target.protocol, target.uid.len());
    let mut session = reader.connect().await?;
    let message = tag::read(session.as_mut(), &target).await?;
    session.close().await?;
    for record in message.ok_or("the tag holds no message")?.records {
        match (record.as_uri(), record.as_text()) {
            (Some(uri), _) => println!("address: {uri}"),
            (_, Some(text)) => println!("text: {}", text.text),
            _ => println!("another record"),
        }
    }
    Ok(())
}
