//! A virtual code scanner with a serial or CDC line.

use std::io;

use countertop_device::Sensitive;
use countertop_wire::scanner::{AimIdentifier, ScanFormat};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::mpsc;

/// Is what the scanner's hand did.
#[derive(Debug)]
enum Shot {
    Code(Option<AimIdentifier>, Sensitive),
    /// Bytes as they are: noise, or a code that is cut off.
    Raw(Sensitive),
}

/// Is a virtual code scanner.
#[derive(Debug)]
pub struct VirtualScanner {
    format: ScanFormat,
    shots: mpsc::UnboundedReceiver<Shot>,
}

/// Holds codes in front of a virtual scanner.
#[derive(Debug, Clone)]
pub struct ScannerControl {
    shots: mpsc::UnboundedSender<Shot>,
}

impl VirtualScanner {
    /// Creates a scanner that sends codes in `format`, and the hand that holds codes in front of it.
    #[must_use]
    pub fn new(format: ScanFormat) -> (Self, ScannerControl) {
        let (sender, shots) = mpsc::unbounded_channel();
        (Self { format, shots }, ScannerControl { shots: sender })
    }

    /// Serves a host until the link ends. What the host sends is not looked at: scanners of this
    /// kind are programmed with bar codes.
    ///
    /// # Errors
    ///
    /// What the link meets.
    ///
    /// # Cancel safety
    ///
    /// Dropping it switches the scanner off.
    pub async fn serve<L>(mut self, mut link: L) -> io::Result<()>
    where
        L: AsyncRead + AsyncWrite + Send + Unpin,
    {
        let mut chunk = [0; 256];
        loop {
            tokio::select! {
                read = link.read(&mut chunk) => if read? == 0 {
                    return Ok(());
                },
                Some(shot) = self.shots.recv() => {
                    match shot {
                        Shot::Code(aim, data) => {
                            link.write_all(&self.format.encode(aim, data.expose())).await?;
                        }
                        Shot::Raw(bytes) => link.write_all(bytes.expose()).await?,
                    }
                    link.flush().await?;
                }
            }
        }
    }
}

impl ScannerControl {
    /// Holds a QR code in front of the scanner.
    pub fn scan(&self, data: &str) {
        self.scan_as(AimIdentifier::QR_CODE, data.as_bytes());
    }

    /// Holds a code of another symbology in front of the scanner.
    pub fn scan_as(&self, symbology: AimIdentifier, data: &[u8]) {
        self.shoot(Shot::Code(Some(symbology), Sensitive::from(data)));
    }

    /// Lets bytes out that are no whole code: noise, or the beginning of one.
    pub fn send_raw(&self, bytes: &[u8]) {
        self.shoot(Shot::Raw(Sensitive::from(bytes)));
    }

    fn shoot(&self, shot: Shot) {
        // A scanner that is off sees nothing.
        let _ = self.shots.send(shot);
    }
}

#[cfg(test)]
mod tests {
    use countertop_wire::scanner::Suffix;

    use super::*;

    async fn sent(format: ScanFormat, act: impl FnOnce(&ScannerControl)) -> Vec<u8> {
        let (scanner, control) = VirtualScanner::new(format);
        let (mut host, device) = tokio::io::duplex(8192);
        host.write_all(b"commands are not looked at").await.unwrap();
        act(&control);
        let serving = tokio::spawn(scanner.serve(device));
        let mut bytes = vec![0; 256];
        let count = host.read(&mut bytes).await.unwrap();
        bytes.truncate(count);
        drop(host);
        serving.await.unwrap().unwrap();
        bytes
    }

    #[tokio::test]
    async fn sends_what_its_format_says() {
        let plain = sent(ScanFormat::default(), |control| control.scan("62001")).await;
        assert_eq!(plain, b"62001\r");
        let format = ScanFormat { prefix: vec![2], suffix: Suffix::Bytes(vec![3]), aim: true };
        let framed = sent(format, |control| {
            control.scan_as(AimIdentifier::CODE_128, b"ABC");
        });
        assert_eq!(framed.await, b"\x02]C0ABC\x03");
        let raw = sent(ScanFormat::default(), |control| control.send_raw(b"62"));
        assert_eq!(raw.await, b"62");
    }

    #[tokio::test]
    async fn a_scanner_that_is_off_sees_nothing() {
        let (scanner, control) = VirtualScanner::new(ScanFormat::default());
        drop(scanner);
        control.scan("62001");
        assert!(!format!("{control:?}").contains("62001"));
    }
}
