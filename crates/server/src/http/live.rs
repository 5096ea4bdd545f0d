//! `GET /v1/live`: server-sent events that only wake, for the caller's scopes alone.

use crate::failure::Failure;
use crate::feed;
use crate::server::App;
use crate::sessions::Caller;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use domain::UserId;
use futures_util::stream::{self, Stream};
use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::feed::Scope;
use wire::live::Wake;
use wire::problem::Problem;

/// A stream has no time limit, so this route stands apart.
pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(live))
}

/// Events named `position` with `{"seq": …}` as data: there is something for the caller at or below it.
#[utoipa::path(get, path = "/v1/live", tag = "feed", security(("bearer" = [])), responses(
    (status = 200, body = Wake, content_type = "text/event-stream"),
    (status = 401, description = "sign_in_needed", body = Problem, content_type = "application/problem+json"),
))]
// Listens from before the first position is read, so that nothing falls between.
async fn live(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Failure> {
    let wakes = app.store.wakes();
    let user = caller.user;
    let (scopes, seq) = seen(&app, user).await?;
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(app.config.requests.keep_alive_s)).text("");
    let listener = Listener { app, user, scopes, wakes, first: Some(seq) };
    let events = stream::unfold(listener, |mut listener| async move {
        let seq = listener.next().await?;
        // Plain numbers always have a JSON form.
        let event = Event::default().event("position").json_data(Wake { seq }).unwrap_or_default();
        Some((Ok(event), listener))
    });
    Ok(Sse::new(events).keep_alive(keep_alive))
}

struct Listener {
    app: Arc<App>,
    user: UserId,
    scopes: HashSet<Scope>,
    wakes: tokio::sync::broadcast::Receiver<Arc<Vec<(Scope, i64)>>>,
    first: Option<i64>,
}

impl Listener {
    /// The next position that concerns the caller; `None` when the server stops.
    async fn next(&mut self) -> Option<i64> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        loop {
            let stopping = self.app.stopping.clone();
            let woken = tokio::select! {
                biased;
                () = stopping.cancelled() => return None,
                woken = self.wakes.recv() => woken,
            };
            match woken {
                Ok(rows) => {
                    let mine = rows.iter().filter(|(scope, _)| self.scopes.contains(scope));
                    let Some(seq) = mine.map(|(_, seq)| *seq).max() else { continue };
                    if rows.iter().any(|(scope, _)| *scope == Scope::User(self.user)) {
                        // Maybe a grant: from here on its scope counts too.
                        self.scopes = seen(&self.app, self.user).await.ok()?.0;
                    }
                    return Some(seq);
                }
                // Too slow to hear everything: woken for whatever was missed.
                Err(RecvError::Lagged(_)) => {
                    let (scopes, seq) = seen(&self.app, self.user).await.ok()?;
                    self.scopes = scopes;
                    return Some(seq);
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

async fn seen(app: &App, user: UserId) -> Result<(HashSet<Scope>, i64), Failure> {
    app.store
        .read(move |sql| {
            let scopes = feed::scopes(sql, user)?;
            let last = feed::last_position(sql, &scopes)?;
            Ok((scopes.into_iter().collect(), last))
        })
        .await
}
