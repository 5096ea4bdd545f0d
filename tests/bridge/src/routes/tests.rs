use super::*;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use client::CoreConfig;
use client::platform::{SystemBlobDisk, SystemClock, SystemRandom, TokioSpawn};
use client::ports::{NoKeychain, Ports};
use client::transport::HttpTransport;
use futures_util::StreamExt;
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Handle;
use tower::ServiceExt;

/// A bridge whose server nobody listens as.
fn bridge() -> (Bridge, Router, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("index.html"), "the window").expect("written");
    let ports = Ports {
        transport: Arc::new(HttpTransport::new("http://127.0.0.1:9").expect("an address")),
        clock: Arc::new(SystemClock::new()),
        random: Arc::new(SystemRandom),
        keychain: Arc::new(NoKeychain),
        spawn: Arc::new(TokioSpawn::new(Handle::current())),
        blobs: Arc::new(SystemBlobDisk),
    };
    let core = Core::open(CoreConfig::new(folder.path().join("data")), ports);
    let bridge = Bridge { core, quit: Arc::default() };
    let app = routes(bridge.clone(), folder.path());
    (bridge, app, folder)
}

async fn ask(app: &Router, method: Method, path: &str, body: &str) -> (StatusCode, String) {
    let request = Request::builder().method(method).uri(path).body(Body::from(body.to_owned())).expect("a request");
    let answer = app.clone().oneshot(request).await.expect("an answer");
    let status = answer.status();
    let body = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
    (status, String::from_utf8(body.to_vec()).expect("text"))
}

#[tokio::test]
async fn an_answer_is_200_and_a_failure_is_422_with_its_json() {
    let (_bridge, app, _folder) = bridge();
    let (status, boot) = ask(&app, Method::POST, "/call/boot", "{}").await;
    let boot: Value = serde_json::from_str(&boot).expect("JSON");
    assert_eq!((status, &boot["session"], &boot["keyring"]), (StatusCode::OK, &Value::Null, &json!(false)));
    let (status, failure) = ask(&app, Method::POST, "/call/consent", "{}").await;
    assert_eq!((status, failure.as_str()), (StatusCode::UNPROCESSABLE_ENTITY, r#"{"code":"offline"}"#));
    let (status, _) = ask(&app, Method::POST, "/call/boot", "{").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn every_page_of_the_window_is_the_built_ui() {
    let (_bridge, app, _folder) = bridge();
    for path in ["/", "/readings/7"] {
        assert_eq!(ask(&app, Method::GET, path, "").await, (StatusCode::OK, "the window".into()), "{path}");
    }
}

#[tokio::test]
async fn a_change_reaches_the_page_as_an_event() {
    let (_bridge, app, _folder) = bridge();
    let request = Request::builder().uri("/events").body(Body::empty()).expect("a request");
    let answer = app.clone().oneshot(request).await.expect("a stream");
    let mut stream = answer.into_body().into_data_stream();
    let settings = json!({ "theme": "dark", "text_percent": 125, "language": "ru", "toasts": true });
    let (status, _) = ask(&app, Method::POST, "/call/settings_save", &settings.to_string()).await;
    assert_eq!(status, StatusCode::OK);
    let first = stream.next().await.expect("an event").expect("bytes");
    let text = String::from_utf8(first.to_vec()).expect("text");
    assert_eq!(text, "data: {\"event\":\"changed\",\"topics\":[\"settings\"]}\n\n");
}

#[tokio::test]
async fn quit_ends_the_program() {
    let (bridge, app, _folder) = bridge();
    assert_eq!(ask(&app, Method::POST, "/quit", "").await.0, StatusCode::NO_CONTENT);
    bridge.quit.notified().await;
}
