//! What stands in the tickets that are measured: invented, in the lengths in which people write.

use domain::ticket::deadline::Duty;
use domain::ticket::{Party, Status, TicketNumber, short_name};
use domain::{
    AccountId, AccountNumber, DepartmentId, HouseId, MessageId, MessageText, Source, StaffId, SubtypeId, TicketId,
};
use uuid::Uuid;
use wire::desk::DeskTicket;
use wire::ticket::{Conversation, Deadline, Message, Ticket};

/// The moment of the newest of everything.
const NOW_MS: i64 = 1_795_000_000_000;
const HOUR_MS: i64 = 3_600_000;

const STREETS: [&str; 8] =
    ["Винокурова", "Солнечная", "Гидростроителей", "Советская", "Молодёжная", "Парковая", "Восточная", "Пионерская"];
const SURNAMES: [&str; 8] =
    ["Смирнова", "Кузнецов", "Степанова", "Егоров", "Николаева", "Фёдоров", "Григорьева", "Михайлов"];
const KINDS: [(&str, &str, bool); 6] = [
    ("Аварийная служба", "Течь, прорвало трубу", true),
    ("Аварийная служба", "Нет горячей воды", true),
    ("Сантехника", "Капает кран", false),
    ("Электрика", "Не горит свет в подъезде", false),
    ("Благоустройство", "Не убран двор", false),
    ("Лифт", "Лифт не работает", false),
];
const PHRASES: [&str; 8] = [
    "Слесарь придёт завтра до обеда.",
    "Капает из-под мойки на кухне, подставила таз.",
    "Здравствуйте!",
    "Ёлка во дворе упала на провода, света нет с утра.",
    "Спасибо, уже сухо.",
    "В подъезде на третьем этаже третий день не горит лампа, люди спотыкаются.",
    "Когда включат горячую воду?",
    "Мастер был, кран заменил, акт подписан, просим проверить давление вечером и написать нам, если снова будет слабым.",
];

/// One to four phrases.
fn words(number: usize) -> MessageText {
    let many = 1 + number * 7 % 4;
    let phrases: Vec<_> = (0..many).map(|at| PHRASES[(number * 5 + at * 3) % PHRASES.len()]).collect();
    MessageText::parse(&format!("{} ({number})", phrases.join(" "))).unwrap_or_default()
}

/// The message at a place, from 0. Every third is the resident's.
pub fn message(ticket: TicketId, place: usize, of: usize) -> Message {
    let from = if place.is_multiple_of(3) { Party::Resident } else { Party::Staff };
    let at_ms = NOW_MS - (of - place) as i64 * 10 * 60_000;
    Message {
        id: MessageId::new(Uuid::from_u128(0x51 << 96 | place as u128)),
        conversation: Conversation::Ticket(ticket),
        number: place as i64 + 1,
        from,
        author: if from == Party::Staff { "Ильина, диспетчер" } else { "Смирнова В. П." }.to_owned(),
        text: words(place),
        attachments: Vec::new(),
        captured_ms: at_ms,
        received_ms: at_ms + 900,
    }
}

/// Where the work stands in a town that keeps its old tickets: one in seven is open.
fn status(number: usize) -> Status {
    match number % 100 {
        0..=2 => Status::New,
        3..=6 => Status::Accepted,
        7..=10 => Status::InProgress,
        11 => Status::Deferred,
        12..=13 => Status::AwaitingResident,
        14..=24 => Status::Done,
        25..=94 => Status::Closed,
        _ => Status::Rejected,
    }
}

/// A ticket as the desk sees it; the greatest number is the newest. `account`: of a resident's own.
pub fn ticket(number: usize, of: usize, account: Option<AccountId>) -> DeskTicket {
    let (type_name, subtype_name, emergency) = KINDS[number * 3 % KINDS.len()];
    // Neighbours in the list are neither neighbours in the town nor in the course of the work.
    let mixed = number.wrapping_mul(2_654_435_761) % 1_000_003;
    let (status, description) = (status(mixed), words(number));
    let registered_ms = NOW_MS - (of - number) as i64 * 5 * 60_000;
    let done_ms = (!status.is_open()).then_some(registered_ms + HOUR_MS);
    let due = |duty, hours: i64| Deadline { duty, due_ms: registered_ms + hours * HOUR_MS, done_ms };
    let id = |of: u128, number: usize| Uuid::from_u128(of << 96 | number as u128);
    let ticket = Ticket {
        id: TicketId::new(id(0x71, number)),
        number: TicketNumber { year: 2026, number: u32::try_from(number).unwrap_or(u32::MAX) },
        short_name: short_name(subtype_name, description.as_str()),
        type_name: type_name.to_owned(),
        subtype_name: subtype_name.to_owned(),
        emergency,
        account,
        address: format!(
            "г. Новочебоксарск, ул. {}, д. {}, кв. {}",
            STREETS[mixed % STREETS.len()],
            1 + mixed / 8 % 90,
            1 + mixed % 144
        ),
        description,
        attachments: Vec::new(),
        source: Source::ResidentApp,
        registered_ms,
        captured_ms: registered_ms,
        status,
        reason: MessageText::default(),
        deferred_until: None,
        visit_by_ms: None,
        executor_name: if mixed.is_multiple_of(3) { "Степанов И. В.".to_owned() } else { String::new() },
        incident: None,
        deadlines: vec![due(Duty::Inform, 1), due(Duty::Localise, 2), due(Duty::Finish, 24 * 30)],
        rating: None,
        reopened: 0,
    };
    DeskTicket {
        ticket,
        subtype: SubtypeId::new(id(0x72, number % KINDS.len())),
        resident: None,
        applicant_name: format!("{} {}", SURNAMES[mixed / 3 % SURNAMES.len()], "Анна Петровна"),
        applicant_phone: format!("+7 900 {:03}-{:02}-{:02}", mixed % 1000, mixed / 7 % 100, mixed / 11 % 100),
        account_number: AccountNumber::parse(&format!("214{mixed:07}")).ok(),
        house: HouseId::new(id(0x73, mixed % 720)),
        department: Some(department(mixed % 4)),
        executor: mixed.is_multiple_of(3).then(|| StaffId::new(id(0x75, mixed % 12))),
    }
}

/// One of four departments.
pub fn department(number: usize) -> DepartmentId {
    DepartmentId::new(Uuid::from_u128(0x74 << 96 | number as u128))
}
