//! Toasts of the workplace of the staff.

use super::Worded;
use super::talk::{LINES, number};
use client::view::{Target, ToastTicket};

/// Tickets that came.
pub fn came(tickets: &[ToastTicket], emergency: bool, russian: bool) -> Worded {
    let title = match (tickets, emergency, russian) {
        ([only], true, true) => format!("Авария: заявка {}", number(only.number)),
        ([only], true, false) => format!("Emergency: ticket {}", number(only.number)),
        ([only], false, true) => format!("Новая заявка {}", number(only.number)),
        ([only], false, false) => format!("New ticket {}", number(only.number)),
        (several, true, true) => format!("Аварийные заявки: {}", several.len()),
        (several, true, false) => format!("Emergency tickets: {}", several.len()),
        (several, false, true) => format!("Новые заявки: {}", several.len()),
        (several, false, false) => format!("New tickets: {}", several.len()),
    };
    worded(title, tickets)
}

/// Tickets that were given to whoever reads it.
pub fn assigned(tickets: &[ToastTicket], russian: bool) -> Worded {
    let title = match (tickets, russian) {
        ([only], true) => format!("Вам назначена заявка {}", number(only.number)),
        ([only], false) => format!("Ticket {} is yours", number(only.number)),
        (several, true) => format!("Вам назначены заявки: {}", several.len()),
        (several, false) => format!("Tickets that are yours: {}", several.len()),
    };
    worded(title, tickets)
}

fn worded(title: String, tickets: &[ToastTicket]) -> Worded {
    let line = |ticket: &ToastTicket| format!("{}, {}", number(ticket.number), ticket.short_name);
    let text = match tickets {
        [only] => only.short_name.clone(),
        several => several.iter().take(LINES).map(line).collect::<Vec<_>>().join("\n"),
    };
    let id = tickets.first().map(|ticket| ticket.ticket.clone()).unwrap_or_default();
    Worded { title, text, target: Target::Ticket { id, message: None } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ticket::{Status, TicketNumber};

    #[test]
    fn one_ticket_is_named_and_several_are_counted() {
        let ticket = |number: u32| ToastTicket {
            ticket: number.to_string(),
            number: TicketNumber { year: 2026, number },
            short_name: format!("Течь {number}"),
            status: Status::New,
        };
        let one = came(&[ticket(5)], true, true);
        assert_eq!((one.title.as_str(), one.text.as_str()), ("Авария: заявка №\u{a0}5", "Течь 5"));
        let two = assigned(&[ticket(5), ticket(6)], true);
        assert_eq!(two.title, "Вам назначены заявки: 2");
        assert_eq!(two.target, Target::Ticket { id: "5".into(), message: None });
    }
}
