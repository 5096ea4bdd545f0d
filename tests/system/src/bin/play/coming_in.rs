//! How a resident comes in: the robot's call, then an account by its bill.

use crate::album::Album;
use crate::stage::Stage;
use anyhow::Context;
use zhkh_system_tests::robot;
use zhkh_system_tests::window::Window;

const PHONE: &str = "79001234567";
const NAME: &str = "Смирнова Валентина Петровна";
const PASSWORD: &str = "Pechka7okno";
/// Cold water, kitchen, of the first account of the story.
pub const SERIAL: &str = "0453817-21";

/// Registers.
pub async fn register(stage: &Stage<'_>, album: &mut Album<'_>, window: &Window) -> anyhow::Result<()> {
    window.shows("Первый раз здесь?").await?;
    album.keep("start", "Программа запущена впервые", window).await?;
    window.press("Зарегистрироваться").await?;
    window.fill("Телефон", &format!("+{PHONE}")).await?;
    window.fill("ФИО", NAME).await?;
    window.tick("обработку персональных данных").await?;
    album.keep("registration-1", "Шаг 1: телефон, имя, согласие", window).await?;
    window.press("Далее").await?;
    window.press("Запросить звонок с кодом").await?;
    window.press("ОК").await?;
    let code = robot::hear(&stage.town.sandbox, PHONE, 0).await?;
    window.fill("Код доступа", &code).await?;
    album.keep("registration-2", "Шаг 2: робот продиктовал код", window).await?;
    window.press("Далее").await?;
    window.fill("Создайте пароль", PASSWORD).await?;
    window.fill("Подтвердите пароль", PASSWORD).await?;
    album.keep("registration-3", "Шаг 3: пароль", window).await?;
    window.press("Зарегистрироваться").await?;
    window.shows("Профиль").await?;
    album.keep("signed-in", "Вход выполнен", window).await
}

/// Attaches the first account of the story.
pub async fn attach(stage: &Stage<'_>, album: &mut Album<'_>, window: &Window) -> anyhow::Result<()> {
    let accounts = stage.town.sign_ins()?;
    let account = accounts.first().context("the story has accounts")?;
    window.press("Подключить лицевой счёт").await?;
    window.fill("Номер лицевого счёта", &account.number).await?;
    window.press("Подключить").await?;
    window.shows("Подтвердите, что счёт ваш").await?;
    window.choose("За какой месяц квитанция", &account.period).await?;
    window.fill("Итого к оплате", &account.sum_typed()).await?;
    album.keep("attach-proof", "Адрес скрыт; доказательство из квитанции", window).await?;
    window.press("Проверить").await?;
    window.shows("Сверьте адрес").await?;
    album.keep("attach-address", "Адрес открыт для сверки", window).await?;
    window.press("Подтвердить адрес").await?;
    window.shows("Счёт подключён").await?;
    window.press("К показаниям").await?;
    window.shows(SERIAL).await?;
    album.keep("readings", "Счёт подключён, раздел «Показания»", window).await
}
