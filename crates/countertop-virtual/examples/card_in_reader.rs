//! Puts a virtual payment card into the first reader of pcscd until Ctrl-C.
//!
//! With pcscd running and the package vsmartcard-vpcd installed:
//!
//! ```text
//! cargo run -p countertop-virtual --example card_in_reader -- visa
//! pcsc_scan
//! ```

use countertop_virtual::card::{CardProfile, PaymentCard};
use countertop_virtual::vpcd::serve;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let profile = match std::env::args().nth(1).as_deref() {
        None | Some("unionpay") => CardProfile::unionpay_debit(),
        Some("visa") => CardProfile::visa(),
        Some(other) => return Err(format!("no card {other}: give unionpay or visa").into()),
    };
    let ended = serve(PaymentCard::new(profile), "127.0.0.1:35963").await?;
    println!("the card is out: {ended:?}");
    Ok(())
}
