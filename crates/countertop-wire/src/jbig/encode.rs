//! Pictures into bytes.

use core::num::NonZeroU32;

use super::line::{TypicalPrediction, is_typical};
use super::qm::{Contexts, Encoder};
use super::segment::{ESC, SDNORM, STUFF};
use super::template::{AdaptiveDot, Window};
use super::{Bitmap, Header, Template};

/// Says how a picture is encoded: one plane, one layer, no adaptive dot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameters {
    stripe_lines: NonZeroU32,
    template: Template,
    typical_prediction: bool,
}

impl Parameters {
    /// Returns what UnionPay terminals use: stripes of seven lines, the three-line template and
    /// typical prediction.
    #[must_use]
    pub const fn unionpay() -> Self {
        let seven = NonZeroU32::MIN.saturating_add(6);
        Self { stripe_lines: seven, template: Template::ThreeLine, typical_prediction: true }
    }

    /// Sets the number of lines of a stripe (L0).
    #[must_use]
    pub const fn with_stripe_lines(mut self, lines: NonZeroU32) -> Self {
        self.stripe_lines = lines;
        self
    }

    /// Sets the template (LRLTWO).
    #[must_use]
    pub const fn with_template(mut self, template: Template) -> Self {
        self.template = template;
        self
    }

    /// Sets whether lines equal to the one above are left out (TPBON).
    #[must_use]
    pub const fn with_typical_prediction(mut self, on: bool) -> Self {
        self.typical_prediction = on;
        self
    }
}

impl Default for Parameters {
    fn default() -> Self {
        Self::unionpay()
    }
}

/// Encodes a picture as a bi-level image entity (ITU-T T.82 clause 6.2).
///
/// ```
/// use countertop_wire::jbig::{self, Bitmap, Parameters};
///
/// let mut signature = Bitmap::new(240, 80)?;
/// signature.set(12, 40, true);
/// let bytes = jbig::encode(&signature, &Parameters::unionpay());
/// assert_eq!(jbig::decode(&bytes)?, signature);
/// # Ok::<(), jbig::JbigError>(())
/// ```
#[must_use]
pub fn encode(bitmap: &Bitmap, parameters: &Parameters) -> Vec<u8> {
    let lines = parameters.stripe_lines.get();
    let mut out = header(bitmap, parameters).to_bytes().to_vec();
    let mut contexts = Contexts::new();
    let mut prediction = TypicalPrediction::new();
    let mut y = 0;
    while y < bitmap.height() {
        let end = y.saturating_add(lines).min(bitmap.height());
        let data = encode_stripe(bitmap, parameters, &mut contexts, &mut prediction, y..end);
        push_stripe(&mut out, &data);
        y = end;
    }
    out
}

fn header(bitmap: &Bitmap, parameters: &Parameters) -> Header {
    Header {
        width: bitmap.width(),
        height: bitmap.height(),
        stripe_lines: parameters.stripe_lines.get(),
        max_shift: 8,
        template: parameters.template,
        typical_prediction: parameters.typical_prediction,
        variable_length: false,
    }
}

fn encode_stripe(
    bitmap: &Bitmap,
    parameters: &Parameters,
    contexts: &mut Contexts,
    prediction: &mut TypicalPrediction,
    lines: core::ops::Range<u32>,
) -> Vec<u8> {
    let mut encoder = Encoder::new();
    for y in lines {
        if parameters.typical_prediction {
            let typical = is_typical(bitmap, 0, y);
            let symbol = prediction.symbol(typical);
            encoder.encode(contexts, parameters.template.typical_context(), symbol);
            if typical {
                continue;
            }
        }
        encode_line(bitmap, parameters.template, contexts, &mut encoder, y);
    }
    encoder.finish()
}

fn encode_line(
    bitmap: &Bitmap,
    template: Template,
    contexts: &mut Contexts,
    encoder: &mut Encoder,
    y: u32,
) {
    let mut window = Window::new(bitmap, template, AdaptiveDot::DEFAULT, 0, y);
    for x in 0..bitmap.width() {
        let dot = bitmap.get(x.cast_signed(), y.cast_signed());
        encoder.encode(contexts, window.context(bitmap), dot);
        window.step(bitmap, dot);
    }
}

/// Protects escape bytes and ends the stripe.
fn push_stripe(out: &mut Vec<u8>, data: &[u8]) {
    for &byte in data {
        out.push(byte);
        if byte == ESC {
            out.push(STUFF);
        }
    }
    out.extend([ESC, SDNORM]);
}
