//! What came of an announcement as a file of a spreadsheet.

use crate::view::EditedResultsView;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};

/// The file. Words of residents are always texts, never formulas.
pub(crate) fn sheet(headline: &str, results: &EditedResultsView) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let (bold, text) = (Format::new().set_bold(), Format::new().set_text_wrap().set_align(FormatAlign::Top));
    let sheet = book.add_worksheet();
    sheet.set_name("Итоги")?.set_column_width(0, 60)?.set_column_width(1, 14)?;
    sheet.write_string_with_format(0, 0, headline, &bold)?;
    for (row, (name, number)) in (1_u32..).zip([("Видят", results.people), ("Прочитали", results.readers)])
    {
        sheet.write_string(row, 0, name)?.write_number(row, 1, number)?;
    }
    let mut row = 4;
    let counted = results.tally.iter().flat_map(|tally| &tally.questions);
    for (question, counted) in results.questions.iter().zip(counted) {
        sheet.write_string_with_format(row, 0, &question.text, &bold)?.write_number(row, 1, counted.people)?;
        row += 1;
        for (option, chosen) in question.ask.options().iter().zip(&counted.chosen) {
            sheet.write_string_with_format(row, 0, option, &text)?.write_number(row, 1, *chosen)?;
            row += 1;
        }
        row += 1;
    }
    if !results.words.is_empty() {
        let sheet = book.add_worksheet();
        sheet.set_name("Ответы словами")?.set_column_width(0, 40)?.set_column_width(1, 80)?;
        for (row, said) in (0_u32..).zip(&results.words) {
            let question = results.questions.get(usize::from(said.question)).map_or("", |question| &question.text);
            sheet.write_string_with_format(row, 0, question, &text)?;
            sheet.write_string_with_format(row, 1, &said.words, &text)?;
        }
    }
    book.save_to_buffer()
}
