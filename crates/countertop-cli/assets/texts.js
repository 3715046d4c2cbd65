'use strict';
// All words of the page that do not come from the terminal itself.
const TEXTS = {
  en: {
    other: '中文', operator: 'Operator', password: 'Password', signIn: 'Sign in', sale: 'Sale',
    cancel: 'Cancel', settle: 'Settle', signOut: 'Sign out', selfTest: 'Self-test',
    hostSignIn: 'Sign in at the host', receipts: 'Receipts', yes: 'Confirm', no: 'Cancel',
    tryAgain: 'Try again', goOn: 'Go on without', choose: 'Which application?', void: 'Void',
    reprint: 'Reprint', supervisor: 'Supervisor password', batch: 'batch',
    training: 'TRAINING: vouchers are not valid', mustChange: 'Change your password first.',
    newPassword: 'New password', changePassword: 'Change',
    counter: 'Virtual counter', counterNote: 'Test cards and test keys; no money moves.',
    cards: 'Customer', insert: 'Insert card', remove: 'Take card', tap: 'Tap card',
    swipe: 'Swipe stripe card', swipeBad: 'Swipe badly', scan: 'Show payment code',
    pinPad: 'PIN pad', pinNote: 'Test PIN: 123456. A real PIN belongs into a real PIN pad.',
    signaturePad: 'Signature pad', sign: 'Done', clear: 'Clear', printer: 'Printer',
    paperOut: 'Paper out', paperIn: 'Load paper', host: 'Host, next request',
    hostDecline: 'Declines (51)', hostSilent: 'Never answers', lost: 'Connection to the terminal lost',
    keyClear: 'Clear', keyBack: 'Back', enter: 'Enter',
  },
  zh: {
    other: 'English', operator: '操作员号', password: '密码', signIn: '签到', sale: '消费',
    cancel: '取消', settle: '结算', signOut: '签退', selfTest: '自检', hostSignIn: '重新签到',
    receipts: '签购单', yes: '确认', no: '取消', tryAgain: '重试', goOn: '跳过', choose: '请选择应用',
    void: '撤销', reprint: '重打印', supervisor: '主管密码', batch: '批次', training: '培训模式：凭证无效',
    mustChange: '请先修改密码。', newPassword: '新密码', changePassword: '修改',
    counter: '虚拟柜台', counterNote: '测试卡与测试密钥，不涉及资金。', cards: '顾客', insert: '插卡',
    remove: '取卡', tap: '挥卡', swipe: '刷磁条卡', swipeBad: '刷卡不良', scan: '出示付款码',
    pinPad: '密码键盘', pinNote: '测试密码：123456。真实密码只能输入真实密码键盘。', signaturePad: '签字板',
    sign: '完成', clear: '清除', printer: '打印机', paperOut: '缺纸', paperIn: '装纸',
    host: '主机，下一笔', hostDecline: '拒绝（51）', hostSilent: '不应答', lost: '与终端的连接已断开',
    keyClear: '清除', keyBack: '退格', enter: '确认',
  },
};
