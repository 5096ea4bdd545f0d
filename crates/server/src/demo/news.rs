//! What the invented utility told its residents in the last days.

use super::days::Step;
use super::people::{Props, Who};
use domain::announcement::{Ask, Audience, Headline, Importance, Plan, PollQuestion, WebLink};
use domain::{AnnouncementId, Kopecks, MessageText};
use uuid::Uuid;
use wire::announcement::{Offer, Poll, SetAnnouncement, What};
use wire::operation::Body;

const HOUR_MS: i64 = 3_600_000;

/// All of it, with how many hours ago.
pub(super) fn of(props: &Props) -> Vec<Step> {
    let days = |days: i64| props.now_ms + days * 24 * HOUR_MS;
    let poll = Poll {
        questions: vec![
            question(
                "Когда вам удобнее принимать слесаря?",
                Ask::One { options: lines(&["Утром", "Днём", "Вечером"]) },
            ),
            question(
                "Как вы узнаёте о плановых отключениях?",
                Ask::Several {
                    options: lines(&["Из этой программы", "Из объявления в подъезде", "От соседей", "Не узнаю"]),
                },
            ),
            PollQuestion {
                required: false, ..question("Что нам улучшить в первую очередь?", Ask::Words)
            },
        ],
        ends_ms: days(9),
        results_shown: true,
    };
    let offer = |group: &str, rubles: i64, order: Option<usize>, partner: &str, link: &str| {
        What::Offer(Offer {
            group: group.into(),
            price: (rubles > 0).then_some(Kopecks(rubles * 100)),
            price_from: order.is_some(),
            partner: partner.into(),
            order: order.map(|place| props.subtype(place)),
            phone: "8 (8352) 00-00-02".into(),
            link: WebLink::parse(link).ok(),
        })
    };
    let told = [
        (70.0, "Отопление включено во всех домах", HEATING, Importance::Usual, false, What::News, Audience::All),
        (46.0, "Показания принимаем до 25 числа", READINGS, Importance::Important, true, What::News, Audience::All),
        (45.0, "Удобно ли вам с нами?", POLL, Importance::Usual, false, What::Poll(poll), Audience::All),
        (
            44.0,
            "Замена счётчика воды под ключ",
            METERS,
            Importance::Usual,
            false,
            offer("Счётчики", 1_850, Some(10), "", ""),
            Audience::All,
        ),
        (
            43.9,
            "Поверка счётчика на дому",
            CHECKS,
            Importance::Usual,
            false,
            offer("Счётчики", 650, Some(10), "", ""),
            Audience::All,
        ),
        (
            43.8,
            "Натяжные потолки со скидкой 10 %",
            CEILINGS,
            Importance::Usual,
            false,
            offer("Предложения партнёров", 0, None, "ООО «Светлый дом»", "https://svetlydom.example/zhkh"),
            Audience::All,
        ),
        (
            2.0,
            "Авария на магистрали: горячей воды не будет до вечера",
            ACCIDENT,
            Importance::Urgent,
            false,
            What::News,
            Audience::Houses { houses: vec![props.house] },
        ),
    ];
    let steps = told.into_iter().zip(1_u128..).filter_map(
        |((ago, headline, story, importance, pinned, what, audience), number)| {
            // Every text of this file is short.
            let (headline, story) = (Headline::parse(headline).ok()?, MessageText::parse(story).ok()?);
            let announcement = AnnouncementId::new(Uuid::from_u128(0x0d3d_0000_0000_4000_8000_0000_0000_0000 + number));
            let (attachments, plan) = (Vec::new(), Plan::Publish { at_ms: 0, until_ms: None });
            let set = SetAnnouncement {
                announcement,
                headline,
                story,
                importance,
                pinned,
                attachments,
                what,
                audience,
                plan,
            };
            Some((ago, Who::Lebedeva, Body::SetAnnouncement(Box::new(set))))
        },
    );
    steps.collect()
}

fn question(text: &str, ask: Ask) -> PollQuestion {
    PollQuestion { text: text.into(), ask, required: true }
}

fn lines(options: &[&str]) -> Vec<String> {
    options.iter().map(|option| (*option).to_owned()).collect()
}

const HEATING: &str = "Тепло подано во все дома города. Если батареи холодные, оставьте заявку: «Отопление» → «Нет отопления». Мастер \
    проверит стояк и выпустит воздух.";
const READINGS: &str = "Передайте показания счётчиков воды с 15 по 25 число. Это можно сделать и без связи: показания уйдут сами, как \
    только она появится, и будут засчитаны тем днём, когда вы их записали.";
const POLL: &str = "Три коротких вопроса. Ответы обезличены; итоги опубликуем здесь же.";
const METERS: &str = "Снимем старый счётчик, поставим новый с гарантией 6 лет, опломбируем и введём в эксплуатацию в тот же день. \
    Прибор учёта входит в стоимость.";
const CHECKS: &str = "Мастер приедет с поверочной установкой, снимать счётчик не нужно. Сведения о поверке передадим во ФГИС «Аршин» \
    сами.";
const CEILINGS: &str = "Скидка жителям города при замере до конца года. Договор и гарантия — от партнёра.";
const ACCIDENT: &str =
    "Повреждена магистраль горячей воды. Бригада работает, холодная вода есть. Подвоз воды не нужен.";
