use countertop_wire::pen::{PenDecoder, PenEvent, PenStep, Surface, code};

use super::*;

/// Reads what a tablet tells until the hand has gone; returns the ink and the buttons.
async fn read(hand: impl AsyncFnOnce(TabletControl)) -> (PenDecoder, Vec<u16>) {
    let (mut tablet, control) = TabletConfig::default().build();
    let host = async {
        let (mut decoder, mut buttons) = (PenDecoder::new(), Vec::new());
        while let Some(report) = tablet.next_report().await {
            for event in report.into_iter().chain([PenEvent::Report]) {
                if let PenStep::Pressed(button) = decoder.push(event) {
                    buttons.push(button);
                }
            }
        }
        (decoder, buttons)
    };
    tokio::join!(host, hand(control)).0
}

#[tokio::test]
async fn writes_and_presses() {
    let (decoder, buttons) = read(async |control| {
        assert!(control.draw_sample().await);
        assert!(control.press(code::BTN_STYLUS).await);
        assert!(control.draw(&[vec![(1, 2), (3, 4)]]).await);
    })
    .await;
    assert_eq!(buttons, [code::BTN_STYLUS]);
    assert_eq!(decoder.ink().strokes().len(), 5);
    let surface = Surface::new((0, 0), (15_200, 9_500));
    let dots = surface.draw(decoder.ink(), 240, 80, 1).unwrap().black_dots();
    assert!((150..2000).contains(&dots), "{dots}");
}

#[tokio::test]
async fn an_unplugged_tablet_says_so() {
    let (tablet, control) = TabletConfig::default().size(100, 100).build();
    assert_eq!(tablet.config().size, (100, 100));
    drop(tablet);
    assert!(!control.draw_sample().await);
}
