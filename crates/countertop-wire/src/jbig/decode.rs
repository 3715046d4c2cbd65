//! Bytes into pictures.

use super::line::TypicalPrediction;
use super::qm::{Contexts, Decoder};
use super::segment::{self, Stripe};
use super::template::{AdaptiveDot, Window};
use super::{Bitmap, Header, JbigError};

/// Decodes a bi-level image entity of one layer and one plane (ITU-T T.82 clause 6.2).
///
/// Bytes after the picture are ignored. Memory is bounded by the length of `bytes` and by
/// [`Bitmap::MAX_SIDE`].
///
/// # Errors
///
/// A [`JbigError`] that says what is wrong or not supported.
pub fn decode(bytes: &[u8]) -> Result<Bitmap, JbigError> {
    let (mut header, rest) = Header::parse(bytes)?;
    if !header.variable_length {
        Bitmap::new(header.width, header.height)?;
    }
    let stripes = segment::split(&mut header, rest)?;
    let bitmap = Bitmap::new(header.width, header.height)?;
    let mut picture = Picture::new(header, bitmap);
    for stripe in &stripes {
        picture.decode_stripe(stripe);
    }
    Ok(picture.bitmap)
}

/// Is a picture of which the lines before `y` are decoded.
struct Picture {
    header: Header,
    bitmap: Bitmap,
    contexts: Contexts,
    adaptive: AdaptiveDot,
    prediction: TypicalPrediction,
    /// The line at which the coder last started afresh; those above count as white.
    top: u32,
    y: u32,
}

impl Picture {
    fn new(header: Header, bitmap: Bitmap) -> Self {
        let adaptive = AdaptiveDot::DEFAULT;
        let (contexts, prediction) = (Contexts::new(), TypicalPrediction::new());
        Self { header, bitmap, contexts, adaptive, prediction, top: 0, y: 0 }
    }

    fn decode_stripe(&mut self, stripe: &Stripe) {
        let start = self.y;
        let end = start.saturating_add(self.header.stripe_lines).min(self.header.height);
        let mut decoder = Decoder::new(&stripe.data);
        while self.y < end {
            self.move_adaptive_dot(&stripe.moves, self.y - start);
            self.decode_line(&mut decoder);
            self.y += 1;
        }
        if stripe.reset {
            self.contexts = Contexts::new();
            self.adaptive = AdaptiveDot::DEFAULT;
            self.prediction = TypicalPrediction::new();
            self.top = self.y;
        }
    }

    fn move_adaptive_dot(&mut self, moves: &[(u32, AdaptiveDot)], line: u32) {
        let moved = moves.iter().rev().find(|(from, _)| *from == line);
        self.adaptive = moved.map_or(self.adaptive, |&(_, dot)| dot);
    }

    fn decode_line(&mut self, decoder: &mut Decoder<'_>) {
        let Header { width, template, typical_prediction, .. } = self.header;
        if typical_prediction {
            let symbol = decoder.decode(&mut self.contexts, template.typical_context());
            if self.prediction.typical(symbol) {
                self.bitmap.repeat_row(self.y, self.y == self.top);
                return;
            }
        }
        let mut window = Window::new(&self.bitmap, template, self.adaptive, self.top, self.y);
        for x in 0..width {
            let dot = decoder.decode(&mut self.contexts, window.context(&self.bitmap));
            self.bitmap.set(x.cast_signed(), self.y.cast_signed(), dot);
            window.step(&self.bitmap, dot);
        }
    }
}
