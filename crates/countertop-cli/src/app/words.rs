//! What the terminal tells the cashier beside the flow's prompts, in both languages.

use countertop_device::ParseMoneyError;
use countertop_terminal::flow::FlowError;
use countertop_terminal::operators::OperatorError;

/// Is a message in English and Chinese, and the cure where there is one beside it.
///
/// What devices, the host and the operating system say stays as they said it, after a Chinese head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words {
    pub(super) en: String,
    pub(super) zh: String,
    pub(super) help: Option<String>,
}

impl Words {
    /// Creates a message.
    pub(super) fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into(), help: None }
    }
}

impl From<ParseMoneyError> for Words {
    fn from(error: ParseMoneyError) -> Self {
        Self::new(error.to_string(), "金额无效：请输入大于零的金额，例如 12.34")
    }
}

impl From<OperatorError> for Words {
    fn from(error: OperatorError) -> Self {
        let zh = match &error {
            OperatorError::WrongPassword => "操作员号或密码错误".into(),
            OperatorError::Locked { number, until } => {
                format!("密码错误次数过多，操作员 {number} 锁定至 {until}")
            }
            OperatorError::UnfitPassword { .. } => {
                "密码不符合要求：收银员至少 4 位，主管至少 6 位，不得使用初始密码".into()
            }
            OperatorError::NotPermitted { number, .. } => {
                format!("操作员 {number} 无此权限，请主管授权")
            }
            OperatorError::MustChangePassword { number } => {
                format!("操作员 {number} 须先修改密码：请以 {number} 签到")
            }
            other => format!("操作员：{other}"),
        };
        Self::new(error.to_string(), zh)
    }
}

impl From<FlowError> for Words {
    fn from(error: FlowError) -> Self {
        let zh = match &error {
            FlowError::Device(error) => format!("设备故障：{error}"),
            FlowError::Host(error) => format!("主机：{error}"),
            FlowError::Journal(error) => format!("流水：{error}"),
            FlowError::CardLeft => "卡片移开过早，请重试".into(),
            FlowError::CardUnusable(reason) => format!("卡片不可用：{reason}；请换卡"),
            FlowError::TapAgain => "请在手机上确认后再挥卡".into(),
            FlowError::OtherInterface(_) => "不能挥卡，请插卡或刷卡".into(),
            FlowError::ReversalWaits { stan, reason } => {
                format!("凭证号 {stan} 尚未冲正：{reason}；请在主机恢复后重试")
            }
            FlowError::Unsettled => "本批次有交易，请先结算再签退".into(),
            FlowError::SettlementInterrupted => "上次结算中断，请先完成结算".into(),
            other => format!("故障：{other}"),
        };
        let help = error.help().map(String::from);
        Self { en: error.to_string(), zh, help }
    }
}

#[cfg(test)]
mod tests {
    use countertop_device::{Currency, Money};
    use countertop_terminal::OperatorNumber;

    use super::*;

    #[test]
    fn errors_have_words_in_both_languages() {
        let number = OperatorNumber::SUPERVISOR;
        let amount = Money::parse("0.00", Currency::CNY).unwrap_err();
        for (words, en, zh) in [
            (Words::from(OperatorError::WrongPassword), "password is wrong", "密码错误"),
            (OperatorError::MustChangePassword { number }.into(), "sign in as 00", "以 00 签到"),
            (FlowError::Unsettled.into(), "settle it", "先结算"),
            (amount.into(), "nought", "大于零"),
        ] {
            assert!(words.en.contains(en) && words.zh.contains(zh), "{words:?}");
        }
    }

    #[test]
    fn what_has_no_words_of_its_own_is_told_as_it_is() {
        let number = OperatorNumber::SUPERVISOR;
        let words = Words::from(OperatorError::SignedIn { number });
        assert_eq!(words.zh, format!("操作员：{}", words.en));
    }
}
