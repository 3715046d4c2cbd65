use countertop_wire::keyboard::{BootReport, KeyDecoder, Layout, Mode, Typed};
use countertop_wire::scanner::AimIdentifier;

use super::*;
use crate::hid::HidDevice;
use crate::stripe::{StripeCard, SwipeFault};

const CARD: [Option<&str>; 3] =
    [Some("B6200000000000005^TEST/CARD^3012"), Some("6200000000000005=3012"), None];

/// Reads what a device types until it is dropped.
async fn read(mut device: HidDevice, layout: Layout) -> String {
    let (mut decoder, mut last) = (KeyDecoder::new(layout), BootReport::default());
    let mut text = String::new();
    while let Some(report) = device.next_input().await {
        let next = BootReport::parse(&report).unwrap();
        for event in core::mem::replace(&mut last, next).changes(next) {
            text.extend(decoder.key(event).map(|typed| match typed {
                Typed::Char(character) => character,
                _ => '\u{fffd}',
            }));
        }
    }
    text
}

#[tokio::test]
async fn types_codes_on_every_layout() {
    for layout in Layout::ALL {
        for mode in [Mode::Layout, Mode::Numbers] {
            let config = WedgeConfig::scanner().layout(layout).mode(mode).serial_number("1");
            let (device, control) = config.build().unwrap();
            let reader = tokio::spawn(read(device, layout));
            control
                .scan(Some(AimIdentifier::QR_CODE), b"https://qr.95516.com/?a=1&b=~")
                .await
                .unwrap();
            drop(control);
            assert_eq!(reader.await.unwrap(), "]Q1https://qr.95516.com/?a=1&b=~\r");
        }
    }
}

#[tokio::test]
async fn types_swipes() {
    let card = StripeCard::new(CARD).unwrap();
    let (device, control) = WedgeConfig::stripe_reader().build().unwrap();
    let reader = tokio::spawn(read(device, Layout::American));
    control.swipe(&card).await.unwrap();
    control.swipe_with(&card, SwipeFault::CutOff(4)).await.unwrap();
    drop(control);
    let tracks = "%B6200000000000005^TEST/CARD^3012?;6200000000000005=3012?\r%B62";
    assert_eq!(reader.await.unwrap(), tracks);
}

#[tokio::test]
async fn says_why_it_does_not_type() {
    let (device, control) = WedgeConfig::scanner().build().unwrap();
    assert_eq!(control.scan(None, &[0xff]).await, Err(TypeError::NotText));
    assert!(matches!(control.type_text("中").await, Err(TypeError::Untypeable(_))));
    drop(device);
    assert_eq!(control.type_text("1").await, Err(TypeError::Unplugged));
}
