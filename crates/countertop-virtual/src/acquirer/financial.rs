//! Sales and voids.

use countertop_wire::iso8583::Message;
use countertop_wire::pin_block::decode_format0;
use countertop_wire::tlv::{TlvWriter, tags};
use countertop_wire::unionpay::{
    Institutions, Original, PrivateTlv, TransactionInformation, parse_private_tlvs,
};
use zeroize::Zeroizing;

use super::account::mask;
use super::answer::{ACQUIRER, approve};
use super::clock::Moment;
use super::host::{Host, Refusal};
use super::ledger::Booking;
use super::{EntryKind, EntryState, IssuerVerdict, LedgerEntry};

/// The currency of this acquirer: renminbi.
const CURRENCY: &str = "156";

/// Is what a sale and a void have in common.
struct Request<'a> {
    message: &'a Message,
    terminal: &'a str,
    batch: u32,
    stan: u32,
    amount: u64,
    /// Whether the host was told to approve whatever the account says.
    forced: bool,
}

/// Is who pays.
struct Payer {
    account: Option<usize>,
    /// Issuer authentication data for the card.
    authentication: Option<Vec<u8>>,
}

impl Host {
    pub(super) fn financial(
        &mut self,
        message: &Message,
        forced: bool,
        now: &Moment,
    ) -> Result<Message, Refusal> {
        let information = information(message)?;
        let request = read(message, information.batch, forced)?;
        self.check_batch(request.terminal, request.batch)?;
        if !self.ledger.take_number(request.terminal, request.batch, request.stan) {
            return Err(Refusal::DUPLICATE);
        }
        match (message.text(3), information.transaction_type) {
            (Some("000000"), 22) => self.sale(&request, now),
            (Some("200000"), 23) => self.void(&request, now),
            _ => Err(Refusal::NOT_SUPPORTED),
        }
    }

    /// Opens the batch that a terminal begins with, and refuses one that was settled.
    fn check_batch(&mut self, terminal: &str, batch: u32) -> Result<(), Refusal> {
        let state = self.terminals.entry(terminal.into()).or_default();
        if state.closed.contains(&batch) {
            return Err(Refusal::SIGN_IN);
        }
        state.batch = Some(batch);
        Ok(())
    }

    fn sale(&mut self, request: &Request<'_>, now: &Moment) -> Result<Message, Refusal> {
        check_amount(request)?;
        check_entry(request.message)?;
        let payer = self.payer(request, now)?;
        let rrn = self.next_rrn(now);
        let code = authorization_code(self.counter);
        let mut answer = approve(request.message, now, &rrn)?.with(38, &code)?;
        if let Some(data) = payer.authentication {
            let data = TlvWriter::new().put(tags::ISSUER_AUTHENTICATION_DATA, data).finish();
            answer.set(55, data)?;
        }
        self.add_institutions(&mut answer, payer.account)?;
        let entry = self.entry(request, EntryKind::Sale, payer.account, rrn, code);
        self.ledger.book(Booking { entry, account: payer.account })?;
        self.spend(payer.account, request.amount);
        Ok(answer)
    }

    fn entry(
        &self,
        request: &Request<'_>,
        kind: EntryKind,
        account: Option<usize>,
        rrn: String,
        authorization_code: String,
    ) -> LedgerEntry {
        let account = account.and_then(|index| self.config.accounts.get(index));
        LedgerEntry {
            terminal_id: request.terminal.into(),
            batch: request.batch,
            stan: request.stan,
            kind,
            amount: request.amount,
            state: EntryState::Approved,
            card: account.map(|account| mask(&account.pan)),
            foreign: account.is_some_and(|account| account.foreign),
            rrn,
            authorization_code,
            original: None,
        }
    }

    fn payer(&mut self, request: &Request<'_>, now: &Moment) -> Result<Payer, Refusal> {
        let mode = request.message.text(22).and_then(|mode| mode.get(..2));
        if matches!(mode, Some("03" | "04")) {
            return self.code_payer(request.message);
        }
        let pan = pan(request.message).ok_or(Refusal::FORMAT)?;
        let known = |account: &super::Account| account.pan == *pan;
        let account = self.config.accounts.iter().position(known).ok_or(Refusal(*b"14"))?;
        if !request.forced {
            self.check_account(request, account, now)?;
        }
        let authentication = match self.check_cryptogram(request.message, &pan) {
            IssuerVerdict::Authentic(data) => Some(data),
            IssuerVerdict::NotChecked => None,
            IssuerVerdict::ArqcWrong => return Err(Refusal(*b"59")),
        };
        Ok(Payer { account: Some(account), authentication })
    }

    fn check_account(
        &mut self,
        request: &Request<'_>,
        index: usize,
        now: &Moment,
    ) -> Result<(), Refusal> {
        self.check_pin(request, index)?;
        let Some(account) = self.config.accounts.get(index) else { return Ok(()) };
        if let Some(code) = account.refuse() {
            return Err(Refusal::code(code));
        }
        if request.message.text(14).is_some_and(|expiry| expiry < now.month.as_str()) {
            return Err(Refusal(*b"54"));
        }
        if account.balance < request.amount { Err(Refusal(*b"51")) } else { Ok(()) }
    }

    fn check_pin(&mut self, request: &Request<'_>, index: usize) -> Result<(), Refusal> {
        const FORMAT_OR_KEY: Refusal = Refusal(*b"99");
        let block = request.message.get(52).and_then(|block| <[u8; 8]>::try_from(block).ok());
        let Some(block) = block else { return Ok(()) };
        let keys = self.keys(request.terminal).ok_or(Refusal::SIGN_IN)?;
        let block = Zeroizing::new(keys.pin.decrypt_block(block));
        let Some(account) = self.config.accounts.get_mut(index) else { return Ok(()) };
        let pin = decode_format0(&block, account.pan.as_bytes()).map_err(|_| FORMAT_OR_KEY)?;
        account.refuse_pin(pin.expose()).map_or(Ok(()), |code| Err(Refusal::code(code)))
    }

    fn check_cryptogram(&self, message: &Message, pan: &str) -> IssuerVerdict {
        let (Some(issuer), Some(data)) = (&self.config.issuer, message.get(55)) else {
            return IssuerVerdict::NotChecked;
        };
        let sequence = message.text(23).and_then(|digits| digits.parse().ok()).unwrap_or_default();
        issuer.authenticate(pan, sequence, data, *b"00")
    }

    /// Takes a payment code, once.
    fn code_payer(&mut self, message: &Message) -> Result<Payer, Refusal> {
        let objects = parse_private_tlvs(message.get(59).ok_or(Refusal::FORMAT)?);
        let objects = objects.map_err(|_| Refusal::FORMAT)?.into_iter();
        let mut codes = objects.filter(|object| object.tag == PrivateTlv::PAYMENT_CODE);
        let code = codes.next().ok_or(Refusal::FORMAT)?.value;
        let digits = code.iter().all(u8::is_ascii_digit);
        if !digits || !(16..=24).contains(&code.len()) {
            return Err(Refusal(*b"14"));
        }
        let fresh = self.used_codes.take(&code);
        if fresh { Ok(Payer { account: None, authentication: None }) } else { Err(Refusal(*b"22")) }
    }

    fn void(&mut self, request: &Request<'_>, now: &Moment) -> Result<Message, Refusal> {
        let message = request.message;
        let original: Original =
            message.text(61).and_then(|digits| digits.parse().ok()).ok_or(Refusal::FORMAT)?;
        let found = self.ledger.find(request.terminal, original.batch, original.stan);
        let index = found.ok_or(Refusal::NOT_FOUND)?;
        let sale = self.ledger.get(index).ok_or(Refusal::NOT_FOUND)?;
        check_original(message, &sale.entry, request.amount)?;
        let account = sale.account;
        let code = sale.entry.authorization_code.clone();
        let stan = sale.entry.stan;
        let rrn = self.next_rrn(now);
        let mut answer = approve(message, now, &rrn)?.with(38, &code)?;
        self.add_institutions(&mut answer, account)?;
        let entry = self.entry(request, EntryKind::Void, account, rrn, code);
        let entry = LedgerEntry { original: Some(stan), ..entry };
        self.ledger.book(Booking { entry, account })?;
        self.ledger.set_state(index, EntryState::Voided)?;
        self.give_back(account, request.amount);
        Ok(answer)
    }

    fn add_institutions(
        &self,
        answer: &mut Message,
        account: Option<usize>,
    ) -> Result<(), Refusal> {
        let account = account.and_then(|index| self.config.accounts.get(index));
        let number = Some(ACQUIRER.to_owned());
        let institutions = Institutions { issuer: number.clone(), acquirer: number };
        answer.set(44, institutions.emit())?;
        answer.set(63, account.map_or("CUP", |account| account.scheme.as_str()))?;
        Ok(())
    }

    pub(super) fn spend(&mut self, account: Option<usize>, amount: u64) {
        if let Some(account) = account.and_then(|index| self.config.accounts.get_mut(index)) {
            account.balance = account.balance.saturating_sub(amount);
        }
    }

    pub(super) fn give_back(&mut self, account: Option<usize>, amount: u64) {
        if let Some(account) = account.and_then(|index| self.config.accounts.get_mut(index)) {
            account.balance = account.balance.saturating_add(amount);
        }
    }
}

/// Reads field 60.
pub(super) fn information(message: &Message) -> Result<TransactionInformation, Refusal> {
    message.text(60).and_then(|digits| digits.parse().ok()).ok_or(Refusal::FORMAT)
}

/// Reads field 11.
pub(super) fn stan(message: &Message) -> Option<u32> {
    message.text(11)?.parse().ok()
}

fn read(message: &Message, batch: u32, forced: bool) -> Result<Request<'_>, Refusal> {
    const REQUIRED: [u8; 4] = [3, 22, 25, 49];
    if REQUIRED.into_iter().any(|field| message.get(field).is_none()) {
        return Err(Refusal::FORMAT);
    }
    let terminal = message.text(41).ok_or(Refusal::FORMAT)?;
    let stan = stan(message).ok_or(Refusal::FORMAT)?;
    let amount = message.text(4).and_then(|amount| amount.parse().ok()).ok_or(Refusal::FORMAT)?;
    Ok(Request { message, terminal, batch, stan, amount, forced })
}

fn check_amount(request: &Request<'_>) -> Result<(), Refusal> {
    if request.amount == 0 {
        return Err(Refusal(*b"13"));
    }
    if request.message.text(49) != Some(CURRENCY) {
        return Err(Refusal(*b"A1"));
    }
    Ok(())
}

/// Checks that the fields are there that the POS entry mode speaks of.
fn check_entry(message: &Message) -> Result<(), Refusal> {
    let has = |field: u8| message.get(field).is_some();
    let mode = message.text(22).unwrap_or_default();
    let (how, pin) = mode.split_at_checked(2).ok_or(Refusal::FORMAT)?;
    let card = match how {
        "01" => has(2) && has(14),
        "02" | "80" => has(35) || has(36),
        "03" | "04" => has(59),
        "05" | "07" | "98" => (has(2) || has(35)) && has(55),
        _ => false,
    };
    let pin_fields = has(26) && has(52) && has(53);
    let pin = match pin {
        "1" => pin_fields,
        "2" => !has(52),
        _ => pin_fields || !has(52),
    };
    if card && pin { Ok(()) } else { Err(Refusal::FORMAT) }
}

fn pan(message: &Message) -> Option<Zeroizing<String>> {
    let track = || message.text(35).and_then(|track| track.split_once('D')).map(|(pan, _)| pan);
    message.text(2).or_else(track).map(|pan| Zeroizing::new(pan.into()))
}

/// Checks that a void names the sale that it means.
fn check_original(message: &Message, sale: &LedgerEntry, amount: u64) -> Result<(), Refusal> {
    let rrn = message.text(37).ok_or(Refusal::FORMAT)?;
    let code = message.text(38);
    if sale.kind != EntryKind::Sale || sale.rrn != rrn || sale.state == EntryState::Reversed {
        return Err(Refusal::NOT_FOUND);
    }
    if code.is_some_and(|code| code != sale.authorization_code) {
        return Err(Refusal::NOT_FOUND);
    }
    if sale.state == EntryState::Voided {
        return Err(Refusal(*b"12"));
    }
    if sale.amount != amount { Err(Refusal(*b"64")) } else { Ok(()) }
}

/// Returns an authorisation code: six digits that do not look like a count.
fn authorization_code(counter: u32) -> String {
    format!("{:06}", (u64::from(counter) * 611_953 + 271_828) % 1_000_000)
}
