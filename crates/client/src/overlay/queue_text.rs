//! «Сохранить в файл»: what was entered, for a person to read and for a program to take up again.

use super::entry::{Entry, Fate};
use super::picture::Picture;
use super::queue_view::{meter_of, what};
use crate::view::QueueWhat;
use chrono::DateTime;
use domain::OperationId;
use std::fmt::Write as _;

/// The file: Russian words above, the sealed bytes below. `sealed` gives the bytes of an operation.
pub(crate) fn queue_text(
    picture: &Picture,
    entries: &[&Entry],
    sealed: &dyn Fn(OperationId) -> Option<String>,
) -> String {
    let mut text = String::from("ЖКХ Desktop. Копия того, что введено на этом компьютере.\n");
    let _ = writeln!(text, "Файл сохранён {}. Записи остаются и в программе.\n", when(picture, picture.now_ms));
    for (number, entry) in (1_usize..).zip(entries) {
        let _ = writeln!(text, "{number}. {}", words(picture, entry));
        let _ = writeln!(text, "   Введено {}. {}.\n", when(picture, entry.captured_ms), state(entry));
    }
    text.push_str("Те же записи для программы:\n");
    for entry in entries {
        // An unreadable row has no bytes that are text; its name at least is told.
        let _ = writeln!(text, "{}", sealed(entry.id).unwrap_or_else(|| format!("{{\"id\":\"{}\"}}", entry.id)));
    }
    text
}

fn words(picture: &Picture, entry: &Entry) -> String {
    match what(picture, entry) {
        QueueWhat::Reading { name, short_address, shown, .. } => {
            let serial = meter_of(entry).and_then(|meter| picture.meter(meter)).map(|meter| meter.serial.clone());
            format!(
                "Показание: {}. {name}, заводской № {}. {short_address}",
                shown.join(" / "),
                serial.unwrap_or_default()
            )
        }
        QueueWhat::Rename { name, .. } => format!("Новое название прибора: {name}"),
        QueueWhat::Profile => "Изменения в профиле".to_owned(),
        QueueWhat::Ticket { text, .. } => format!("Новая заявка: {text}"),
        QueueWhat::Message { text, files: 0, .. } => format!("Сообщение: {text}"),
        QueueWhat::Message { text, files, .. } => format!("Сообщение: {text} (файлов: {files})"),
        QueueWhat::ReadMark => "Отметка о прочтении".to_owned(),
        QueueWhat::CloseTicket { .. } => "Заявка закрывается".to_owned(),
        QueueWhat::ReopenTicket { .. } => "Заявка открывается снова".to_owned(),
        QueueWhat::RegisterTicket { text, .. } => format!("Заявка по телефону: {text}"),
        QueueWhat::MoveTicket { .. } => "Изменение статуса заявки".to_owned(),
        QueueWhat::AssignTicket { .. } => "Назначение по заявке".to_owned(),
        QueueWhat::MeetDuty { .. } => "Отметка о сроке по заявке".to_owned(),
        QueueWhat::FoldTicket { out: false, .. } => "Заявка присоединяется к аварии".to_owned(),
        QueueWhat::FoldTicket { out: true, .. } => "Заявка отделяется от аварии".to_owned(),
        QueueWhat::Note { text, .. } => format!("Заметка для сотрудников: {text}"),
        QueueWhat::Incident { title, .. } => format!("Авария: {title}"),
        QueueWhat::AnswerQuestion { .. } => "Ответ на вопрос".to_owned(),
        QueueWhat::PollAnswer { headline, .. } => format!("Ответ на опрос: {headline}"),
        QueueWhat::SetAnnouncement { headline, .. } => format!("Событие: {headline}"),
        QueueWhat::Unreadable => format!("Запись {} не читается", entry.id),
    }
}

const fn state(entry: &Entry) -> &'static str {
    match entry.fate {
        Fate::Queued => "На этом компьютере, ждёт отправки",
        Fate::InFlight => "Отправляется",
        Fate::Withdrawing => "Отзывается",
        Fate::Acked { .. } => "Принято",
        Fate::Rejected { .. } => "Отклонено",
        Fate::Held { .. } => "Ждёт записи выше",
        Fate::Attention(outbox::Attention::File { .. }) => "Файл не принят",
        Fate::Attention(_) => "Требует внимания",
    }
}

fn when(picture: &Picture, at_ms: i64) -> String {
    let local = DateTime::from_timestamp_millis(at_ms).unwrap_or_default().with_timezone(&picture.zone);
    local.format("%d.%m.%Y %H:%M").to_string()
}
