//! Keeps other pages in the same browser from driving the terminal.
//!
//! The page listens on loopback, but every page that the browser shows can send requests there.
//! So a request has to name this host (against DNS rebinding), and one that changes anything has
//! to come from this page (against forgery).

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Lets a request pass, or refuses it.
pub(super) async fn guard(State(port): State<u16>, request: Request, next: Next) -> Response {
    let same = is_ours(request.headers(), port, request.method());
    if same { next.run(request).await } else { refusal() }
}

fn refusal() -> Response {
    (StatusCode::FORBIDDEN, "this page answers only to itself, at its own address").into_response()
}

fn is_ours(headers: &HeaderMap, port: u16, method: &Method) -> bool {
    let hosts = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(host) = text(HOST) else { return false };
    if !hosts.iter().any(|known| known == host) {
        return false;
    }
    match text(ORIGIN) {
        Some(origin) => hosts.iter().any(|known| origin == format!("http://{known}")),
        // Browsers leave Origin out of a plain GET of the same origin, and programs out of all.
        None => method == Method::GET || headers.get("sec-fetch-site").is_none(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| ((*name).parse().unwrap(), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_the_page_itself_passes() {
        for (passes, method, pairs) in [
            (true, Method::GET, &[("host", "127.0.0.1:8077")][..]),
            (true, Method::GET, &[("host", "localhost:8077")]),
            (
                true,
                Method::POST,
                &[("host", "127.0.0.1:8077"), ("origin", "http://127.0.0.1:8077")],
            ),
            (true, Method::POST, &[("host", "127.0.0.1:8077")]),
            (false, Method::GET, &[("host", "evil.example:8077")]),
            (false, Method::GET, &[]),
            (false, Method::POST, &[("host", "127.0.0.1:8077"), ("origin", "http://evil.example")]),
            (false, Method::POST, &[("host", "127.0.0.1:8077"), ("origin", "null")]),
            (false, Method::POST, &[("host", "127.0.0.1:8077"), ("sec-fetch-site", "cross-site")]),
        ] {
            assert_eq!(is_ours(&headers(pairs), 8077, &method), passes, "{method} {pairs:?}");
        }
    }
}
