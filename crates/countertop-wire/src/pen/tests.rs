use proptest::collection::vec;
use proptest::prelude::{any, prop_assert_eq, proptest};

use super::*;

const SURFACE: Surface = Surface::new((0, 0), (2000, 1000));

fn decode(reports: &[Vec<PenEvent>]) -> PenDecoder {
    let mut decoder = PenDecoder::new();
    for report in reports {
        for &event in report.iter().chain([&PenEvent::Report]) {
            decoder.push(event);
        }
    }
    decoder
}

fn axis(code: u16, value: i32) -> PenEvent {
    PenEvent::Axis { code, value }
}

fn button(code: u16, pressed: bool) -> PenEvent {
    PenEvent::Button { code, pressed }
}

#[test]
fn strokes_round_trip() {
    let strokes = vec![vec![(1, 1), (5, 9)], vec![(100, 100)], vec![(2000, 0), (0, 1000), (7, 7)]];
    let decoder = decode(&write_strokes(&strokes, 500));
    assert_eq!(decoder.ink().strokes(), strokes);
    assert!(!decoder.is_down());
    assert!(decode(&write_strokes(&[vec![]], 500)).ink().is_empty());
}

#[test]
fn pressure_tells_where_no_button_does() {
    let down = vec![axis(code::ABS_X, 3), axis(code::ABS_PRESSURE, 9)];
    let decoder = decode(&[down, vec![axis(code::ABS_X, 4)], vec![axis(code::ABS_PRESSURE, 0)]]);
    assert_eq!(decoder.ink().strokes(), [vec![(3, 0), (4, 0)]]);
}

#[test]
fn hovering_and_rubbing_write_nothing() {
    let hover = vec![button(code::BTN_TOOL_PEN, true), axis(code::ABS_X, 5)];
    let rub = vec![button(code::BTN_TOOL_RUBBER, true), button(code::BTN_TOUCH, true)];
    assert!(decode(&[hover, rub, vec![axis(code::ABS_X, 9)]]).ink().is_empty());
}

#[test]
fn steps_tell_what_happened() {
    let mut decoder = PenDecoder::new();
    assert_eq!(decoder.push(button(code::BTN_STYLUS, true)), PenStep::Pressed(code::BTN_STYLUS));
    assert_eq!(decoder.push(button(code::BTN_STYLUS, false)), PenStep::Nothing);
    decoder.push(button(code::BTN_TOUCH, true));
    assert_eq!(decoder.push(PenEvent::Report), PenStep::Wrote);
    assert_eq!(decoder.push(PenEvent::Report), PenStep::Nothing);
    decoder.push(button(code::BTN_TOUCH, false));
    assert_eq!(decoder.push(PenEvent::Report), PenStep::Lifted);
    decoder.clear();
    assert!(decoder.ink().is_empty());
}

#[test]
fn no_line_bridges_what_was_lost() {
    let mut decoder = PenDecoder::new();
    let touch = button(code::BTN_TOUCH, true);
    let at = |x| axis(code::ABS_X, x);
    let (lost, report) = (PenEvent::Lost, PenEvent::Report);
    for event in [at(1), touch, report, lost, at(900), touch, report, at(901), report] {
        decoder.push(event);
    }
    assert_eq!(decoder.ink().strokes(), [vec![(1, 0)], vec![(900, 0), (901, 0)]]);
    for event in [lost, at(5), report] {
        decoder.push(event);
    }
    assert!(!decoder.is_down());
}

#[test]
fn the_shape_is_kept() {
    let corners = vec![vec![(0, 0), (2000, 0), (2000, 1000), (0, 1000), (0, 0)]];
    let ink = decode(&write_strokes(&corners, 1)).ink().clone();
    let side = |picture: &crate::jbig::Bitmap| {
        let (width, height) = (picture.width().cast_signed(), picture.height().cast_signed());
        let columns = (0..width).filter(|&x| (0..height).any(|y| picture.get(x, y))).count();
        let rows = (0..height).filter(|&y| (0..width).any(|x| picture.get(x, y))).count();
        (columns, rows)
    };
    assert_eq!(side(&SURFACE.draw(&ink, 240, 80, 1).unwrap()), (159, 80));
    assert_eq!(side(&SURFACE.draw(&ink, 100, 100, 1).unwrap()), (100, 50));
    let tall = SURFACE.with_resolution((20, 10));
    assert_eq!(side(&tall.draw(&ink, 100, 100, 1).unwrap()), (100, 100));
    assert!(SURFACE.draw(&ink, 0, 80, 1).is_err());
    assert_eq!(format!("{ink:?}"), "Ink(1 strokes)");
}

proptest! {
    #[test]
    fn any_events_can_come(events in vec((0..5_u8, 0..0x150_u16, any::<i32>()), 0..200)) {
        let mut decoder = PenDecoder::new();
        for (kind, code, value) in events {
            decoder.push(match kind {
                0 => axis(code, value),
                1 => button(code, value > 0),
                2 => button(code::BTN_TOUCH, value > 0),
                3 => PenEvent::Lost,
                _ => PenEvent::Report,
            });
        }
        for (width, height) in [(240, 80), (1, 1)] {
            let surfaces = [SURFACE, Surface::new((0, 0), (0, 0)), Surface::new((i32::MIN, 5), (i32::MAX, -5))];
            for surface in surfaces {
                surface.draw(decoder.ink(), width, height, 2).unwrap();
            }
        }
    }

    #[test]
    fn any_strokes_come_back(mut strokes in vec(vec((0..2000_i32, 0..1000_i32), 1..20), 0..8)) {
        strokes.iter_mut().for_each(Vec::dedup);
        let decoder = decode(&write_strokes(&strokes, 700));
        prop_assert_eq!(decoder.ink().strokes(), strokes);
    }
}
