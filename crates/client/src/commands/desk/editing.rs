//! News, polls and offers are written, planned, previewed and withdrawn. Writing needs no connection; whom it can be for, how many
//! those are and what came of it is asked of the server.

use super::super::{Nothing, fields, mint, whenever};
use super::at_desk;
use crate::core::Core;
use crate::desk::editing::{self, Laid};
use crate::desk::look::Look;
use crate::desk::results_sheet;
use crate::durable_file;
use crate::engine::NewOperation;
use crate::overlay::announcements::preview;
use crate::overlay::tickets::attachments::Shelf;
use crate::report::Fault;
use crate::session::Person;
use crate::view::{
    AudienceFindArgs, AudienceFoundView, AudiencePlaceView, AudienceReachArgs, AudienceReachView, EditedArgs,
    EditedListView, EditedPreviewView, EditedResultsView, EditedSaveArgs, EditedSavedView, EditedView, EditedWhat,
    Failure, Field, FieldProblem, PollWordsView, SavedView, Topic,
};
use domain::announcement::{
    AUDIENCE_MAX, Audience, AudienceProblem, HEADLINE_MAX, Headline, HeadlineError, Plan, WebLink, check_poll,
};
use domain::{AnnouncementId, FileId, FileName};
use outbox::Need;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;
use wire::announcement::{AnnouncementResults, AudiencePlaces, Offer, Poll, Reach, SetAnnouncement, What};
use wire::desk::Role;
use wire::operation::Body;
use wire::ticket::Enclosure;

/// The longest name of a file of results, in characters of the heading.
const LONGEST_NAME: usize = 60;

/// Everything that editors wrote.
pub(in super::super) async fn list(core: &Arc<Core>, _: Nothing) -> Result<EditedListView, Fault> {
    let (_, look) = at_desk(core)?;
    let rows = editing::all(&look)?.iter().map(|laid| laid.row(look.now_ms)).collect();
    Ok(EditedListView { known: look.seq.is_some(), rows })
}

/// One of them, to be changed.
pub(in super::super) async fn one(core: &Arc<Core>, args: EditedArgs) -> Result<EditedView, Fault> {
    let (person, look) = at_desk(core)?;
    let laid = editing::one(&look, id(&args.announcement)?)?.ok_or(Failure::Gone)?;
    let shelf = |file| person.files.facts(&person.engine, file);
    Ok(EditedView {
        row: laid.row(look.now_ms),
        story: laid.set.story.as_str().to_owned(),
        attachments: laid.attachments(&shelf),
        what: laid.what(),
        audience: laid.set.audience.clone(),
        named: laid.named(),
        plan: laid.set.plan,
    })
}

/// It is written down, and leaves when it can.
pub(in super::super) async fn save(core: &Arc<Core>, args: EditedSaveArgs) -> Result<EditedSavedView, Fault> {
    let (person, look) = at_desk(core)?;
    if !look.is(Role::Editor) {
        return Err(Failure::Gone.into());
    }
    let _turn = person.drafts.turn.lock().await;
    let (set, needs) = read(core, &person, &look, args)?;
    let announcement = set.announcement;
    let base_version = look.mirror.get("edited_announcement", announcement.uuid())?.map(|found| found.version);
    let replaces = editing::replaceable(&look, announcement).map(|entry| entry.id);
    let operation = NewOperation { base_version, needs, ..whenever(Body::SetAnnouncement(Box::new(set))) };
    person.engine.enqueue(operation, replaces).await?;
    core.tell(&[Topic::Tickets]);
    Ok(EditedSavedView { announcement: announcement.to_string() })
}

/// As a resident will see it. What would be refused is refused here already.
pub(in super::super) async fn preview(core: &Arc<Core>, args: EditedSaveArgs) -> Result<EditedPreviewView, Fault> {
    let (person, look) = at_desk(core)?;
    let known = args.announcement.as_deref().map(id).transpose()?;
    let (set, _) = read(core, &person, &look, args)?;
    let mirrored = known.map(|id| editing::one(&look, id)).transpose()?.flatten().and_then(|laid| laid.mirrored);
    let shelf = |file| person.files.facts(&person.engine, file);
    let shelf: &Shelf<'_> = &shelf;
    let laid = Laid { set, mirrored, by: String::new(), changed_ms: look.now_ms, mark: None };
    Ok(EditedPreviewView { seen: preview::of(&laid.set, laid.attachments(shelf), look.now_ms) })
}

/// Streets, houses and accounts. Needs the server.
pub(in super::super) async fn find(core: &Arc<Core>, args: AudienceFindArgs) -> Result<AudienceFoundView, Fault> {
    let (person, _) = at_desk(core)?;
    let path = format!("/v1/announcements/places?text={}", escaped(args.text.trim()));
    let asked = person.call(core.ports.transport.as_ref(), "GET", &path, None::<&Nothing>).await;
    let found: AudiencePlaces = asked.map_err(|error| error.failure())?;
    let place = |id: String, title: String| AudiencePlaceView { id, title };
    Ok(AudienceFoundView {
        streets: found.streets.into_iter().map(|street| place(street.name.clone(), street.name)).collect(),
        houses: found.houses.into_iter().map(|house| place(house.id.to_string(), house.address)).collect(),
        accounts: found
            .accounts
            .into_iter()
            .map(|account| place(account.id.to_string(), format!("{}, {}", account.number, account.address)))
            .collect(),
    })
}

/// How many are meant. Needs the server.
pub(in super::super) async fn reach(core: &Arc<Core>, args: AudienceReachArgs) -> Result<AudienceReachView, Fault> {
    let (person, _) = at_desk(core)?;
    audience(&args.audience)?;
    let asked =
        person.call(core.ports.transport.as_ref(), "POST", "/v1/announcements/reach", Some(&args.audience)).await;
    let reach: Reach = asked.map_err(|error| error.failure())?;
    Ok(AudienceReachView { places: reach.places, people: reach.people })
}

/// Who read it and what was answered. Needs the server.
pub(in super::super) async fn results(core: &Arc<Core>, args: EditedArgs) -> Result<EditedResultsView, Fault> {
    let (person, look) = at_desk(core)?;
    let laid = editing::one(&look, id(&args.announcement)?)?.ok_or(Failure::Gone)?;
    came_to(core, &person, &laid).await
}

/// The same as a file of a spreadsheet in the person's Documents.
pub(in super::super) async fn export(core: &Arc<Core>, args: EditedArgs) -> Result<SavedView, Fault> {
    let (person, look) = at_desk(core)?;
    let laid = editing::one(&look, id(&args.announcement)?)?.ok_or(Failure::Gone)?;
    let results = came_to(core, &person, &laid).await?;
    let headline = laid.set.headline.as_str();
    let bytes = results_sheet::sheet(headline, &results).map_err(|error| Fault::Defect(error.to_string()))?;
    let short: String = headline.chars().take(LONGEST_NAME).collect();
    let name = FileName::new(&format!("Итоги — {short}.xlsx"));
    std::fs::create_dir_all(&core.config.documents)?;
    let path = core.config.documents.join(name.as_str());
    durable_file::replace(&path, &bytes)?;
    Ok(SavedView { path: path.display().to_string() })
}

async fn came_to(core: &Core, person: &Person, laid: &Laid) -> Result<EditedResultsView, Fault> {
    let path = format!("/v1/announcements/{}/results", laid.set.announcement);
    let asked = person.call(core.ports.transport.as_ref(), "GET", &path, None::<&Nothing>).await;
    let results: AnnouncementResults = asked.map_err(|error| error.failure())?;
    let questions = laid.set.what.poll().map(|poll| poll.questions.clone()).unwrap_or_default();
    let words = results.words.into_iter();
    Ok(EditedResultsView {
        people: results.people,
        readers: results.readers,
        tally: results.tally.filter(|tally| tally.questions.len() == questions.len()),
        questions,
        words: words
            .map(|said| PollWordsView { question: said.question, words: said.words.as_str().to_owned() })
            .collect(),
    })
}

/// What was typed, as it is told; or what is wrong, beside its field.
fn read(
    core: &Core,
    person: &Person,
    look: &Look,
    args: EditedSaveArgs,
) -> Result<(SetAnnouncement, BTreeSet<Need>), Fault> {
    let known = args.announcement.as_deref().map(id).transpose()?;
    let was = match known {
        Some(id) => Some(editing::one(look, id)?.ok_or(Failure::Gone)?),
        None => None,
    };
    let headline = Headline::parse(&args.headline).map_err(|error| match error {
        HeadlineError::Empty => wrong(Field::Headline, FieldProblem::Empty),
        HeadlineError::TooLong => wrong(Field::Headline, FieldProblem::TooLong { max: count(HEADLINE_MAX) }),
    })?;
    let story = fields::text(&args.draft.text)?;
    audience(&args.audience)?;
    let what = what(args.what, args.plan, look.now_ms)?;
    if !args.plan.is_possible() {
        return Err(wrong(Field::Ends, FieldProblem::Malformed).into());
    }
    let (attachments, needs) = enclosed(core, person, was.as_ref(), &args.kept, args.draft)?;
    let announcement = known.unwrap_or_else(|| AnnouncementId::new(mint(core)));
    let (importance, pinned, plan) = (args.importance, args.pinned, args.plan);
    let audience = args.audience;
    Ok((
        SetAnnouncement { announcement, headline, story, importance, pinned, attachments, what, audience, plan },
        needs,
    ))
}

fn what(typed: EditedWhat, plan: Plan, now_ms: i64) -> Result<What, Failure> {
    Ok(match typed {
        EditedWhat::News => What::News,
        EditedWhat::Poll { questions, ends_ms, results_shown } => {
            check_poll(&questions).map_err(|_| wrong(Field::Questions, FieldProblem::Malformed))?;
            let begins_ms = match plan {
                Plan::Publish { at_ms, .. } => at_ms.max(now_ms),
                Plan::Draft | Plan::Withdrawn => i64::MIN,
            };
            if ends_ms <= begins_ms {
                return Err(wrong(Field::Ends, FieldProblem::Malformed));
            }
            What::Poll(Poll { questions, ends_ms, results_shown })
        }
        EditedWhat::Offer { group, price, price_from, partner, order, phone, link } => {
            let price = if price.trim().is_empty() { None } else { Some(fields::sum(&price)?) };
            let link = match link.trim() {
                "" => None,
                link => Some(WebLink::parse(link).map_err(|_| wrong(Field::Link, FieldProblem::Malformed))?),
            };
            let order = order.as_deref().map(|subtype| fields::chosen(subtype, Field::TicketSubtype)).transpose()?;
            let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let (group, partner, phone) = (line(&group), line(&partner), line(&phone));
            What::Offer(Offer { group, price, price_from, partner, order, phone, link })
        }
    })
}

fn audience(audience: &Audience) -> Result<(), Failure> {
    audience.check().map_err(|problem| {
        let problem = match problem {
            AudienceProblem::Nobody => FieldProblem::Empty,
            AudienceProblem::TooMany => FieldProblem::TooLong { max: count(AUDIENCE_MAX) },
            AudienceProblem::Debt => FieldProblem::Malformed,
        };
        wrong(Field::Audience, problem)
    })
}

/// What the server has stays as it is; what was added here, now or in a change that has not left, goes with it.
fn enclosed(
    core: &Core,
    person: &Person,
    was: Option<&Laid>,
    kept: &[String],
    mut draft: crate::view::DraftView,
) -> Result<(Vec<Enclosure>, BTreeSet<Need>), Fault> {
    let shelf = |file| person.files.facts(&person.engine, file);
    let kept: Vec<FileId> =
        kept.iter().map(|file| file.parse().map_err(|_| Failure::Gone)).collect::<Result<_, _>>()?;
    let (mut stay, mut again) = (Vec::new(), Vec::new());
    if let Some(was) = was {
        let had = was.mirrored.as_ref().map_or(&[][..], |edited| &edited.attachments);
        for (file, view) in was.set.attachments.iter().zip(was.attachments(&shelf)) {
            match kept.contains(&file.file) {
                true if had.iter().any(|had| had.file == file.file) => stay.push(file.clone()),
                true => again.push(crate::view::DraftFile { attachment: view }),
                false => {}
            }
        }
    }
    again.append(&mut draft.files);
    draft.files = again;
    let limits = core.attachment_rules().limits;
    let (added, needs) = person.files.enclose(&draft, limits)?;
    stay.extend(added);
    if stay.len() > usize::from(limits.files) {
        return Err(wrong(Field::File, FieldProblem::TooManyFiles { max: u32::from(limits.files) }).into());
    }
    Ok((stay, needs))
}

fn id(text: &str) -> Result<AnnouncementId, Failure> {
    text.parse().map_err(|_| Failure::Gone)
}

const fn wrong(field: Field, problem: FieldProblem) -> Failure {
    Failure::Field { field, problem }
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}

/// As it may stand in a query (RFC 3986).
fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut query, byte| {
        if byte.is_ascii_alphanumeric() {
            query.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(query, "%{byte:02X}");
        }
        query
    })
}
