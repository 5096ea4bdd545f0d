//! The ways of a ticket at the desk, its deadlines, and what goes on by itself.

use crate::common::*;
use crate::sight::Sight;
use crate::{assign, create, go, say, ticket_id, two, words};
use domain::ticket::Status;
use domain::ticket::deadline::Duty;
use wire::desk::{AssignTicket, MeetDuty, MoveTicket};
use wire::feed::Scope;
use wire::operation::Body;
use wire::problem::Rejection;
use wire::ticket::{Conversation, Happened, MarkRead, Ticket};

fn met(ticket: &Ticket, duty: Duty) -> Option<i64> {
    ticket.deadlines.iter().find(|deadline| deadline.duty == duty).expect("a deadline").done_ms
}

#[tokio::test]
async fn taken_answered_localised_and_done_each_meets_its_deadline() {
    let world = World::new().await;
    let (mut resident, flat, mut ilina) = two(&world).await;
    let ticket = ticket_id(1);
    resident.applied(create(&world, &flat, ticket)).await;
    world.clock.set(november(20) + 60_000);
    let me = ilina.staff();
    ilina.applied(assign(ticket, None, me)).await;
    let seen = Sight::own(&world, &resident.person).await;
    assert_eq!(met(seen.tickets()[0], Duty::Inform), None, "taken, but nobody was told anything");
    ilina.applied(say(Conversation::Ticket(ticket), 1, "Мастер будет до 16:00")).await;
    let seen = Sight::own(&world, &resident.person).await;
    assert!(met(seen.tickets()[0], Duty::Inform).is_some());
    assert_eq!(seen.messages()[0].author, "Ильина, диспетчер");
    ilina.applied(Body::MeetDuty(MeetDuty { ticket, duty: Duty::Localise })).await;
    ilina.applied(go(ticket, Status::Accepted, Status::InProgress)).await;
    let seen = Sight::own(&world, &resident.person).await;
    assert!(met(seen.tickets()[0], Duty::Localise).is_some());
    assert_eq!(met(seen.tickets()[0], Duty::Finish), None);
    ilina.applied(go(ticket, Status::InProgress, Status::Done)).await;
    let seen = Sight::own(&world, &resident.person).await;
    let done = seen.tickets()[0];
    assert!(met(done, Duty::Finish).is_some_and(|at_ms| at_ms >= done.registered_ms));
    let localised = met(done, Duty::Localise);
    assert!(localised < met(done, Duty::Finish), "what was met before keeps its time");
}

#[tokio::test]
async fn both_sides_see_the_same_messages_marks_and_history() {
    let world = World::new().await;
    let (mut resident, flat, mut ilina) = two(&world).await;
    let ticket = ticket_id(1);
    let conversation = Conversation::Ticket(ticket);
    resident.applied(create(&world, &flat, ticket)).await;
    resident.applied(say(conversation, 1, "Когда придут?")).await;
    ilina.applied(say(conversation, 2, "Через час")).await;
    ilina.applied(Body::MarkRead(MarkRead { conversation, through: 2 })).await;
    resident.applied(Body::MarkRead(MarkRead { conversation, through: 1 })).await;
    let (own, desk) = (Sight::own(&world, &resident.person).await, Sight::of(&world, &ilina.person, Scope::Desk).await);
    assert_eq!(own.messages(), desk.messages());
    assert_eq!(own.happened(), desk.happened());
    assert_eq!((own.marks(), own.marks().len()), (desk.marks(), 2));
    assert_eq!(own.tickets()[0], &desk.desk_tickets()[0].ticket);
    let seen = desk.desk_tickets()[0];
    assert_eq!((seen.resident, seen.applicant_phone.as_str()), (Some(resident.person.user), "+79000000001"));
    assert_eq!(
        (seen.house, seen.account_number.as_ref().map(ToString::to_string)),
        (flat.house, Some(town::NUMBER.into()))
    );
}

#[tokio::test]
async fn only_allowed_ways_are_gone_and_a_reason_is_asked_for() {
    let world = World::new().await;
    let (mut resident, flat, mut ilina) = two(&world).await;
    let ticket = ticket_id(1);
    resident.applied(create(&world, &flat, ticket)).await;
    let stands = ilina.rejected(go(ticket, Status::New, Status::Closed)).await;
    assert_eq!(stands, Rejection::TicketStands { status: Status::New });
    for to in [Status::Rejected, Status::Deferred] {
        let field = Rejection::FieldInvalid { field: "reason".into() };
        assert_eq!(ilina.rejected(go(ticket, Status::New, to)).await, field);
    }
    let reason = words("Нет запчасти");
    let defer = |until| {
        Body::MoveTicket(MoveTicket { ticket, from: Status::New, to: Status::Deferred, reason: reason.clone(), until })
    };
    assert_eq!(ilina.rejected(defer(None)).await, Rejection::FieldInvalid { field: "until".into() });
    ilina.applied(defer(chrono::NaiveDate::from_ymd_opt(2026, 12, 1))).await;
    let own = Sight::own(&world, &resident.person).await;
    assert_eq!((own.tickets()[0].status, own.tickets()[0].reason.as_str()), (Status::Deferred, "Нет запчасти"));
    assert!(own.tickets()[0].deferred_until.is_some());
}

#[tokio::test]
async fn somebody_who_is_sent_brings_the_ticket_into_work_and_the_resident_reads_until_when() {
    let world = World::new().await;
    let (mut resident, flat, mut ilina) = two(&world).await;
    let master = world.staff("stepanov", "Степанов Иван Васильевич", "worker").await;
    let ticket = ticket_id(1);
    resident.applied(create(&world, &flat, ticket)).await;
    let departments = world.config().tickets.departments;
    let visit_by_ms = Some(november(20) + 4 * 3_600_000);
    let sent = AssignTicket {
        ticket,
        seen: None,
        executor: Some(domain::StaffId::new(master.user.uuid())),
        department: Some(departments[1].id),
        visit_by_ms,
    };
    ilina.applied(Body::AssignTicket(sent)).await;
    let own = Sight::own(&world, &resident.person).await;
    let seen = own.tickets()[0];
    assert_eq!(
        (seen.status, seen.visit_by_ms, seen.executor_name.as_str()),
        (Status::InProgress, visit_by_ms, "Степанов И. В.")
    );
    assert!(met(seen, Duty::Inform).is_some());
    let assigned =
        Happened::Assigned {
            executor: "Степанов И. В.".into(), department: departments[1].name.clone(), visit_by_ms
        };
    assert!(own.happened().contains(&&assigned), "{:?}", own.happened());
}

#[tokio::test]
async fn an_answer_that_was_waited_for_lets_the_work_go_on() {
    let world = World::new().await;
    let (mut resident, flat, mut ilina) = two(&world).await;
    let ticket = ticket_id(1);
    resident.applied(create(&world, &flat, ticket)).await;
    ilina.applied(go(ticket, Status::New, Status::AwaitingResident)).await;
    resident.applied(say(Conversation::Ticket(ticket), 1, "Второй подъезд")).await;
    let own = Sight::own(&world, &resident.person).await;
    assert_eq!(own.tickets()[0].status, Status::Accepted);
    assert_eq!(own.messages().len(), 1);
}

#[tokio::test]
async fn what_is_done_closes_by_itself_after_the_days_of_the_settings_and_not_before() {
    let settings = format!("{SETTINGS}\n[[tickets.rules]]\nfrom = \"2026-01-01\"\nclose_done_after_days = 3\n");
    let world = World::with(&settings).await;
    let (mut resident, flat, mut ilina) = two(&world).await;
    let (first, second) = (ticket_id(1), ticket_id(2));
    for ticket in [first, second] {
        resident.applied(create(&world, &flat, ticket)).await;
        ilina.applied(go(ticket, Status::New, Status::Done)).await;
    }
    // Taken up again in time.
    ilina.applied(go(second, Status::Done, Status::InProgress)).await;
    let status = async |day| {
        world.clock.set(november(day));
        world.running().tick().await.expect("ticked");
        let person = world.sign_in(&resident.person).await;
        let own = Sight::own(&world, &person).await;
        let of = |id| own.tickets().into_iter().find(|ticket| ticket.id == id).expect("there").status;
        (of(first), of(second))
    };
    assert_eq!(status(22).await, (Status::Done, Status::InProgress));
    assert_eq!(status(23).await, (Status::Closed, Status::InProgress));
}

#[tokio::test]
async fn an_imported_classifier_is_in_force_at_once_and_old_tickets_keep_their_names() {
    let world = World::new().await;
    let (mut resident, flat, _) = two(&world).await;
    resident.applied(create(&world, &flat, ticket_id(1))).await;
    let (store, config) = (world.store().clone(), world.config());
    let table = "тип;подтип;аварийный;отдел;сообщить, мин;локализовать, мин;выполнить, мин\nЛифт;Застрял;да;;10;;60\n";
    let import = move || zhkh_server::tickets::classifier::file::import(&store, &config, table.as_bytes());
    tokio::task::spawn_blocking(import).await.expect("no panic").expect("imported");
    world.running().tick().await.expect("ticked");
    let seen = world.snapshot(&resident.person, Scope::Public).await;
    let types: Vec<_> = seen
        .entities
        .iter()
        .filter_map(|it| if let wire::entity::Entity::TicketType(kind) = &it.entity { Some(kind) } else { None })
        .collect();
    assert!(matches!(types[..], [kind] if kind.name == "Лифт"), "{types:?}");
    let Body::CreateTicket(mut body) = create(&world, &flat, ticket_id(2)) else { unreachable!() };
    assert!(matches!(resident.rejected(Body::CreateTicket(body.clone())).await, Rejection::FieldInvalid { .. }));
    body.subtype = types[0].subtypes[0].id;
    resident.applied(Body::CreateTicket(body)).await;
    let own = Sight::own(&world, &resident.person).await;
    let of = |id| own.tickets().into_iter().find(|ticket| ticket.id == id).expect("there");
    assert_eq!(of(ticket_id(1)).type_name, "Аварийная служба");
    let lift = of(ticket_id(2));
    assert_eq!((lift.type_name.as_str(), lift.deadlines.len()), ("Лифт", 2));
    assert_eq!(lift.deadlines[0].due_ms - lift.registered_ms, 10 * 60_000);
}

#[tokio::test]
async fn a_desk_of_thousands_comes_in_pages_each_ticket_once() {
    const COUNT: u128 = 3_000;
    let world = World::new().await;
    let (mut resident, flat, ilina) = two(&world).await;
    resident.applied(create(&world, &flat, ticket_id(0))).await;
    let first = Sight::of(&world, &ilina.person, Scope::Desk).await.desk_tickets()[0].clone();
    let many = world.store().write(move |tx| {
        for number in 1..COUNT {
            let mut desk = first.clone();
            desk.ticket.id = domain::TicketId::new(uuid::Uuid::from_u128(number << 100));
            let entity = wire::entity::Entity::DeskTicket(Box::new(desk));
            tx.emit(Scope::Desk, None, wire::feed::Change::Put { entity });
        }
        Ok::<_, zhkh_server::storage::StoreError>(())
    });
    many.await.expect("written");
    let (mut after, mut seen, mut pages) = (String::new(), std::collections::BTreeSet::new(), 0);
    loop {
        let path = format!("/v1/snapshot?scope=desk&limit=1000{after}");
        let page: wire::feed::Snapshot = read(world.get_as(&ilina.person, &path).await).await;
        assert!(page.entities.len() <= 1000);
        pages += 1;
        for versioned in page.entities.iter().filter(|it| it.entity.kind() == "desk_ticket") {
            assert!(seen.insert(versioned.entity.id()), "twice");
        }
        let Some(next) = page.next else { break };
        after = format!("&after={next}");
    }
    assert_eq!((seen.len() as u128, pages), (COUNT, 4));
}
