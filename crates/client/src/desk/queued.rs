//! What the staff entered, in the panel of the queue.

use crate::view::QueueWhat;
use domain::ticket::short_name;
use wire::operation::Body;

/// What an operation of the staff does; what is not theirs has words elsewhere.
pub(crate) fn what(body: &Body) -> QueueWhat {
    match body {
        Body::RegisterTicket(body) => QueueWhat::RegisterTicket {
            ticket: body.ticket.to_string(),
            text: short_name("", body.description.as_str()),
        },
        Body::MoveTicket(body) => QueueWhat::MoveTicket { ticket: body.ticket.to_string(), to: body.to },
        Body::AssignTicket(body) => QueueWhat::AssignTicket { ticket: body.ticket.to_string() },
        Body::MeetDuty(body) => QueueWhat::MeetDuty { ticket: body.ticket.to_string(), duty: body.duty },
        Body::FoldTicket(body) => {
            QueueWhat::FoldTicket { ticket: body.ticket.to_string(), out: body.incident.is_none() }
        }
        Body::AddNote(body) => QueueWhat::Note {
            ticket: body.ticket.to_string(),
            text: short_name("", body.text.as_str()),
            files: u32::try_from(body.attachments.len()).unwrap_or(u32::MAX),
        },
        Body::SetIncident(body) => {
            QueueWhat::Incident { incident: body.incident.id.to_string(), title: body.incident.title.clone() }
        }
        Body::AnswerQuestion(body) => QueueWhat::AnswerQuestion { question: body.question.to_string() },
        Body::SubmitReading(_)
        | Body::RenameMeter(_)
        | Body::UpdateProfile(_)
        | Body::CreateTicket(_)
        | Body::SendMessage(_)
        | Body::MarkRead(_)
        | Body::CloseTicket(_)
        | Body::ReopenTicket(_)
        | Body::SetAnnouncement(_)
        | Body::ReadAnnouncement(_)
        | Body::AnswerPoll(_) => QueueWhat::Unreadable,
    }
}
