//! A hand that reaches the printer from other programs: requests and answers, a line of JSON each.
//!
//! | request | what it does |
//! |---|---|
//! | `{"do":"state"}` | tells what can be seen of the printer: [`PrinterSnapshot`](super::PrinterSnapshot) |
//! | `{"do":"fault","fault":"paper-out@rows=800"}` | lets something go wrong: [`Fault`] |
//! | `{"do":"mend","kind":"paper-out"}` | takes one kind of fault away, or all without `kind` |
//! | `{"do":"page","number":1}` | tells text, notes and commands of a page, counted from 1 |
//! | `{"do":"current"}` | likewise of the paper since the last cut |
//! | `{"do":"wait","pages":2,"ms":5000}` | answers when so many pages were cut, or the time is over |
//! | `{"do":"speed","rows":800}` | prints so many rows in a second, or at once without `rows` |
//! | `{"do":"close-drawer"}`, `{"do":"power-cycle"}` | do what they say |
//!
//! Each is answered by `{"ok":true,…}` or `{"ok":false,"error":"…"}`.

use std::io;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::{Fault, FaultKind, PrinterControl};

/// The longest request, in bytes.
const LONGEST: u64 = 64 * 1024;

#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
enum Request {
    State {},
    Fault { fault: String },
    Mend { kind: Option<String> },
    Page { number: usize },
    Current {},
    Wait { pages: usize, ms: u64 },
    Speed { rows: Option<u32> },
    CloseDrawer {},
    PowerCycle {},
}

/// Does what one request says and returns the answer.
///
/// # Cancel safety
///
/// Cancel safe: only waiting takes time, and it changes nothing.
pub async fn obey(control: &PrinterControl, request: &str) -> Value {
    let outcome = match serde_json::from_str(request) {
        Ok(request) => perform(control, request).await,
        Err(error) => Err(format!("no request: {error}")),
    };
    match outcome {
        Ok(Value::Object(mut answer)) => {
            answer.insert("ok".into(), true.into());
            Value::Object(answer)
        }
        Ok(_) => json!({ "ok": true }),
        Err(error) => json!({ "ok": false, "error": error }),
    }
}

async fn perform(control: &PrinterControl, request: Request) -> Result<Value, String> {
    match request {
        Request::State {} => {
            let state = serde_json::to_value(control.snapshot());
            return state.map(|state| json!({ "state": state })).map_err(|it| it.to_string());
        }
        Request::Fault { fault } => {
            control.inject(fault.parse::<Fault>().map_err(|error| error.to_string())?);
        }
        Request::Mend { kind: None } => control.mend_all(),
        Request::Mend { kind: Some(kind) } => control.mend(kind_named(&kind)?),
        Request::Page { number } => return page(control, number),
        Request::Current {} => {
            let page = control.current().map(|page| page.to_json());
            return Ok(json!({ "page": page }));
        }
        Request::Wait { pages, ms } => {
            return wait(control, pages, Duration::from_millis(ms)).await;
        }
        Request::Speed { rows } => control.set_speed(rows),
        Request::CloseDrawer {} => control.close_drawer(),
        Request::PowerCycle {} => control.power_cycle(),
    }
    Ok(Value::Null)
}

fn kind_named(name: &str) -> Result<FaultKind, String> {
    name.parse::<Fault>().map(|fault| fault.kind()).map_err(|error| error.to_string())
}

fn page(control: &PrinterControl, number: usize) -> Result<Value, String> {
    let page = control.page(number).map_err(|kept| match kept.is_empty() {
        true => format!("page {number} is not kept: none was cut yet"),
        false => {
            format!("page {number} is not kept: there are pages {} to {}", kept.start(), kept.end())
        }
    })?;
    Ok(json!({ "page": page.to_json() }))
}

async fn wait(control: &PrinterControl, pages: usize, time: Duration) -> Result<Value, String> {
    match timeout(time, control.wait_for_pages(pages)).await {
        Ok(()) => Ok(json!({ "pages": control.page_count() })),
        Err(_) => Err(format!(
            "only {} pages of {pages} after {} ms",
            control.page_count(),
            time.as_millis()
        )),
    }
}

/// Takes requests on a port of loopback, from any number of programs at once.
///
/// # Errors
///
/// [`InvalidInput`](io::ErrorKind::InvalidInput) when the listener is reachable from elsewhere, for
/// whoever reaches it may do anything to the printer; and when no more programs can be accepted.
pub async fn serve_control(control: PrinterControl, listener: TcpListener) -> io::Result<()> {
    if !listener.local_addr()?.ip().is_loopback() {
        let text = "the control port has to be on loopback, such as 127.0.0.1";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    }
    let mut programs = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await?;
        while programs.try_join_next().is_some() {}
        programs.spawn(attend(control.clone(), stream));
    }
}

/// Answers one program until it hangs up, or sends what is no line of text.
async fn attend(control: PrinterControl, stream: TcpStream) -> io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    loop {
        let mut line = String::new();
        let count = (&mut reader).take(LONGEST).read_line(&mut line).await?;
        if count == 0 {
            return Ok(());
        }
        if line.trim().is_empty() {
            continue;
        }
        let answer = obey(&control, &line).await;
        writer.write_all(format!("{answer}\n").as_bytes()).await?;
    }
}
