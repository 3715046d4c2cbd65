//! What the screens show: one list of prompts, in Chinese and English.

use countertop_acquirer::{ResponseCode, Stan, Verdict};
use countertop_device::Money;
use countertop_hub::{Role, SelfTestLine};
use serde::Serialize;

/// Is what the terminal shows at a moment, for the cashier and the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "prompt", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Prompt {
    /// The devices are being tested.
    SelfTesting,
    /// The self-test is done.
    SelfTested {
        /// What was found, one line a device.
        lines: Vec<SelfTestLine>,
    },
    /// The host is asked for keys.
    SigningIn,
    /// Chip parameters are fetched from the host.
    LoadingParameters,
    /// Ready for a customer.
    Ready,
    /// A card or a code is wanted.
    PresentCard {
        /// The amount.
        amount: Money,
        /// The readers that can take it.
        readers: Vec<Role>,
    },
    /// The card has a chip: it is to be inserted.
    InsertChip,
    /// The chip cannot be read: the stripe may be used.
    SwipeInstead,
    /// The stripe could not be read.
    StripeUnreadable,
    /// The code that was scanned is no payment code.
    CodeUnknown,
    /// What was tapped is a tag or a card of another kind, and no payment card.
    NoPaymentCard,
    /// More than one card was tapped: the customer has to choose.
    PresentOneCardOnly,
    /// The card left too early.
    CardLeft,
    /// The card is being read; it has to stay.
    ReadingCard,
    /// The customer is asked for the PIN at the PIN pad.
    EnterPin {
        /// The amount.
        amount: Money,
    },
    /// The cashier is asked to confirm.
    Confirm(Confirmation),
    /// The request is on its way; it can no longer be cancelled.
    Authorising,
    /// A transaction whose result was unknown is being reversed.
    Reversing {
        /// Its number.
        stan: Stan,
    },
    /// The host approved.
    Approved {
        /// The transaction's number.
        stan: Stan,
        /// The amount.
        amount: Money,
    },
    /// The host, or the card, refused.
    Declined {
        /// The host's code; `None` when the card refused or the terminal had to.
        code: Option<ResponseCode>,
    },
    /// The result is unknown: neither paid nor unpaid until the reversal is through.
    ResultUnknown {
        /// The transaction's number.
        stan: Stan,
    },
    /// Nothing left the terminal.
    NotSent {
        /// What went wrong.
        reason: String,
    },
    /// The transaction was cancelled before anything was sent.
    Cancelled,
    /// The customer is asked to sign.
    Sign,
    /// The voucher is being printed.
    Printing,
    /// The printer needs a person.
    PrinterTrouble {
        /// What is the matter.
        reason: String,
        /// What to do.
        help: String,
    },
    /// The card has to be taken out of the reader.
    TakeCard,
    /// The batch is being settled.
    Settling,
    /// The batch is settled.
    Settled {
        /// Whether the host's ledger agrees.
        balanced: bool,
    },
    /// Something failed that the cashier has to know of.
    Trouble {
        /// What is the matter.
        reason: String,
        /// What to do, where there is something.
        help: Option<String>,
    },
}

/// Is what the cashier confirms before the request is sent. Holds no full card number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Confirmation {
    /// The amount.
    pub amount: Money,
    /// The kind of transaction in English, such as `SALE`.
    pub kind: &'static str,
    /// The masked card number, or the last four digits of a code.
    pub card: String,
    /// The card's label, such as `UnionPay Debit`.
    pub label: Option<String>,
    /// Whether a PIN was entered.
    pub pin_entered: bool,
}

/// Is a language of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Chinese, simplified.
    Chinese,
    /// English.
    English,
}

impl Prompt {
    /// Tells whether cancel works while this is shown.
    #[must_use]
    pub fn can_cancel(&self) -> bool {
        matches!(
            self,
            Self::PresentCard { .. }
                | Self::InsertChip
                | Self::SwipeInstead
                | Self::StripeUnreadable
                | Self::CodeUnknown
                | Self::NoPaymentCard
                | Self::PresentOneCardOnly
                | Self::CardLeft
                | Self::ReadingCard
                | Self::EnterPin { .. }
                | Self::Confirm(_)
                | Self::TakeCard
        )
    }

    /// Returns the text for the screen.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::Chinese => self.chinese(),
            Language::English => self.english(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::SelfTesting => "Testing the devices".into(),
            Self::SelfTested { .. } => "Self-test done".into(),
            Self::SigningIn => "Signing in at the host".into(),
            Self::LoadingParameters => "Loading chip parameters from the host".into(),
            Self::Ready => "Ready".into(),
            Self::PresentCard { amount, .. } => {
                format!("{amount}: insert, tap, swipe or scan")
            }
            Self::InsertChip => "This card has a chip: insert it".into(),
            Self::SwipeInstead => "The chip cannot be read: swipe the card".into(),
            Self::StripeUnreadable => "The stripe cannot be read: try again".into(),
            Self::CodeUnknown => "This is no payment code: try another".into(),
            Self::NoPaymentCard => "This is no payment card: present another".into(),
            Self::PresentOneCardOnly => "Present one card only, please".into(),
            Self::CardLeft => "The card left too early: present it again".into(),
            Self::ReadingCard => "Reading the card: leave it there".into(),
            Self::EnterPin { amount } => format!("{amount}: enter the PIN at the PIN pad"),
            Self::Confirm(it) => format!("{} {} on {}?", it.kind, it.amount, it.card),
            Self::Authorising => "Authorising".into(),
            Self::Reversing { stan } => format!("Reversing transaction {stan}"),
            Self::Approved { stan, amount } => format!("Approved: {amount}, voucher {stan}"),
            Self::Declined { code: Some(code) } => {
                format!("Declined ({code}): {}", meaning(*code, Language::English))
            }
            Self::Declined { code: None } => "Declined by the card".into(),
            Self::ResultUnknown { stan } => {
                format!("Result of {stan} unknown: it will be reversed; do not hand out the goods")
            }
            Self::NotSent { reason } => format!("Not sent, nothing was charged: {reason}"),
            Self::Cancelled => "Cancelled, nothing was charged".into(),
            Self::Sign => "Sign on the pad, please".into(),
            Self::Printing => "Printing".into(),
            Self::PrinterTrouble { reason, help } => format!("{reason}: {help}"),
            Self::TakeCard => "Take the card".into(),
            Self::Settling => "Settling".into(),
            Self::Settled { balanced: true } => "Settled: the host agrees".into(),
            Self::Settled { balanced: false } => {
                "Settled: the host did not agree, the batch was uploaded".into()
            }
            Self::Trouble { reason, help: Some(help) } => format!("{reason}; {help}"),
            Self::Trouble { reason, help: None } => reason.clone(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::SelfTesting => "设备自检中".into(),
            Self::SelfTested { .. } => "自检完成".into(),
            Self::SigningIn => "正在签到".into(),
            Self::LoadingParameters => "正在下载芯片参数".into(),
            Self::Ready => "准备就绪".into(),
            Self::PresentCard { amount, .. } => {
                format!("金额 {amount}：请插卡、挥卡、刷卡或出示付款码")
            }
            Self::InsertChip => "此卡为芯片卡，请插卡".into(),
            Self::SwipeInstead => "芯片无法读取，请刷卡".into(),
            Self::StripeUnreadable => "磁条无法读取，请重刷".into(),
            Self::CodeUnknown => "不是付款码，请重扫".into(),
            Self::NoPaymentCard => "不是支付卡，请换卡".into(),
            Self::PresentOneCardOnly => "请只出示一张卡".into(),
            Self::CardLeft => "卡片移开过早，请重试".into(),
            Self::ReadingCard => "正在读卡，请勿移动卡片".into(),
            Self::EnterPin { amount } => format!("金额 {amount}：请在密码键盘输入密码"),
            Self::Confirm(it) => format!("{} {}，卡号 {}，确认？", it.kind, it.amount, it.card),
            Self::Authorising => "交易处理中".into(),
            Self::Reversing { stan } => format!("正在冲正，凭证号 {stan}"),
            Self::Approved { stan, amount } => format!("交易成功：{amount}，凭证号 {stan}"),
            Self::Declined { code: Some(code) } => {
                format!("交易拒绝（{code}）：{}", meaning(*code, Language::Chinese))
            }
            Self::Declined { code: None } => "卡片拒绝交易".into(),
            Self::ResultUnknown { stan } => {
                format!("凭证号 {stan} 结果未知，将自动冲正，请勿交付商品")
            }
            Self::NotSent { reason } => format!("未发送，未扣款：{reason}"),
            Self::Cancelled => "交易已取消，未扣款".into(),
            Self::Sign => "请在签字板上签名".into(),
            Self::Printing => "正在打印".into(),
            Self::PrinterTrouble { reason, help } => format!("打印机：{reason}（{help}）"),
            Self::TakeCard => "请取走卡片".into(),
            Self::Settling => "正在结算".into(),
            Self::Settled { balanced: true } => "结算完成，对账平".into(),
            Self::Settled { balanced: false } => "结算完成，对账不平，已批上送".into(),
            Self::Trouble { reason, help: Some(help) } => format!("{reason}（{help}）"),
            Self::Trouble { reason, help: None } => reason.clone(),
        }
    }
}

/// Returns what a response code means, for people.
#[must_use]
pub fn meaning(code: ResponseCode, language: Language) -> &'static str {
    let (chinese, english) = match code.as_str() {
        "01" | "02" => ("请联系发卡行", "refer to the issuer"),
        "03" => ("商户未登记", "merchant unknown, call the acquirer"),
        "12" => ("无效交易", "invalid transaction"),
        "13" => ("无效金额", "invalid amount"),
        "14" => ("无效卡号", "invalid card number"),
        "25" => ("原交易不存在", "original transaction not found"),
        "30" => ("报文格式错误", "format error"),
        "33" | "54" => ("卡片已过期", "card expired"),
        "38" | "75" => ("密码错误次数超限", "PIN tries exceeded"),
        "45" => ("请使用芯片", "use the chip"),
        "51" => ("余额不足", "insufficient funds"),
        "55" => ("密码错误", "wrong PIN"),
        "57" | "58" | "62" => ("不允许的交易", "not permitted"),
        "59" => ("卡片校验错", "card verification failed"),
        "61" => ("超出金额限制", "exceeds the amount limit"),
        "65" => ("超出次数限制", "too many transactions"),
        "68" | "98" => ("发卡行超时", "issuer timed out"),
        "90" | "91" | "92" | "94" | "96" => ("系统繁忙，请稍后重试", "system busy, try later"),
        "97" => ("终端未登记", "terminal unknown, call the acquirer"),
        _ => match code.verdict() {
            Verdict::Approved => ("交易成功", "approved"),
            Verdict::DeclinedRetainCard => ("请没收卡片", "hold the card"),
            Verdict::SignInAgain => ("请重新签到", "sign in again"),
            _ => ("交易失败", "refused"),
        },
    };
    match language {
        Language::Chinese => chinese,
        Language::English => english,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> ResponseCode {
        ResponseCode::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn codes_have_a_meaning_in_both_languages() {
        for text in ["00", "05", "41", "51", "55", "77", "A0", "ZZ"] {
            for language in [Language::Chinese, Language::English] {
                assert!(!meaning(code(text), language).is_empty(), "{text}");
            }
        }
        assert_eq!(meaning(code("41"), Language::English), "hold the card");
    }

    #[test]
    fn nothing_can_be_cancelled_once_it_is_sent() {
        assert!(Prompt::ReadingCard.can_cancel());
        for prompt in [Prompt::Authorising, Prompt::Printing, Prompt::Sign, Prompt::Settling] {
            assert!(!prompt.can_cancel(), "{prompt:?}");
        }
    }

    #[test]
    fn unknown_is_called_unknown() {
        let prompt = Prompt::ResultUnknown { stan: Stan::FIRST };
        assert!(prompt.text(Language::English).contains("unknown"));
        assert!(prompt.text(Language::Chinese).contains("未知"));
    }
}
