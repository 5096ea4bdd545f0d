//! What a stranger would ask of each route, with the ids of somebody else.

use crate::common::{PASSWORD, device};
use crate::scene::Scene;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

/// One try.
#[derive(Default)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Value>,
    /// The answer has no end.
    pub(crate) endless: bool,
    /// The owner does not ask this, because afterwards nothing would be left to ask for.
    pub(crate) others_only: bool,
    /// Asked without a session: with one it would end the walk.
    pub(crate) nobody_only: bool,
}

fn plain(path: impl Into<String>) -> Request {
    Request { path: path.into(), ..Request::default() }
}

fn with(path: impl Into<String>, body: Value) -> Request {
    Request { body: Some(body), ..plain(path) }
}

fn tus(path: impl Into<String>, headers: &[(&'static str, &str)]) -> Request {
    let more = headers.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let headers = [("tus-resumable", "1.0.0".to_owned())].into_iter().chain(more).collect();
    Request { headers, others_only: true, ..plain(path) }
}

/// Empty for a route that nobody thought of.
pub(crate) fn of(scene: &Scene, method: &Method, path: &str) -> Vec<Request> {
    let nothing = Uuid::from_u128(404);
    let registration = |step: &str| format!("/v1/registration/{nothing}/{step}");
    let others = |request: Request| vec![Request { others_only: true, ..request }];
    match (method.as_str(), path) {
        ("GET", "/healthz" | "/readyz" | "/v1/consent" | "/v1/utility" | "/v1/scopes") => vec![plain(path)],
        ("GET", "/v1/live") => vec![Request { endless: true, ..plain(path) }],
        ("GET", "/v1/snapshot") => snapshots(scene),
        ("GET", "/v1/feed") => feeds(scene),
        ("GET", "/v1/files/{file}") => {
            let both = [scene.file, scene.note_file];
            let parts = both.map(|file| Request {
                headers: vec![("range", "bytes=0-99".into())],
                ..plain(format!("/v1/files/{file}"))
            });
            both.map(|file| plain(format!("/v1/files/{file}"))).into_iter().chain(parts).collect()
        }
        ("GET", "/v1/files/{file}/thumbnail") => {
            [scene.file, scene.note_file].map(|file| plain(format!("/v1/files/{file}/thumbnail"))).into()
        }
        ("POST", "/v1/files") => {
            let promise = crate::uploads::metadata("x.pdf", scene.note_file);
            vec![tus(path, &[("upload-length", "10"), ("upload-metadata", &promise)])]
        }
        ("OPTIONS", "/v1/files") => vec![plain(path)],
        ("OPTIONS", "/v1/files/uploads/{upload}") => vec![plain(scene.upload.clone())],
        ("HEAD" | "DELETE", "/v1/files/uploads/{upload}") => vec![tus(scene.upload.clone(), &[])],
        ("PATCH", "/v1/files/uploads/{upload}") => {
            let offset = ("upload-offset", "0");
            vec![tus(scene.upload.clone(), &[offset, ("content-type", "application/offset+octet-stream")])]
        }
        ("POST", "/v1/files/uploads/{upload}") => {
            vec![tus(scene.upload.clone(), &[("x-http-method-override", "DELETE")])]
        }
        ("DELETE", "/v1/accounts/{account}") => others(plain(format!("/v1/accounts/{}", scene.flat.account))),
        ("POST", "/v1/accounts/lookup") => vec![with(path, json!({"number": scene.number()}))],
        ("POST", "/v1/accounts/prove") => {
            let wrong = json!({"by": "sum", "sum": 1, "period": "2026-10"});
            others(with(path, json!({"number": scene.number(), "proof": wrong})))
        }
        ("POST", "/v1/accounts/attach") => vec![with(path, json!({"token": nothing}))],
        ("POST", "/v1/operations") => {
            vec![with(path, json!({"incarnation": nothing, "items": [{"item": "withdraw", "id": nothing}]}))]
        }
        ("POST", "/v1/registration") => {
            let consent = scene.world.consent();
            vec![with(path, json!({"phone": scene.owner.phone, "name": "Петров Пётр", "consent": consent}))]
        }
        ("POST", "/v1/registration/{registration}/call") => vec![with(registration("call"), json!(null))],
        ("POST", "/v1/registration/{registration}/code") => vec![with(registration("code"), json!({"code": "1234"}))],
        ("POST", "/v1/registration/{registration}/password") => {
            vec![with(registration("password"), json!({"password": PASSWORD, "device": device()}))]
        }
        ("POST", "/v1/session") => {
            let guess = |login: &str| json!({"phone": login, "password": "neverno1234", "device": device()});
            vec![with(path, guess("ilina")), with(path, guess("nikto"))]
        }
        ("POST", "/v1/session/refresh") => vec![with(path, json!({"refresh_token": "x"}))],
        ("DELETE", "/v1/session") => vec![Request { nobody_only: true, ..plain(path) }],
        ("POST", "/v1/support/questions") => {
            vec![with(path, json!({"phone": scene.owner.phone, "text": "Здравствуйте"}))]
        }
        ("POST", "/v1/payments") => {
            let part = json!({"account": scene.flat.account, "sum": 100_000});
            let mine = json!({"id": nothing, "parts": [part], "way": "card", "total": 101_200, "email": ""});
            let theirs = json!({"id": scene.payment, "parts": [part], "way": "card", "total": 101_200, "email": ""});
            vec![Request { others_only: true, ..with(path, mine) }, Request { others_only: true, ..with(path, theirs) }]
        }
        ("GET", "/v1/payments/{payment}") => vec![plain(format!("/v1/payments/{}", scene.payment))],
        ("POST", "/v1/payments/{payment}/cancel") => {
            others(with(format!("/v1/payments/{}/cancel", scene.payment), json!(null)))
        }
        ("GET", "/v1/bills/{bill}/pdf") => vec![plain(format!("/v1/bills/{nothing}/pdf"))],
        ("POST", "/v1/announcements/reach") => vec![with(path, json!({"to": "all"}))],
        ("GET", "/v1/announcements/places") => vec![plain(format!("{path}?text={}", scene.number()))],
        ("GET", "/v1/announcements/{announcement}/results") => {
            vec![plain(format!("/v1/announcements/{nothing}/results"))]
        }
        ("GET", "/pay/return/{number}") => vec![plain(format!("/pay/return/{}", scene.payment_number))],
        ("GET" | "POST", "/v1/bank/callback") => {
            let query = format!("orderNumber={}&operation=deposited&status=1&checksum=00", scene.payment_number);
            vec![plain(format!("{path}?{query}"))]
        }
        _ => Vec::new(),
    }
}

fn snapshots(scene: &Scene) -> Vec<Request> {
    let (owner, stranger) = (scene.owner.user, scene.stranger.user);
    let (dispatcher, account, house) = (scene.dispatcher.user, scene.flat.account, scene.flat.house);
    let scopes = [
        "public".to_owned(),
        format!("user:{owner}"),
        format!("user:{stranger}"),
        format!("user:{dispatcher}"),
        format!("account:{account}"),
        format!("house:{house}"),
        "desk".to_owned(),
        "support_desk".to_owned(),
        "editors".to_owned(),
    ];
    scopes.map(|scope| plain(format!("/v1/snapshot?scope={scope}"))).into()
}

fn feeds(scene: &Scene) -> Vec<Request> {
    let epoch = scene.epoch;
    let nil = Uuid::nil();
    vec![plain(format!("/v1/feed?epoch={epoch}&seq=0&name={nil}&limit=1000"))]
}
