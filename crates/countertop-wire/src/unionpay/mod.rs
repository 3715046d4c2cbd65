//! What UnionPay-style hosts add to ISO 8583: framing, header, keys, codes and private fields.
//!
//! A frame is a length, a transport header ([`Tpdu`]), an application header ([`Header`]) and a
//! message of [`iso8583`](crate::iso8583). Both directions are here: what a terminal writes and
//! what a host reads.
//!
//! No function here panics, whatever bytes come.

mod batch;
mod codes;
mod feature_code;
mod frame;
mod header;
mod icc;
mod institution;
mod key_block;
mod mac;
mod parameters;
mod private;
mod private_tlv;
mod settlement;

pub use batch::{BATCH_ENTRIES_MAX, BadBatchDetail, BatchEntry, emit_batch, parse_batch};
pub use codes::{
    condition_name, entry_mode_name, management_name, processing_name, response_name,
    reversal_reason_name, transaction_type_name,
};
pub use feature_code::{BadFeatureCode, feature_code};
pub use frame::{Frame, FrameError};
pub use header::{BadHeader, Header, HostTask, Tpdu};
pub use icc::{REQUEST_TAGS, REVERSAL_TAGS, request_icc_data, reversal_icc_data};
pub use institution::{AdditionalAmount, Institutions, gbk, split_additional_amounts};
pub use key_block::{BadKeyBlock, KeyBlock, WorkingKey};
pub use mac::{
    BadKeyLength, MacAlgorithm, cbc_mac, ecb_mac, fold, mac_text, sm4_fold, sm4_mac, split_mac,
};
pub use parameters::{
    BadParameters, PARAMETER_RECORDS_MAX, ParameterList, ParameterName, parameter_query,
    parameter_record, parse_parameter_query, parse_parameter_record,
};
pub use private::{BadPrivateField, Original, TransactionInformation};
pub use private_tlv::{BadPrivateTlv, PrivateTlv, emit_private_tlvs, parse_private_tlvs};
pub use settlement::{BadSettlement, SETTLEMENT_DIGITS, SettlementSide, SettlementTotals};
