//! kill -9 of the real program after every step of the main job.

use crate::{SERIAL, Scene, robot_calls_at_once};
use zhkh_system_tests::desk::Kind;
use zhkh_system_tests::meter_card::{MeterCard, enter};
use zhkh_system_tests::window::Window;

const CARD: MeterCard<'_> = MeterCard(SERIAL);
const FIRST: &str = "459,118";
const CHANGED: &str = "460,118";
const CHANGED_STEPS: [i64; 1] = [4_601_180];

#[tokio::test]
async fn killed_after_every_step_of_the_main_job_the_person_goes_on_and_the_reading_is_there_once() -> anyhow::Result<()>
{
    // Whoever is killed before the password asks for another call at once.
    let scene = Scene::set_with(Kind::Full, vec![("ZHKH_LIMITS__CALL_GAP_S".into(), "0".into())]).await?;
    robot_calls_at_once(&scene.town).await?;
    let mut window = scene.open().await?;
    scene.tell_about_oneself(&window).await?;

    // Before there is a password nothing is kept of a person, so the registration begins anew.
    window = killed(&scene, window).await?;
    window.shows("Первый раз здесь?").await?;
    scene.tell_about_oneself(&window).await?;
    scene.prove_phone(&window).await?;

    window = killed(&scene, window).await?;
    window.shows("Первый раз здесь?").await?;
    scene.register(&window).await?;

    window = killed(&scene, window).await?;
    window.shows("Профиль").await?;
    scene.look_up(&window).await?;

    window = killed(&scene, window).await?;
    scene.look_up(&window).await?;
    scene.prove_account(&window).await?;

    window = killed(&scene, window).await?;
    go_to_readings(&window).await?;
    scene.proxy.cut().await;
    window.shows("Нет связи").await?;
    CARD.press(&window).await?;
    enter(&window, FIRST).await?;
    waits_here(&window, FIRST).await?;

    window = killed(&scene, window).await?;
    go_to_readings(&window).await?;
    waits_here(&window, FIRST).await?;
    CARD.press(&window).await?;
    enter(&window, CHANGED).await?;
    waits_here(&window, CHANGED).await?;

    window = killed(&scene, window).await?;
    go_to_readings(&window).await?;
    waits_here(&window, CHANGED).await?;
    scene.proxy.restore().await?;
    is_accepted(&window).await?;

    window = killed(&scene, window).await?;
    go_to_readings(&window).await?;
    is_accepted(&window).await?;
    let held = scene.town.inspect()?;
    held.exactly_once(SERIAL, &CHANGED_STEPS)?;
    anyhow::ensure!(held.readings.len() == 1, "the replaced reading must not be there: {:?}", held.readings);
    window.close().await
}

async fn killed(scene: &Scene, window: Window) -> anyhow::Result<Window> {
    window.kill_9().await?;
    scene.open().await
}

async fn go_to_readings(window: &Window) -> anyhow::Result<()> {
    window.press("Показания").await?;
    window.shows(SERIAL).await
}

async fn waits_here(window: &Window, value: &str) -> anyhow::Result<()> {
    window.shows("Сохранено на этом компьютере").await?;
    CARD.shows(window, value).await
}

async fn is_accepted(window: &Window) -> anyhow::Result<()> {
    window.shows("Принято").await?;
    CARD.shows(window, CHANGED).await?;
    window.shows("Всё отправлено").await
}
