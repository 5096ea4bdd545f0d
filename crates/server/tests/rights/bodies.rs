//! What a stranger would enter about somebody else's things; and who of the staff may.

use crate::common::reading;
use crate::scene::{Role, Scene, ticket, words};
use domain::announcement::{Audience, Headline, Importance, Plan};
use domain::ticket::Status;
use domain::ticket::deadline::Duty;
use domain::{AnnouncementId, IncidentId, MessageId, MessageText, QuestionId, TicketId};
use uuid::Uuid;
use wire::announcement::{AnswerPoll, ReadAnnouncement, SetAnnouncement, What};
use wire::desk::{
    AddNote, AnswerQuestion, AssignTicket, Caller, FoldTicket, Incident, MeetDuty, MoveTicket, Place, RegisterTicket,
    SetIncident,
};
use wire::operation::{Body, RenameMeter, UpdateProfile};
use wire::ticket::{CloseTicket, Conversation, CreateTicket, MarkRead, ReopenTicket, SendMessage};

pub(crate) fn foreign(scene: &Scene) -> Vec<(Body, Vec<Role>)> {
    let (ticket, other) = (ticket(), TicketId::new(Uuid::from_u128(0x7002)));
    let (mine, support) = (Conversation::Ticket(ticket), Conversation::Support(scene.owner.user));
    let subtype = scene.world.config().tickets.types[0].subtypes[0].id;
    let message = MessageId::new(Uuid::from_u128(0x900));
    let say = |conversation| {
        Body::SendMessage(SendMessage { message, conversation, text: words("Чужое"), attachments: Vec::new() })
    };
    let read = |conversation| Body::MarkRead(MarkRead { conversation, through: 1 });
    let (account, description) = (scene.flat.account, words("Чужая квартира"));
    let create =
        CreateTicket { ticket: other, account, subtype, description: description.clone(), attachments: Vec::new() };
    let caller = Caller { name: String::new(), phone: String::new() };
    let (place, attachments) = (Place::Account(account), Vec::new());
    let register = RegisterTicket { ticket: other, place, caller, subtype, description, attachments };
    let incident = Incident {
        id: IncidentId::new(Uuid::from_u128(0xD8)),
        title: "Нет воды".into(),
        text: MessageText::default(),
        scheduled: false,
        houses: vec![scene.flat.house],
        subtypes: Vec::new(),
        from_ms: 0,
        until_ms: None,
        over: false,
    };
    let announcement = AnnouncementId::new(Uuid::from_u128(0xA001));
    let news = SetAnnouncement {
        announcement,
        headline: Headline::parse("Чужая новость").expect("a heading"),
        story: MessageText::default(),
        importance: Importance::Urgent,
        pinned: true,
        attachments: Vec::new(),
        what: What::News,
        audience: Audience::All,
        plan: Plan::Publish { at_ms: 0, until_ms: None },
    };
    let (from, to, reason) = (Status::New, Status::Done, MessageText::default());
    let (seen, executor, department, visit_by_ms) = (None, None, None, None);
    let (desk, helpers, nobody) = (vec![Role::Dispatcher], vec![Role::Support], Vec::new());
    let name = "Чужой".to_owned();
    vec![
        (reading(scene.flat.meter, "460"), nobody.clone()),
        (Body::RenameMeter(RenameMeter { meter: scene.flat.meter, name }), nobody.clone()),
        // Everybody's own; a profile names nobody, so a stranger's would change the stranger only.
        (Body::UpdateProfile(UpdateProfile { name: None, email: Some(String::new()) }), vec![Role::Stranger]),
        (Body::CreateTicket(create), nobody.clone()),
        (say(mine), desk.clone()),
        (say(support), helpers.clone()),
        (read(mine), desk.clone()),
        (read(support), helpers.clone()),
        (Body::CloseTicket(CloseTicket { ticket, rating: None, word: MessageText::default() }), nobody.clone()),
        (Body::ReopenTicket(ReopenTicket { ticket, why: MessageText::default() }), nobody),
        (Body::RegisterTicket(register), desk.clone()),
        (Body::MoveTicket(MoveTicket { ticket, from, to, reason, until: None }), desk.clone()),
        (Body::AssignTicket(AssignTicket { ticket, seen, executor, department, visit_by_ms }), desk.clone()),
        (Body::MeetDuty(MeetDuty { ticket, duty: Duty::Inform }), desk.clone()),
        (Body::FoldTicket(FoldTicket { ticket, incident: None }), desk.clone()),
        (Body::AddNote(AddNote { note: message, ticket, text: words("Чужая"), attachments: Vec::new() }), desk.clone()),
        (Body::SetIncident(SetIncident { incident }), desk),
        (Body::SetAnnouncement(Box::new(news)), Vec::new()),
        (Body::ReadAnnouncement(ReadAnnouncement { announcement }), Vec::new()),
        (Body::AnswerPoll(AnswerPoll { announcement, answers: Vec::new() }), Vec::new()),
        (
            Body::AnswerQuestion(AnswerQuestion { question: QuestionId::new(scene.question), answer: words("Нет") }),
            helpers,
        ),
    ]
}
