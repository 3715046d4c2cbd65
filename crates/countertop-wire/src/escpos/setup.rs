//! What the printer keeps as its settings.
//!
//! Most parameters are numbers whose meaning depends on the model; Epson's manual has them by model.

use super::table::{Parameter, choice, commands, record};
use super::{FS, GS, KeyCode, ModelData, Ranged, Settings};

commands! {
    /// Changes or asks for the printer's settings.
    Setup {
        /// GS ( B: which status bits are sent by themselves.
        StatusBits(Settings<Pair>) = [GS, b'(', b'B'] counted [0x61];
        /// GS ( D: which real-time commands are taken.
        RealTimeCommands(Settings<RealTimeSwitch>) = [GS, b'(', b'D'] counted [0x14];
        /// GS ( E, function 1: into user setting mode.
        Begin = [GS, b'(', b'E'] counted [0x01, 0x49, 0x4E];
        /// GS ( E, function 2: out of user setting mode, with a reset.
        End = [GS, b'(', b'E'] counted [0x02, 0x4F, 0x55, 0x54];
        /// GS ( E, function 3: sets memory switches.
        SetMemorySwitches(Settings<MemorySwitch>) = [GS, b'(', b'E'] counted [0x03];
        /// GS ( E, function 4: asks for a memory switch.
        MemorySwitch(u8) = [GS, b'(', b'E'] counted [0x04];
        /// GS ( E, function 5: sets customised values.
        SetValues(Settings<CustomValue>) = [GS, b'(', b'E'] counted [0x05];
        /// GS ( E, function 6: asks for a customised value.
        Value(u8) = [GS, b'(', b'E'] counted [0x06];
        /// GS ( E, function 7: copies the user's code page from one memory to the other.
        CopyUserPage(CopyUserPage) = [GS, b'(', b'E'] counted [0x07];
        /// GS ( E, function 8: defines characters of the user's code page by columns.
        DefineUserPageColumns(ModelData) = [GS, b'(', b'E'] counted [0x08];
        /// GS ( E, function 9: defines characters of the user's code page by rows.
        DefineUserPageRows(ModelData) = [GS, b'(', b'E'] counted [0x09];
        /// GS ( E, function 10: forgets characters of the user's code page, from one to another.
        DeleteUserPage([u8; 2]) = [GS, b'(', b'E'] counted [0x0A];
        /// GS ( E, function 11: sets the serial interface.
        SetSerial(ModelData) = [GS, b'(', b'E'] counted [0x0B];
        /// GS ( E, function 12: asks for a setting of the serial interface.
        Serial(u8) = [GS, b'(', b'E'] counted [0x0C];
        /// GS ( E, function 13: sets Bluetooth.
        SetBluetooth(ModelData) = [GS, b'(', b'E'] counted [0x0D];
        /// GS ( E, function 14: asks for a setting of Bluetooth.
        Bluetooth(u8) = [GS, b'(', b'E'] counted [0x0E];
        /// GS ( E, function 15: sets USB.
        SetUsb(ModelData) = [GS, b'(', b'E'] counted [0x0F];
        /// GS ( E, function 16: asks for a setting of USB.
        Usb(u8) = [GS, b'(', b'E'] counted [0x10];
        /// GS ( E, function 48: forgets the paper's layout.
        DeletePaperLayout = [GS, b'(', b'E'] counted [0x30, 0x43, 0x4C, 0x52];
        /// GS ( E, function 49: sets the paper's layout.
        SetPaperLayout(ModelData) = [GS, b'(', b'E'] counted [0x31];
        /// GS ( E, function 50: asks for the paper's layout.
        PaperLayout(u8) = [GS, b'(', b'E'] counted [0x32];
        /// GS ( E, function 51: sets how labels and marked paper are handled.
        SetLabelControl(ModelData) = [GS, b'(', b'E'] counted [0x33];
        /// GS ( E, function 52: asks how labels and marked paper are handled.
        LabelControl(ModelData) = [GS, b'(', b'E'] counted [0x34];
        /// GS ( E, function 99: sets the buzzer's patterns.
        SetBuzzer(ModelData) = [GS, b'(', b'E'] counted [0x63];
        /// GS ( E, function 100: asks for a pattern of the buzzer.
        Buzzer(ModelData) = [GS, b'(', b'E'] counted [0x64];
        /// GS ( K, function 48: how the head prints.
        PrintControl(u8) = [GS, b'(', b'K'] counted [0x30];
        /// GS ( K, function 49: density of print; from 250 on lighter.
        PrintDensity(u8) = [GS, b'(', b'K'] counted [0x31];
        /// GS ( K, function 50: speed of print.
        PrintSpeed(u8) = [GS, b'(', b'K'] counted [0x32];
        /// GS ( K, function 97: into how many parts the head's energy is divided.
        HeadParts(u8) = [GS, b'(', b'K'] counted [0x61];
        /// GS ( M, function 1: stores what is set now.
        SaveValues(u8) = [GS, b'(', b'M'] counted [0x01 | 0x31];
        /// GS ( M, function 2: sets what was stored.
        LoadValues(u8) = [GS, b'(', b'M'] counted [0x02 | 0x32];
        /// GS ( M, function 3: whether ESC @ sets what was stored.
        ValuesAtInitialize(u8) = [GS, b'(', b'M'] counted [0x03 | 0x33];
        /// FS ( E, function 60: forgets a logo above or below each receipt.
        DeleteLogo(DeleteLogo) = [FS, b'(', b'E'] counted [0x3C, 0x02];
        /// FS ( E, function 61: asks for the logos' settings.
        LogoSettings(LogoPlace) = [FS, b'(', b'E'] counted [0x3D, 0x02];
        /// FS ( E, function 62: sets the logo above each receipt.
        TopLogo(TopLogo) = [FS, b'(', b'E'] counted [0x3E, 0x02];
        /// FS ( E, function 63: sets the logo below each receipt.
        BottomLogo(BottomLogo) = [FS, b'(', b'E'] counted [0x3F, 0x02];
        /// FS ( E, function 64: when logos are printed.
        LogoTimes(Settings<Pair>) = [FS, b'(', b'E'] counted [0x40, 0x02];
        /// FS ( E, function 65: whether logos are printed.
        EnableLogo(Pair) = [FS, b'(', b'E'] counted [0x41, 0x02];
        /// FS ( L, function 33: sets the layout of labels or marked paper.
        SetLabelLayout(ModelData) = [FS, b'(', b'L'] counted [0x21];
        /// FS ( L, function 34: asks for the layout of labels or marked paper.
        LabelLayout(u8) = [FS, b'(', b'L'] counted [0x22];
        /// FS ( L, function 48: asks where labels or marks stand.
        LabelPosition(u8) = [FS, b'(', b'L'] counted [0x30];
        /// FS ( L, function 65: feeds to where a label is peeled off.
        FeedToPeel(u8) = [FS, b'(', b'L'] counted [0x41];
        /// FS ( L, function 66: feeds to where marked paper is cut.
        FeedToCut(u8) = [FS, b'(', b'L'] counted [0x42];
        /// FS ( L, function 67: feeds to where printing begins.
        FeedToStart(u8) = [FS, b'(', b'L'] counted [0x43];
        /// FS ( L, function 80: how far a layout may be off.
        LabelMargin(u8) = [FS, b'(', b'L'] counted [0x50];
    }
}

record! {
    /// Is a setting's number and its value.
    Pair {
        /// Which setting.
        number: u8,
        /// Its value.
        value: u8,
    }
}

choice! {
    /// Is a real-time command that can be switched off.
    RealTimeKind {
        /// DLE DC4, function 1: the drawer's pulse.
        Pulse = 1;
        /// DLE DC4, function 2: switching off.
        PowerOff = 2;
    }
}

choice! {
    /// Is whether something is taken.
    Switch {
        /// It is not.
        Off = 0x00 | 0x30;
        /// It is.
        On = 0x01 | 0x31;
    }
}

record! {
    /// Is whether a real-time command is taken.
    RealTimeSwitch {
        /// Which command.
        kind: RealTimeKind,
        /// Whether it is.
        switch: Switch,
    }
}

record! {
    /// Is the bits of one memory switch.
    MemorySwitch {
        /// The switch's number.
        number: u8,
        /// Bits 8 to 1: 48 off, 49 on, 50 as it is.
        bits: [u8; 8],
    }
}

record! {
    /// Is a customised value.
    CustomValue {
        /// Which value.
        number: u8,
        /// The value.
        value: u16,
    }
}

choice! {
    /// Is which way the user's code page is copied.
    CopyDirection {
        /// From the storage area to the work area.
        ToWork = 31;
        /// From the work area to the storage area.
        ToStorage = 30;
    }
}

record! {
    /// Is a copy of GS ( E, function 7.
    CopyUserPage {
        /// The font, by the height and width that name it (10 to 17).
        font: Ranged<10, 18>,
        /// From which area.
        from: CopyDirection,
        /// To which area.
        to: CopyDirection,
    }
}

choice! {
    /// Is which logo's settings are meant.
    LogoPlace {
        /// Above the receipt.
        Top = 48;
        /// Below the receipt.
        Bottom = 49;
        /// Both of them, and when they are printed.
        All = 50;
    }
}

/// Is which logo is forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeleteLogo(pub LogoPlace);

impl Parameter for DeleteLogo {
    fn emit(&self, out: &mut Vec<u8>) {
        self.0.emit(out);
        out.extend_from_slice(b"CLR");
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        LogoPlace::decode(bytes.strip_suffix(b"CLR")?).map(Self)
    }
}

record! {
    /// Is the logo above each receipt.
    TopLogo {
        /// NV graphics.
        key: KeyCode,
        /// Where it stands across: 48 left, 49 middle, 50 right.
        align: Ranged<48, 50>,
        /// Lines that are taken away before it.
        lines: u8,
    }
}

record! {
    /// Is the logo below each receipt.
    BottomLogo {
        /// NV graphics.
        key: KeyCode,
        /// Where it stands across: 48 left, 49 middle, 50 right.
        align: Ranged<48, 50>,
    }
}
