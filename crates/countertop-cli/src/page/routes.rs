//! What the page can ask.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use countertop_hub::Hub;
use serde_json::json;
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::WatchStream;
use tokio_stream::{Stream, StreamExt as _};

use super::{assets, guard};
use crate::app::{Answer, Command, Slips, View};
use crate::counter::{Act, Hands};
use crate::picture;

/// Is what the routes work on.
#[derive(Debug, Clone)]
pub(crate) struct PageState {
    /// What the page shows; a command is claimed in it.
    pub(crate) view: watch::Sender<View>,
    /// Takes commands; one at a time.
    pub(crate) commands: mpsc::Sender<Command>,
    /// Takes answers to what the flow asks.
    pub(crate) answers: mpsc::Sender<Answer>,
    /// The slips of this run.
    pub(crate) slips: Arc<Slips>,
    /// The customer's hands at a virtual counter.
    pub(crate) counter: Option<Hands>,
    /// The devices.
    pub(crate) hub: Hub,
}

/// Creates the routes of the page at `port`.
pub(super) fn router(state: PageState, port: u16) -> Router {
    Router::new()
        .route("/", get(|| async { assets::file("") }))
        .route("/{name}", get(|Path(name): Path<String>| async move { assets::file(&name) }))
        .route("/api/events", get(events))
        .route("/api/command", post(command))
        .route("/api/answer", post(answer))
        .route("/api/counter", post(counter))
        .route("/api/devices", get(devices))
        .route("/slips/{name}", get(slip))
        .with_state(state)
        .layer(middleware::from_fn_with_state(port, guard::guard))
}

async fn events(
    State(state): State<PageState>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let views = WatchStream::new(state.view.subscribe());
    Sse::new(views.map(|view| {
        // A view is plain data; were it ever not to serialise, the page keeps the last one.
        Ok(Event::default().json_data(&view).unwrap_or_default())
    }))
}

async fn command(State(state): State<PageState>, Json(command): Json<Command>) -> Response {
    // Claimed at once, so that of two commands in the same moment one is refused.
    let claimed = state.view.send_if_modified(View::claim);
    accepted(claimed && state.commands.try_send(command).is_ok())
}

async fn answer(State(state): State<PageState>, Json(answer): Json<Answer>) -> Response {
    accepted(state.answers.try_send(answer).is_ok())
}

fn accepted(taken: bool) -> Response {
    if taken {
        StatusCode::ACCEPTED.into_response()
    } else {
        (StatusCode::CONFLICT, "the terminal is busy; finish or cancel first").into_response()
    }
}

async fn counter(State(state): State<PageState>, Json(act): Json<Act>) -> Response {
    let Some(hands) = &state.counter else {
        return (StatusCode::NOT_FOUND, "the devices are real: use your hands").into_response();
    };
    match hands.act(act).await {
        Ok(()) => StatusCode::ACCEPTED.into_response(),
        Err(reason) => (StatusCode::CONFLICT, reason).into_response(),
    }
}

/// Answers with what is attached, and with the statistics of the devices in use.
async fn devices(State(state): State<PageState>) -> Response {
    let attached = state.hub.attached().into_iter();
    let attached: Vec<_> =
        attached.map(|(listing, role)| json!({ "role": role, "device": listing })).collect();
    let statistics = state.hub.statistics().snapshot();
    Json(json!({ "attached": attached, "statistics": statistics })).into_response()
}

async fn slip(State(state): State<PageState>, Path(name): Path<String>) -> Response {
    let id = name.strip_suffix(".png").and_then(|id| id.parse().ok());
    let Some(slip) = id.and_then(|id| state.slips.get(id)) else {
        return (StatusCode::NOT_FOUND, "there is no such slip").into_response();
    };
    let drawn = tokio::task::spawn_blocking(move || picture::png(&slip)).await;
    match drawn {
        Ok(Ok(png)) => {
            ([(CONTENT_TYPE, "image/png"), (CACHE_CONTROL, "no-store")], png).into_response()
        }
        Ok(Err(reason)) => (StatusCode::INTERNAL_SERVER_ERROR, reason).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
