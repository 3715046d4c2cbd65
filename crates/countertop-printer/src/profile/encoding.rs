//! Names of the encodings that code pages have.

use serde::Deserialize;

/// Defines the encodings with their names in profiles.
macro_rules! encodings {
    ($($name:ident = $text:literal,)*) => {
        /// Is the encoding of a code page: which characters the bytes from 80 to FF are.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
        #[non_exhaustive]
        pub enum Encoding {
            $(
                #[doc = concat!("`", $text, "` in profiles.")]
                #[serde(rename = $text)]
                $name,
            )*
        }

        impl Encoding {
            /// Returns the name that profiles use.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

encodings! {
    Cp1098 = "cp1098",
    Cp1125 = "cp1125",
    Cp3001 = "cp3001",
    Cp3002 = "cp3002",
    Cp3011 = "cp3011",
    Cp3012 = "cp3012",
    Cp437 = "cp437",
    Cp720 = "cp720",
    Cp737 = "cp737",
    Cp771 = "cp771",
    Cp772 = "cp772",
    Cp774 = "cp774",
    Cp775 = "cp775",
    Cp850 = "cp850",
    Cp851 = "cp851",
    Cp852 = "cp852",
    Cp853 = "cp853",
    Cp855 = "cp855",
    Cp856 = "cp856",
    Cp857 = "cp857",
    Cp858 = "cp858",
    Cp860 = "cp860",
    Cp861 = "cp861",
    Cp862 = "cp862",
    Cp863 = "cp863",
    Cp864 = "cp864",
    Cp865 = "cp865",
    Cp866 = "cp866",
    Cp869 = "cp869",
    Cp871 = "cp871",
    Cp874 = "cp874",
    Iso8859_1 = "iso-8859-1",
    Iso8859_15 = "iso-8859-15",
    Iso8859_2 = "iso-8859-2",
    Iso8859_3 = "iso-8859-3",
    Iso8859_4 = "iso-8859-4",
    Iso8859_5 = "iso-8859-5",
    Iso8859_6 = "iso-8859-6",
    Iso8859_7 = "iso-8859-7",
    Iso8859_8 = "iso-8859-8",
    Iso8859_9 = "iso-8859-9",
    Katakana = "katakana",
    Rk1048 = "rk1048",
    Tcvn3_1 = "tcvn-3-1",
    Tcvn3_2 = "tcvn-3-2",
    Thai11 = "thai-11",
    Thai13 = "thai-13",
    Thai14 = "thai-14",
    Thai16 = "thai-16",
    Thai18 = "thai-18",
    Thai42 = "thai-42",
    Windows1250 = "windows-1250",
    Windows1251 = "windows-1251",
    Windows1252 = "windows-1252",
    Windows1253 = "windows-1253",
    Windows1254 = "windows-1254",
    Windows1255 = "windows-1255",
    Windows1256 = "windows-1256",
    Windows1257 = "windows-1257",
    Windows1258 = "windows-1258",
}
