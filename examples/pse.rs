//! A PC/SC program as anyone writes it, without Countertop: asks the first card for its list of
//! payment applications.
//!
//! With a virtual card, and pcscd with vsmartcard-vpcd as the reader:
//!
//! ```sh
//! countertop virtual card
//! cargo run --example pse
//! ```

use std::error::Error;

use pcsc::{Context, MAX_BUFFER_SIZE, Protocols, Scope, ShareMode};

/// SELECT 1PAY.SYS.DDF01, the payment system environment (EMV Book 1, clause 11.3).
const SELECT_PSE: &[u8] = b"\x00\xa4\x04\x00\x0e1PAY.SYS.DDF01\x00";

fn main() -> Result<(), Box<dyn Error>> {
    let context = Context::establish(Scope::User)?;
    for reader in context.list_readers_owned()? {
        let Ok(card) = context.connect(&reader, ShareMode::Shared, Protocols::ANY) else {
            continue;
        };
        println!("card in {}", reader.to_string_lossy());
        let mut buffer = [0; MAX_BUFFER_SIZE];
        let answer = card.transmit(SELECT_PSE, &mut buffer)?;
        println!("{}", answer.iter().map(|byte| format!("{byte:02X}")).collect::<String>());
        return Ok(());
    }
    Err("no card in any reader".into())
}
