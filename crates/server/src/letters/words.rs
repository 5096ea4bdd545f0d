//! What letters say.

use crate::config::Config;
use chrono::DateTime;
use domain::MessageText;
use domain::ticket::Status;
use domain::ticket::deadline::Duty;
use wire::ticket::Ticket;

/// A subject and a body, plain text.
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) body: String,
}

/// The ticket was registered.
pub(super) fn registered(config: &Config, ticket: &Ticket) -> Words {
    let mut body = format!(
        "Здравствуйте!\n\nВаша заявка № {} зарегистрирована {}.\n\n",
        ticket.number.number,
        moment(config, ticket.registered_ms)
    );
    body.push_str(&about(ticket));
    let finish = ticket.deadlines.iter().find(|deadline| deadline.duty == Duty::Finish);
    if let Some(finish) = finish {
        body.push_str(&format!("Срок выполнения: до {}\n", moment(config, finish.due_ms)));
    }
    body.push_str(&format!("\nВы написали:\n{}\n", ticket.description.as_str()));
    Words {
        subject: format!("Заявка № {} зарегистрирована", ticket.number.number), body: signed(config, body)
    }
}

/// The work stands somewhere else.
pub(super) fn moved(config: &Config, ticket: &Ticket, to: Status, reason: &MessageText) -> Words {
    let (title, sentence) = said(to);
    let mut body = format!("Здравствуйте!\n\nЗаявка № {}: {sentence}\n\n", ticket.number.number);
    if let Some(until) = ticket.deferred_until.filter(|_| to == Status::Deferred) {
        body.push_str(&format!("Отложена до {}.\n", until.format("%d.%m.%Y")));
    }
    if !reason.is_empty() {
        body.push_str(&format!("Причина: {}\n", reason.as_str()));
    }
    body.push_str(&about(ticket));
    Words { subject: format!("Заявка № {}: {title}", ticket.number.number), body: signed(config, body) }
}

/// The word for the subject, and the sentence.
const fn said(to: Status) -> (&'static str, &'static str) {
    match to {
        Status::New => ("открыта снова", "открыта снова, её возьмёт диспетчер."),
        Status::Accepted => ("принята", "принята диспетчером."),
        Status::InProgress => ("в работе", "передана в работу."),
        Status::Deferred => ("отложена", "работа отложена."),
        Status::AwaitingResident => ("ждём вашего ответа", "нужен ваш ответ. Откройте заявку в программе и ответьте."),
        Status::Done => ("выполнена", "выполнена. Если что-то не так, откройте её снова в программе."),
        Status::Closed => ("закрыта", "закрыта."),
        Status::Rejected => ("отклонена", "отклонена."),
    }
}

fn about(ticket: &Ticket) -> String {
    format!("Адрес: {}\nТип: {}, {}\n", ticket.address, ticket.type_name, ticket.subtype_name)
}

fn signed(config: &Config, body: String) -> String {
    footed(config, body, "Ответить можно в программе ЖКХ Desktop, в разделе «Заявки».")
}

/// With where to go on, and who writes.
pub(super) fn footed(config: &Config, body: String, further: &str) -> String {
    let utility = &config.utility;
    format!(
        "{body}\n{further} На это письмо отвечать не нужно.\n\n{}\nАварийная служба: {}\n",
        utility.name, utility.emergency_phone
    )
}

/// In the utility's zone.
fn moment(config: &Config, at_ms: i64) -> String {
    let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default().with_timezone(&config.zone);
    at.format("%d.%m.%Y %H:%M").to_string()
}
