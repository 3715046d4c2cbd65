//! The slip that reports a failure.

use countertop_acquirer::{BatchNumber, ResponseCode, Stan};
use countertop_device::document::{Document, Style};

use super::Layout;
use crate::{OperatorNumber, Timestamp};

/// Is what a failure slip says. Put no card data into its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureReport<'a> {
    /// The step that failed, such as `print` or `host`.
    pub step: &'a str,
    /// What happened, and the cure.
    pub message: &'a str,
    /// When.
    pub at: Timestamp,
    /// Who was signed in.
    pub operator: Option<OperatorNumber>,
    /// The batch and number of the transaction, if there was one.
    pub transaction: Option<(BatchNumber, Stan)>,
    /// The host's response code, if it answered.
    pub code: Option<ResponseCode>,
}

/// Builds the slip that reports a failure (故障报告单). It says that it is no voucher.
#[must_use]
pub fn failure(layout: &Layout, report: &FailureReport<'_>) -> Document {
    let mut document = layout.head("故障报告单", "FAILURE REPORT");
    document.centred("非交易凭证 THIS IS NOT A VOUCHER", Style::BOLD);
    layout.merchant(&mut document);
    if let Some(operator) = report.operator {
        document.line(format!("操作员号(OPERATOR):{operator}"));
    }
    if let Some((batch, stan)) = report.transaction {
        layout.pair(&mut document, &format!("批次号:{batch}"), &format!("凭证号:{stan}"));
    }
    layout.field(&mut document, "日期/时间", &report.at.to_string());
    layout.field(&mut document, "故障环节(STEP)", report.step);
    if let Some(code) = report.code {
        layout.field(&mut document, "应答码(CODE)", code.as_str());
    }
    document.line(report.message);
    layout.foot(document)
}
