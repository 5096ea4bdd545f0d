//! The first sheet of an XLSX workbook, row by row, without believing what the file says of its own size: one cell in
//! the last corner of a sheet would make a table of seventeen thousand million empty ones.

use super::row::Broken;
use calamine::{Data, Reader as _, Xlsx, XlsxError};
use std::collections::BTreeMap;
use std::io::{self, Cursor, Read as _};

/// The cells of a row that are not empty, by column.
pub type Cells = BTreeMap<u32, Data>;

/// A workbook that unpacks to more is not a registry.
const MOST_BYTES: u64 = 256 << 20;

/// The rows and columns of a sheet.
const ROWS: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 14;

/// The rows of the first sheet that are not empty, by their numbers from 0.
pub fn first_sheet(bytes: &[u8]) -> Result<BTreeMap<u32, Cells>, Broken> {
    if bytes.is_empty() {
        return Err(Broken::Empty);
    }
    if unpacks_to_more_than(bytes, MOST_BYTES) {
        return Err(Broken::Damaged {
            detail: "таблица XLSX распаковывается в слишком большую".to_owned()
        });
    }
    let rows = read(bytes).ok().filter(|rows| rows.iter().all(on_a_sheet));
    rows.ok_or_else(|| Broken::Damaged { detail: "таблица XLSX не открывается".to_owned() })
}

/// Whether a row and its cells are where a sheet has rows and columns.
fn on_a_sheet((row, cells): (&u32, &Cells)) -> bool {
    *row < ROWS && cells.keys().all(|column| *column < COLUMNS)
}

fn read(bytes: &[u8]) -> Result<BTreeMap<u32, Cells>, XlsxError> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes))?;
    let name = book.sheet_names().into_iter().next().ok_or(XlsxError::Unexpected("no sheet"))?;
    let mut reader = book.worksheet_cells_reader(&name)?;
    let mut rows: BTreeMap<u32, Cells> = BTreeMap::new();
    while let Some(cell) = reader.next_cell()? {
        let (row, column) = cell.get_position();
        match Data::from(cell.get_value().clone()) {
            Data::Empty => {}
            data => drop(rows.entry(row).or_default().insert(column, data)),
        }
    }
    Ok(rows)
}

/// Unpacks everything to nowhere. The sizes that the archive states are not believed.
fn unpacks_to_more_than(bytes: &[u8], most: u64) -> bool {
    // What is no archive is refused by whoever reads it.
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return false };
    let mut total = 0;
    for place in 0..archive.len() {
        let Ok(entry) = archive.by_index(place) else { continue };
        let mut entry = entry.take(most + 1 - total);
        let mut piece = [0; 16_384];
        loop {
            match entry.read(&mut piece) {
                Ok(0) => break,
                Ok(read) => total += read as u64,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // A damaged entry ends here for the reader, too.
                Err(_) => break,
            }
        }
        if total > most {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_xlsxwriter::Workbook;

    #[test]
    fn a_cell_in_the_last_corner_costs_one_cell() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "Адрес").expect("written");
        sheet.write_string(1_048_575, 16_383, "х").expect("written");
        let rows = first_sheet(&book.save_to_buffer().expect("saved")).expect("read");
        assert_eq!(rows.keys().copied().collect::<Vec<_>>(), [0, 1_048_575]);
        assert_eq!(rows[&1_048_575][&16_383], Data::String("х".into()));
    }

    #[test]
    fn a_workbook_that_unpacks_without_end_is_noticed_before_it_is_read() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for row in 0..50 {
            sheet.write_string(row, 0, "а".repeat(30_000)).expect("written");
        }
        let bytes = book.save_to_buffer().expect("saved");
        assert!(unpacks_to_more_than(&bytes, 10 * bytes.len() as u64));
        assert!(!unpacks_to_more_than(&bytes, MOST_BYTES));
    }
}
