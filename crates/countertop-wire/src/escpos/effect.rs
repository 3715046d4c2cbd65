//! Colours of characters.

use super::table::{choice, record};

choice! {
    /// Is a colour of GS ( N.
    CharacterColour {
        /// None: nothing is printed.
        None = 48;
        /// Colour 1, black on most paper.
        One = 49;
        /// Colour 2.
        Two = 50;
        /// Colour 3.
        Three = 51;
    }
}

choice! {
    /// Is whether characters have a shadow.
    ShadowMode {
        /// No shadow.
        Off = 0x00 | 0x30;
        /// A shadow.
        On = 0x01 | 0x31;
    }
}

record! {
    /// Is the shadow of GS ( N, function 50.
    Shadow {
        /// Whether there is one.
        mode: ShadowMode,
        /// Its colour.
        colour: CharacterColour,
    }
}
