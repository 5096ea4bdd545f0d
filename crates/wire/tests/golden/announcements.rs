//! Sealed operations about announcements.

use crate::operations::{enclosed, id, words};
use domain::announcement::{Answer, Ask, Audience, Headline, Importance, Plan, PollQuestion, WebLink};
use domain::{AnnouncementId, HouseId, Kopecks, SubtypeId};
use zhkh_wire::announcement::{AnswerPoll, Offer, Poll, ReadAnnouncement, SetAnnouncement, What};
use zhkh_wire::operation::Body;

/// What a file about an announcement means: the number of its operation, above 40 for an editor's, and its body.
pub(crate) fn meaning(name: &str) -> Option<(u8, Body)> {
    let announcement = AnnouncementId::new(id(0xC8));
    let set = |headline: &str, story: &str, importance, (what, audience, plan)| SetAnnouncement {
        announcement,
        headline: Headline::parse(headline).expect("a heading"),
        story: words(story),
        importance,
        pinned: false,
        attachments: Vec::new(),
        what,
        audience,
        plan,
    };
    let lines = |options: [&str; 2]| options.map(str::to_owned).to_vec();
    let ask = |text: &str, ask, required| PollQuestion { text: text.into(), ask, required };
    Some(match name {
        "announcement.set-1.json" => {
            let houses = vec![HouseId::new(id(0xF1)), HouseId::new(id(0xF3))];
            let plan = Plan::Publish { at_ms: 1_795_168_800_000, until_ms: Some(1_795_255_200_000) };
            let of = (What::News, Audience::Houses { houses }, plan);
            let story = "С 9:00 до 17:00 вода может быть мутной.";
            let news = set("Промывка сетей 3 декабря", story, Importance::Urgent, of);
            let attachments = vec![enclosed("9f", "График.jpg")];
            (60, Body::SetAnnouncement(Box::new(SetAnnouncement { pinned: true, attachments, ..news })))
        }
        "announcement.set-1.poll.json" => {
            let questions = vec![
                ask("Время", Ask::One { options: lines(["Утро", "Вечер"]) }, true),
                ask("Дни", Ask::Several { options: lines(["Будни", "Выходные"]) }, false),
                ask("Пожелания", Ask::Words, false),
            ];
            let poll = Poll { questions, ends_ms: 1_795_255_200_000, results_shown: true };
            let streets = vec!["Винокурова".to_owned()];
            let of = (What::Poll(poll), Audience::Streets { streets }, Plan::Draft);
            (61, Body::SetAnnouncement(Box::new(set("Когда удобнее?", "", Importance::Usual, of))))
        }
        "announcement.set-1.offer.json" => {
            let offer = Offer {
                group: "Счётчики".into(),
                price: Some(Kopecks(150_000)),
                price_from: true,
                partner: String::new(),
                order: Some(SubtypeId::new(id(0x52))),
                phone: "+7 900 000-00-03".into(),
                link: WebLink::parse("https://example.ru/poverka").ok(),
            };
            let of = (What::Offer(offer), Audience::Debt { over: Kopecks(500_000) }, Plan::Withdrawn);
            let offer = set("Поверка счётчиков", "Мастер придёт на дом.", Importance::Important, of);
            (62, Body::SetAnnouncement(Box::new(offer)))
        }
        "announcement.read-1.json" => (18, Body::ReadAnnouncement(ReadAnnouncement { announcement })),
        "poll.answer-1.json" => {
            let words = Answer::Words { words: words("После шести") };
            let answers = vec![Answer::Chosen { places: vec![1] }, Answer::Skipped, words];
            (19, Body::AnswerPoll(AnswerPoll { announcement, answers }))
        }
        _ => return None,
    })
}
