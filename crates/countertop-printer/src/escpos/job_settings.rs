use countertop_device::{SettingError, Settings};

use super::blocks::BLOCK;

/// Holds what the configuration says about how jobs are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct JobSettings {
    /// Bytes that the printer's receive buffer takes.
    pub(crate) receive_buffer: usize,
    /// Whether the printer is told to send its status by itself.
    pub(crate) asb: bool,
}

impl JobSettings {
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, SettingError> {
        let receive_buffer = settings.get_or("receive_buffer", 4096)?;
        if !(64..=64 << 20).contains(&receive_buffer) {
            let value = receive_buffer.to_string();
            return Err(SettingError { key: "receive_buffer".into(), value });
        }
        Ok(Self { receive_buffer, asb: settings.get_or("asb", true)? })
    }

    /// Returns the bytes of a block, so that the buffer takes several and the line never falls silent
    /// while one is confirmed.
    pub(crate) fn block(self) -> usize {
        (self.receive_buffer / 4).min(BLOCK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_buffer_takes_several_blocks() {
        let settings = JobSettings::from_settings(&Settings::new()).unwrap();
        assert_eq!((settings.receive_buffer, settings.asb), (4096, true));
        assert_eq!(settings.block(), BLOCK);
        let small = Settings::new().with("receive_buffer", 512).with("asb", false);
        assert_eq!(JobSettings::from_settings(&small).unwrap().block(), 128);
        let none = Settings::new().with("receive_buffer", 45);
        assert_eq!(JobSettings::from_settings(&none).unwrap_err().key, "receive_buffer");
    }
}
