//! Writing roles into the configuration file.

use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use countertop_device::{Identity, Listing, Selector};
use countertop_hub::{DevicesConfig, Role, Which};
use serde_json::json;

use crate::args::DevicesArguments;
use crate::config::Config;
use crate::failure::Failure;

/// Is a role and the device that it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assignment {
    role: Role,
    which: Which,
}

impl core::str::FromStr for Assignment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (role, device) = text.split_once('=').ok_or("write ROLE=IDENTITY or ROLE=SELECTOR")?;
        let roles = || Role::ALL.map(Role::name).join(", ");
        let role = Role::from_name(role)
            .ok_or_else(|| format!("there is no role `{role}`; the roles are {}", roles()))?;
        if device.is_empty() {
            return Err("the device is missing; `countertop devices` lists them".into());
        }
        let which = match device.parse::<Selector>() {
            Ok(selector) => Which::At(selector),
            Err(_) => Which::Identity(Identity(device.into())),
        };
        Ok(Self { role, which })
    }
}

/// Assigns what was asked for; nothing is written unless all of it can be.
pub(super) fn run(arguments: &DevicesArguments, json: bool) -> Result<ExitCode, Failure> {
    let path = arguments.config.as_deref().ok_or_else(|| {
        Failure::new("no file to write the assignment to").with_help("add --config FILE")
    })?;
    let file = path.display().to_string();
    let mut text = read(path)?;
    let devices = Config::parse(&file, &text)?.devices;
    let listings = listings();
    for assignment in &arguments.assign {
        let driver = choose(assignment, arguments, &devices, &listings)?;
        text = countertop_hub::assign(&file, &text, assignment.role, &driver, &assignment.which)?;
    }
    // What is written is what the next start can read.
    Config::parse(&file, &text)?;
    replace(path, &text).map_err(|error| Failure::io(format_args!("write {file}"), &error))?;
    let roles: Vec<_> = arguments.assign.iter().map(|it| it.role.name()).collect();
    if json {
        outln!("{}", json!({ "config": file, "assigned": roles }));
    } else {
        outln!("{file}: assigned {}", roles.join(", "));
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads the file; one that is not there yet is empty.
fn read(path: &Path) -> Result<String, Failure> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        text => text
            .map_err(|error| Failure::io(format_args!("configuration {}", path.display()), &error)),
    }
}

/// A driver that cannot list has nothing to be chosen from.
fn listings() -> Vec<Listing> {
    let listed = countertop::registry().list().into_iter();
    listed.filter_map(|(_, listed)| listed.ok()).flatten().collect()
}

/// Chooses the driver: the one named, the one that the role has, or the only one that lists the device.
fn choose(
    assignment: &Assignment,
    arguments: &DevicesArguments,
    devices: &DevicesConfig,
    listings: &[Listing],
) -> Result<String, Failure> {
    let Assignment { role, which } = assignment;
    let candidates = candidates(which, listings);
    let wanted = arguments.driver.as_deref();
    let wanted = wanted.or_else(|| devices.get(*role).map(|device| device.driver.as_str()));
    match (wanted, candidates.as_slice()) {
        (Some(driver), _) if candidates.contains(&driver) || arguments.force => Ok(driver.into()),
        (_, []) => Err(unlisted(*role, arguments.force)),
        (None, [only]) => Ok((*only).into()),
        _ => Err(Failure::new(format!("{role}: several drivers could take the device"))
            .with_help(format!("say which by --driver: {}", candidates.join(", ")))),
    }
}

fn candidates<'l>(which: &Which, listings: &'l [Listing]) -> Vec<&'l str> {
    let means = |listing: &&Listing| match which {
        Which::Identity(wanted) => {
            let info = &listing.info;
            [&info.identity, &info.place].into_iter().flatten().any(|it| it == wanted)
        }
        Which::At(wanted) => {
            listing.info.selector == *wanted || listing.info.selector == real(wanted)
        }
    };
    let found = listings.iter().filter(means).map(|listing| listing.info.driver.as_str());
    let mut names: Vec<_> = found.collect();
    names.dedup();
    names
}

/// Follows a name that lasts, such as those in `/dev/serial/by-id`, to the node that is listed.
fn real(selector: &Selector) -> Selector {
    match selector {
        Selector::Serial(path) => match fs::canonicalize(path) {
            Ok(real) => Selector::Serial(real.display().to_string()),
            Err(_) => selector.clone(),
        },
        other => other.clone(),
    }
}

fn unlisted(role: Role, force: bool) -> Failure {
    let failure = Failure::new(format!("{role}: no driver lists this device"));
    failure.with_help(if force {
        "name the driver by --driver"
    } else {
        "`countertop devices` lists what is attached; for a network printer or a device that is not \
         attached now add --force and --driver NAME"
    })
}

/// Replaces the file as a whole, so that it is never half written; its permissions stay.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    fs::write(&new, text)?;
    if let Ok(metadata) = fs::metadata(path) {
        fs::set_permissions(&new, metadata.permissions())?;
    }
    fs::rename(new, path)
}

#[cfg(test)]
mod tests {
    use countertop_device::{Access, DeviceInfo};

    use super::*;

    fn arguments(driver: Option<&str>, force: bool) -> DevicesArguments {
        let driver = driver.map(String::from);
        DevicesArguments { config: None, watch: false, assign: Vec::new(), driver, force }
    }

    fn listing(driver: &str) -> Listing {
        let info = DeviceInfo::new("serial:/dev/ttyUSB0".parse().unwrap(), driver, "FTDI");
        let info = info.with_identity(Some(Identity("s-1".into())), Some(Identity("p-1".into())));
        Listing::new(info, Access::Accessible)
    }

    fn chosen(
        text: &str,
        arguments: &DevicesArguments,
        listings: &[Listing],
    ) -> Result<String, Failure> {
        choose(&text.parse().unwrap(), arguments, &DevicesConfig::default(), listings)
    }

    #[test]
    fn an_assignment_is_a_role_and_a_device() {
        let parsed: Assignment = "chip=pcsc:ACS".parse().unwrap();
        assert_eq!(parsed.which, Which::At("pcsc:ACS".parse().unwrap()));
        let parsed: Assignment = "stripe=0801:0002-s-1".parse().unwrap();
        assert_eq!(parsed.which, Which::Identity(Identity("0801:0002-s-1".into())));
        for (text, reason) in [
            ("chip", "write ROLE="),
            ("toaster=x", "there is no role `toaster`; the roles are receipt-printer, "),
            ("chip=", "the device is missing"),
        ] {
            let error = text.parse::<Assignment>().unwrap_err();
            assert!(error.starts_with(reason), "{error}");
        }
    }

    #[test]
    fn the_only_driver_is_taken() {
        let listings = [listing("msr605")];
        for device in ["stripe=s-1", "stripe=p-1", "stripe=serial:/dev/ttyUSB0"] {
            assert_eq!(chosen(device, &arguments(None, false), &listings).unwrap(), "msr605");
        }
    }

    #[test]
    fn of_several_drivers_one_has_to_be_named() {
        let listings = [listing("msr605"), listing("serial-scanner")];
        let failure = chosen("stripe=s-1", &arguments(None, false), &listings).unwrap_err();
        assert_eq!(failure.help(), Some("say which by --driver: msr605, serial-scanner"));
        let named = arguments(Some("serial-scanner"), false);
        assert_eq!(chosen("stripe=s-1", &named, &listings).unwrap(), "serial-scanner");
    }

    #[test]
    fn what_no_driver_lists_needs_force_and_a_driver() {
        let at = "receipt-printer=tcp:10.0.0.9:9100";
        assert!(chosen(at, &arguments(Some("escpos"), false), &[]).is_err());
        let failure = chosen(at, &arguments(None, true), &[]).unwrap_err();
        assert_eq!(failure.help(), Some("name the driver by --driver"));
        assert_eq!(chosen(at, &arguments(Some("escpos"), true), &[]).unwrap(), "escpos");
    }

    #[test]
    fn a_file_is_replaced_with_its_permissions() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.toml");
        replace(&path, "a").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        replace(&path, "b").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "b");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
