//! Devices of a terminal: which there are, what they are for, and how they are.
//!
//! The hub knows the traits of `countertop-device` and no driver. The program registers the
//! drivers it was built with in a [`Registry`], reads a [`DevicesConfig`] and creates a [`Hub`], which gives
//! [`Devices`]: one [`Slot`] a role, which finds its device by identity, [claims](Claims) it, opens it when
//! it is first used, and again after it was unplugged or the computer slept.
//!
//! Nothing runs by itself. Whoever wants to hear of devices that come and go lets `Hub::watch` run
//! (feature `watch`) and subscribes to the [events](EventLog); it sleeps in between.

mod attached;
mod claim;
mod condition;
mod config;
mod devices;
mod events;
mod hub;
mod kind;
mod monitor;
mod registry;
mod resolve;
mod role;
mod self_test;
mod slot;
mod statistics;
pub mod watch;
mod watched;

pub use claim::{Claim, Claims, ReleaseRequest};
pub use config::{ConfigError, DeviceConfig, DevicesConfig, Which, assign, parse_config};
pub use devices::{Devices, Printer};
pub use events::{EventLog, EventsMissed, HubEvent, Subscription};
pub use hub::Hub;
pub use registry::Registry;
pub use resolve::Target;
pub use role::Role;
pub use self_test::SelfTestLine;
pub use slot::Slot;
pub use statistics::{Statistic, Statistics, StatisticsBook};
