//! Toasts of messages and of what becomes of tickets.

use super::Worded;
use client::view::{Target, ToastConversation, ToastTicket};
use domain::ticket::{Status, TicketNumber};

/// How many lines a toast has at most: systems cut longer ones.
pub(super) const LINES: usize = 4;

/// New messages. One conversation is opened at its first new message, of several the last one.
pub fn messages(conversations: &[ToastConversation], russian: bool) -> Worded {
    let count: u32 = conversations.iter().fold(0, |sum, one| sum.saturating_add(one.count));
    let title = match (conversations, russian) {
        ([only], true) => format!("Сообщение: {}", name(only, true)),
        ([only], false) => format!("Message: {}", name(only, false)),
        (_, true) => format!("Новые сообщения: {count}"),
        (_, false) => format!("New messages: {count}"),
    };
    let text = match conversations {
        [only] => {
            let mut lines = vec![words(only, russian)];
            lines.extend(more(only.count, russian));
            lines.join("\n")
        }
        several => several.iter().take(LINES).map(|one| name(one, russian)).collect::<Vec<_>>().join("\n"),
    };
    Worded { title, text, target: conversations.last().map_or(Target::Support { message: None }, target) }
}

/// Tickets that the utility moved.
pub fn moved(tickets: &[ToastTicket], russian: bool) -> Worded {
    let title = match (tickets, russian) {
        ([only], true) => format!("Заявка {}: {}", number(only.number), status(only.status, true)),
        ([only], false) => format!("Ticket {}: {}", number(only.number), status(only.status, false)),
        (several, true) => format!("Изменились заявки: {}", several.len()),
        (several, false) => format!("Tickets changed: {}", several.len()),
    };
    let line = |ticket: &ToastTicket| format!("{}: {}", number(ticket.number), status(ticket.status, russian));
    let text = match tickets {
        [only] => only.short_name.clone(),
        several => several.iter().take(LINES).map(line).collect::<Vec<_>>().join("\n"),
    };
    let ticket = tickets.last().map(|ticket| ticket.ticket.clone()).unwrap_or_default();
    Worded { title, text, target: Target::Ticket { id: ticket, message: None } }
}

fn target(conversation: &ToastConversation) -> Target {
    let message = Some(conversation.message.clone());
    match (&conversation.ticket, &conversation.person) {
        (Some(ticket), _) => Target::Ticket { id: ticket.clone(), message },
        (None, Some(user)) => Target::Person { user: user.clone(), message },
        (None, None) => Target::Support { message },
    }
}

fn name(conversation: &ToastConversation, russian: bool) -> String {
    match conversation.number {
        Some(known) => format!("{}, {}", number(known), conversation.short_name),
        // The support sees who wrote.
        None if !conversation.short_name.is_empty() => conversation.short_name.clone(),
        None if russian => "техническая поддержка".to_owned(),
        None => "support".to_owned(),
    }
}

fn words(conversation: &ToastConversation, russian: bool) -> String {
    let said = match (conversation.text.as_str(), conversation.files, russian) {
        ("", 1, true) => "файл".to_owned(),
        ("", 1, false) => "a file".to_owned(),
        ("", files, true) => format!("файлов: {files}"),
        ("", files, false) => format!("files: {files}"),
        (text, ..) => text.to_owned(),
    };
    if conversation.author.is_empty() { said } else { format!("{}: {said}", conversation.author) }
}

fn more(count: u32, russian: bool) -> Option<String> {
    let more = count.checked_sub(1).filter(|more| *more > 0)?;
    Some(if russian { format!("и ещё: {more}") } else { format!("and more: {more}") })
}

pub(super) fn number(number: TicketNumber) -> String {
    format!("№\u{a0}{}", number.number)
}

/// As in the window.
const fn status(status: Status, russian: bool) -> &'static str {
    match (status, russian) {
        (Status::New, true) => "новая",
        (Status::New, false) => "new",
        (Status::Accepted, true) => "принята",
        (Status::Accepted, false) => "accepted",
        (Status::InProgress, true) => "в работе",
        (Status::InProgress, false) => "in progress",
        (Status::Deferred, true) => "отложена",
        (Status::Deferred, false) => "deferred",
        (Status::AwaitingResident, true) => "ждёт вашего ответа",
        (Status::AwaitingResident, false) => "waits for your answer",
        (Status::Done, true) => "выполнена",
        (Status::Done, false) => "done",
        (Status::Closed, true) => "закрыта",
        (Status::Closed, false) => "closed",
        (Status::Rejected, true) => "отклонена",
        (Status::Rejected, false) => "rejected",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversation(ticket: Option<&str>, count: u32) -> ToastConversation {
        ToastConversation {
            ticket: ticket.map(str::to_owned),
            person: None,
            number: ticket.map(|_| TicketNumber { year: 2026, number: 5107 }),
            // The resident's own conversation with the support has no name.
            short_name: ticket.map(|_| "Течь: капает".to_owned()).unwrap_or_default(),
            author: "Ильина, диспетчер".into(),
            text: "Когда вы дома?".into(),
            files: 0,
            message: "m".into(),
            count,
        }
    }

    #[test]
    fn one_conversation_is_told_with_its_words_and_opened_at_the_message() {
        let worded = messages(&[conversation(Some("t"), 3)], true);
        assert_eq!(worded.title, "Сообщение: №\u{a0}5107, Течь: капает");
        assert_eq!(worded.text, "Ильина, диспетчер: Когда вы дома?\nи ещё: 2");
        assert_eq!(worded.target, Target::Ticket { id: "t".into(), message: Some("m".into()) });
    }

    #[test]
    fn several_conversations_are_one_toast() {
        let worded = messages(&[conversation(Some("t"), 2), conversation(None, 1)], true);
        assert_eq!(worded.title, "Новые сообщения: 3");
        assert_eq!(worded.text, "№\u{a0}5107, Течь: капает\nтехническая поддержка");
        assert_eq!(worded.target, Target::Support { message: Some("m".into()) });
    }

    #[test]
    fn the_support_is_led_to_the_person_who_wrote() {
        let asked = ToastConversation {
            person: Some("vera".into()),
            short_name: "Смирнова В. П.".into(),
            ..conversation(None, 1)
        };
        let worded = messages(&[asked], true);
        assert_eq!(worded.target, Target::Person { user: "vera".into(), message: Some("m".into()) });
    }

    #[test]
    fn a_moved_ticket_is_told_by_its_number_and_status() {
        let ticket = ToastTicket {
            ticket: "t".into(),
            number: TicketNumber { year: 2026, number: 5107 },
            short_name: "Течь: капает".into(),
            status: Status::AwaitingResident,
        };
        let worded = moved(&[ticket], true);
        assert_eq!(worded.title, "Заявка №\u{a0}5107: ждёт вашего ответа");
        assert_eq!(worded.target, Target::Ticket { id: "t".into(), message: None });
    }
}
