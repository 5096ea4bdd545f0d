//! What only the real window proves.

#[path = "window/disk.rs"]
mod disk;
#[path = "window/kills.rs"]
mod kills;
#[path = "window/leaving.rs"]
mod leaving;
#[path = "window/tray.rs"]
mod tray;

use zhkh_system_tests::cut_proxy::CutProxy;
use zhkh_system_tests::desk::{Desk, Kind};
use zhkh_system_tests::folder;
use zhkh_system_tests::program::Program;
use zhkh_system_tests::robot;
use zhkh_system_tests::town::{Plan, Town};
use zhkh_system_tests::until::until;
use zhkh_system_tests::window::{PATIENCE, Window};

/// Twelve characters each, found nowhere else.
const NAME: &str = "Щербацевичев";
const PASSWORD: &str = "Qz7Wj4Xk9Vb2";
const ENTER: char = '\u{e007}';
const PHONE: &str = "79417263548";
/// Cold water, kitchen, of the first account of the story.
const SERIAL: &str = "0453817-21";

struct Scene {
    town: Town,
    proxy: CutProxy,
    desk: Desk,
    folder: tempfile::TempDir,
}

impl Scene {
    async fn set(kind: Kind) -> anyhow::Result<Self> {
        Self::set_with(kind, vec![]).await
    }

    /// With other settings of the server.
    async fn set_with(kind: Kind, settings: Vec<(String, String)>) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut plan = Plan::prepared(folder.path())?;
        plan.settings = settings;
        let town = Town::start(&plan)?;
        let proxy = CutProxy::start(town.server.address).await?;
        let desk = Desk::set_up(kind, folder.path(), &plan.logs).await?;
        Ok(Self { town, proxy, desk, folder })
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("window")
    }

    async fn open(&self) -> anyhow::Result<Window> {
        let logs = self.folder.path().join("logs");
        Window::open(&self.desk, &self.data(), &self.proxy.url(), &logs).await
    }

    async fn register(&self, window: &Window) -> anyhow::Result<()> {
        self.tell_about_oneself(window).await?;
        self.prove_phone(window).await?;
        self.set_password(window).await
    }

    /// Registration, step 1: phone, name, consent.
    async fn tell_about_oneself(&self, window: &Window) -> anyhow::Result<()> {
        window.press("Зарегистрироваться").await?;
        window.fill("Телефон", &format!("+{PHONE}")).await?;
        window.fill("ФИО", NAME).await?;
        window.tick("обработку персональных данных").await?;
        window.press("Далее").await?;
        window.shows("Запросить звонок с кодом").await
    }

    /// Registration, step 2: the robot's call.
    async fn prove_phone(&self, window: &Window) -> anyhow::Result<()> {
        window.press("Запросить звонок с кодом").await?;
        window.press("ОК").await?;
        window.fill("Код доступа", &robot::hear(&self.town.sandbox, PHONE, 0).await?).await?;
        window.press("Далее").await?;
        window.shows("Создайте пароль").await
    }

    /// Registration, step 3.
    async fn set_password(&self, window: &Window) -> anyhow::Result<()> {
        window.fill("Создайте пароль", PASSWORD).await?;
        window.fill("Подтвердите пароль", PASSWORD).await?;
        window.press("Зарегистрироваться").await?;
        window.shows("Профиль").await
    }

    async fn attach(&self, window: &Window) -> anyhow::Result<()> {
        self.look_up(window).await?;
        self.prove_account(window).await?;
        window.press("К показаниям").await?;
        window.shows(SERIAL).await
    }

    /// The account's number.
    async fn look_up(&self, window: &Window) -> anyhow::Result<()> {
        window.press("Подключить лицевой счёт").await?;
        window.fill("Номер лицевого счёта", &self.town.sign_ins()?.remove(0).number).await?;
        window.press("Подключить").await?;
        window.shows("Подтвердите, что счёт ваш").await
    }

    /// What the bill says, and the address to compare.
    async fn prove_account(&self, window: &Window) -> anyhow::Result<()> {
        let account = self.town.sign_ins()?.remove(0);
        window.choose("За какой месяц квитанция", &account.period).await?;
        window.fill("Итого к оплате", &account.sum_typed()).await?;
        window.press("Проверить").await?;
        window.press("Подтвердить адрес").await?;
        window.shows("Счёт подключён").await
    }
}

/// The robot wants no pause between two calls to one phone.
async fn robot_calls_at_once(town: &Town) -> anyhow::Result<()> {
    let knobs = reqwest::Client::new().post(format!("{}/control", town.sandbox));
    knobs.json(&serde_json::json!({"duplicate_window_s": 0})).send().await?.error_for_status()?;
    Ok(())
}

async fn sign_in(window: &Window, password: &str) -> anyhow::Result<()> {
    window.shows("Первый раз здесь?").await?;
    window.fill("Телефон", &format!("+{PHONE}")).await?;
    window.fill("Пароль", password).await?;
    window.press("Войти").await
}

#[tokio::test]
async fn with_a_keyring_a_person_stays_signed_in_over_a_kill() -> anyhow::Result<()> {
    let scene = Scene::set(Kind::Full).await?;
    let window = scene.open().await?;
    scene.register(&window).await?;
    window.kill_9().await?;
    let window = scene.open().await?;
    window.shows("Профиль").await?;
    window.close().await
}

#[tokio::test]
async fn a_click_on_the_toast_leads_from_another_section_to_the_meter() -> anyhow::Result<()> {
    let scene = Scene::set(Kind::Full).await?;
    let window = scene.open().await?;
    scene.register(&window).await?;
    scene.attach(&window).await?;
    window.press("Передать показания: Холодная вода, кухня").await?;
    window.type_over(&format!("460,118{ENTER}")).await?;
    window.shows("Принято сегодня").await?;
    window.press("Профиль").await?;
    window.shows("Электронная почта").await?;
    scene.desk.click_notification().await?;
    window.shows("Показания за").await?;
    window.shows(SERIAL).await?;
    window.close().await
}

#[tokio::test]
async fn a_second_start_ends_by_itself_and_leaves_the_first_window() -> anyhow::Result<()> {
    let scene = Scene::set(Kind::Full).await?;
    let window = scene.open().await?;
    window.shows("Первый раз здесь?").await?;
    let mut second = std::process::Command::new(folder::program("zhkh-desktop")?);
    scene.desk.seat(&mut second);
    second.env("ZHKH_SERVER_URL", scene.proxy.url()).env("ZHKH_DATA_DIR", scene.data());
    let mut second = Program::start("second", second, &scene.folder.path().join("logs"))?;
    until("the second start has ended", PATIENCE, || {
        let runs = second.runs();
        async move {
            anyhow::ensure!(!runs, "it still runs");
            Ok(())
        }
    })
    .await?;
    window.shows("Первый раз здесь?").await?;
    window.close().await
}

#[tokio::test]
async fn without_bus_and_keyring_the_password_opens_the_program_also_offline() -> anyhow::Result<()> {
    let scene = Scene::set(Kind::Bare).await?;
    let window = scene.open().await?;
    scene.register(&window).await?;
    window.kill_9().await?;

    let window = scene.open().await?;
    sign_in(&window, PASSWORD).await?;
    window.shows("Профиль").await?;
    window.kill_9().await?;

    scene.proxy.cut().await;
    let window = scene.open().await?;
    sign_in(&window, "Qz7Wj4Xk9Vb3").await?;
    window.shows("вы ещё не входили с этим телефоном и паролем").await?;
    window.fill("Пароль", PASSWORD).await?;
    window.press("Войти").await?;
    window.shows("Профиль").await?;
    window.close().await
}
