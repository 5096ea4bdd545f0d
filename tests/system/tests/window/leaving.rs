//! «Выход» of the profile.

use crate::{PASSWORD, Scene, sign_in};
use zhkh_system_tests::desk::Kind;

#[tokio::test]
async fn signing_out_ends_the_program_and_the_next_start_asks_for_the_password() -> anyhow::Result<()> {
    let scene = Scene::set(Kind::Full).await?;
    let window = scene.open().await?;
    scene.register(&window).await?;
    window.shows("Всё отправлено").await?;
    window.press("Профиль").await?;
    window.shows("Электронная почта").await?;
    window.ends_by("Выход").await?;

    let window = scene.open().await?;
    sign_in(&window, PASSWORD).await?;
    window.shows("Профиль").await?;
    window.close().await
}
