//! Every route of the OpenAPI document as every role on somebody else's data. A route or a kind of operation that has
//! nothing to be tried with fails the test: whoever adds one has to say here what a stranger would do with it.

#[path = "../common/mod.rs"]
mod common;
#[path = "../payments/till.rs"]
#[allow(dead_code)]
mod till;
#[path = "../files/uploads.rs"]
#[allow(dead_code)]
mod uploads;

mod bodies;
mod requests;
mod scene;

use reqwest::Method;
use scene::{Role, Scene, Secret};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use wire::operation::Body;
use wire::problem::Rejection;
use wire::push::Outcome;

fn document() -> Value {
    serde_json::to_value(zhkh_server::http::document()).expect("JSON")
}

/// Every route, and whether it asks for a session.
fn routes(document: &Value) -> Vec<(Method, String, bool)> {
    let paths = document["paths"].as_object().expect("paths");
    let of_path = |(path, methods): (&String, &Value)| {
        let methods = methods.as_object().expect("methods").clone();
        let path = path.clone();
        methods.into_iter().map(move |(method, about)| {
            let method = method.to_uppercase().parse().expect("a method");
            (method, path.clone(), about.get("security").is_some())
        })
    };
    paths.iter().flat_map(of_path).collect()
}

#[tokio::test]
async fn no_route_shows_anybody_a_note_or_what_is_anothers() {
    let scene = Scene::set().await;
    let mut seen: BTreeMap<Role, BTreeSet<Secret>> = BTreeMap::new();
    for (method, path, guarded) in routes(&document()) {
        let requests = requests::of(&scene, &method, &path);
        assert!(!requests.is_empty(), "{method} {path}: say in requests.rs what a stranger would ask of it");
        for role in Role::ALL {
            for request in &requests {
                let answer = scene.ask(role, &method, request).await;
                let what = format!("{method} {} as {role:?}", request.path);
                if guarded {
                    // Whoever signed in is known until the end of the walk.
                    assert_eq!(answer.status == 401, !answer.signed_in, "{what}: {} {}", answer.status, answer.text);
                }
                assert!(answer.status < 500, "{what}: {} {}", answer.status, answer.text);
                for secret in Secret::ALL.into_iter().filter(|secret| answer.text.contains(scene.words(*secret))) {
                    assert!(secret.may_be_seen_by(role), "{what} shows {secret:?}: {}", answer.text);
                    seen.entry(role).or_default().insert(secret);
                }
            }
        }
    }
    // The walk would find nothing if it looked at nothing: everybody saw all that is theirs.
    for role in Role::ALL {
        let theirs = Secret::ALL.into_iter().filter(|secret| secret.may_be_seen_by(role)).collect();
        assert_eq!(seen.remove(&role).unwrap_or_default(), theirs, "{role:?}");
    }
}

#[tokio::test]
async fn no_operation_of_a_stranger_takes_effect_on_what_is_anothers() {
    let scene = Scene::set().await;
    let document = document();
    let kinds: BTreeSet<&str> = document["components"]["schemas"]["Body"]["oneOf"]
        .as_array()
        .expect("kinds of bodies")
        .iter()
        .map(|kind| kind["properties"]["kind"]["enum"][0].as_str().expect("a kind"))
        .collect();
    let tried = bodies::foreign(&scene);
    let names = |body: &Body| serde_json::to_value(body).expect("JSON")["kind"].as_str().expect("a kind").to_owned();
    let covered: BTreeSet<String> = tried.iter().map(|(body, _)| names(body)).collect();
    assert_eq!(
        covered,
        kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        "say in bodies.rs what a stranger would enter"
    );
    let before = scene.everything().await;
    for (body, allowed) in tried {
        for role in [Role::Stranger, Role::Dispatcher, Role::Support].into_iter().filter(|role| !allowed.contains(role))
        {
            for source in [domain::Source::ResidentApp, domain::Source::Desk, domain::Source::Phone] {
                let outcome = scene.enter(role, source, body.clone()).await;
                let refused = matches!(
                    &outcome,
                    Outcome::Rejected { rejection: Rejection::NotYours, .. }
                        | Outcome::Rejected { rejection: Rejection::FieldInvalid { .. }, .. }
                );
                assert!(refused, "{role:?} from {source:?}: {body:?} {outcome:?}");
            }
        }
    }
    assert_eq!(scene.everything().await, before);
}
