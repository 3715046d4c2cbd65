//! On folders that are no configfs: what is written where.

use std::fs;
use std::path::Path;

use super::configfs::Tree;
use super::{Gadget, GadgetConfig, GadgetLink, node, udc};

fn config() -> GadgetConfig {
    GadgetConfig::new(0x04b8, 0x0e15).manufacturer("EPSON").product("TM-T20II")
}

#[test]
fn a_gadget_is_written_as_the_kernel_wants_it() {
    let gadgets = tempfile::tempdir().unwrap();
    let tree = Tree::create(gadgets.path(), "receipts", &config(), "printer").unwrap();
    tree.set_function("pnp_string", "MFG:EPSON;").unwrap();
    let read = |file: &str| fs::read_to_string(gadgets.path().join("receipts").join(file)).unwrap();
    assert_eq!((read("idVendor"), read("idProduct")), ("0x04b8".into(), "0x0e15".into()));
    assert_eq!(read("strings/0x409/product"), "TM-T20II");
    assert!(!gadgets.path().join("receipts/strings/0x409/serialnumber").exists());
    assert_eq!(read("configs/c.1/printer.receipts/pnp_string"), "MFG:EPSON;", "by the link");
    assert_eq!(tree.get_function("pnp_string").unwrap(), "MFG:EPSON;");
    let error = Tree::create(gadgets.path(), "receipts", &config(), "acm").unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AlreadyExists);
    drop(tree);
    assert!(!gadgets.path().join("receipts/configs/c.1").exists());
}

#[test]
fn the_first_controller_that_nobody_uses_is_free() {
    let folder = tempfile::tempdir().unwrap();
    let (gadgets, controllers) = (folder.path().join("gadgets"), folder.path().join("udc"));
    for controller in ["dummy_udc.0", "dummy_udc.1"] {
        fs::create_dir_all(controllers.join(controller)).unwrap();
    }
    for (gadget, used) in [("one", "dummy_udc.0\n"), ("two", "\n")] {
        fs::create_dir_all(gadgets.join(gadget)).unwrap();
        fs::write(gadgets.join(gadget).join("UDC"), used).unwrap();
    }
    assert_eq!(udc::free(&gadgets, &controllers).unwrap(), "dummy_udc.1");
    fs::write(gadgets.join("two/UDC"), "dummy_udc.1\n").unwrap();
    let error = udc::free(&gadgets, &controllers).unwrap_err();
    assert_eq!(error.to_string(), "no device controller is free");
}

#[test]
fn without_configfs_there_is_no_gadget() {
    if Path::new(super::GADGETS).exists() {
        return;
    }
    let error = Gadget::acm("line", &config()).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    assert!(node::printers(Path::new("/none")).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_node_that_does_not_come_is_not_waited_for_long() {
    let error = GadgetLink::open(Path::new("/dev/g_printer99")).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
}
