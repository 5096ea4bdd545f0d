use super::{AttachmentLimitsView, DeadlineView, DraftView, Mark, TicketEventView, TicketTypeView, TicketView, view};
use chrono::NaiveDate;
use domain::Source;
use domain::ticket::deadline::Duty;
use domain::ticket::{Status, TicketNumber};

view! {
    /// `desk`: what stands on the left and in every menu of a dispatcher.
    pub struct DeskView {
        /// Whether the mirror was filled at least once.
        pub known: bool,
        /// Who is signed in.
        pub me: DeskPersonView,
        /// The shelves, with how many tickets lie on each.
        pub shelves: Vec<DeskShelfCount>,
        /// How many support conversations wait for an answer.
        pub chats: u32,
        /// How many questions of people who are not signed in wait for a call.
        pub questions: u32,
        /// What may be registered, in the utility's order.
        pub types: Vec<TicketTypeView>,
        /// Incidents that go on.
        pub incidents: Vec<DeskIncidentView>,
        /// Departments, in the utility's order.
        pub departments: Vec<DeskDepartmentView>,
        /// Everybody who may be sent or asked.
        pub staff: Vec<DeskPersonView>,
        /// «Готовые ответы».
        pub canned: Vec<DeskCannedView>,
        /// What may be attached.
        pub limits: AttachmentLimitsView,
    }

    /// Somebody of the staff.
    pub struct DeskPersonView {
        /// Their id.
        pub id: String,
        /// «Ильина С. В.».
        pub name: String,
        /// «Диспетчер».
        pub post: String,
        /// Their department.
        pub department: Option<String>,
        /// Whether they work on tickets in the program.
        pub dispatcher: bool,
        /// Whether they answer in the support.
        pub support: bool,
        /// Whether they write news, polls and offers.
        pub editor: bool,
    }

    /// A department.
    pub struct DeskDepartmentView {
        /// Its id.
        pub id: String,
        /// Its name.
        pub name: String,
    }

    /// A canned reply.
    pub struct DeskCannedView {
        /// What it is called in the menu.
        pub title: String,
        /// What it says.
        pub text: String,
    }

    /// A heap of tickets.
    #[derive(Copy, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum DeskShelf {
        /// Nobody took them yet.
        New,
        /// Everything on which the utility owes work.
        Open,
        /// Those of the person on which the utility owes work.
        Mine,
        /// Urgent, and the utility owes work.
        Emergency,
        /// A deadline has passed.
        Overdue,
        /// «Ждут жителя».
        Awaiting,
        /// «Отложены».
        Deferred,
        /// Done, closed, rejected.
        Finished,
    }

    /// How many tickets lie on a shelf.
    pub struct DeskShelfCount {
        /// The shelf.
        pub shelf: DeskShelf,
        /// How many.
        pub count: u32,
    }

    /// `desk_tickets`
    pub struct DeskTicketsArgs {
        /// The shelf.
        pub shelf: DeskShelf,
        /// Only of this department.
        pub department: Option<String>,
        /// Only of this executor.
        pub executor: Option<String>,
        /// Number, address, account, telephone, words; over all tickets when not empty, whatever the shelf.
        pub text: String,
        /// «Сначала срочные»; else the newest first.
        pub urgent_first: bool,
        /// The place of the first row wanted, from 0.
        pub from: u32,
        /// How many; at most 200.
        pub count: u32,
    }

    /// A part of the list.
    pub struct DeskTicketsView {
        /// How many there are.
        pub total: u32,
        /// The place of the first of `rows`.
        pub from: u32,
        /// Tickets. Those of an incident stand together, first.
        pub rows: Vec<DeskRow>,
    }

    /// A ticket in the list.
    pub struct DeskRow {
        /// The ticket.
        pub ticket: String,
        /// Its number; `None` until the server gave one.
        pub number: Option<TicketNumber>,
        /// «Краткое название».
        pub short_name: String,
        /// Where.
        pub address: String,
        /// Whether it is urgent.
        pub emergency: bool,
        /// Where the work stands.
        pub status: Status,
        /// Who works on it, shortened; empty when nobody does.
        pub executor: String,
        /// Through whom it came.
        pub source: Source,
        /// The next deadline that was not met.
        pub deadline: Option<DeadlineView>,
        /// How much of the time to it is over, in per cent, at most 100.
        pub elapsed: u8,
        /// Messages of the resident that nobody of the staff has read.
        pub unread: u32,
        /// The incident it is folded to.
        pub incident: Option<String>,
        /// Where the newest of what was entered here is.
        pub mark: Option<Mark>,
        /// What was entered here lately came second: [`DeskTicketView::overruled`] says to what.
        pub overruled: bool,
    }

    /// A mass outage.
    pub struct DeskIncidentView {
        /// The incident.
        pub id: String,
        /// What is the matter.
        pub title: String,
        /// What the residents read.
        pub text: String,
        /// Whether it was planned.
        pub planned: bool,
        /// The houses, by their addresses.
        pub houses: Vec<DeskHouseView>,
        /// When it began.
        #[ts(type = "number")]
        pub began_ms: i64,
        /// Until when it is promised to end.
        #[ts(type = "number | null")]
        pub until_ms: Option<i64>,
        /// When it ended.
        #[ts(type = "number | null")]
        pub ended_ms: Option<i64>,
        /// How many tickets are folded to it.
        pub tickets: u32,
        /// Where it is, while it waits here.
        pub mark: Option<Mark>,
    }

    /// A house.
    pub struct DeskHouseView {
        /// Its id.
        pub id: String,
        /// Its address.
        pub address: String,
    }

    /// `desk_ticket`
    pub struct DeskTicketView {
        /// What the resident sees too. «Закрыть» and «Открыть заново» in it are never the staff's.
        pub ticket: TicketView,
        /// As in the list.
        pub row: DeskRow,
        /// Who asked, by the whole name: a dispatcher addresses them by it.
        pub applicant: String,
        /// Where to call them.
        pub phone: String,
        /// The department.
        pub department: Option<String>,
        /// Who works on it.
        pub executor: Option<String>,
        /// When somebody comes.
        #[ts(type = "number | null")]
        pub visit_by_ms: Option<i64>,
        /// Where it may go from here.
        pub moves: Vec<Status>,
        /// «Рядом»: other open tickets of the same house, nearest first.
        pub near: Vec<DeskNear>,
        /// The incident that it may be folded to, of its house.
        pub incidents: Vec<String>,
        /// What is written to the colleagues and not sent.
        pub note_draft: DraftView,
        /// The last decision came second to another, which stands: [`wire::ticket::Happened::Overruled`] or
        /// [`wire::ticket::Happened::TakenBefore`]. Gone with the next decision.
        pub overruled: Option<TicketEventView>,
    }

    /// Another ticket of the same house.
    pub struct DeskNear {
        /// The ticket.
        pub ticket: String,
        /// Its number.
        pub number: Option<TicketNumber>,
        /// Its name.
        pub short_name: String,
        /// Where.
        pub address: String,
    }

    /// `desk_take`: several at once.
    pub struct DeskTicketsOf {
        /// The tickets.
        pub tickets: Vec<String>,
    }

    /// `desk_assign`: absent fields stay as they are.
    pub struct DeskAssignArgs {
        /// The tickets.
        pub tickets: Vec<String>,
        /// To which department.
        pub department: Option<String>,
        /// To whom.
        pub executor: Option<String>,
        /// When somebody comes.
        #[ts(type = "number | null")]
        pub visit_by_ms: Option<i64>,
    }

    /// `desk_move`
    pub struct DeskMoveArgs {
        /// The tickets.
        pub tickets: Vec<String>,
        /// Where to.
        pub to: Status,
        /// Why; needed to reject and to defer.
        pub reason: String,
        /// Until when it is deferred.
        pub until: Option<NaiveDate>,
    }

    /// `desk_meet`: the person was told, or the damage is stopped.
    pub struct DeskMeetArgs {
        /// The ticket.
        pub ticket: String,
        /// Which duty was met.
        pub duty: Duty,
    }

    /// `desk_note`: what only the staff reads.
    pub struct DeskNoteArgs {
        /// The ticket.
        pub ticket: String,
        /// The words and files.
        pub draft: DraftView,
    }

    /// `desk_register`: a ticket taken by telephone.
    pub struct DeskRegisterArgs {
        /// The account; absent when it is for a house.
        pub account: Option<String>,
        /// The house, when there is no account.
        pub house: Option<String>,
        /// Who called.
        pub name: String,
        /// Where to call back.
        pub phone: String,
        /// The subtype.
        pub subtype: String,
        /// What has to be done, and files.
        pub draft: DraftView,
    }

    /// `desk_places`: accounts and houses by number, address or name.
    pub struct DeskPlacesArgs {
        /// What is typed.
        pub text: String,
    }

    /// An account or a house for a ticket by telephone.
    pub struct DeskPlaceView {
        /// The account; `None` for a house.
        pub account: Option<String>,
        /// The house.
        pub house: String,
        /// The number of the account; empty for a house.
        pub number: String,
        /// Where.
        pub address: String,
    }

    /// `desk_fold`
    pub struct DeskFoldArgs {
        /// The tickets.
        pub tickets: Vec<String>,
        /// The incident; none takes them out.
        pub incident: Option<String>,
    }

    /// `desk_incident_save`: a new one, or a change of one.
    pub struct DeskIncidentArgs {
        /// The incident; absent for a new one.
        pub id: Option<String>,
        /// What is the matter.
        pub title: String,
        /// What the residents read.
        pub text: String,
        /// Whether it was planned.
        pub planned: bool,
        /// The houses.
        pub houses: Vec<String>,
        /// When it began.
        #[ts(type = "number")]
        pub began_ms: i64,
        /// Until when it is promised to end.
        #[ts(type = "number | null")]
        pub until_ms: Option<i64>,
        /// Whether it is over.
        pub over: bool,
    }

    /// `desk_chats`: conversations with the support.
    pub struct DeskChatView {
        /// The person, for `conversation`.
        pub user: String,
        /// Who: name, or the telephone of somebody signed out.
        pub name: String,
        /// The telephone.
        pub phone: String,
        /// The last words.
        pub last: String,
        /// When.
        #[ts(type = "number")]
        pub at_ms: i64,
        /// Messages that nobody of the staff has read.
        pub unread: u32,
    }

    /// `desk_questions`: questions of people who are not signed in, those that wait first.
    pub struct DeskQuestionView {
        /// The question.
        pub id: String,
        /// Where to call back.
        pub phone: String,
        /// What was asked.
        pub text: String,
        /// When.
        #[ts(type = "number")]
        pub asked_ms: i64,
        /// Who called back; empty while it waits.
        pub answered_by: String,
        /// What was answered, for the colleagues; may be empty.
        pub answer: String,
        /// Where the answer is, while it waits here.
        pub mark: Option<Mark>,
    }

    /// `desk_answer`: somebody called back.
    pub struct DeskAnswerArgs {
        /// The question.
        pub question: String,
        /// What was answered; may be empty.
        pub answer: String,
    }

    /// `desk_journal`: «диспетчерский журнал» of some days.
    pub struct DeskJournalArgs {
        /// The first day.
        pub from: NaiveDate,
        /// The last day.
        pub to: NaiveDate,
    }

    /// `desk_journal_lines`: the same to be printed, oldest first.
    pub struct DeskJournalLine {
        /// Its number.
        pub number: TicketNumber,
        /// When it was registered.
        #[ts(type = "number")]
        pub at_ms: i64,
        /// Where.
        pub address: String,
        /// Who asked.
        pub applicant: String,
        /// Where to call them.
        pub phone: String,
        /// What has to be done.
        pub name: String,
        /// «Сантехника: Течь».
        pub type_name: String,
        /// Who worked on it; may be empty.
        pub executor: String,
        /// The legal deadlines, with when they were met.
        pub deadlines: Vec<wire::ticket::Deadline>,
        /// Where the work stands.
        pub status: Status,
        /// When it was finished.
        #[ts(type = "number | null")]
        pub finished_ms: Option<i64>,
    }

    /// `desk_monitor`: overdue tickets and what residents think.
    pub struct DeskMonitorView {
        /// By department.
        pub departments: Vec<DeskMonitorRow>,
    }

    /// How a department does.
    pub struct DeskMonitorRow {
        /// Its name; empty for tickets of none.
        pub department: String,
        /// Tickets that are not final.
        pub open: u32,
        /// Those overdue.
        pub overdue: u32,
        /// Finished in the last thirty days.
        pub finished: u32,
        /// Of those, finished in time.
        pub in_time: u32,
        /// How many were rated.
        pub rated: u32,
        /// The mean of the ratings, in tenths: 46 is 4,6.
        pub rating_tenths: Option<u32>,
    }

    /// `outages`: what does not work in the houses of the resident, for the banner.
    pub struct OutageView {
        /// Stable for an incident and a house.
        pub id: String,
        /// «Авария: прорвало стояк горячей воды».
        pub title: String,
        /// What is done about it; may be empty.
        pub text: String,
        /// Whether it was planned.
        pub scheduled: bool,
        /// «Винокурова, 10-25», of the accounts concerned.
        pub addresses: Vec<String>,
        /// Since when; may lie ahead when it was planned.
        #[ts(type = "number")]
        pub from_ms: i64,
        /// Until when, as far as it is known.
        #[ts(type = "number | null")]
        pub until_ms: Option<i64>,
    }
}
