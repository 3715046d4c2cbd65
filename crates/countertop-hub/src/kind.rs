//! What a slot has to know of the function that it holds.

use std::sync::Arc;

use countertop_device::{
    ChipReader, CodeScanner, ContactlessReader, Device, Functions, PinPad, SignaturePad,
    StripeReader,
};

use crate::devices::Printer;
use crate::monitor::Monitor;
use crate::watched::Watched;

/// Tells how a function is taken from an opened device and used.
pub(crate) struct Kind<T> {
    pub(crate) take: fn(Functions) -> Option<T>,
    pub(crate) device: fn(&mut T) -> &mut dyn Device,
    pub(crate) watch: fn(T, &Arc<Monitor>) -> T,
}

impl<T> Clone for Kind<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Kind<T> {}

macro_rules! kinds {
    ($($field:ident: $function:ident),+ $(,)?) => {
        $(pub(crate) const fn $field() -> Kind<Box<dyn $function>> {
            Kind {
                take: |functions| functions.$field,
                device: |it| it.as_mut(),
                watch: |it, monitor| Box::new(Watched::new(it, monitor)),
            }
        })+
    };
}

kinds! {
    chip: ChipReader,
    contactless: ContactlessReader,
    pin_pad: PinPad,
    scanner: CodeScanner,
    signature: SignaturePad,
    stripe: StripeReader,
}

pub(crate) const fn printer() -> Kind<Printer> {
    Kind {
        take: |functions| {
            let drawer = functions.drawer;
            functions.printer.map(|printer| Printer { printer, drawer })
        },
        device: |it| it.printer.as_mut(),
        watch: |it, monitor| Printer {
            printer: Box::new(Watched::new(it.printer, monitor)),
            drawer: match it.drawer {
                Some(drawer) => Some(Box::new(Watched::new(drawer, monitor))),
                None => None,
            },
        },
    }
}
