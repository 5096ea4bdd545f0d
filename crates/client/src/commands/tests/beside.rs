//! What stands beside accounts and tickets: settings of the computer, «Напишите нам», what does not work in one's houses.

use super::fake_server::VERA;
use super::house::{House, NOW_MS, ask, fails, until};
use super::ticketing::home;
use crate::view::{Failure, Field, FieldProblem};
use domain::{HouseId, IncidentId, MessageText};
use serde_json::{Value, json};
use uuid::Uuid;
use wire::desk::Outage;
use wire::entity::Entity;
use wire::feed::Scope;

#[tokio::test]
async fn quiet_hours_that_were_switched_off_stay_off_also_after_a_restart() {
    let house = House::new();
    let core = house.core();
    let mut settings = ask(&core, "boot", json!({})).await["settings"].clone();
    settings["quiet"] = json!({ "from": 22 * 60, "to": 7 * 60 });
    ask(&core, "settings_save", settings.clone()).await;
    assert!(core.settings().quiet.is_some());
    // As the window says it: what is switched off is left out.
    settings.as_object_mut().expect("an object").remove("quiet");
    ask(&core, "settings_save", settings).await;
    assert_eq!(core.settings().quiet, None);
    core.close().await;
    let core = house.core();
    assert_eq!(core.settings().quiet, None);
    core.close().await;
}

#[tokio::test]
async fn a_question_of_somebody_who_is_not_signed_in_reaches_the_support_once_and_offline_says_so() {
    let house = House::new();
    let core = house.core();
    let question = |phone: &str, text: &str| json!({ "phone": phone, "text": text });
    let nothing = fails(&core, "support_ask", question("8 900 000-12-34", " ")).await;
    assert_eq!(nothing, Failure::Field { field: Field::Text, problem: FieldProblem::Empty });
    house.server.state().cut = true;
    let offline = fails(&core, "support_ask", question("8 900 000-12-34", "Не приходит код")).await;
    assert_eq!(offline, Failure::Offline);
    house.server.state().cut = false;
    ask(&core, "support_ask", question("8 900 000-12-34", "Не приходит код")).await;
    let asked = house.server.state().questions.clone();
    let asked: Vec<_> = asked.iter().map(|it| (it.phone.as_str(), it.text.as_str())).collect();
    assert_eq!(asked, [("+79000001234", "Не приходит код")]);
    core.close().await;
}

#[tokio::test]
async fn what_does_not_work_in_ones_house_is_shown_without_a_connection_too() {
    let (house, core) = home().await;
    let of = |id: u128, title: &str, from_ms: i64| Outage {
        id: Uuid::from_u128(id),
        incident: IncidentId::new(Uuid::from_u128(id)),
        house: HouseId::new(Uuid::from_u128(0x71)),
        title: title.into(),
        text: MessageText::parse("Работает бригада").expect("words"),
        scheduled: false,
        from_ms,
        until_ms: None,
    };
    for outage in [of(2, "Нет света", NOW_MS), of(1, "Нет воды", NOW_MS - 1)] {
        house.server.state().tell_in(Scope::User(VERA), Entity::Outage(outage));
    }
    ask(&core, "person_back", json!({})).await;
    let titles = |all: &Value| all.as_array().expect("a list").iter().map(|it| it["title"].clone()).collect::<Vec<_>>();
    let both = vec![json!("Нет воды"), json!("Нет света")];
    until(&core, "outages", json!({}), |all| titles(all) == both).await;
    core.close().await;
    house.server.state().cut = true;
    let core = house.core();
    assert_eq!(titles(&ask(&core, "outages", json!({})).await), both);
    core.close().await;
}
