//! «Напишите нам»: questions of people who are not signed in. Nobody proved whose the phone is, so a question stands in
//! nobody's conversation and tells nothing about anybody; the support calls back.

use crate::config::LimitSettings;
use crate::failure::{Failure, unreadable};
use crate::limits::{self, Limit, Try};
use crate::operations::{Deed, Refused, invalid};
use crate::params;
use crate::storage::{Row, Sql, StoreError, Ticket as Place, Tx, Value};
use domain::{Phone, QuestionId};
use wire::desk::{AnswerQuestion, Question, QuestionAnswered, Role};
use wire::entity::Entity;
use wire::feed::{Change, Scope};
use wire::problem::{Code, Rejection};
use wire::support::AskSupport;

const DAY_MS: i64 = 24 * 3_600_000;

/// Takes a question. The answer is the same whoever's phone it is.
pub fn ask(tx: &mut Tx<'_>, settings: &LimitSettings, asked: &AskSupport, origin: &str) -> Result<(), Failure> {
    let phone = Phone::parse(&asked.phone).map_err(|_| unreadable("phone"))?;
    if asked.text.is_empty() {
        return Err(unreadable("text"));
    }
    let limit = |thing, most| Limit { thing, most, window_ms: DAY_MS };
    let counted = [
        (limit("question_ip", settings.questions_per_ip_day), limits::network(origin)),
        (limit("question_phone", settings.questions_per_phone_day), phone.as_str().to_owned()),
        (limit("question_all", settings.questions_per_day), String::new()),
    ];
    for (limit, key) in counted {
        if let Try::Locked { retry_after_s } = limits::count(tx, limit, &key)? {
            return Err(Code::LockedOut { retry_after_s }.into());
        }
    }
    let question = Question {
        id: QuestionId::new(tx.id_v7()),
        phone: phone.as_str().to_owned(),
        text: asked.text.clone(),
        asked_ms: tx.now_ms(),
        answered: None,
    };
    tx.execute(
        "INSERT INTO questions (id, phone, text, asked_ms) VALUES ($1, $2, $3, $4)",
        params![question.id, &question.phone, question.text.as_str(), question.asked_ms],
    )?;
    tx.emit(Scope::SupportDesk, None, Change::Put { entity: Entity::Question(question) });
    Ok(())
}

/// Notes that somebody called back. The first who did stays.
pub fn answer(tx: &mut Tx<'_>, deed: &Deed<'_>, body: &AnswerQuestion) -> Result<Place, Refused> {
    let by = deed.actor.staff(Role::Support)?.signature();
    let mut question = load(tx, body.question)?.ok_or(Rejection::NotYours)?;
    if question.answered.is_none() {
        let answered = QuestionAnswered { by, at_ms: deed.entered_ms(tx.now_ms()), answer: body.answer.clone() };
        let json = Value::json(&answered)?;
        tx.execute("UPDATE questions SET answered = $2 WHERE id = $1", params![question.id, json])?;
        question.answered = Some(answered);
    }
    Ok(tx.emit(Scope::SupportDesk, Some(deed.operation.id), Change::Put { entity: Entity::Question(question) }))
}

fn load(sql: &mut dyn Sql, question: QuestionId) -> Result<Option<Question>, Refused> {
    let row =
        sql.first("SELECT id, phone, text, asked_ms, answered FROM questions WHERE id = $1", params![question])?;
    row.map(|row| read(&row)).transpose()
}

fn read(row: &Row) -> Result<Question, Refused> {
    let text: String = row.get(2)?;
    let answered: Option<String> = row.get(4)?;
    let answered = answered.map(|json| serde_json::from_str(&json)).transpose();
    Ok(Question {
        id: row.get(0)?,
        phone: row.get(1)?,
        text: text.try_into().map_err(|_| invalid("text"))?,
        asked_ms: row.get(3)?,
        answered: answered.map_err(|error| StoreError::Json(error.to_string()))?,
    })
}
