//! Faults on a line, from a seed, so that a failing run can be repeated.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Says which faults occur how often, each in parts of a thousand transfers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaultPlan {
    /// The seed; the same seed gives the same faults.
    pub seed: u64,
    /// A byte read from the device is lost.
    pub drop_per_mille: u16,
    /// A byte read from the device has a bit flipped.
    pub corrupt_per_mille: u16,
    /// The link breaks for good.
    pub disconnect_per_mille: u16,
    /// Whether bytes come one by one.
    pub chop: bool,
}

impl FaultPlan {
    /// Creates a plan without faults.
    #[must_use]
    pub const fn none(seed: u64) -> Self {
        Self { seed, drop_per_mille: 0, corrupt_per_mille: 0, disconnect_per_mille: 0, chop: false }
    }
}

/// Wraps a link and breaks it by plan.
#[derive(Debug)]
pub struct FaultInjector<L> {
    inner: L,
    plan: FaultPlan,
    random: SplitMix64,
    broken: bool,
}

impl<L> FaultInjector<L> {
    /// Wraps `inner`.
    pub fn new(inner: L, plan: FaultPlan) -> Self {
        Self { inner, plan, random: SplitMix64(plan.seed), broken: false }
    }

    /// Returns the seed, for the message of a failing test.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.plan.seed
    }

    fn strikes(&mut self, per_mille: u16) -> bool {
        self.random.next() % 1000 < u64::from(per_mille)
    }

    fn breaks(&mut self) -> bool {
        self.broken = self.broken || self.strikes(self.plan.disconnect_per_mille);
        self.broken
    }

    fn damage(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut damaged = Vec::with_capacity(bytes.len());
        for &byte in bytes {
            if self.strikes(self.plan.drop_per_mille) {
                continue;
            }
            let flip = self.strikes(self.plan.corrupt_per_mille);
            let bit = 1u8 << (self.random.next() % 8);
            damaged.push(if flip { byte ^ bit } else { byte });
        }
        damaged
    }
}

/// Is the generator of Steele, Lea and Flood (2014): small, and the same everywhere.
#[derive(Debug)]
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

impl<L: AsyncRead + Unpin> AsyncRead for FaultInjector<L> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let room = if self.plan.chop { 1.min(buffer.remaining()) } else { buffer.remaining() };
            let mut chunk = vec![0; room];
            let mut read = ReadBuf::new(&mut chunk);
            ready!(Pin::new(&mut self.inner).poll_read(context, &mut read))?;
            if read.filled().is_empty() || self.breaks() {
                return Poll::Ready(Ok(()));
            }
            let damaged = self.damage(read.filled());
            // An empty read would mean the end of the stream, so a wholly lost one reads on.
            if !damaged.is_empty() {
                buffer.put_slice(&damaged);
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl<L: AsyncWrite + Unpin> AsyncWrite for FaultInjector<L> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.breaks() {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let length = if self.plan.chop { 1.min(data.len()) } else { data.len() };
        Pin::new(&mut self.inner).poll_write(context, data.get(..length).unwrap_or_default())
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;
    use crate::memory;

    async fn pass(plan: FaultPlan, bytes: &[u8]) -> Vec<u8> {
        let (link, mut device) = memory::pair();
        device.write_all(bytes).await.unwrap();
        drop(device);
        let mut seen = Vec::new();
        FaultInjector::new(link, plan).read_to_end(&mut seen).await.unwrap();
        seen
    }

    #[tokio::test]
    async fn no_plan_no_fault() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(pass(FaultPlan::none(1), &bytes).await, bytes);
        assert_eq!(pass(FaultPlan { chop: true, ..FaultPlan::none(1) }, &bytes).await, bytes);
    }

    #[tokio::test]
    async fn a_seed_repeats_itself() {
        let plan = FaultPlan { drop_per_mille: 50, corrupt_per_mille: 50, ..FaultPlan::none(7) };
        let bytes = [0x55; 1000];
        let first = pass(plan, &bytes).await;
        assert_ne!(first, bytes);
        assert_eq!(pass(plan, &bytes).await, first);
        assert_ne!(pass(FaultPlan { seed: 8, ..plan }, &bytes).await, first);
    }

    #[tokio::test]
    async fn a_broken_link_stays_broken() {
        let (link, _device) = memory::pair();
        let plan = FaultPlan { disconnect_per_mille: 1000, ..FaultPlan::none(1) };
        let mut link = FaultInjector::new(link, plan);
        assert_eq!(link.write(&[1]).await.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        assert_eq!(link.write(&[1]).await.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
