//! The journal as a file of a spreadsheet. Its words are those of the document, whatever language the window speaks.

use crate::view::DeskJournalLine;
use chrono::{DateTime, Datelike, Timelike};
use chrono_tz::Tz;
use domain::ticket::Status;
use domain::ticket::deadline::Duty;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

/// The columns with their widths, in characters.
const COLUMNS: [(&str, f64); 15] = [
    ("№", 12.0),
    ("Зарегистрирована", 17.0),
    ("Адрес", 30.0),
    ("Заявитель", 22.0),
    ("Телефон", 17.0),
    ("Что случилось", 48.0),
    ("Вид работ", 28.0),
    ("Исполнитель", 22.0),
    ("Сообщить до", 17.0),
    ("Сообщено", 17.0),
    ("Локализовать до", 17.0),
    ("Локализовано", 17.0),
    ("Устранить до", 17.0),
    ("Состояние", 16.0),
    ("Завершена", 17.0),
];

/// The file.
pub(crate) fn sheet(title: &str, lines: &[DeskJournalLine], zone: Tz) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Журнал")?.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(1, 1)?;
    sheet.write_string_with_format(0, 0, title, &Format::new().set_bold())?;
    let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    for (column, (name, width)) in (0_u16..).zip(COLUMNS) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(1, column, name, &head)?;
    }
    sheet.set_freeze_panes(2, 1)?;
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let time = Format::new().set_num_format("dd.mm.yyyy hh:mm").set_align(FormatAlign::Top);
    for (row, line) in (2_u32..).zip(lines) {
        let mut row = Row { sheet, row, column: 0, text: &text, time: &time, zone };
        row.line(line)?;
    }
    if let Some(last) = u32::try_from(lines.len()).ok().filter(|count| *count > 0) {
        sheet.autofilter(1, 0, last + 1, (COLUMNS.len() - 1) as u16)?;
    }
    book.save_to_buffer()
}

/// A row that is being written, cell by cell.
struct Row<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
    column: u16,
    text: &'a Format,
    time: &'a Format,
    zone: Tz,
}

impl Row<'_> {
    fn line(&mut self, line: &DeskJournalLine) -> Result<(), XlsxError> {
        let deadline = |duty: Duty| line.deadlines.iter().find(|deadline| deadline.duty == duty);
        let due = |duty: Duty| deadline(duty).map(|deadline| deadline.due_ms);
        let done = |duty: Duty| deadline(duty).and_then(|deadline| deadline.done_ms);
        self.text(&line.number.to_string())?;
        self.time(Some(line.at_ms))?;
        for text in [&line.address, &line.applicant, &line.phone, &line.name, &line.type_name, &line.executor] {
            self.text(text)?;
        }
        for at_ms in
            [due(Duty::Inform), done(Duty::Inform), due(Duty::Localise), done(Duty::Localise), due(Duty::Finish)]
        {
            self.time(at_ms)?;
        }
        self.text(status(line.status))?;
        self.time(line.finished_ms)
    }

    /// Always a text: what somebody wrote is never a formula.
    fn text(&mut self, text: &str) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.row, self.column, text, self.text)?;
        self.column += 1;
        Ok(())
    }

    fn time(&mut self, at_ms: Option<i64>) -> Result<(), XlsxError> {
        if let Some(local) = at_ms.and_then(DateTime::from_timestamp_millis).map(|at| at.with_timezone(&self.zone)) {
            let (year, month, day) = (local.year(), local.month(), local.day());
            let part = |number: u32| u8::try_from(number).unwrap_or(0);
            let at = ExcelDateTime::from_ymd(u16::try_from(year).unwrap_or(0), part(month), part(day))?;
            let at = at.and_hms(part(local.hour()).into(), part(local.minute()), part(local.second()))?;
            self.sheet.write_datetime_with_format(self.row, self.column, &at, self.time)?;
        }
        self.column += 1;
        Ok(())
    }
}

const fn status(status: Status) -> &'static str {
    match status {
        Status::New => "Новая",
        Status::Accepted => "Принята",
        Status::InProgress => "В работе",
        Status::Deferred => "Отложена",
        Status::AwaitingResident => "Ждёт жителя",
        Status::Done => "Выполнена",
        Status::Closed => "Закрыта",
        Status::Rejected => "Отклонена",
    }
}
