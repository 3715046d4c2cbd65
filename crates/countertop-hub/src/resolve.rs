//! From a device's configuration to the device that is attached.

use core::mem::discriminant;

use countertop_device::{
    DeviceError, DeviceErrorKind, DeviceInfo, Driver, Identity, Listing, Selector, Settings,
};

use crate::{DeviceConfig, Registry};

/// Is the device that a configuration means.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Target {
    /// The address under which the driver opens it.
    pub selector: Selector,
    /// Who it is, where the driver lists it.
    pub info: Option<DeviceInfo>,
    /// The place to hand to the driver, where the address alone fits a twin as well.
    pub place: Option<Identity>,
    /// The name under which the device is claimed: whatever address or driver it is reached by.
    pub claim: String,
}

impl Target {
    /// Creates a target that is known by its address alone.
    pub(crate) fn at(selector: Selector) -> Self {
        Self { claim: canonical(&selector), selector, info: None, place: None }
    }
}

impl Registry {
    /// Finds the device that `config` means in what its driver lists, without sending a byte.
    ///
    /// It may block for as long as the driver's [list](countertop_device::Driver::list) does.
    ///
    /// # Errors
    ///
    /// [`NotFound`](DeviceErrorKind::NotFound) when nothing that is attached has the identity;
    /// [`InvalidInput`](DeviceErrorKind::InvalidInput) when several devices claim it, with the cure to
    /// assign by place; else what listing met.
    pub fn resolve(&self, config: &DeviceConfig) -> Result<Target, DeviceError> {
        resolve(self.driver(config)?.as_ref(), config)
    }
}

/// Resolves as [`Registry::resolve`] does, with the driver that was found already.
pub(crate) fn resolve(driver: &dyn Driver, config: &DeviceConfig) -> Result<Target, DeviceError> {
    match (&config.identity, &config.at) {
        (Some(identity), at) => among(&driver.list()?, identity, at.as_ref()),
        // What nobody lists can still be opened, and so can what a service does not tell of now.
        (None, Some(at)) => {
            Ok(by_address(&driver.list().unwrap_or_default(), at, &config.settings))
        }
        (None, None) => Err(failure(DeviceErrorKind::InvalidInput, &config.driver)
            .with_source("neither `at` nor `identity` says which device")),
    }
}

/// Finds the device that only a person can name, without asking the driver.
pub(crate) fn without_list(config: &DeviceConfig) -> Option<Target> {
    match (&config.identity, &config.at) {
        (None, Some(at @ (Selector::Tcp { .. } | Selector::Virtual(_)))) => {
            Some(Target::at(at.clone()))
        }
        _ => None,
    }
}

/// Finds the listing of `identity`, of several addresses of one device the one like `at`.
pub(crate) fn among(
    listings: &[Listing],
    identity: &Identity,
    at: Option<&Selector>,
) -> Result<Target, DeviceError> {
    let is = |its: &Option<Identity>| its.as_ref() == Some(identity);
    let found: Vec<_> = listings
        .iter()
        .filter(|listing| is(&listing.info.identity) || is(&listing.info.place))
        .collect();
    let first = *found.first().ok_or_else(|| not_attached(identity))?;
    if found.iter().any(|listing| listing.info.place != first.info.place) {
        return Err(twins(identity, &found));
    }
    let like = |listing: &&&Listing| {
        at.is_some_and(|at| discriminant(at) == discriminant(&listing.info.selector))
    };
    let exact = found.iter().find(|listing| at == Some(&listing.info.selector));
    let chosen = exact.or_else(|| found.iter().find(like)).map_or(first, |listing| *listing);
    Ok(target(listings, chosen))
}

fn by_address(listings: &[Listing], at: &Selector, settings: &Settings) -> Target {
    let mut found = listings.iter().filter(|listing| listing.info.selector == *at);
    match (found.next(), found.next()) {
        (Some(listing), None) => target(listings, listing),
        (None, _) => Target::at(at.clone()),
        // Twins, and the configuration tells the driver itself which.
        (Some(_), Some(_)) => {
            let mut target = Target::at(at.clone());
            let place = ["place", "port"].into_iter().find_map(|key| settings.text(key));
            target.claim.extend(place.into_iter().flat_map(|place| ["-", place]));
            target
        }
    }
}

fn target(listings: &[Listing], chosen: &Listing) -> Target {
    let same = listings.iter().filter(|it| it.info.selector == chosen.info.selector).count();
    Target {
        selector: chosen.info.selector.clone(),
        place: if same > 1 { chosen.info.place.clone() } else { None },
        claim: claim_name(listings, &chosen.info),
        info: Some(chosen.info.clone()),
    }
}

/// Names what is claimed: the device, by what stays the same; a part of it where it has several of one
/// kind, such as the slots of a reader; the place where twins pretend to be one device.
fn claim_name(listings: &[Listing], chosen: &DeviceInfo) -> String {
    let Some(identity) = &chosen.identity else { return canonical(&chosen.selector) };
    let others = || {
        let infos = listings.iter().map(|listing| &listing.info);
        infos.filter(|it| it.identity.as_ref() == Some(identity) && *it != chosen)
    };
    let twin = others().any(|it| it.place != chosen.place);
    let part = others().any(|it| discriminant(&it.selector) == discriminant(&chosen.selector));
    match &chosen.place {
        Some(place) if twin => place.to_string(),
        _ if part => canonical(&chosen.selector),
        _ => identity.to_string(),
    }
}

/// Writes a selector in one way: a link to a node as the node.
fn canonical(selector: &Selector) -> String {
    let node = |path: &str| std::fs::canonicalize(path).ok()?.into_os_string().into_string().ok();
    let canonical = match selector {
        Selector::Evdev(path) => node(path).map(Selector::Evdev),
        Selector::Hidraw(path) => node(path).map(Selector::Hidraw),
        Selector::Serial(path) => node(path).map(Selector::Serial),
        Selector::Usblp(path) => node(path).map(Selector::Usblp),
        _ => None,
    };
    canonical.as_ref().unwrap_or(selector).to_string()
}

fn not_attached(identity: &Identity) -> DeviceError {
    failure(DeviceErrorKind::NotFound, &identity.0)
        .with_source("nothing that is attached has this identity or place")
        .with_help("check the cable; `countertop devices` lists what is attached with its identity")
}

fn twins(identity: &Identity, found: &[&Listing]) -> DeviceError {
    let places: Vec<_> =
        found.iter().filter_map(|listing| Some(listing.info.place.as_ref()?.0.as_str())).collect();
    failure(DeviceErrorKind::InvalidInput, &identity.0)
        .with_source(format!("{} devices claim this serial number", found.len()))
        .with_help(format!(
            "assign by place: write one of {} as `identity`, or use `countertop devices --assign`",
            places.join(", ")
        ))
}

fn failure(kind: DeviceErrorKind, device: &str) -> DeviceError {
    DeviceError::new(kind, device, "find device")
}

#[cfg(test)]
mod tests {
    use countertop_device::Access;

    use super::*;

    fn listing(selector: &str, identity: &str, place: &str) -> Listing {
        let identity = Some(Identity(identity.into()));
        let info = DeviceInfo::new(selector.parse().unwrap(), "escpos", "Printer")
            .with_identity(identity, Some(Identity(place.into())));
        Listing::new(info, Access::Accessible)
    }

    fn find(listings: &[Listing], identity: &str, at: Option<&str>) -> Result<Target, DeviceError> {
        let at = at.map(|at| at.parse().unwrap());
        among(listings, &Identity(identity.into()), at.as_ref())
    }

    #[test]
    fn identity_and_place_both_find() {
        let listings = [
            listing("usb:04b8:0e15:A", "serial-a", "place-1"),
            listing("usb:04b8:0e15:B", "serial-b", "place-2"),
        ];
        for name in ["serial-b", "place-2"] {
            let target = find(&listings, name, None).unwrap();
            assert_eq!(target.selector.to_string(), "usb:04b8:0e15:B");
            assert_eq!(target.place, None, "the address is enough");
        }
        let error = find(&listings, "serial-c", None).unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::NotFound);
        assert!(error.to_string().starts_with("serial-c: find device: not found (nothing"));
    }

    #[test]
    fn twins_without_serial_number_are_told_apart_by_place() {
        let listings = [
            listing("usb:04b8:0e15", "place-1", "place-1"),
            listing("usb:04b8:0e15", "place-2", "place-2"),
        ];
        let target = find(&listings, "place-2", None).unwrap();
        assert_eq!(target.place.unwrap().0, "place-2");
    }

    #[test]
    fn one_serial_number_in_two_devices_is_to_be_assigned_by_place() {
        let listings = [
            listing("usb:04b8:0e15:1", "serial", "place-1"),
            listing("usb:04b8:0e15:1", "serial", "place-2"),
        ];
        let error = find(&listings, "serial", None).unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
        assert!(error.to_string().contains("2 devices claim this serial number"), "{error}");
        assert!(error.help().unwrap().contains("place-1, place-2"));
        let target = find(&listings, "place-1", None).unwrap();
        assert_eq!(target.place.unwrap().0, "place-1");
    }

    #[test]
    fn the_kind_of_address_chooses_between_several_of_one_device() {
        let listings = [
            listing("usb:04b8:0e15", "serial", "place"),
            listing("usblp:/dev/usb/lp1", "serial", "place"),
        ];
        let target = find(&listings, "serial", Some("usblp:/dev/usb/lp0")).unwrap();
        assert_eq!(target.selector.to_string(), "usblp:/dev/usb/lp1");
        let target = find(&listings, "serial", Some("virtual:x")).unwrap();
        assert_eq!(target.selector.to_string(), "usb:04b8:0e15");
    }

    #[test]
    fn an_address_finds_its_listing_where_it_is_the_only_one() {
        let listings = [listing("usb:04b8:0e15", "serial", "place")];
        let settings = Settings::new();
        let target = by_address(&listings, &"usb:04b8:0e15".parse().unwrap(), &settings);
        assert_eq!((target.info.is_some(), target.claim.as_str()), (true, "serial"));
        let target = by_address(&listings, &"tcp:printer:9100".parse().unwrap(), &settings);
        assert_eq!(target, Target::at("tcp:printer:9100".parse().unwrap()));
    }

    #[test]
    fn claims_are_of_devices_whatever_their_address() {
        let claim = |listings: &[Listing], identity| find(listings, identity, None).unwrap().claim;
        let printer = [
            listing("usb:04b8:0e15", "serial", "place"),
            listing("usblp:/dev/usb/lp1", "serial", "place"),
        ];
        assert_eq!(claim(&printer, "serial"), "serial");
        let slots = [
            listing("pcsc:Reader 00 00", "serial", "place"),
            listing("pcsc:Reader 00 01", "serial", "place"),
        ];
        assert_eq!(claim(&slots, "serial"), "pcsc:Reader 00 00");
        let twins = [
            listing("usb:04b8:0e15:1", "serial", "place-1"),
            listing("usb:04b8:0e15:1", "serial", "place-2"),
        ];
        assert_eq!(claim(&twins, "place-2"), "place-2");
        let at = "usb:04b8:0e15:1".parse().unwrap();
        let settings = Settings::new().with("port", "1-2");
        assert_eq!(by_address(&twins, &at, &settings).claim, "usb:04b8:0e15:1-1-2");
    }

    #[test]
    fn a_link_to_a_node_is_claimed_as_the_node() {
        let folder = tempfile::tempdir().unwrap();
        let (node, link) = (folder.path().join("ttyUSB0"), folder.path().join("pinpad"));
        std::fs::write(&node, "").unwrap();
        std::os::unix::fs::symlink(&node, &link).unwrap();
        let target =
            |path: &std::path::Path| Target::at(Selector::Serial(path.display().to_string()));
        assert_eq!(target(&link).claim, target(&node).claim);
    }
}
