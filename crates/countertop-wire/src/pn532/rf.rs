//! Items of RFConfiguration (UM0701-02, 7.3.1).

/// Is one item of the radio's configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RfItem {
    /// Item 01: the field.
    Field {
        /// Whether it is on.
        on: bool,
        /// Whether the chip looks for foreign fields before it switches its own on.
        avoid_collision: bool,
    },
    /// Item 02: time limits, as exponents: 100 µs × 2^(n-1), 0 for none.
    Timings {
        /// Reserved byte.
        reserved: u8,
        /// Of ATR_RES.
        atr_res: u8,
        /// Of InCommunicateThru and of a target's answer.
        retry: u8,
    },
    /// Item 04: how often a data exchange is repeated; FF is for ever.
    MaxRetryCom(u8),
    /// Item 05: how often activation steps are repeated; FF is for ever.
    MaxRetries {
        /// ATR_REQ.
        atr: u8,
        /// PSL_REQ and PPS.
        psl: u8,
        /// The search for a target by InListPassiveTarget.
        passive_activation: u8,
    },
    /// Items 0A to 0D: values of analog registers.
    Analog {
        /// Number of the item.
        item: u8,
        /// The values.
        settings: Vec<u8>,
    },
}

impl RfItem {
    pub(super) fn encode(&self, data: &mut Vec<u8>) {
        match self {
            Self::Field { on, avoid_collision } => {
                data.extend([0x01, u8::from(*on) | (u8::from(*avoid_collision) << 1)]);
            }
            Self::Timings { reserved, atr_res, retry } => {
                data.extend([0x02, *reserved, *atr_res, *retry]);
            }
            Self::MaxRetryCom(retries) => data.extend([0x04, *retries]),
            Self::MaxRetries { atr, psl, passive_activation } => {
                data.extend([0x05, *atr, *psl, *passive_activation]);
            }
            Self::Analog { item, settings } => {
                data.push(*item);
                data.extend_from_slice(settings);
            }
        }
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        Some(match bytes {
            [0x01, flags] => {
                Self::Field { on: flags & 0x01 != 0, avoid_collision: flags & 0x02 != 0 }
            }
            [0x02, reserved, atr_res, retry] => {
                Self::Timings { reserved: *reserved, atr_res: *atr_res, retry: *retry }
            }
            [0x04, retries] => Self::MaxRetryCom(*retries),
            [0x05, atr, psl, passive_activation] => {
                Self::MaxRetries { atr: *atr, psl: *psl, passive_activation: *passive_activation }
            }
            [item @ 0x0a..=0x0d, settings @ ..] => {
                let length = match item {
                    0x0a => 11,
                    0x0b => 8,
                    0x0c => 3,
                    _ => 9,
                };
                if settings.len() != length {
                    return None;
                }
                Self::Analog { item: *item, settings: settings.to_vec() }
            }
            _ => return None,
        })
    }
}
