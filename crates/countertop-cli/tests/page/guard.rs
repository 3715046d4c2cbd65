//! Who may talk to the page, and where it listens.

use std::collections::HashSet;
use std::fs;

use countertop_tests::pcscd::Service;

use crate::http::request;
use crate::program::Program;

#[test]
fn other_pages_and_other_names_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::bare(folder.path());
    let own = format!("http://{}", program.authority);
    let json = ("Content-Type", "application/json");
    let cancel = r#"{"answer":"cancel"}"#;
    for (status, line, headers) in [
        (200, "GET /", &[][..]),
        (403, "GET /", &[("Host", "countertop.example")]),
        (403, "GET /api/events", &[("Host", "countertop.example:8077")]),
        (403, "GET /slips/1.png", &[("Origin", "http://evil.example")]),
        (202, "POST /api/answer", &[json, ("Origin", &own)]),
        (403, "POST /api/answer", &[json, ("Origin", "http://evil.example")]),
        (403, "POST /api/answer", &[json, ("Origin", "null")]),
        (403, "POST /api/answer", &[json, ("Sec-Fetch-Site", "cross-site")]),
        (403, "POST /api/command", &[json, ("Origin", "http://127.0.0.1:1")]),
    ] {
        let answer = request(&program.authority, line, headers, cancel);
        assert_eq!(answer.status, status, "{line} {headers:?}: {}", answer.text());
    }
}

#[test]
fn a_form_of_another_page_cannot_smuggle_json() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::bare(folder.path());
    let body = r#"{"answer":"cancel"}"#;
    let plain = [("Content-Type", "text/plain")];
    let answer = request(&program.authority, "POST /api/answer", &plain, body);
    assert_eq!(answer.status, 415, "{}", answer.text());
}

#[test]
fn the_page_loads_nothing_from_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::bare(folder.path());
    for file in ["/", "/app.js", "/counter.js", "/style.css", "/texts.js", "/view.js"] {
        let answer = program.get(file);
        assert_eq!(answer.status, 200, "{file}");
        assert!(answer.head.contains("default-src 'self'"), "{file}: {}", answer.head);
        let text = answer.text();
        assert!(!text.contains("http:") && !text.contains("https:"), "{file}");
    }
    assert_eq!(program.get("/journal.db").status, 404);
}

#[test]
fn there_is_no_listener_beyond_loopback() {
    let _pcscd = Service::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let program = Program::at_virtual_counter(folder.path());
    program.events().idle("signed-out");
    let listeners = listeners(program.id());
    // The page, and the virtual printer and host.
    assert!(listeners.len() >= 3, "{listeners:?}");
    // 127.0.0.1 as the kernel writes it on little-endian machines.
    assert!(listeners.iter().all(|it| it.starts_with("0100007F:")), "{listeners:?}");
}

/// Returns the local addresses at which a process listens, as `/proc/net/tcp` writes them.
fn listeners(process: u32) -> Vec<String> {
    const LISTEN: &str = "0A";
    let sockets: HashSet<String> = fs::read_dir(format!("/proc/{process}/fd"))
        .unwrap()
        .filter_map(|file| fs::read_link(file.ok()?.path()).ok())
        .filter_map(|link| {
            let inode = link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?;
            Some(inode.to_owned())
        })
        .collect();
    let tables =
        ["tcp", "tcp6"].map(|table| fs::read_to_string(format!("/proc/{process}/net/{table}")));
    let lines: Vec<String> = tables
        .into_iter()
        .flatten()
        .flat_map(|table| table.lines().map(String::from).collect::<Vec<_>>())
        .collect();
    lines
        .iter()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|fields| fields.len() > 9 && fields[3] == LISTEN && sockets.contains(fields[9]))
        .map(|fields| fields[1].to_owned())
        .collect()
}
