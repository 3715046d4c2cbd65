//! The layouts, one table each: plain, with Shift, with AltGr, with both.

use super::Table;

const NONE: [&str; 4] = [""; 4];

pub(super) const AMERICAN: Table = Table {
    levels: [
        ["`1234567890-=", "qwertyuiop[]", "asdfghjkl;'\\", "\\zxcvbnm,./"],
        ["~!@#$%^&*()_+", "QWERTYUIOP{}", "ASDFGHJKL:\"|", "|ZXCVBNM<>?"],
        NONE,
        NONE,
    ],
    decimal: '.',
};

pub(super) const BRITISH: Table = Table {
    levels: [
        ["`1234567890-=", "qwertyuiop[]", "asdfghjkl;'#", "\\zxcvbnm,./"],
        ["¬!\"£$%^&*()_+", "QWERTYUIOP{}", "ASDFGHJKL:@~", "|ZXCVBNM<>?"],
        ["¦   €        ", "  é   úíó   ", "á           ", ""],
        ["", "  É   ÚÍÓ   ", "Á           ", ""],
    ],
    decimal: '.',
};

pub(super) const FRENCH: Table = Table {
    levels: [
        ["²&é\"'(-è_çà)=", "azertyuiop\u{302}$", "qsdfghjklmù*", "<wxcvbn,;:!"],
        [" 1234567890°+", "AZERTYUIOP\u{308}£", "QSDFGHJKLM%µ", ">WXCVBN?./§"],
        ["  \u{303}#{[|\u{300}\\^@]}", "  €        ¤", "", ""],
        NONE,
    ],
    decimal: '.',
};

pub(super) const GERMAN: Table = Table {
    levels: [
        ["\u{302}1234567890ß\u{301}", "qwertzuiopü+", "asdfghjklöä#", "<yxcvbnm,.-"],
        ["°!\"§$%&/()=?\u{300}", "QWERTZUIOPÜ*", "ASDFGHJKLÖÄ'", ">YXCVBNM;:_"],
        ["  ²³   {[]}\\ ", "@ €        ~", "", "|      µ   "],
        NONE,
    ],
    decimal: ',',
};

pub(super) const ITALIAN: Table = Table {
    levels: [
        ["\\1234567890'ì", "qwertyuiopè+", "asdfghjklòàù", "<zxcvbnm,.-"],
        ["|!\"£$%&/()=?^", "QWERTYUIOPé*", "ASDFGHJKLç°§", ">ZXCVBNM;:_"],
        ["     €       ", "  €       []", "         @# ", ""],
        ["", "          {}", "", ""],
    ],
    decimal: '.',
};

pub(super) const JAPANESE: Table = Table {
    levels: [
        [" 1234567890-^\\", "qwertyuiop@[", "asdfghjkl;:]", " zxcvbnm,./\\"],
        [" !\"#$%&'() =~|", "QWERTYUIOP`{", "ASDFGHJKL+*}", " ZXCVBNM<>?_"],
        NONE,
        NONE,
    ],
    decimal: '.',
};

pub(super) const SPANISH: Table = Table {
    levels: [
        ["º1234567890'¡", "qwertyuiop\u{300}+", "asdfghjklñ\u{301}ç", "<zxcvbnm,.-"],
        ["ª!\"·$%&/()=?¿", "QWERTYUIOP\u{302}*", "ASDFGHJKLÑ\u{308}Ç", ">ZXCVBNM;:_"],
        ["\\|@#\u{303}€¬      ", "  €       []", "          {}", ""],
        NONE,
    ],
    decimal: '.',
};
