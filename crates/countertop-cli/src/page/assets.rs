//! The files of the page, inside the program.

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};

const FILES: &[(&str, &str, &str)] = &[
    ("", "text/html; charset=utf-8", include_str!("../../assets/index.html")),
    ("app.js", "text/javascript; charset=utf-8", include_str!("../../assets/app.js")),
    ("counter.js", "text/javascript; charset=utf-8", include_str!("../../assets/counter.js")),
    ("texts.js", "text/javascript; charset=utf-8", include_str!("../../assets/texts.js")),
    ("view.js", "text/javascript; charset=utf-8", include_str!("../../assets/view.js")),
    ("style.css", "text/css; charset=utf-8", include_str!("../../assets/style.css")),
];

/// Nothing but our own files is loaded, and no other page may frame this one.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'";

/// Answers with the file of that name.
pub(super) fn file(name: &str) -> Response {
    match FILES.iter().find(|(known, ..)| *known == name) {
        Some((_, kind, text)) => (headers(kind), *text).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn headers(kind: &'static str) -> [(HeaderName, &'static str); 3] {
    [(CONTENT_TYPE, kind), (CONTENT_SECURITY_POLICY, POLICY), (X_CONTENT_TYPE_OPTIONS, "nosniff")]
}
