//! Claims: a device belongs to one program at a time (UnifiedPOS: `claim` and `release`).
//!
//! A claim is a lock file in `/run/lock` that is held with flock(2), so that it ends with its process,
//! however that ends. Its first line is the holder's process id in ten places, as lock files of
//! serial lines have it (Filesystem Hierarchy Standard 3.0, 5.9); program and device follow. Beside it
//! a socket takes requests to let the device go.
//!
//! Lock and socket are open to their owner and to the group `countertop`, which the udev rules let open
//! the devices, and to nobody else: who can lock a file can keep a shop from its printer.

mod holder;
mod lock;
mod request;
mod share;

use core::time::Duration;
use std::path::PathBuf;

use countertop_device::{DeviceError, Identity, Selector};

use crate::Target;
use holder::Holder;
use lock::{Lock, Refused};
pub use request::ReleaseRequest;
use request::{Answer, Requests};

/// Is where claims are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    folder: Option<PathBuf>,
}

impl Default for Claims {
    fn default() -> Self {
        Self::from_environment()
    }
}

impl Claims {
    /// Returns the claims of this computer: in `$COUNTERTOP_LOCK_DIR`, else in `/run/lock`. With the
    /// variable set to nothing, devices are claimed by nobody.
    #[must_use]
    pub fn from_environment() -> Self {
        let folder = std::env::var_os("COUNTERTOP_LOCK_DIR").map(PathBuf::from);
        let folder = folder.unwrap_or_else(|| "/run/lock".into());
        Self { folder: (!folder.as_os_str().is_empty()).then_some(folder) }
    }

    /// Keeps the claims in `folder`.
    #[must_use]
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: Some(folder.into()) }
    }

    /// Claims the device `name`: its identity, else its selector.
    ///
    /// Returns `None` where claims cannot be kept, because the folder cannot be written: a claim never
    /// keeps a shop from its own device.
    ///
    /// # Errors
    ///
    /// [`Busy`](countertop_device::DeviceErrorKind::Busy) with the holder's process id and program.
    pub fn claim(&self, name: &str) -> Result<Option<Claim>, DeviceError> {
        self.try_claim(name).map_err(|holder| holder.busy(name))
    }

    /// Claims what is to be opened. A virtual device belongs to this process alone anyway.
    pub(crate) fn claim_target(&self, target: &Target) -> Result<Option<Claim>, DeviceError> {
        match target.selector {
            Selector::Virtual(_) => Ok(None),
            _ => self.claim(&target.claim),
        }
    }

    /// Claims the device `name`, asking the program that holds it to let it go, and gives that one
    /// `wait` to decide.
    ///
    /// # Errors
    ///
    /// [`Busy`](countertop_device::DeviceErrorKind::Busy) when the holder keeps the device or does not answer.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe, though the holder may let the device go all the same.
    pub async fn request_release(
        &self,
        name: &str,
        wait: Duration,
    ) -> Result<Option<Claim>, DeviceError> {
        let (Some(folder), Err(holder)) = (&self.folder, self.try_claim(name)) else {
            return self.claim(name);
        };
        let answer = request::ask(&socket(folder, name, holder.pid), wait).await;
        match answer {
            Answer::Released => self.claim(name),
            Answer::Kept => Err(holder.busy(name).with_help(format!(
                "{holder} was asked and keeps the device: try again when it is done"
            ))),
            Answer::None => Err(holder
                .busy(name)
                .with_help(format!("{holder} was asked and did not answer: end it, or try again"))),
        }
    }

    fn try_claim(&self, name: &str) -> Result<Option<Claim>, Holder> {
        let Some(folder) = &self.folder else { return Ok(None) };
        let path = folder.join(format!("countertop-{}.lock", file_name(name)));
        let lock = match Lock::take(path, name) {
            Ok(lock) => lock,
            Err(Refused::Held(holder)) => return Err(holder),
            Err(Refused::Impossible(error)) => {
                tracing::warn!(device = name, folder = %folder.display(), %error,
                    "the device cannot be claimed; other programs may open it as well");
                return Ok(None);
            }
        };
        if let Some(stale) = lock.left_behind() {
            // Left by a process that was killed; nobody listens there.
            let _ = std::fs::remove_file(socket(folder, name, stale));
        }
        let requests = Requests::listen(socket(folder, name, std::process::id()));
        let requests = requests.inspect_err(|error| {
            tracing::debug!(device = name, %error, "nobody can ask for the device");
        });
        Ok(Some(Claim { name: name.into(), requests: requests.ok(), _lock: lock }))
    }
}

/// Is a device that belongs to this program. It is released on drop.
#[derive(Debug)]
pub struct Claim {
    name: String,
    // Dropped first, so that who asks meanwhile finds the lock free or a new socket.
    requests: Option<Requests>,
    _lock: Lock,
}

impl Claim {
    /// Returns what was claimed.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Waits until another program asks for the device.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime with I/O.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no request is lost.
    pub async fn release_requested(&mut self) -> ReleaseRequest {
        match &mut self.requests {
            Some(requests) => requests.next().await,
            None => std::future::pending().await,
        }
    }

    /// Releases the device and tells the program that asked for it.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the device is released at once.
    pub async fn release_to(self, request: ReleaseRequest) {
        drop(self);
        request.released().await;
    }
}

fn socket(folder: &std::path::Path, name: &str, pid: impl Into<Option<u32>>) -> PathBuf {
    let pid = pid.into().unwrap_or_default();
    folder.join(format!("countertop-{}.{pid}.sock", file_name(name)))
}

/// Returns a name that fits a file's and a socket's.
fn file_name(name: &str) -> String {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b":._-".contains(&byte);
    if name.len() <= 40 && name.bytes().all(fits) {
        return name.to_owned();
    }
    Identity::from_name(name).0
}

#[cfg(test)]
mod tests;
