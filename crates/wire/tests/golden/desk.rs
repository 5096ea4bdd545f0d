//! Sealed operations of the workplace «desk».

use crate::operations::{enclosed, id, words};
use chrono::NaiveDate;
use domain::ticket::Status;
use domain::ticket::deadline::Duty;
use domain::{AccountId, DepartmentId, HouseId, IncidentId, MessageId, QuestionId, StaffId, SubtypeId, TicketId};
use zhkh_wire::desk::{
    AddNote, AnswerQuestion, AssignTicket, Caller, FoldTicket, Incident, MeetDuty, MoveTicket, Place, RegisterTicket,
    SetIncident,
};
use zhkh_wire::operation::Body;

/// What a file about the desk means: the number of its operation, which is above 40, and its body.
pub(crate) fn meaning(name: &str) -> Option<(u8, Body)> {
    let ticket = TicketId::new(id(0xD1));
    let register = |last, place, (name, phone): (&str, &str), attachments| {
        let caller = Caller { name: name.into(), phone: phone.into() };
        let (ticket, subtype, description) =
            (TicketId::new(id(last)), SubtypeId::new(id(0x52)), words("Течёт с потолка"));
        Body::RegisterTicket(RegisterTicket { ticket, place, caller, subtype, description, attachments })
    };
    let go =
        |from, to, reason: &str, until| Body::MoveTicket(MoveTicket { ticket, from, to, reason: words(reason), until });
    let note = |last, text: &str, attachments| {
        Body::AddNote(AddNote { note: MessageId::new(id(last)), ticket, text: words(text), attachments })
    };
    let incident = IncidentId::new(id(0xD8));
    let planned = Incident {
        id: incident,
        title: "Нет горячей воды".into(),
        text: words("Ремонт магистрали"),
        scheduled: true,
        houses: vec![HouseId::new(id(0xF1)), HouseId::new(id(0xF3))],
        subtypes: vec![SubtypeId::new(id(0x52))],
        from_ms: 1_795_168_800_000,
        until_ms: Some(1_795_255_200_000),
        over: false,
    };
    let (me, other) = (StaffId::new(id(0xA8)), StaffId::new(id(0xA9)));
    let department = DepartmentId::new(id(0x58));
    Some(match name {
        "ticket.register-1.json" => {
            let account = Place::Account(AccountId::new(id(0xE1)));
            (
                41,
                register(
                    0xD3,
                    account,
                    ("Смирнова Валентина Петровна", "8 900 000-00-01"),
                    vec![enclosed("9f", "Акт.jpg")],
                ),
            )
        }
        "ticket.register-1.house.json" => {
            (42, register(0xD4, Place::House(HouseId::new(id(0xF1))), ("", ""), Vec::new()))
        }
        "ticket.move-1.json" => (43, go(Status::InProgress, Status::Done, "", None)),
        "ticket.move-1.deferred.json" => {
            (44, go(Status::Accepted, Status::Deferred, "Нет запчасти", NaiveDate::from_ymd_opt(2026, 12, 1)))
        }
        "ticket.assign-1.json" => {
            let visit_by_ms = Some(1_795_175_000_000);
            let (seen, executor, department) = (Some(other), Some(me), Some(department));
            (45, Body::AssignTicket(AssignTicket { ticket, seen, executor, department, visit_by_ms }))
        }
        "ticket.assign-1.nobody.json" => {
            let (seen, executor, department, visit_by_ms) = (None, None, None, None);
            (46, Body::AssignTicket(AssignTicket { ticket, seen, executor, department, visit_by_ms }))
        }
        "ticket.meet-1.json" => (47, Body::MeetDuty(MeetDuty { ticket, duty: Duty::Localise })),
        "ticket.fold-1.json" => (48, Body::FoldTicket(FoldTicket { ticket, incident: Some(incident) })),
        "ticket.fold-1.out.json" => (49, Body::FoldTicket(FoldTicket { ticket, incident: None })),
        "note.add-1.json" => (50, note(0x68, "Злая собака", Vec::new())),
        "note.add-1.files.json" => (51, note(0x69, "", vec![enclosed("0a", "акт.pdf")])),
        "incident.set-1.json" => (52, Body::SetIncident(SetIncident { incident: planned })),
        "incident.set-1.over.json" => {
            let text = words("");
            let over = Incident { text, scheduled: false, subtypes: Vec::new(), until_ms: None, over: true, ..planned };
            (53, Body::SetIncident(SetIncident { incident: over }))
        }
        "question.answer-1.json" => {
            let (question, answer) = (QuestionId::new(id(0x78)), words("Перезвонил, номер счёта найден"));
            (54, Body::AnswerQuestion(AnswerQuestion { question, answer }))
        }
        _ => return None,
    })
}
