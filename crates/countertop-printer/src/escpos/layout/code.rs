//! Codes, by the printer's commands where it has them.

use countertop_device::document::{Code, CodeSystem, QrLevel};
use countertop_wire::escpos::{
    Position, QrContent, QrErrorCorrection, QrModel, QrModuleSize, Symbol,
};

use super::picture::has_real_time_command;
use super::{LayoutError, Writer};

/// Bytes that a QR code holds, by level and version (ISO/IEC 18004, table 7).
#[rustfmt::skip]
const QR_CAPACITY: [[u16; 40]; 4] = [
    [
        17, 32, 53, 78, 106, 134, 154, 192, 230, 271, 321, 367, 425, 458, 520, 586, 644, 718, 792, 858,
        929, 1003, 1091, 1171, 1273, 1367, 1465, 1528, 1628, 1732, 1840, 1952, 2068, 2188, 2303, 2431,
        2563, 2699, 2809, 2953,
    ],
    [
        14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666,
        711, 779, 857, 911, 997, 1059, 1125, 1190, 1264, 1370, 1452, 1538, 1628, 1722, 1809, 1911,
        1989, 2099, 2213, 2331,
    ],
    [
        11, 20, 32, 46, 60, 74, 86, 108, 130, 151, 177, 203, 241, 258, 292, 322, 364, 394, 442, 482,
        509, 565, 611, 661, 715, 751, 805, 868, 908, 982, 1030, 1112, 1168, 1228, 1283, 1351, 1423,
        1499, 1579, 1663,
    ],
    [
        7, 14, 24, 34, 44, 58, 64, 84, 98, 119, 137, 155, 177, 194, 220, 250, 280, 310, 338, 382, 403,
        439, 461, 511, 535, 593, 625, 658, 698, 742, 790, 842, 898, 958, 983, 1051, 1093, 1139, 1219,
        1273,
    ],
];

impl Writer<'_> {
    /// Prints a code, drawn where the printer has none of its kind, or would take its content for a
    /// command.
    pub(super) fn code(&mut self, code: &Code) -> Result<(), LayoutError> {
        let bare = bare_item_number(code);
        let code = bare.as_ref().unwrap_or(code);
        let commands = has_real_time_command(code.content.as_bytes());
        if commands || !self.settings.profile.has_code(code.system) {
            return self.drawn_code(code);
        }
        self.out.begin_line();
        self.out.align(code.align);
        match code.system {
            CodeSystem::Qr(level) => self.qr(code, level),
            CodeSystem::Pdf417
            | CodeSystem::Aztec
            | CodeSystem::DataMatrix
            | CodeSystem::MaxiCode
            | CodeSystem::DatabarStacked
            | CodeSystem::DatabarStackedOmnidirectional
            | CodeSystem::DatabarExpandedStacked => self.two_dimensional(code),
            _ => self.bars(code),
        }
    }

    fn qr(&mut self, code: &Code, level: QrLevel) -> Result<(), LayoutError> {
        let module = self.qr_module(code, level)?;
        self.quiet_zone(usize::from(module.dots()));
        self.out.put(Symbol::QrModel(QrModel::Two));
        self.out.put(Symbol::QrModuleSize(module));
        self.out.put(Symbol::QrErrorCorrection(match level {
            QrLevel::L => QrErrorCorrection::L,
            QrLevel::M => QrErrorCorrection::M,
            QrLevel::Q => QrErrorCorrection::Q,
            QrLevel::H => QrErrorCorrection::H,
        }));
        self.out.put(Symbol::QrStore(QrContent::new(code.content.as_bytes().to_vec())?));
        self.out.put(Symbol::QrPrint);
        self.quiet_zone(usize::from(module.dots()));
        Ok(())
    }

    /// Leaves four modules free, as scanners need (ISO/IEC 18004, 6.3.8).
    pub(super) fn quiet_zone(&mut self, module: usize) {
        let units = self.settings.profile.vertical_units(4 * module);
        self.out.put(Position::FeedDots(u8::try_from(units).unwrap_or(u8::MAX)));
    }

    /// Returns the dots of a module: as wished, or fewer when the code would be wider than the
    /// paper.
    fn qr_module(&self, code: &Code, level: QrLevel) -> Result<QrModuleSize, LayoutError> {
        let (length, dots) = (code.content.len(), self.settings.profile.dots());
        let error = LayoutError::QrTooLong { length, dots };
        let [l, m, q, h] = QR_CAPACITY;
        let capacity = match level {
            QrLevel::L => l,
            QrLevel::M => m,
            QrLevel::Q => q,
            QrLevel::H => h,
        };
        let version = (1_u16..).zip(capacity).find(|(_, bytes)| length <= usize::from(*bytes));
        let Some((version, _)) = version else { return Err(error) };
        let fit = u8::try_from(dots / (17 + 4 * version)).unwrap_or(u8::MAX);
        QrModuleSize::new(fit.min(self.wished_module(code))).ok_or(error)
    }

    /// Returns the dots of a module that are wished for.
    pub(super) fn wished_module(&self, code: &Code) -> u8 {
        let usual = match code.system {
            CodeSystem::Qr(_) => self.settings.qr_module,
            CodeSystem::Aztec | CodeSystem::DataMatrix => 5,
            CodeSystem::Pdf417 => 3,
            _ => 2,
        };
        code.module.unwrap_or(usual).max(1)
    }

    /// Returns the dots of a module of a code that is `width` modules wide.
    pub(super) fn module(&self, code: &Code, width: usize) -> Result<usize, LayoutError> {
        let dots = self.settings.profile.dots();
        let fit = usize::from(dots).checked_div(width).unwrap_or(0);
        let module = usize::from(self.wished_module(code)).min(fit);
        let length = code.content.len();
        let error = LayoutError::CodeTooWide { system: code.system, length, dots };
        if module == 0 { Err(error) } else { Ok(module) }
    }
}

/// Takes the application identifier off a code that holds an item number and nothing else; `None` where
/// none is written.
fn bare_item_number(code: &Code) -> Option<Code> {
    use CodeSystem as Is;
    let item = matches!(
        code.system,
        Is::DatabarOmnidirectional
            | Is::DatabarTruncated
            | Is::DatabarLimited
            | Is::DatabarStacked
            | Is::DatabarStackedOmnidirectional
    );
    let content = code.content.strip_prefix("(01)").filter(|_| item)?;
    Some(Code { content: content.to_owned(), ..code.clone() })
}
