//! Who may have a content: its uploader, and those who see what it is attached to.

use crate::common::town::NUMBER;
use crate::common::*;
use crate::uploads::*;
use domain::{FileId, FileName};
use reqwest::{Method, StatusCode};
use wire::feed::Scope;
use wire::problem::Code;
use zhkh_server::files::{self, Attached, Attachment};

impl World {
    /// Attaches contents as an operation of a person does.
    pub async fn attach_files(&self, person: &Person, scope: Scope, files: &[(FileId, &str)]) -> Attached {
        let named: Vec<_> =
            files.iter().map(|(file, name)| Attachment { file: *file, name: FileName::new(name) }).collect();
        let (actor, folder) = (person.user, self.running().app().files.folder().clone());
        let done = self.store().write(move |tx| files::attach(tx, &folder, actor, &[scope], &named));
        done.await.expect("done").value
    }
}

fn path(file: FileId) -> String {
    format!("/v1/files/{file}")
}

#[tokio::test]
async fn who_takes_over_a_phone_has_none_of_the_former_holders_files_and_the_desk_keeps_its_own() {
    let world = World::new().await;
    let former = world.register("+79000000001").await;
    let agent = world.staff("ilina", "Ильина Анна Сергеевна", "dispatcher").await;
    let (own, shared) =
        (world.sent(&former, "a.pdf", &paper(1000)).await, world.sent(&former, "b.pdf", &paper(2000)).await);
    let _ = world.attach_files(&former, Scope::User(former.user), &[(shared, "b.pdf")]).await;
    let _ = world.attach_files(&former, Scope::Desk, &[(shared, "b.pdf")]).await;
    let begun = world.create(&former, 3000, &metadata("c.pdf", name_of(b"later"))).await;
    world.clock.advance(300_000);
    let next = world.register("+79000000001").await;
    assert_eq!(next.user, former.user);
    for file in [own, shared] {
        assert_eq!(problem(world.get_as(&next, &path(file)).await).await, Code::FileUnknown);
        assert!(matches!(
            world.attach_files(&next, Scope::User(next.user), &[(file, "mine.pdf")]).await,
            Attached::Missing(missing) if missing == [file]
        ));
    }
    assert_eq!(world.get_as(&agent, &path(shared)).await.status(), StatusCode::OK);
    files::sweeping::sweep(world.running().app()).await.expect("swept");
    let standing = world.tus(&next, Method::HEAD, &text(&begun, "location")).send().await.expect("answered");
    assert!(standing.status().is_client_error(), "{}", standing.status());
}

#[tokio::test]
async fn nobody_but_the_uploader_sees_a_content_before_it_is_attached_nor_learns_that_it_is_there() {
    let world = World::new().await;
    let owner = world.register("+79000000001").await;
    let stranger = world.register("+79000000002").await;
    let bytes = paper(1000);
    let file = world.sent(&owner, "a.pdf", &bytes).await;
    assert_eq!(world.get_as(&owner, &path(file)).await.status(), StatusCode::OK);
    let nothing = name_of(b"nothing");
    let capital = format!("/v1/files/{}", file.to_string().to_uppercase());
    for hidden in [path(file), path(nothing), capital, "/v1/files/..%2fcode.key".into()] {
        for ending in ["", "/thumbnail"] {
            let answer = world.get_as(&stranger, &format!("{hidden}{ending}")).await;
            assert_eq!(problem(answer).await, Code::FileUnknown, "{hidden}{ending}");
        }
    }
    let signed_out = world.request(Method::GET, &path(file)).send().await.expect("answered");
    assert_eq!(problem(signed_out).await, Code::SignInNeeded);
    // «Have you this?» is answered to a stranger as if it were not there.
    let ask = |person: &Person| {
        let request = world.tus(person, Method::POST, "/v1/files").header("upload-length", 1000);
        request.header("upload-metadata", metadata("b.pdf", file)).header("content-type", BYTES).send()
    };
    let told = ask(&stranger).await.expect("answered");
    assert_eq!((told.status(), number(&told, "upload-offset")), (StatusCode::CREATED, 0));
    assert!(!told.headers().contains_key("zhkh-file"));
    let told = ask(&owner).await.expect("answered");
    assert_eq!((told.status(), number(&told, "upload-offset")), (StatusCode::CREATED, 1000));
    assert_eq!(text(&told, "zhkh-file"), file.to_string());
    // Whoever does not read an offset from the answer to a creation is asked for the bytes.
    let plain = world.create(&owner, 1000, &metadata("b.pdf", file)).await;
    assert_eq!(world.offset(&owner, &text(&plain, "location")).await, 0);
}

#[tokio::test]
async fn the_same_content_twice_is_one_file_and_each_uploader_has_their_own_name_for_it() {
    let world = World::new().await;
    let one = world.register("+79000000001").await;
    let two = world.register("+79000000002").await;
    let bytes = paper(1000);
    let file = world.sent(&one, "квартира Смирновой.pdf", &bytes).await;
    assert_eq!(world.sent(&two, "b.pdf", &bytes).await, file);
    assert_eq!(world.on_disk().len(), 1, "{:?}", world.on_disk());
    let first = text(&world.get_as(&one, &path(file)).await, "content-disposition");
    assert!(first.contains("%D0%BA%D0%B2"), "her own name: {first}");
    let second = text(&world.get_as(&two, &path(file)).await, "content-disposition");
    assert!(second.ends_with("''b.pdf"), "and nothing of hers: {second}");
}

#[tokio::test]
async fn what_is_attached_is_seen_by_those_who_see_it_and_by_nobody_else() {
    let world = World::new().await;
    let (resident, flat) = world.resident().await;
    let neighbour = world.register("+79000000002").await;
    let stranger = world.register("+79000000003").await;
    world.attach(&neighbour, NUMBER).await;
    let file = world.sent(&resident, "a.pdf", &paper(1000)).await;
    assert_eq!(world.get_as(&neighbour, &path(file)).await.status(), StatusCode::NOT_FOUND);
    let attached = world.attach_files(&resident, Scope::Account(flat.account), &[(file, "течёт.exe")]).await;
    let Attached::All(shown) = attached else { panic!("{attached:?}") };
    assert_eq!(shown[0].name.as_str(), "течёт.exe.pdf");
    assert_eq!((shown[0].media.name(), shown[0].bytes, shown[0].size), ("application/pdf", 1000, None));
    let got = world.get_as(&neighbour, &path(file)).await;
    assert_eq!(got.status(), StatusCode::OK);
    assert!(text(&got, "content-disposition").contains("exe.pdf"));
    assert_eq!(problem(world.get_as(&stranger, &path(file)).await).await, Code::FileUnknown);
    // With the flat goes what was attached to it.
    let detach = world.request(Method::DELETE, &format!("/v1/accounts/{}", flat.account));
    detach.bearer_auth(&neighbour.token).send().await.expect("answered");
    assert_eq!(problem(world.get_as(&neighbour, &path(file)).await).await, Code::FileUnknown);
    // To one person alone.
    let other = world.sent(&resident, "b.pdf", &paper(1001)).await;
    world.attach_files(&resident, Scope::User(stranger.user), &[(other, "b.pdf")]).await;
    assert_eq!(world.get_as(&stranger, &path(other)).await.status(), StatusCode::OK);
    assert_eq!(problem(world.get_as(&neighbour, &path(other)).await).await, Code::FileUnknown);
}

#[tokio::test]
async fn what_has_not_come_or_came_from_another_is_named_and_nothing_is_attached() {
    let world = World::new().await;
    let (resident, flat) = world.resident().await;
    let stranger = world.register("+79000000002").await;
    let own = world.sent(&resident, "a.pdf", &paper(1000)).await;
    let lost = world.sent(&resident, "c.pdf", &paper(1002)).await;
    std::fs::remove_file(world.place(lost)).expect("lost");
    let anothers = world.sent(&stranger, "b.pdf", &paper(1001)).await;
    let unknown = name_of(b"never sent");
    let scope = Scope::Account(flat.account);
    let all = [own, anothers, unknown, lost].map(|file| (file, "x.pdf"));
    let Attached::Missing(missing) = world.attach_files(&resident, scope, &all).await else { panic!("all attached") };
    assert_eq!(missing, [anothers, unknown, lost]);
    let neighbour = world.register("+79000000003").await;
    world.attach(&neighbour, NUMBER).await;
    for file in [own, anothers] {
        assert_eq!(problem(world.get_as(&neighbour, &path(file)).await).await, Code::FileUnknown);
    }
    // What was named is sent, and then it goes.
    world.sent(&resident, "c.pdf", &paper(1002)).await;
    let whole = world.attach_files(&resident, scope, &[(own, "a.pdf"), (lost, "c.pdf")]).await;
    assert!(matches!(whole, Attached::All(_)), "{whole:?}");
    assert_eq!(world.get_as(&neighbour, &path(lost)).await.status(), StatusCode::OK);
}
