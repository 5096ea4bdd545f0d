//! The words of toasts and of the tray, in the language of this computer's settings.

mod announced;
mod desk;
mod payment;
mod talk;

use chrono::{Datelike, NaiveDate};
use client::view::{Language, PillView, Target, Toast, ToastReading};
use domain::Unit;

/// A toast with its words.
#[derive(Debug, Clone, PartialEq)]
pub struct Worded {
    /// The first line.
    pub title: String,
    /// The rest.
    pub text: String,
    /// What a click shows.
    pub target: Target,
}

/// Gives a toast its words.
pub fn toast(toast: &Toast, language: &Language) -> Worded {
    let russian = *language == Language::Ru;
    match toast {
        Toast::ReadingsAccepted { readings } => accepted(readings, russian),
        Toast::ReadingRejected { reading, .. } => Worded {
            title: if russian { "Показание не принято" } else { "The reading was not taken" }.into(),
            text: if russian {
                format!("{}. Оно сохранено; причина и что сделать — в программе.", line(reading, true))
            } else {
                format!("{}. It is kept; the reason and what to do are in the program.", line(reading, false))
            },
            target: Target::Meter { id: reading.meter.clone() },
        },
        Toast::Messages { conversations } => talk::messages(conversations, russian),
        Toast::TicketsMoved { tickets } => talk::moved(tickets, russian),
        Toast::PaymentsMoved { payments } => payment::moved(payments, russian),
        Toast::Announced { announcements } => announced::told(announcements, russian),
        Toast::NewTickets { tickets, emergency } => desk::came(tickets, *emergency, russian),
        Toast::TicketsAssigned { tickets } => desk::assigned(tickets, russian),
        Toast::WindowCloses { closes, missing } => Worded {
            title: if russian {
                format!("Приём показаний до {}", day(*closes, true))
            } else {
                format!("Readings are taken until {}", day(*closes, false))
            },
            text: if russian {
                format!("Ещё не переданы: {missing}")
            } else {
                format!("Not yet submitted: {missing}")
            },
            target: Target::Readings,
        },
    }
}

fn accepted(readings: &[ToastReading], russian: bool) -> Worded {
    let held = readings.iter().find_map(|reading| reading.scheduled);
    let title = match (readings.len(), russian) {
        (1, true) => "Показание принято".to_owned(),
        (1, false) => "The reading is accepted".to_owned(),
        (count, true) => format!("Приняты показания: {count}"),
        (count, false) => format!("Readings accepted: {count}"),
    };
    let mut lines: Vec<String> = readings.iter().map(|reading| line(reading, russian)).collect();
    if let Some(on) = held {
        lines.push(if russian {
            format!("Будет передано {}", day(on, true))
        } else {
            format!("To be passed on {}", day(on, false))
        });
    }
    let target = match readings {
        [only] => Target::Meter { id: only.meter.clone() },
        _ => Target::Queue,
    };
    Worded { title, text: lines.join("\n"), target }
}

fn line(reading: &ToastReading, russian: bool) -> String {
    let values = if russian { reading.values.join(" / ").replace('.', ",") } else { reading.values.join(" / ") };
    format!("{}: {values}\u{a0}{}", reading.name, unit(reading.unit, russian))
}

fn unit(unit: Unit, russian: bool) -> &'static str {
    match (unit, russian) {
        (Unit::CubicMetre, true) => "м³",
        (Unit::CubicMetre, false) => "m³",
        (Unit::KilowattHour, true) => "кВт·ч",
        (Unit::KilowattHour, false) => "kWh",
        (Unit::Gigacalorie, true) => "Гкал",
        (Unit::Gigacalorie, false) => "Gcal",
    }
}

fn day(date: NaiveDate, russian: bool) -> String {
    const RU: [&str; 12] = [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ];
    if russian {
        format!("{}\u{a0}{}", date.day(), RU[date.month0() as usize])
    } else {
        date.format("%-d %B").to_string()
    }
}

/// The line of the tray's menu and its tooltip: how the queue is.
pub fn pill(pill: &PillView, language: &Language) -> String {
    let russian = *language == Language::Ru;
    let counted = |ru: &str, en: &str, count: u32| format!("{}: {count}", if russian { ru } else { en });
    match pill {
        PillView::Attention { count } => counted("Требует внимания", "Needs attention", *count),
        PillView::Clock { count, .. } => counted("Проверьте часы. Сохранено", "Check the clock. Saved", *count),
        PillView::SignIn { count } => counted("Войдите, чтобы отправить", "Sign in to send", *count),
        PillView::Upgrade { count } => counted("Обновите программу. Сохранено", "Update the program. Saved", *count),
        PillView::Offline { count: 0 } => if russian { "Нет связи" } else { "No connection" }.into(),
        PillView::Offline { count } => {
            counted("Нет связи. Сохранено на этом компьютере", "No connection. Saved on this computer", *count)
        }
        PillView::Sending { done, total } if russian => format!("Отправляется {done} из {total}"),
        PillView::Sending { done, total } => format!("Sending {done} of {total}"),
        PillView::Sent => if russian { "Всё отправлено" } else { "Everything is sent" }.into(),
    }
}

/// What was not read yet, for the tray; `None` when all was.
pub fn unread(count: u32, language: &Language) -> Option<String> {
    (count > 0).then(|| match language {
        Language::Ru => format!("Новое в заявках и сообщениях: {count}"),
        Language::En => format!("New in tickets and messages: {count}"),
    })
}

/// «Открыть» of the tray's menu, and the button of a toast.
pub const fn open(language: &Language) -> &'static str {
    match language {
        Language::Ru => "Открыть",
        Language::En => "Open",
    }
}

/// «Закрыть программу» of the tray's menu: ends the program and signs nobody out, unlike «Выход» of the profile.
pub const fn quit(language: &Language) -> &'static str {
    match language {
        Language::Ru => "Закрыть программу",
        Language::En => "Close the program",
    }
}

#[cfg(test)]
mod tests {
    use super::{pill, toast};
    use chrono::NaiveDate;
    use client::view::{Language, PillView, Target, Toast, ToastReading};
    use wire::problem::Rejection;

    fn reading(meter: &str) -> ToastReading {
        ToastReading {
            operation: "0".into(),
            meter: meter.into(),
            name: "Холодная вода, кухня".into(),
            values: vec!["00232.110".into()],
            unit: domain::Unit::CubicMetre,
            scheduled: NaiveDate::from_ymd_opt(2026, 11, 15),
        }
    }

    #[test]
    fn one_accepted_reading_opens_its_meter_and_says_when_it_is_passed_on() {
        let worded = toast(&Toast::ReadingsAccepted { readings: vec![reading("m1")] }, &Language::Ru);
        assert_eq!(worded.title, "Показание принято");
        assert_eq!(worded.text, "Холодная вода, кухня: 00232,110\u{a0}м³\nБудет передано 15\u{a0}ноября");
        assert_eq!(worded.target, Target::Meter { id: "m1".into() });
    }

    #[test]
    fn several_accepted_readings_are_one_toast() {
        let worded = toast(&Toast::ReadingsAccepted { readings: vec![reading("m1"), reading("m2")] }, &Language::En);
        assert_eq!(worded.title, "Readings accepted: 2");
        assert_eq!(worded.target, Target::Queue);
    }

    #[test]
    fn a_refused_reading_opens_its_meter_and_is_said_to_be_kept() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 26).expect("a day");
        let rejection = Rejection::WindowClosed { closed_on: day, next_opens: day, too_late: true };
        let worded = toast(&Toast::ReadingRejected { reading: reading("m1"), rejection }, &Language::Ru);
        assert_eq!(worded.target, Target::Meter { id: "m1".into() });
        assert!(worded.text.contains("Оно сохранено"), "{}", worded.text);
    }

    #[test]
    fn the_end_of_acceptance_opens_the_readings() {
        let closes = NaiveDate::from_ymd_opt(2026, 11, 25).expect("a day");
        let worded = toast(&Toast::WindowCloses { closes, missing: 2 }, &Language::Ru);
        assert_eq!(worded.title, "Приём показаний до 25\u{a0}ноября");
        assert_eq!(worded.target, Target::Readings);
    }

    #[test]
    fn the_tray_tells_what_is_saved_here() {
        let words = pill(&PillView::Offline { count: 3 }, &Language::Ru);
        assert_eq!(words, "Нет связи. Сохранено на этом компьютере: 3");
    }
}
