//! The running terminal behind the page.

mod attendant;
mod books;
mod command;
mod condition;
mod orders;
mod parts;
mod slips;
mod station;
mod statistics;
mod view;
mod words;

pub(crate) use attendant::PageAttendant;
pub(crate) use command::{Answer, Command};
pub(crate) use condition::follow;
pub(crate) use parts::{State, assemble, emv_parameters};
pub(crate) use slips::Slips;
pub(crate) use station::Station;
pub(crate) use statistics::KeptStatistics;
pub(crate) use view::View;
