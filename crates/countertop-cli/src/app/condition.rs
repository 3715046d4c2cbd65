//! Devices that leave, come back or want something while the terminal runs.

use countertop_device::{Attention, Health, PowerState};
use countertop_hub::{Hub, Role};
use serde::Serialize;
use tokio::sync::watch;

use super::view::View;

/// Is what the hub tells of a device since the last self-test, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct DeviceNotice {
    /// The device's role.
    pub(crate) role: Role,
    /// How it is.
    pub(crate) health: Health,
    en: String,
    zh: String,
}

/// Shows what the hub tells, for as long as it is polled. It sleeps between events.
pub(crate) async fn follow(hub: Hub, view: watch::Sender<View>) {
    let mut events = hub.events().subscribe(0);
    loop {
        match events.next().await {
            Ok(event) => {
                if let Some(role) = event.event.role {
                    let (power, attention) = (hub.power_state(role), hub.attention(role));
                    view.send_if_modified(|view| show(view, role, power, attention));
                }
            }
            Err(missed) => tracing::warn!("{missed}"),
        }
    }
}

/// Brings the notice of a role up to date, and tells whether it is another one.
fn show(view: &mut View, role: Role, power: PowerState, attention: Option<Attention>) -> bool {
    let before = view.notices.iter().position(|it| it.role == role);
    let trouble = trouble(power, attention);
    let (health, [en, zh]) = match (trouble, before) {
        (Some(trouble), _) => trouble,
        // Good news is none where there was no bad.
        (None, None) => return false,
        (None, Some(_)) => (Health::Good, ["is there again", "已恢复"]),
    };
    let notice = DeviceNotice { role, health, en: en.into(), zh: zh.into() };
    match before.and_then(|index| view.notices.get_mut(index)) {
        Some(shown) if *shown == notice => return false,
        Some(shown) => *shown = notice,
        None => view.notices.push(notice),
    }
    true
}

fn trouble(power: PowerState, attention: Option<Attention>) -> Option<(Health, [&'static str; 2])> {
    match (power, attention) {
        (PowerState::Off, _) => Some((Health::Bad, ["is unplugged", "已断开"])),
        (PowerState::OffOffline, _) => Some((Health::Bad, ["does not answer", "无响应"])),
        (_, Some(attention)) => Some((Health::Warning, words(attention))),
        (PowerState::Offline, None) => Some((Health::Warning, words(Attention::Offline))),
        (PowerState::Online | PowerState::Unknown, None) => None,
    }
}

fn words(attention: Attention) -> [&'static str; 2] {
    let zh = match attention {
        Attention::CoverOpen => "请合上上盖",
        Attention::CutterJammed => "切刀卡住，请清理",
        Attention::Overheated => "打印头过热，请稍候",
        Attention::Offline => "脱机，请在面板上联机",
        Attention::PaperOut => "缺纸，请装纸",
        Attention::KeysMissing => "无密钥，请装载密钥后重新签到",
        _ => "故障，请关机后重开；若仍有故障，请报修",
    };
    [attention.help(), zh]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(view: &View) -> Vec<(Health, &str, &str)> {
        view.notices.iter().map(|it| (it.health, it.en.as_str(), it.zh.as_str())).collect()
    }

    #[test]
    fn what_left_and_came_back_is_shown_once_each() {
        let (mut view, role) = (View::default(), Role::ReceiptPrinter);
        assert!(!show(&mut view, role, PowerState::Online, None), "no news is shown");
        assert!(show(&mut view, role, PowerState::Off, None));
        assert!(!show(&mut view, role, PowerState::Off, None));
        assert_eq!(shown(&view), [(Health::Bad, "is unplugged", "已断开")]);
        assert!(show(&mut view, role, PowerState::Unknown, None));
        assert!(!show(&mut view, role, PowerState::Online, None));
        assert_eq!(shown(&view), [(Health::Good, "is there again", "已恢复")]);
    }

    #[test]
    fn what_a_person_has_to_do_is_said_in_both_languages() {
        let (mut view, role) = (View::default(), Role::ReceiptPrinter);
        show(&mut view, role, PowerState::Online, Some(Attention::PaperOut));
        assert_eq!(shown(&view), [(Health::Warning, "load paper", "缺纸，请装纸")]);
    }
}
