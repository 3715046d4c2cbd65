//! Requests from other programs.

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::*;

async fn ask(control: &PrinterControl, request: Value) -> Value {
    obey(control, &request.to_string()).await
}

#[tokio::test]
async fn requests_act_on_the_printer() {
    let (mut host, control) = start(PrinterConfig::default());
    host.send(b"1\n\x1dV\x00open\n").await;
    let waited = ask(&control, json!({"do": "wait", "pages": 1, "ms": 20_000})).await;
    assert_eq!(waited, json!({"ok": true, "pages": 1}));
    let page = ask(&control, json!({"do": "page", "number": 1})).await;
    assert_eq!(page["page"]["text"], "1\n");
    assert_eq!(page["page"]["commands"][0], "Text(\"1\")");
    control.wait_until(|control| control.current().is_some()).await;
    assert_eq!(ask(&control, json!({"do": "current"})).await["page"]["text"], "open\n");
    assert_eq!(
        ask(&control, json!({"do": "fault", "fault": "paper-out"})).await,
        json!({"ok": true})
    );
    let state = ask(&control, json!({"do": "state"})).await;
    assert_eq!(state["state"]["paper-out"], true);
    assert_eq!(state["state"]["pages"], 1);
    assert_eq!(ask(&control, json!({"do": "mend", "kind": "paper-out"})).await["ok"], true);
    assert_eq!(ask(&control, json!({"do": "state"})).await["state"]["online"], true);
    for request in ["close-drawer", "power-cycle", "mend"] {
        assert_eq!(ask(&control, json!({"do": request})).await["ok"], true);
    }
    assert_eq!(ask(&control, json!({"do": "speed", "rows": 800})).await["ok"], true);
}

#[tokio::test]
async fn mistakes_are_answered() {
    let (_host, control) = start(PrinterConfig::default());
    for (request, told) in [
        (json!({"do": "fault", "fault": "fire"}), "no fault is named `fire`"),
        (json!({"do": "mend", "kind": "fire"}), "no fault is named `fire`"),
        (json!({"do": "page", "number": 1}), "page 1 is not kept: none was cut yet"),
        (json!({"do": "wait", "pages": 1, "ms": 1}), "only 0 pages of 1"),
        (json!({"do": "dance"}), "unknown variant `dance`"),
        (json!({"do": "state", "x": 1}), "no request"),
        (json!(7), "no request"),
    ] {
        let answer = ask(&control, request.clone()).await;
        assert_eq!(answer["ok"], false, "{request}");
        assert!(answer["error"].as_str().unwrap().contains(told), "{request}: {answer}");
    }
    assert_eq!(obey(&control, "{").await["ok"], false);
}

#[tokio::test]
async fn the_last_pages_are_kept_and_named() {
    let (mut host, control) = start(PrinterConfig::default());
    host.send("x\n\x1dV\x00".repeat(66).as_bytes()).await;
    control.wait_for_pages(66).await;
    for (number, is_kept) in [(0, false), (2, false), (3, true), (66, true), (67, false)] {
        assert_eq!(control.page(number).is_ok(), is_kept, "{number}");
    }
    let answer = ask(&control, json!({"do": "page", "number": 2})).await;
    assert_eq!(answer["error"], "page 2 is not kept: there are pages 3 to 66");
}

/// Paper that is looked at while it is cut is there once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paper_is_seen_at_one_instant() {
    let (mut host, control) = start(PrinterConfig::default());
    let looking = control.clone();
    let looked = tokio::task::spawn_blocking(move || {
        let mut most = 0;
        while looking.page_count() < 60 {
            let lines = looking.paper().iter().map(|page| page.text().lines().count()).sum();
            assert!(lines >= most, "{lines} lines of {most}");
            most = lines;
            let _ = looking.page(1);
        }
    });
    host.send("x\n\x1dV\x00".repeat(60).as_bytes()).await;
    control.wait_for_pages(60).await;
    looked.await.unwrap();
}

#[tokio::test]
async fn the_port_is_on_loopback_and_takes_many() {
    let (_host, control) = start(PrinterConfig::default());
    let everywhere = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let refused = serve_control(control.clone(), everywhere).await.unwrap_err();
    assert!(refused.to_string().contains("loopback"), "{refused}");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(serve_control(control, listener));
    let mut first = BufReader::new(TcpStream::connect(address).await.unwrap());
    let mut second = BufReader::new(TcpStream::connect(address).await.unwrap());
    for program in [&mut first, &mut second] {
        program.write_all(b"\n{\"do\":\"state\"}\nnonsense\n").await.unwrap();
        for ok in [true, false] {
            let mut line = String::new();
            timeout(PATIENCE, program.read_line(&mut line)).await.unwrap().unwrap();
            assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["ok"], ok);
        }
    }
    serving.abort();
}
