//! From strokes to events, the tablet's direction.

use super::{PenEvent, Place, code};

/// Is how hard a virtual pen is pressed down.
pub type Pressure = i32;

/// Returns the reports, each a run of events without its SYN_REPORT, of a pen that comes near, writes
/// the strokes, and goes away.
#[must_use]
pub fn write_strokes(strokes: &[Vec<Place>], pressure: Pressure) -> Vec<Vec<PenEvent>> {
    let tool = |pressed| PenEvent::Button { code: code::BTN_TOOL_PEN, pressed };
    let touch = |pressed| PenEvent::Button { code: code::BTN_TOUCH, pressed };
    let force = |value| PenEvent::Axis { code: code::ABS_PRESSURE, value };
    let mut reports = vec![vec![tool(true)]];
    for stroke in strokes.iter().filter(|stroke| !stroke.is_empty()) {
        for (number, place) in stroke.iter().enumerate() {
            let mut report = at(*place).to_vec();
            if number == 0 {
                // A pen is seen before it touches.
                reports.push(report.clone());
                report.extend([force(pressure), touch(true)]);
            }
            reports.push(report);
        }
        reports.push(vec![force(0), touch(false)]);
    }
    reports.push(vec![tool(false)]);
    reports
}

fn at((x, y): Place) -> [PenEvent; 2] {
    [PenEvent::Axis { code: code::ABS_X, value: x }, PenEvent::Axis { code: code::ABS_Y, value: y }]
}
