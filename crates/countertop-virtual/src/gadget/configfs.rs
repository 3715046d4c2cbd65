//! A gadget in configfs (Linux, Documentation/usb/gadget_configfs.rst).

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::GadgetConfig;

/// English of the United States (USB 2.0, LANGID).
const LANGUAGE: &str = "strings/0x409";
const CONFIGURATION: &str = "configs/c.1";

/// Is a gadget's folder; dropping it unplugs and removes the gadget.
#[derive(Debug)]
pub(super) struct Tree {
    path: PathBuf,
    /// The function's folder, such as `functions/printer.receipts`.
    function: String,
}

impl Tree {
    /// Makes the gadget `name` with one function of this kind.
    pub(super) fn create(
        gadgets: &Path,
        name: &str,
        config: &GadgetConfig,
        kind: &str,
    ) -> io::Result<Self> {
        let tree = Self { path: gadgets.join(name), function: format!("functions/{kind}.{name}") };
        fs::create_dir(&tree.path)?;
        tree.describe(config)?;
        create_dirs(&tree.path, &[CONFIGURATION, &tree.function])?;
        let link = tree.path.join(CONFIGURATION).join(tree.function_name());
        symlink(tree.path.join(&tree.function), link)?;
        Ok(tree)
    }

    fn describe(&self, config: &GadgetConfig) -> io::Result<()> {
        create_dirs(&self.path, &[LANGUAGE])?;
        self.set("idVendor", &format!("{:#06x}", config.vendor))?;
        self.set("idProduct", &format!("{:#06x}", config.product_id))?;
        self.set("bcdUSB", "0x0200")?;
        let words = [
            ("manufacturer", &config.manufacturer),
            ("product", &config.product),
            ("serialnumber", &config.serial_number),
        ];
        for (file, text) in words.into_iter().filter(|(_, text)| !text.is_empty()) {
            self.set(&format!("{LANGUAGE}/{file}"), text)?;
        }
        Ok(())
    }

    fn function_name(&self) -> &str {
        self.function.trim_start_matches("functions/")
    }

    pub(super) fn set(&self, file: &str, text: &str) -> io::Result<()> {
        fs::write(self.path.join(file), text)
    }

    pub(super) fn set_function(&self, file: &str, text: &str) -> io::Result<()> {
        self.set(&format!("{}/{file}", self.function), text)
    }

    pub(super) fn get_function(&self, file: &str) -> io::Result<String> {
        fs::read_to_string(self.path.join(&self.function).join(file))
    }
}

/// configfs makes the folders above by itself; elsewhere they are made too.
fn create_dirs(path: &Path, folders: &[&str]) -> io::Result<()> {
    folders.iter().try_for_each(|folder| fs::create_dir_all(path.join(folder)))
}

impl Drop for Tree {
    /// Removes the parts in the order that the kernel asks for. A part that is not there was not made.
    fn drop(&mut self) {
        let link = Path::new(CONFIGURATION).join(self.function_name());
        let _unplugged = self.set("UDC", "\n");
        let _removed = fs::remove_file(self.path.join(link));
        for folder in [CONFIGURATION, &self.function, LANGUAGE, ""] {
            let _removed = fs::remove_dir(self.path.join(folder));
        }
    }
}
