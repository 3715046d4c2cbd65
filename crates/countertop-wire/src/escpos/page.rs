//! The page of page mode, and what is drawn on it.

use super::table::{choice, record};

record! {
    /// Is the area of GS ( P, function 48, in motion units.
    PrintableArea {
        /// Across.
        width: u16,
        /// Down.
        height: u16,
        /// How the area is placed (n): 1 at the reference.
        placement: u8,
        /// What the height is for (m): 48 for rolls.
        mode: u8,
    }
}

choice! {
    /// Is how a line of GS ( Q looks.
    LineStyle {
        /// Thin.
        Thin = 1;
        /// Of middling thickness.
        Medium = 2;
        /// Thick.
        Thick = 3;
        /// Two thin lines.
        DoubleThin = 4;
        /// Two lines of middling thickness.
        DoubleMedium = 5;
        /// Two thick lines.
        DoubleThick = 6;
    }
}

record! {
    /// Is a line of GS ( Q, function 48, in motion units from where page mode begins.
    PageLine {
        /// Where it begins, across.
        x1: u16,
        /// Where it begins, down.
        y1: u16,
        /// Where it ends, across.
        x2: u16,
        /// Where it ends, down.
        y2: u16,
        /// Its colour; Epson has 1 alone.
        colour: u8,
        /// How it looks.
        style: LineStyle,
        /// How it is drawn (m2); Epson has 48 or 1, by model.
        mode: u8,
    }
}

record! {
    /// Is a rectangle of GS ( Q, function 49, in motion units from where page mode begins.
    PageRectangle {
        /// Where it begins, across.
        x1: u16,
        /// Where it begins, down.
        y1: u16,
        /// Where it ends, across.
        x2: u16,
        /// Where it ends, down.
        y2: u16,
        /// Its colour; Epson has 1 alone.
        colour: u8,
        /// How its sides look.
        style: LineStyle,
        /// How it is drawn (m2); Epson has 48 alone.
        mode: u8,
        /// How its corners look (m3); Epson has 48 alone.
        corner: u8,
        /// How it is filled (m4); Epson has 1 alone.
        fill: u8,
    }
}
