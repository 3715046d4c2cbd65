//! Our driver of signature pads.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use core::time::Duration;

use countertop_conformance::{ExchangeFixture, Fixture, Tap, signature};
use countertop_device::{DeviceError, Settings, SignaturePad, SignatureRequest, async_trait};
use countertop_input::signature::UnionpaySignpad;
use countertop_virtual::signature::{
    Handwriting, SignatureConfig, SignatureControl, VirtualSignature,
};
use countertop_wire::sign_pad::PictureFormat;
use support::Transport;

struct Pad {
    transport: Transport,
    format: PictureFormat,
    control: Option<SignatureControl>,
}

#[async_trait]
impl Fixture for Pad {
    type Function = dyn SignaturePad;

    async fn open(&mut self, tap: &Tap) -> Result<Box<dyn SignaturePad>, DeviceError> {
        let (selector, host, device) = support::connect(self.transport, tap).await?;
        let (pad, control) =
            VirtualSignature::new(SignatureConfig::default().with_format(self.format));
        tokio::spawn(pad.serve(device));
        self.control = Some(control);
        let settings = Settings::new()
            .with("quiet_ms", 10)
            .with("exchange_ms", 400)
            .with("setting_ms", 250)
            .with("gap_ms", 100)
            .with("pen_width", 2);
        Ok(Box::new(UnionpaySignpad::new(host, selector, &settings).await?))
    }
}

#[async_trait]
impl ExchangeFixture for Pad {
    async fn exchange(&mut self, pad: &mut Self::Function) -> Result<(), DeviceError> {
        let control = self.control.as_mut().unwrap();
        let timeout = Duration::from_secs(1);
        let request = SignatureRequest { feature_code: "1A2B3C4D".into(), timeout };
        let person = async {
            control.idle().await;
            control.asked().await;
            control.sign(&Handwriting::sample(480, 160)).await;
            core::future::pending::<()>().await;
        };
        let image = tokio::select! {
            image = pad.capture(&request) => image?,
            () = person => unreachable!(),
        };
        // A picture that is lost on the way is as if nobody had signed.
        if let Some(image) = image {
            assert_eq!((image.width(), image.height()), (240, 80));
            assert!(image.black_dots() > 500);
        }
        Ok(())
    }
}

async fn examine(transport: Transport, format: PictureFormat) {
    signature::run(&mut Pad { transport, format, control: None }).await.assert_passed();
}

#[tokio::test(start_paused = true)]
async fn unionpay_signpad_in_memory() {
    examine(Transport::Memory, PictureFormat::Bmp).await;
}

#[tokio::test(start_paused = true)]
async fn unionpay_signpad_with_jbig() {
    examine(Transport::Memory, PictureFormat::Jbig).await;
}

#[tokio::test]
async fn unionpay_signpad_on_a_serial_line() {
    examine(Transport::Pty, PictureFormat::Bmp).await;
}

#[tokio::test]
async fn unionpay_signpad_over_tcp() {
    examine(Transport::Tcp, PictureFormat::Jbig).await;
}
