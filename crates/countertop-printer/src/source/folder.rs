//! Where a document's pictures are.

use std::path::{Path, PathBuf};

use countertop_device::document::Image;

/// Is the folder of a document: pictures are read from here and from the folders below, and from
/// nowhere else.
#[derive(Debug, Clone)]
pub struct Folder(Option<PathBuf>);

impl Folder {
    /// Takes the folder that a document's pictures are in.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        Self(Some(path.to_owned()))
    }

    /// Allows no pictures, for documents that come from elsewhere.
    #[must_use]
    pub fn none() -> Self {
        Self(None)
    }

    /// Reads a picture. What leads out of the folder, by `..`, as a whole path or by a link, is
    /// refused, and so are files above 16 MiB.
    #[cfg(feature = "images")]
    pub(super) fn image(&self, name: &str) -> Result<Image, String> {
        let path = self.inside(name)?;
        let length = std::fs::metadata(&path).map_err(|error| format!("`{name}`: {error}"))?.len();
        if length > crate::image::MAX_BYTES {
            return Err(format!(
                "`{name}` has {length} bytes, more than {}",
                crate::image::MAX_BYTES
            ));
        }
        let bytes = std::fs::read(&path).map_err(|error| format!("`{name}`: {error}"))?;
        crate::image::decode(&bytes).map_err(|error| format!("`{name}`: {error}"))
    }

    #[cfg(not(feature = "images"))]
    pub(super) fn image(&self, name: &str) -> Result<Image, String> {
        // Which folder it is does not matter then.
        let _ = &self.0;
        Err(format!("`{name}`: this program was built without pictures"))
    }

    /// Returns the path of a file that is in the folder.
    #[cfg(feature = "images")]
    fn inside(&self, name: &str) -> Result<PathBuf, String> {
        let folder = self.0.as_ref().ok_or("pictures are not allowed in this document")?;
        let outside = || format!("`{name}` is not in the document's folder");
        let plain =
            |part| matches!(part, std::path::Component::Normal(_) | std::path::Component::CurDir);
        if !Path::new(name).components().all(plain) {
            return Err(outside());
        }
        let error = |error: std::io::Error| format!("`{name}`: {error}");
        let path = folder.join(name).canonicalize().map_err(error)?;
        let folder = folder.canonicalize().map_err(error)?;
        if path.starts_with(folder) { Ok(path) } else { Err(outside()) }
    }
}
