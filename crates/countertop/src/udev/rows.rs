//! The drivers' tables, put in order: each model once a node.

use std::collections::BTreeMap;

use countertop_device::{NodeKind, UsbModel};

/// Is a model at one kind of node, with all drivers that know it.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) vendor: u16,
    pub(super) product: u16,
    pub(super) name: &'static str,
    drivers: Vec<&'static str>,
}

impl Row {
    /// Returns what the stable symlink begins with: the driver's name, or the node's where several
    /// drivers know the model, as with a serial adapter. A printer has two nodes.
    pub(super) fn link(&self, node: NodeKind) -> String {
        match (self.drivers.as_slice(), node) {
            ([driver], NodeKind::Usblp) => format!("{driver}-lp"),
            ([driver], _) => (*driver).to_owned(),
            _ => node_name(node).to_owned(),
        }
    }
}

/// Puts the rows of the drivers' tables in the order of vendor and product, for each kind of node.
pub(super) fn by_node(
    models: impl IntoIterator<Item = (&'static str, &'static UsbModel)>,
) -> BTreeMap<NodeKind, Vec<Row>> {
    let mut rows: BTreeMap<(NodeKind, u16, u16), Row> = BTreeMap::new();
    for (driver, model) in models {
        let UsbModel { vendor, product, name, node, .. } = *model;
        let row = rows.entry((node, vendor, product));
        let row = row.or_insert_with(|| Row { vendor, product, name, drivers: Vec::new() });
        if !row.drivers.contains(&driver) {
            row.drivers.push(driver);
        }
    }
    let mut by_node: BTreeMap<NodeKind, Vec<Row>> = BTreeMap::new();
    for ((node, ..), row) in rows {
        by_node.entry(node).or_default().push(row);
    }
    by_node
}

const fn node_name(node: NodeKind) -> &'static str {
    match node {
        NodeKind::Evdev => "input",
        NodeKind::Hidraw => "hid",
        NodeKind::Serial => "serial",
        NodeKind::Usblp => "lp",
        _ => "usb",
    }
}
