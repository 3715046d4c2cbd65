//! A small HTTP/1.1 client: one request a connection, and server-sent events.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// No answer of the program or of the browser's driver takes longer.
const DEADLINE: Duration = Duration::from_secs(60);

/// Is an answer.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Sends a request to `authority` (`127.0.0.1:8077`) with further header lines.
pub(crate) fn request(
    authority: &str,
    line: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Response {
    let mut reader = send(authority, line, headers, body);
    let (status, head) = read_head(&mut reader);
    let mut body = Vec::new();
    match length(&head) {
        Some(length) => reader.take(length).read_to_end(&mut body).unwrap(),
        None => reader.read_to_end(&mut body).unwrap(),
    };
    Response { status, head, body }
}

/// Gets a path.
pub(crate) fn get(authority: &str, path: &str) -> Response {
    request(authority, &format!("GET {path}"), &[], "")
}

/// Posts JSON.
pub(crate) fn post(authority: &str, path: &str, body: &Value) -> Response {
    let line = format!("POST {path}");
    request(authority, &line, &[("Content-Type", "application/json")], &body.to_string())
}

fn send(authority: &str, line: &str, headers: &[(&str, &str)], body: &str) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(authority).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    let mut head = format!("{line} HTTP/1.1\r\nConnection: close\r\n");
    if !headers.iter().any(|(name, _)| *name == "Host") {
        head += &format!("Host: {authority}\r\n");
    }
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(head.as_bytes()).unwrap();
    BufReader::new(stream)
}

fn read_head(reader: &mut BufReader<TcpStream>) -> (u16, String) {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(reader.read_line(&mut head).unwrap(), 0, "the answer broke off: {head}");
    }
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.unwrap_or_else(|| panic!("no status: {head}")), head)
}

fn length(head: &str) -> Option<u64> {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut lengths = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    lengths.next().and_then(|(_, value)| value.trim().parse().ok())
}

/// Is a stream of server-sent events; keeps all that came.
#[derive(Debug)]
pub(crate) struct Events {
    reader: BufReader<TcpStream>,
    pub(crate) raw: String,
}

impl Events {
    pub(crate) fn open(authority: &str) -> Self {
        let mut reader = send(authority, "GET /api/events", &[], "");
        let (status, head) = read_head(&mut reader);
        assert_eq!(status, 200, "{head}");
        assert!(head.contains("text/event-stream"), "{head}");
        Self { reader, raw: String::new() }
    }

    /// Returns the first view from now on that meets `test`.
    pub(crate) fn until(&mut self, test: impl Fn(&Value) -> bool) -> Value {
        loop {
            let mut line = String::new();
            let read = self.reader.read_line(&mut line);
            assert!(matches!(read, Ok(1..)), "{read:?} after {}", self.last());
            self.raw += &line;
            // Lines between are the frames of chunked transfer.
            let Some(data) = line.strip_prefix("data: ") else { continue };
            let view = serde_json::from_str(data).unwrap();
            if test(&view) {
                return view;
            }
        }
    }

    fn last(&self) -> &str {
        self.raw.lines().rfind(|line| line.starts_with("data: ")).unwrap_or_default()
    }

    /// Waits for a prompt.
    pub(crate) fn prompt(&mut self, prompt: &str) -> Value {
        self.until(|view| view["prompt"]["prompt"] == prompt)
    }

    /// Waits until a command is done and the terminal is at `stage`.
    pub(crate) fn idle(&mut self, stage: &str) -> Value {
        self.until(|view| view["busy"] == false && view["stage"] == stage)
    }
}
