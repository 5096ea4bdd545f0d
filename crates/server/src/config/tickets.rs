//! `[tickets]`: the classifier and the deadlines of tickets.

use super::ConfigError;
use super::readings::{day, stable_id};
use chrono::NaiveDate;
use domain::ticket::deadline::{Duty, DutyTerm, Term};
use domain::working_time::Calendar;
use domain::{DepartmentId, MessageText, SubtypeId, TicketTypeId};
use serde::Deserialize;
use wire::desk::{CannedReply, Department};
use wire::ticket::{Subtype, TicketType};

/// The settings of tickets.
#[derive(Debug, Clone)]
pub struct TicketSettings {
    /// The types, in the order in which people see them.
    pub types: Vec<TypeSettings>,
    /// Deadlines of subtypes that have none of their own, by the day from which on they hold; the earliest first.
    pub rules: Vec<TermRules>,
    /// Days that are worked, or not, against the week and the law's holidays.
    pub calendar: Calendar,
    /// The departments, in the order in which the staff sees them.
    pub departments: Vec<Department>,
    /// What dispatchers often answer.
    pub replies: Vec<CannedReply>,
    /// What the support often answers.
    pub support_replies: Vec<CannedReply>,
}

/// A type: the department to which the ticket goes.
#[derive(Debug, Clone)]
pub struct TypeSettings {
    /// The same at every start.
    pub id: TicketTypeId,
    /// Its name.
    pub name: String,
    /// Where its tickets go first.
    pub department: DepartmentId,
    /// What happens there.
    pub subtypes: Vec<SubtypeSettings>,
}

/// A kind of trouble.
#[derive(Debug, Clone)]
pub struct SubtypeSettings {
    /// The same at every start.
    pub id: SubtypeId,
    /// Its name.
    pub name: String,
    /// Whether it is urgent.
    pub emergency: bool,
    /// Its own deadlines, instead of the general ones.
    pub terms: Option<Vec<DutyTerm>>,
}

/// Deadlines from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermRules {
    /// In force from.
    pub from: NaiveDate,
    /// Of urgent subtypes.
    pub emergency: Vec<DutyTerm>,
    /// Of all others.
    pub ordinary: Vec<DutyTerm>,
    /// After how many days what is done counts as closed.
    pub close_done_after_days: u16,
}

impl TicketSettings {
    /// After how many days what is done closes by itself, as it holds on a day.
    pub fn close_done_after_days(&self, on: NaiveDate) -> u16 {
        let rules = self.rules.iter().rfind(|rules| rules.from <= on).cloned().unwrap_or_default();
        rules.close_done_after_days
    }

    /// The name of a department; empty when it is none of these.
    pub fn department(&self, id: DepartmentId) -> &str {
        self.departments.iter().find(|of| of.id == id).map_or("", |of| &of.name)
    }

    /// The terms of a subtype on a day.
    pub fn terms(&self, subtype: &SubtypeSettings, on: NaiveDate) -> Vec<DutyTerm> {
        if let Some(own) = &subtype.terms {
            return own.clone();
        }
        let rules = self.rules.iter().rfind(|rules| rules.from <= on).cloned().unwrap_or_default();
        if subtype.emergency { rules.emergency } else { rules.ordinary }
    }
}

impl TypeSettings {
    /// The entity that residents choose from.
    pub fn entity(&self, place: usize) -> TicketType {
        let subtypes = self.subtypes.iter();
        let subtypes = subtypes.map(|of| Subtype { id: of.id, name: of.name.clone(), emergency: of.emergency });
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        TicketType { id: self.id, name: self.name.clone(), place, subtypes: subtypes.collect() }
    }
}

/// ПП РФ 416 п. 13–14: told what will be done in 30 minutes, the damage stopped in 30 minutes, ended in three days. Eight
/// days for what is not urgent.
impl Default for TermRules {
    fn default() -> Self {
        let minutes = |duty, minutes| DutyTerm { duty, term: Term::Minutes(minutes) };
        Self {
            from: NaiveDate::MIN,
            emergency: vec![minutes(Duty::Inform, 30), minutes(Duty::Localise, 30), minutes(Duty::Finish, 3 * 24 * 60)],
            ordinary: vec![minutes(Duty::Finish, 8 * 24 * 60)],
            close_done_after_days: 7,
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawTickets {
    types: Vec<RawType>,
    rules: Vec<RawRules>,
    calendar: Calendar,
    departments: Vec<String>,
    replies: Vec<RawReply>,
    support_replies: Vec<RawReply>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawReply {
    title: String,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawType {
    name: String,
    department: Option<String>,
    subtypes: Vec<RawSubtype>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSubtype {
    name: String,
    #[serde(default)]
    emergency: bool,
    terms: Option<Vec<DutyTerm>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRules {
    from: Option<String>,
    emergency: Option<Vec<DutyTerm>>,
    ordinary: Option<Vec<DutyTerm>>,
    close_done_after_days: Option<u16>,
}

/// Types of tickets from a text in the form of this section, for these departments.
pub fn read_types(text: &str, departments: &[Department]) -> Result<Vec<TypeSettings>, ConfigError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct RawTypes {
        types: Vec<RawType>,
    }
    let raw: RawTypes = toml::from_str(text).map_err(|error| ConfigError::syntax(&error))?;
    types(raw.types, departments)
}

fn types(raw: Vec<RawType>, departments: &[Department]) -> Result<Vec<TypeSettings>, ConfigError> {
    let types = raw.into_iter().map(|kind| kind.checked(departments)).collect::<Result<Vec<_>, _>>()?;
    let mut ids: Vec<_> = types.iter().flat_map(|kind| kind.subtypes.iter().map(|subtype| subtype.id)).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() < count {
        return Err(ConfigError::new(
            "В разделе [tickets] один и тот же подтип назван дважды. Оставьте одну строку: по имени его узнают в старых заявках.",
        ));
    }
    Ok(types)
}

impl RawTickets {
    pub(super) fn checked(self) -> Result<TicketSettings, ConfigError> {
        let usual = usual()?;
        let types = if self.types.is_empty() { usual.types } else { self.types };
        let raw_replies = if self.replies.is_empty() { usual.replies } else { self.replies };
        let raw_support = if self.support_replies.is_empty() { usual.support_replies } else { self.support_replies };
        let departments = departments(self.departments, &types)?;
        let types = self::types(types, &departments)?;
        let mut rules = self.rules.into_iter().map(RawRules::checked).collect::<Result<Vec<_>, _>>()?;
        rules.sort_by_key(|rules| rules.from);
        let replies = raw_replies.into_iter().enumerate();
        let replies = replies.map(|it| reply("reply", it)).collect::<Result<Vec<_>, _>>()?;
        let support_replies = raw_support.into_iter().enumerate();
        let support_replies = support_replies.map(|it| reply("support_reply", it)).collect::<Result<Vec<_>, _>>()?;
        Ok(TicketSettings { types, rules, calendar: self.calendar, departments, replies, support_replies })
    }
}

/// The departments that are named; where none is, each type has one of its own name.
fn departments(named_ones: Vec<String>, types: &[RawType]) -> Result<Vec<Department>, ConfigError> {
    let names = if named_ones.is_empty() {
        types.iter().map(|kind| kind.department.clone().unwrap_or_else(|| kind.name.clone())).collect()
    } else {
        named_ones
    };
    let mut departments: Vec<Department> = Vec::new();
    for name in names {
        let name = named(&name)?;
        let id = DepartmentId::new(stable_id(&["department", &name]));
        let place = u32::try_from(departments.len()).unwrap_or(u32::MAX);
        if !departments.iter().any(|of| of.id == id) {
            departments.push(Department { id, name, place });
        }
    }
    Ok(departments)
}

fn reply(what: &str, (place, raw): (usize, RawReply)) -> Result<CannedReply, ConfigError> {
    let title = named(&raw.title)?;
    let text = MessageText::parse(&raw.text).ok().filter(|text| !text.is_empty()).ok_or_else(|| {
        ConfigError::new(format!("У готового ответа «{title}» в разделе [tickets] нет текста, или он слишком длинный."))
    })?;
    let place = u32::try_from(place).unwrap_or(u32::MAX);
    Ok(CannedReply { id: stable_id(&[what, &title]), title, text, place })
}

impl RawType {
    fn checked(self, departments: &[Department]) -> Result<TypeSettings, ConfigError> {
        let name = named(&self.name)?;
        let wanted = self.department.as_deref().map_or(name.as_str(), str::trim);
        // A type that names no department and shares its name with none goes where the first department is.
        let own = departments.iter().find(|of| of.name == wanted);
        let department = match (own, &self.department) {
            (Some(own), _) => own.id,
            (None, None) if !departments.is_empty() => departments[0].id,
            (None, _) => {
                return Err(ConfigError::new(format!(
                    "Отдела «{wanted}» нет в списке departments раздела [tickets]. Добавьте его туда или исправьте имя."
                )));
            }
        };
        let subtypes = self.subtypes.into_iter().map(|subtype| {
            let of = named(&subtype.name)?;
            let id = SubtypeId::new(stable_id(&["ticket_subtype", &name, &of]));
            Ok(SubtypeSettings { id, name: of, emergency: subtype.emergency, terms: subtype.terms })
        });
        let subtypes = subtypes.collect::<Result<Vec<_>, ConfigError>>()?;
        if subtypes.is_empty() {
            return Err(ConfigError::new(format!(
                "У типа заявок «{name}» нет подтипов. Добавьте хотя бы один: [[tickets.types.subtypes]], name = \"…\"."
            )));
        }
        Ok(TypeSettings { id: TicketTypeId::new(stable_id(&["ticket_type", &name])), name, department, subtypes })
    }
}

impl RawRules {
    fn checked(self) -> Result<TermRules, ConfigError> {
        let default = TermRules::default();
        Ok(TermRules {
            from: self.from.map_or(Ok(default.from), |from| day(&from))?,
            emergency: self.emergency.unwrap_or(default.emergency),
            ordinary: self.ordinary.unwrap_or(default.ordinary),
            close_done_after_days: self.close_done_after_days.unwrap_or(default.close_done_after_days),
        })
    }
}

fn named(name: &str) -> Result<String, ConfigError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) {
        return Err(ConfigError::new("Имя типа или подтипа заявок — от 1 до 60 знаков в одну строку."));
    }
    Ok(name.to_owned())
}

/// What a utility begins with.
fn usual() -> Result<RawTickets, ConfigError> {
    toml::from_str(include_str!("usual-tickets.toml")).map_err(|error| ConfigError::syntax(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<TicketSettings, ConfigError> {
        let raw: RawTickets = toml::from_str(text).map_err(|error| ConfigError::syntax(&error))?;
        raw.checked()
    }

    fn on(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn without_settings_there_is_a_usual_classifier_with_the_laws_terms() {
        let tickets = read("").expect("settings");
        let emergency = &tickets.types[0];
        assert_eq!(emergency.name, "Аварийная служба");
        let pipe = &emergency.subtypes[0];
        assert_eq!(tickets.terms(pipe, on("2026-11-01")), TermRules::default().emergency);
        let sewer = emergency.subtypes.iter().find(|subtype| subtype.name.contains("анализац")).expect("a sewer");
        let stop = tickets.terms(sewer, on("2026-11-01")).into_iter().find(|term| term.duty == Duty::Localise);
        assert_eq!(stop.expect("a term").term, Term::Minutes(120));
    }

    #[test]
    fn a_subtype_is_known_by_its_name_at_every_start() {
        let text = "[[types]]\nname = \"Лифты\"\nsubtypes = [{ name = \"Застрял\", emergency = true }]";
        assert_eq!(
            read(text).expect("read").types[0].subtypes[0].id,
            read(text).expect("read").types[0].subtypes[0].id
        );
    }

    #[test]
    fn terms_hold_from_their_day_on() {
        let tickets =
            read("[[rules]]\nfrom = \"2027-01-01\"\nordinary = [{ duty = \"finish\", term = { working_days = 10 } }]")
                .expect("settings");
        let other = tickets.types.iter().flat_map(|kind| &kind.subtypes).find(|subtype| !subtype.emergency);
        let other = other.expect("not urgent");
        assert_eq!(tickets.terms(other, on("2026-12-31")), TermRules::default().ordinary);
        assert_eq!(tickets.terms(other, on("2027-01-01"))[0].term, Term::WorkingDays(10));
    }

    #[test]
    fn what_cannot_hold_is_said_with_what_to_write() {
        for (text, words) in [
            ("[[types]]\nname = \" \"\nsubtypes = []", "60 знаков"),
            ("[[types]]\nname = \"Лифты\"\nsubtypes = []", "tickets.types.subtypes"),
            ("[[types]]\nname = \"Лифты\"\nsubtypes = [{ name = \"Застрял\" }, { name = \"Застрял \" }]", "дважды"),
        ] {
            let refused = read(text).expect_err(text).to_string();
            assert!(refused.contains(words), "{refused}");
        }
    }
}
