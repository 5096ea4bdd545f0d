use super::Cache;
use crate::engine::Storage;
use crate::store::{DatabaseKey, LoosePage, SnapshotPage};
use domain::{Epoch, UserId};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;
use wire::feed::{Cursor, Scope};

fn user() -> UserId {
    UserId::new(Uuid::from_u128(42))
}

fn epoch() -> Epoch {
    Epoch::new(Uuid::from_u128(3))
}

fn at(seq: i64) -> Cursor {
    Cursor { epoch: epoch(), seq, name: Uuid::nil() }
}

fn open(dir: &TempDir) -> Cache {
    Cache::open(dir.path(), &DatabaseKey::new([7; 32]), Storage::Inline).expect("opens")
}

/// A page of a snapshot with one profile, which carries a field that this program does not know.
fn page(id: u128, name: &str) -> SnapshotPage {
    let profile = json!({
        "is": "profile", "id": Uuid::from_u128(id), "name": name, "phone": "+79000000001", "email": "", "newer": [1.50],
    });
    let page = json!({
        "epoch": epoch(), "entities": [{"version": 1, "entity": profile}], "next": null, "through": 1, "name": Uuid::nil(),
    });
    serde_json::from_value(page).expect("a page")
}

fn names(cache: &Cache) -> Vec<String> {
    let all = cache.mirror().expect("read").all("profile").expect("read");
    let name = |found: wire::feed::Versioned| match found.entity {
        wire::entity::Entity::Profile(profile) => profile.name,
        other => panic!("{}", other.kind()),
    };
    all.into_iter().map(name).collect()
}

#[tokio::test]
async fn a_first_mirror_is_shown_only_when_it_is_whole_and_one_that_was_begun_leaves_nothing() {
    let dir = TempDir::new().expect("a folder");
    let cache = open(&dir);
    cache.begin().done().await.expect("begun");
    cache.stage(Scope::User(user()), page(1, "Начатая")).done().await.expect("staged");
    assert_eq!(names(&cache), Vec::<String>::new(), "half a mirror is no mirror");
    assert_eq!(cache.mirror().expect("read").get("profile", Uuid::from_u128(1)).expect("read"), None);
    cache.close();
    let cache = open(&dir);
    cache.begin().done().await.expect("begun anew");
    cache.stage(Scope::User(user()), page(2, "Целая")).done().await.expect("staged");
    let kinds = cache.finish(vec![Scope::User(user())], at(1)).done().await.expect("finished");
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["profile"]);
    assert_eq!(names(&cache), ["Целая"]);
}

#[tokio::test]
async fn a_mirror_that_is_built_anew_leaves_the_old_one_shown_until_it_is_whole() {
    let dir = TempDir::new().expect("a folder");
    let cache = open(&dir);
    cache.begin().done().await.expect("begun");
    cache.stage(Scope::User(user()), page(1, "Старая")).done().await.expect("staged");
    cache.finish(vec![Scope::User(user())], at(1)).done().await.expect("finished");
    cache.begin().done().await.expect("begun anew");
    cache.stage(Scope::User(user()), page(2, "Новая")).done().await.expect("staged");
    assert_eq!(names(&cache), ["Старая"]);
    cache.finish(vec![Scope::User(user())], at(2)).done().await.expect("finished");
    assert_eq!(names(&cache), ["Новая"]);
}

#[tokio::test]
async fn an_unknown_row_of_a_page_is_passed_over_and_the_others_are_applied() {
    let dir = TempDir::new().expect("a folder");
    let cache = open(&dir);
    cache.begin().done().await.expect("begun");
    cache.finish(vec![Scope::User(user())], at(0)).done().await.expect("finished");
    let (scope, op) = (Scope::User(user()), Uuid::from_u128(9));
    let profile =
        json!({"is": "profile", "id": Uuid::from_u128(1), "name": "Новая", "phone": "+79000000001", "email": ""});
    let page: LoosePage = serde_json::from_value(json!({
        "rows": [
            {"seq": 1, "scope": scope, "operation": op, "change": {"change": "put", "entity": {"is": "comet", "id": op}}},
            {"seq": 2, "scope": scope, "change": {"change": "sung", "entity": profile}},
            {"seq": 3, "scope": scope, "operation": op, "change": {"change": "put", "entity": profile}},
            {"seq": 4, "scope": scope, "operation": Uuid::from_u128(8), "change": {"change": "decided"}},
        ],
        "through": 4, "name": Uuid::nil(), "more": false,
    }))
    .expect("a page");
    let applied = cache.page(epoch(), page).done().await.expect("applied");
    assert_eq!(applied.seen, [(domain::OperationId::new(op), 3)], "a decision is no effect");
    assert_eq!(names(&cache), ["Новая"]);
}
