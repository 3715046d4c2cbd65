//! The tags that EMV (Book 3, annex A; Book A, Entry Point) and UnionPay use.

use super::{Format, Tag};

macro_rules! tags {
    ($($constant:ident = $number:literal, $format:ident, $name:literal;)*) => {
        $(
            #[doc = concat!("Is the tag of: ", $name, ".")]
            pub const $constant: Tag = Tag($number);
        )*

        /// Returns the name and format of a known tag.
        pub(super) fn lookup(tag: Tag) -> Option<(&'static str, Format)> {
            Some(match tag.number() {
                $($number => ($name, Format::$format),)*
                _ => return None,
            })
        }

        /// Returns every tag of this table.
        pub fn all() -> impl Iterator<Item = Tag> {
            [$($constant),*].into_iter()
        }
    };
}

tags! {
    APPLICATION_IDENTIFIER = 0x4f, Binary, "Application Identifier (AID), card";
    APPLICATION_LABEL = 0x50, Text, "Application Label";
    TRACK_1_DATA = 0x56, Binary, "Track 1 Data";
    TRACK_2_EQUIVALENT_DATA = 0x57, Binary, "Track 2 Equivalent Data";
    APPLICATION_PAN = 0x5a, CompressedNumeric, "Application Primary Account Number (PAN)";
    APPLICATION_TEMPLATE = 0x61, Constructed, "Application Template";
    FCI_TEMPLATE = 0x6f, Constructed, "File Control Information (FCI) Template";
    READ_RECORD_TEMPLATE = 0x70, Constructed, "READ RECORD Response Message Template";
    ISSUER_SCRIPT_TEMPLATE_1 = 0x71, Constructed, "Issuer Script Template 1";
    ISSUER_SCRIPT_TEMPLATE_2 = 0x72, Constructed, "Issuer Script Template 2";
    DIRECTORY_DISCRETIONARY_TEMPLATE = 0x73, Constructed, "Directory Discretionary Template";
    RESPONSE_TEMPLATE_FORMAT_2 = 0x77, Constructed, "Response Message Template Format 2";
    RESPONSE_TEMPLATE_FORMAT_1 = 0x80, Binary, "Response Message Template Format 1";
    AMOUNT_AUTHORISED_BINARY = 0x81, Binary, "Amount, Authorised (Binary)";
    APPLICATION_INTERCHANGE_PROFILE = 0x82, Binary, "Application Interchange Profile";
    COMMAND_TEMPLATE = 0x83, Binary, "Command Template";
    DEDICATED_FILE_NAME = 0x84, Binary, "Dedicated File (DF) Name";
    ISSUER_SCRIPT_COMMAND = 0x86, Binary, "Issuer Script Command";
    APPLICATION_PRIORITY_INDICATOR = 0x87, Binary, "Application Priority Indicator";
    SHORT_FILE_IDENTIFIER = 0x88, Binary, "Short File Identifier (SFI)";
    AUTHORISATION_CODE = 0x89, Text, "Authorisation Code";
    AUTHORISATION_RESPONSE_CODE = 0x8a, Text, "Authorisation Response Code";
    CDOL1 = 0x8c, Binary, "Card Risk Management Data Object List 1 (CDOL1)";
    CDOL2 = 0x8d, Binary, "Card Risk Management Data Object List 2 (CDOL2)";
    CVM_LIST = 0x8e, Binary, "Cardholder Verification Method (CVM) List";
    CA_PUBLIC_KEY_INDEX = 0x8f, Binary, "Certification Authority Public Key Index, card";
    ISSUER_PUBLIC_KEY_CERTIFICATE = 0x90, Binary, "Issuer Public Key Certificate";
    ISSUER_AUTHENTICATION_DATA = 0x91, Binary, "Issuer Authentication Data";
    ISSUER_PUBLIC_KEY_REMAINDER = 0x92, Binary, "Issuer Public Key Remainder";
    SIGNED_STATIC_APPLICATION_DATA = 0x93, Binary, "Signed Static Application Data";
    APPLICATION_FILE_LOCATOR = 0x94, Binary, "Application File Locator (AFL)";
    TERMINAL_VERIFICATION_RESULTS = 0x95, Binary, "Terminal Verification Results (TVR)";
    TDOL = 0x97, Binary, "Transaction Certificate Data Object List (TDOL)";
    TC_HASH_VALUE = 0x98, Binary, "Transaction Certificate (TC) Hash Value";
    TRANSACTION_PIN_DATA = 0x99, Binary, "Transaction PIN Data";
    TRANSACTION_DATE = 0x9a, Numeric, "Transaction Date";
    TRANSACTION_STATUS_INFORMATION = 0x9b, Binary, "Transaction Status Information (TSI)";
    TRANSACTION_TYPE = 0x9c, Numeric, "Transaction Type";
    DIRECTORY_DEFINITION_FILE_NAME = 0x9d, Binary, "Directory Definition File (DDF) Name";
    FCI_PROPRIETARY_TEMPLATE = 0xa5, Constructed, "File Control Information (FCI) Proprietary Template";
    CARDHOLDER_NAME = 0x5f20, Text, "Cardholder Name";
    APPLICATION_EXPIRATION_DATE = 0x5f24, Numeric, "Application Expiration Date";
    APPLICATION_EFFECTIVE_DATE = 0x5f25, Numeric, "Application Effective Date";
    ISSUER_COUNTRY_CODE = 0x5f28, Numeric, "Issuer Country Code";
    TRANSACTION_CURRENCY_CODE = 0x5f2a, Numeric, "Transaction Currency Code";
    LANGUAGE_PREFERENCE = 0x5f2d, Text, "Language Preference";
    SERVICE_CODE = 0x5f30, Numeric, "Service Code";
    PAN_SEQUENCE_NUMBER = 0x5f34, Numeric, "Application Primary Account Number (PAN) Sequence Number";
    TRANSACTION_CURRENCY_EXPONENT = 0x5f36, Numeric, "Transaction Currency Exponent";
    ISSUER_URL = 0x5f50, Text, "Issuer URL";
    IBAN = 0x5f53, Binary, "International Bank Account Number (IBAN)";
    BANK_IDENTIFIER_CODE = 0x5f54, Binary, "Bank Identifier Code (BIC)";
    ISSUER_COUNTRY_CODE_ALPHA_2 = 0x5f55, Text, "Issuer Country Code (alpha2 format)";
    ISSUER_COUNTRY_CODE_ALPHA_3 = 0x5f56, Text, "Issuer Country Code (alpha3 format)";
    ACQUIRER_IDENTIFIER = 0x9f01, Numeric, "Acquirer Identifier";
    AMOUNT_AUTHORISED = 0x9f02, Numeric, "Amount, Authorised (Numeric)";
    AMOUNT_OTHER = 0x9f03, Numeric, "Amount, Other (Numeric)";
    AMOUNT_OTHER_BINARY = 0x9f04, Binary, "Amount, Other (Binary)";
    APPLICATION_DISCRETIONARY_DATA = 0x9f05, Binary, "Application Discretionary Data";
    APPLICATION_IDENTIFIER_TERMINAL = 0x9f06, Binary, "Application Identifier (AID), terminal";
    APPLICATION_USAGE_CONTROL = 0x9f07, Binary, "Application Usage Control";
    APPLICATION_VERSION_NUMBER = 0x9f08, Binary, "Application Version Number, card";
    APPLICATION_VERSION_NUMBER_TERMINAL = 0x9f09, Binary, "Application Version Number, terminal";
    CARDHOLDER_NAME_EXTENDED = 0x9f0b, Text, "Cardholder Name Extended";
    ISSUER_ACTION_CODE_DEFAULT = 0x9f0d, Binary, "Issuer Action Code - Default";
    ISSUER_ACTION_CODE_DENIAL = 0x9f0e, Binary, "Issuer Action Code - Denial";
    ISSUER_ACTION_CODE_ONLINE = 0x9f0f, Binary, "Issuer Action Code - Online";
    ISSUER_APPLICATION_DATA = 0x9f10, Binary, "Issuer Application Data (IAD)";
    ISSUER_CODE_TABLE_INDEX = 0x9f11, Numeric, "Issuer Code Table Index";
    APPLICATION_PREFERRED_NAME = 0x9f12, Text, "Application Preferred Name";
    LAST_ONLINE_ATC_REGISTER = 0x9f13, Binary, "Last Online Application Transaction Counter (ATC) Register";
    LOWER_CONSECUTIVE_OFFLINE_LIMIT = 0x9f14, Binary, "Lower Consecutive Offline Limit";
    MERCHANT_CATEGORY_CODE = 0x9f15, Numeric, "Merchant Category Code";
    MERCHANT_IDENTIFIER = 0x9f16, Text, "Merchant Identifier";
    PIN_TRY_COUNTER = 0x9f17, Binary, "Personal Identification Number (PIN) Try Counter";
    ISSUER_SCRIPT_IDENTIFIER = 0x9f18, Binary, "Issuer Script Identifier";
    TERMINAL_COUNTRY_CODE = 0x9f1a, Numeric, "Terminal Country Code";
    TERMINAL_FLOOR_LIMIT = 0x9f1b, Binary, "Terminal Floor Limit";
    TERMINAL_IDENTIFICATION = 0x9f1c, Text, "Terminal Identification";
    TERMINAL_RISK_MANAGEMENT_DATA = 0x9f1d, Binary, "Terminal Risk Management Data";
    INTERFACE_DEVICE_SERIAL_NUMBER = 0x9f1e, Text, "Interface Device (IFD) Serial Number";
    TRACK_1_DISCRETIONARY_DATA = 0x9f1f, Text, "Track 1 Discretionary Data";
    TRACK_2_DISCRETIONARY_DATA = 0x9f20, CompressedNumeric, "Track 2 Discretionary Data";
    TRANSACTION_TIME = 0x9f21, Numeric, "Transaction Time";
    CA_PUBLIC_KEY_INDEX_TERMINAL = 0x9f22, Binary, "Certification Authority Public Key Index, terminal";
    UPPER_CONSECUTIVE_OFFLINE_LIMIT = 0x9f23, Binary, "Upper Consecutive Offline Limit";
    PAYMENT_ACCOUNT_REFERENCE = 0x9f24, Text, "Payment Account Reference (PAR)";
    APPLICATION_CRYPTOGRAM = 0x9f26, Binary, "Application Cryptogram";
    CRYPTOGRAM_INFORMATION_DATA = 0x9f27, Binary, "Cryptogram Information Data";
    EXTENDED_SELECTION = 0x9f29, Binary, "Extended Selection";
    KERNEL_IDENTIFIER = 0x9f2a, Binary, "Kernel Identifier";
    ICC_PIN_PUBLIC_KEY_CERTIFICATE = 0x9f2d, Binary, "ICC PIN Encipherment Public Key Certificate";
    ICC_PIN_PUBLIC_KEY_EXPONENT = 0x9f2e, Binary, "ICC PIN Encipherment Public Key Exponent";
    ICC_PIN_PUBLIC_KEY_REMAINDER = 0x9f2f, Binary, "ICC PIN Encipherment Public Key Remainder";
    ISSUER_PUBLIC_KEY_EXPONENT = 0x9f32, Binary, "Issuer Public Key Exponent";
    TERMINAL_CAPABILITIES = 0x9f33, Binary, "Terminal Capabilities";
    CVM_RESULTS = 0x9f34, Binary, "Cardholder Verification Method (CVM) Results";
    TERMINAL_TYPE = 0x9f35, Numeric, "Terminal Type";
    APPLICATION_TRANSACTION_COUNTER = 0x9f36, Binary, "Application Transaction Counter (ATC)";
    UNPREDICTABLE_NUMBER = 0x9f37, Binary, "Unpredictable Number";
    PDOL = 0x9f38, Binary, "Processing Options Data Object List (PDOL)";
    POS_ENTRY_MODE = 0x9f39, Numeric, "Point-of-Service (POS) Entry Mode";
    AMOUNT_REFERENCE_CURRENCY = 0x9f3a, Binary, "Amount, Reference Currency";
    APPLICATION_REFERENCE_CURRENCY = 0x9f3b, Numeric, "Application Reference Currency";
    TRANSACTION_REFERENCE_CURRENCY_CODE = 0x9f3c, Numeric, "Transaction Reference Currency Code";
    TRANSACTION_REFERENCE_CURRENCY_EXPONENT = 0x9f3d, Numeric, "Transaction Reference Currency Exponent";
    ADDITIONAL_TERMINAL_CAPABILITIES = 0x9f40, Binary, "Additional Terminal Capabilities";
    TRANSACTION_SEQUENCE_COUNTER = 0x9f41, Numeric, "Transaction Sequence Counter";
    APPLICATION_CURRENCY_CODE = 0x9f42, Numeric, "Application Currency Code";
    APPLICATION_REFERENCE_CURRENCY_EXPONENT = 0x9f43, Numeric, "Application Reference Currency Exponent";
    APPLICATION_CURRENCY_EXPONENT = 0x9f44, Numeric, "Application Currency Exponent";
    DATA_AUTHENTICATION_CODE = 0x9f45, Binary, "Data Authentication Code";
    ICC_PUBLIC_KEY_CERTIFICATE = 0x9f46, Binary, "ICC Public Key Certificate";
    ICC_PUBLIC_KEY_EXPONENT = 0x9f47, Binary, "ICC Public Key Exponent";
    ICC_PUBLIC_KEY_REMAINDER = 0x9f48, Binary, "ICC Public Key Remainder";
    DDOL = 0x9f49, Binary, "Dynamic Data Authentication Data Object List (DDOL)";
    SDA_TAG_LIST = 0x9f4a, Binary, "Static Data Authentication Tag List";
    SIGNED_DYNAMIC_APPLICATION_DATA = 0x9f4b, Binary, "Signed Dynamic Application Data";
    ICC_DYNAMIC_NUMBER = 0x9f4c, Binary, "ICC Dynamic Number";
    LOG_ENTRY = 0x9f4d, Binary, "Log Entry";
    MERCHANT_NAME_AND_LOCATION = 0x9f4e, Text, "Merchant Name and Location";
    LOG_FORMAT = 0x9f4f, Binary, "Log Format";
    UNIONPAY_APPLICATION_CURRENCY_CODE = 0x9f51, Numeric, "Application Currency Code, card risk management (UnionPay)";
    APPLICATION_PROGRAM_IDENTIFIER = 0x9f5a, Binary, "Application Program Identifier";
    AVAILABLE_OFFLINE_SPENDING_AMOUNT = 0x9f5d, Numeric, "Available Offline Spending Amount";
    PRODUCT_IDENTIFICATION = 0x9f63, Binary, "Product Identification Information (UnionPay)";
    TERMINAL_TRANSACTION_QUALIFIERS = 0x9f66, Binary, "Terminal Transaction Qualifiers (TTQ)";
    CARD_AUTHENTICATION_RELATED_DATA = 0x9f69, Binary, "Card Authentication Related Data";
    CARD_CVM_LIMIT = 0x9f6b, Numeric, "Card CVM Limit";
    CARD_TRANSACTION_QUALIFIERS = 0x9f6c, Binary, "Card Transaction Qualifiers (CTQ)";
    ECASH_RESET_THRESHOLD = 0x9f6d, Numeric, "Electronic Cash Reset Threshold (UnionPay)";
    FORM_FACTOR_INDICATOR = 0x9f6e, Binary, "Form Factor Indicator";
    ECASH_ISSUER_AUTHORISATION_CODE = 0x9f74, Text, "Electronic Cash Issuer Authorisation Code (UnionPay)";
    ECASH_BALANCE_LIMIT = 0x9f77, Numeric, "Electronic Cash Balance Limit (UnionPay)";
    ECASH_SINGLE_TRANSACTION_LIMIT = 0x9f78, Numeric, "Electronic Cash Single Transaction Limit (UnionPay)";
    ECASH_BALANCE = 0x9f79, Numeric, "Electronic Cash Balance (UnionPay)";
    ECASH_TERMINAL_SUPPORT_INDICATOR = 0x9f7a, Numeric, "Electronic Cash Terminal Support Indicator (UnionPay)";
    ECASH_TERMINAL_TRANSACTION_LIMIT = 0x9f7b, Numeric, "Electronic Cash Terminal Transaction Limit (UnionPay)";
    FCI_ISSUER_DISCRETIONARY_DATA = 0xbf0c, Constructed, "FCI Issuer Discretionary Data";
    ISSUER_SCRIPT_RESULTS = 0xdf31, Binary, "Issuer Script Results (UnionPay)";
    POS_CARDHOLDER_INTERACTION_INFORMATION = 0xdf4b, Binary, "POS Cardholder Interaction Information (Mastercard)";
    CAPP_TRANSACTION_INDICATOR = 0xdf60, Binary, "CAPP Transaction Indicator (UnionPay)";
    SEGMENTED_DEDUCTION_IDENTIFIER = 0xdf61, Binary, "Segmented Deduction Application Identifier (UnionPay)";
    SM_ALGORITHM_SUPPORT_INDICATOR = 0xdf69, Binary, "SM Algorithm Support Indicator (UnionPay)";
}
