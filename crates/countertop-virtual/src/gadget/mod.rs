//! USB devices made by the kernel's gadget framework, plugged into this computer by `dummy_hcd`.
//!
//! Here the kernel itself is the device: its printer function and its CDC-ACM function give a node
//! each, over which the virtual devices of this crate serve. It needs root, configfs mounted, and the
//! modules `libcomposite` and `dummy_hcd`, which gives as many device controllers as its parameter
//! `num` says. On a computer that has a device controller, such as a Raspberry Pi, the same gadget
//! appears on the USB port of another computer.
//!
//! What the kernel does not do, the module [`usb`](crate::usb) can: chosen endpoints, stalls, any
//! request.
//!
//! ```no_run
//! use countertop_virtual::gadget::{Gadget, GadgetConfig};
//! use countertop_virtual::printer::{PrinterConfig, VirtualPrinter};
//!
//! # async fn serve() -> std::io::Result<()> {
//! let config = GadgetConfig::new(0x04b8, 0x0e15).product("TM-T20II").serial_number("1");
//! let gadget = Gadget::printer("receipts", &config, "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;")?;
//! gadget.plug()?;
//! let (printer, _control) = VirtualPrinter::new(PrinterConfig::default());
//! printer.serve(gadget.open().await?).await
//! # }
//! ```

mod config;
mod configfs;
mod node;
mod udc;

#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

pub use config::GadgetConfig;
use configfs::Tree;
pub use node::{GadgetLink, GadgetPort};

/// Where the kernel keeps its gadgets.
const GADGETS: &str = "/sys/kernel/config/usb_gadget";

/// Is a USB device made by the kernel. Dropping it unplugs and removes it.
#[derive(Debug)]
pub struct Gadget {
    tree: Tree,
    function: Function,
    /// The node of a printer, known since it was plugged first.
    node: OnceLock<PathBuf>,
}

/// Is what a gadget does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Function {
    Printer,
    Acm,
}

impl Gadget {
    /// Makes a printer (class 7, subclass 1, protocol 2), not yet plugged, with the IEEE 1284
    /// identification `device_id`. `name` is the gadget's own in configfs.
    ///
    /// # Errors
    ///
    /// [`NotFound`](io::ErrorKind::NotFound) without configfs and `libcomposite`,
    /// [`AlreadyExists`](io::ErrorKind::AlreadyExists) for a name that is taken.
    pub fn printer(name: &str, config: &GadgetConfig, device_id: &str) -> io::Result<Self> {
        let tree = Tree::create(Path::new(GADGETS), name, config, "printer")?;
        tree.set_function("pnp_string", device_id)?;
        Ok(Self { tree, function: Function::Printer, node: OnceLock::new() })
    }

    /// Makes a serial line (CDC-ACM), not yet plugged.
    ///
    /// # Errors
    ///
    /// As [`printer`](Self::printer).
    pub fn acm(name: &str, config: &GadgetConfig) -> io::Result<Self> {
        let tree = Tree::create(Path::new(GADGETS), name, config, "acm")?;
        Ok(Self { tree, function: Function::Acm, node: OnceLock::new() })
    }

    /// Plugs it into the first device controller that is free.
    ///
    /// # Errors
    ///
    /// [`NotFound`](io::ErrorKind::NotFound) when none is free.
    pub fn plug(&self) -> io::Result<()> {
        self.plug_at(&udc::free(Path::new(GADGETS), Path::new(udc::CONTROLLERS))?)
    }

    /// Plugs it into the device controller of this name, such as `dummy_udc.0`.
    ///
    /// # Errors
    ///
    /// [`ResourceBusy`](io::ErrorKind::ResourceBusy) when that is in use.
    pub fn plug_at(&self, controller: &str) -> io::Result<()> {
        let before = node::printers(Path::new(node::PRINTERS));
        self.tree.set("UDC", controller)?;
        let mut after = node::printers(Path::new(node::PRINTERS)).into_iter();
        if let Some(node) = after.find(|node| !before.contains(node)) {
            self.node.get_or_init(|| node);
        }
        Ok(())
    }

    /// Pulls it out, wherever the traffic stands.
    ///
    /// # Errors
    ///
    /// When it was not plugged.
    pub fn unplug(&self) -> io::Result<()> {
        // An empty line, since the kernel does not see a write of nothing.
        self.tree.set("UDC", "\n")
    }

    /// Returns the node of the device's own side, such as `/dev/g_printer0` or `/dev/ttyGS0`.
    ///
    /// # Errors
    ///
    /// When it was never plugged.
    pub fn node(&self) -> io::Result<PathBuf> {
        match self.function {
            Function::Printer => self.node.get().cloned().ok_or_else(|| {
                io::Error::new(io::ErrorKind::NotConnected, "the gadget was never plugged")
            }),
            Function::Acm => {
                let number = self.tree.get_function("port_num")?;
                Ok(Path::new("/dev").join(format!("ttyGS{}", number.trim())))
            }
        }
    }

    /// Opens the device's own side, over which a virtual device serves. It ends when the device is
    /// unplugged.
    ///
    /// # Errors
    ///
    /// When it is not plugged, or its node is not there within five seconds.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn open(&self) -> io::Result<GadgetLink> {
        GadgetLink::open(&self.node()?).await
    }
}
