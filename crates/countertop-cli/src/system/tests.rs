//! A made-up computer.

use std::cell::RefCell;
use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::rc::Rc;

use tempfile::TempDir;

use super::{Runner, Step, System};

/// Is a tree that poses as a computer, and remembers which commands were run on it.
pub(crate) struct Tree {
    root: TempDir,
    run: Rc<RefCell<Vec<String>>>,
}

struct Remembered(Rc<RefCell<Vec<String>>>);

impl Runner for Remembered {
    fn run(&self, step: &Step, _is_root: bool) -> io::Result<()> {
        let text = step.to_string();
        let fails = text.contains("/fails");
        self.0.borrow_mut().push(text);
        if fails { Err(io::Error::other("it fails")) } else { Ok(()) }
    }
}

impl Tree {
    pub(crate) fn new() -> Self {
        Self { root: tempfile::tempdir().unwrap(), run: Rc::default() }
    }

    pub(crate) fn system(&self) -> System {
        System::at(self.root.path(), Remembered(Rc::clone(&self.run)))
    }

    /// Returns the commands that were run.
    pub(crate) fn commands(&self) -> Vec<String> {
        self.run.borrow().clone()
    }

    pub(crate) fn file(self, path: &str, text: &str) -> Self {
        self.system().write(path, text).unwrap();
        self
    }

    pub(crate) fn link(self, path: &str, target: &str) -> Self {
        let path = self.system().path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(target, path).unwrap();
        self
    }

    pub(crate) fn folder(self, path: &str) -> Self {
        fs::create_dir_all(self.system().path(path)).unwrap();
        self
    }

    pub(crate) fn process(self, id: u32, name: &str) -> Self {
        self.file(&format!("/proc/{id}/stat"), &format!("{id} ({name}) S 1 {id} {id}"))
    }

    /// Plugs in a USB device whose interfaces have a class and a driver.
    pub(crate) fn usb(
        self,
        port: &str,
        vendor: u16,
        product: u16,
        interfaces: &[(u8, Option<&str>)],
    ) -> Self {
        let bus = "/sys/devices/pci0000:00/0000:00:14.0/usb1";
        let device = format!("{bus}/{port}");
        let mut tree = self
            .file(&format!("{bus}/version"), "2.00\n")
            .file(&format!("{device}/idVendor"), &format!("{vendor:04x}\n"))
            .file(&format!("{device}/idProduct"), &format!("{product:04x}\n"))
            .file(&format!("{device}/busnum"), "1\n")
            .file(&format!("{device}/devnum"), "4\n")
            .link(
                &format!("/sys/bus/usb/devices/{port}"),
                &format!("../../../devices/pci0000:00/0000:00:14.0/usb1/{port}"),
            );
        for (number, (class, driver)) in interfaces.iter().enumerate() {
            let folder = format!("{device}/{port}:1.{number}");
            tree = tree
                .file(&format!("{folder}/bInterfaceClass"), &format!("{class:02x}\n"))
                .file(&format!("{folder}/bInterfaceNumber"), &format!("{number:02x}\n"));
            if let Some(driver) = driver {
                tree = tree.link(&format!("{folder}/driver"), &format!("/drivers/{driver}"));
            }
        }
        tree
    }
}
