//! DBF (dBase III) tables as texts, and back.
//!
//! Numbers stay the digits that stand in the file: sums never pass through a float, and one bad cell costs one row,
//! not the table. Layout: a header of 32 bytes (records at 4, header length at 8, record length at 10, code page mark
//! at 29), 32 bytes per field, 0x0D, the records (first byte `*`: deleted), 0x1A.

use super::encoding;
use super::row::Broken;
use encoding_rs::{IBM866, WINDOWS_1251};

/// A table: the names of its fields, and its records with their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Names, upper case.
    pub fields: Vec<String>,
    /// Records that are not deleted, with their place counted from 1.
    pub records: Vec<(usize, Vec<String>)>,
    /// How many records the header states; it is also how many the file holds.
    pub stated: usize,
    /// The code page, for the protocol.
    pub encoding: &'static str,
}

/// One field of a table to write.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Up to ten Latin letters.
    pub name: &'static str,
    /// `C`, `N` or `D`.
    pub kind: u8,
    /// Bytes.
    pub length: u8,
    /// Decimals of a number.
    pub decimals: u8,
}

const DELETED: u8 = b'*';
const END_OF_FIELDS: u8 = 0x0D;
const END_OF_FILE: u8 = 0x1A;
const CP866: u8 = 0x65;
const CP1251: u8 = 0xC9;

/// Reads a table.
pub fn read(bytes: &[u8]) -> Result<Table, Broken> {
    let damaged = |detail: &str| Broken::Damaged { detail: detail.to_owned() };
    if bytes.is_empty() {
        return Err(Broken::Empty);
    }
    if bytes[0] & 0x07 != 0x03 && bytes[0] != 0xF5 {
        return Err(damaged("это не таблица DBF"));
    }
    // Other marks (0x83, 0x8B, 0xF5): some of the texts lie in a second file, which is not here.
    if bytes[0] & 0x80 != 0 {
        return Err(damaged(
            "в таблице есть memo-поля, их тексты лежат в другом файле (.dbt): сохраните таблицу без них",
        ));
    }
    if bytes.len() < 33 {
        return Err(Broken::Truncated { detail: "заголовок таблицы не закончен".to_owned() });
    }
    let stated = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]) as usize;
    let header = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let record = usize::from(u16::from_le_bytes([bytes[10], bytes[11]]));
    let (encoding, page) = match bytes[29] {
        CP1251 => ("Windows-1251", WINDOWS_1251),
        // No mark at all means DOS in files of this age.
        _ => ("cp866", IBM866),
    };
    let (Some(description), Some(body)) = (bytes.get(32..header.saturating_sub(1)), bytes.get(header..)) else {
        return Err(Broken::Truncated { detail: "заголовок таблицы не закончен".to_owned() });
    };
    let mut fields = Vec::new();
    let mut lengths = Vec::new();
    for field in description.chunks_exact(32).take_while(|field| field[0] != END_OF_FIELDS) {
        let name = field[..11].split(|b| *b == 0).next().unwrap_or_default();
        fields.push(String::from_utf8_lossy(name).trim().to_uppercase());
        lengths.push(usize::from(field[16]));
    }
    // A field without bytes would make cells out of nothing: thousands of them in every record of one byte.
    let empty = lengths.contains(&0);
    if fields.is_empty() || empty || record != 1 + lengths.iter().sum::<usize>() {
        return Err(damaged("описание полей не сходится с длиной записи"));
    }
    let held = body.len() / record;
    let end = stated.saturating_mul(record);
    if body.len() < end {
        let detail = format!("в заголовке записей {stated}, в файле {held}");
        return Err(Broken::Truncated { detail });
    }
    if body.len() > end + 1 || body.get(end).is_some_and(|last| *last != END_OF_FILE) {
        return Err(Broken::Totals { what: "записей", stated: stated.to_string(), counted: held.to_string() });
    }
    let mut records = Vec::new();
    for (index, bytes) in body[..end].chunks_exact(record).enumerate().filter(|(_, bytes)| bytes[0] != DELETED) {
        let mut from = 1;
        let mut cells = Vec::with_capacity(lengths.len());
        for length in &lengths {
            let text = encoding::read(page, &bytes[from..from + length]);
            cells.push(text.trim_matches(['\0', ' ']).to_owned());
            from += length;
        }
        records.push((index + 1, cells));
    }
    Ok(Table { fields, records, stated, encoding })
}

/// Writes a table in code page 866; `day` is the date of change (year since 1900, month, day).
pub fn write(fields: &[Field], day: [u8; 3], records: &[Vec<String>]) -> Vec<u8> {
    let header = 32 + 32 * fields.len() + 1;
    let record = 1 + fields.iter().map(|field| usize::from(field.length)).sum::<usize>();
    let mut bytes = vec![0_u8; 32];
    bytes[0] = 0x03;
    bytes[1..4].copy_from_slice(&day);
    bytes[4..8].copy_from_slice(&u32::try_from(records.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes[8..10].copy_from_slice(&u16::try_from(header).unwrap_or(u16::MAX).to_le_bytes());
    bytes[10..12].copy_from_slice(&u16::try_from(record).unwrap_or(u16::MAX).to_le_bytes());
    bytes[29] = CP866;
    for field in fields {
        let mut description = [0_u8; 32];
        description[..field.name.len()].copy_from_slice(field.name.as_bytes());
        description[11] = field.kind;
        description[16] = field.length;
        description[17] = field.decimals;
        bytes.extend_from_slice(&description);
    }
    bytes.push(END_OF_FIELDS);
    for cells in records {
        bytes.push(b' ');
        for (field, text) in fields.iter().zip(cells) {
            let mut cell = encoding::to_cp866(text);
            cell.truncate(usize::from(field.length));
            let gap = vec![b' '; usize::from(field.length) - cell.len()];
            // Numbers stand at the right, texts at the left.
            if field.kind == b'N' {
                bytes.extend(gap.into_iter().chain(cell));
            } else {
                bytes.extend(cell.into_iter().chain(gap));
            }
        }
    }
    bytes.push(END_OF_FILE);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_with_memo_fields_is_refused_by_name() {
        let mut bytes =
            write(&[Field { name: "LS", kind: b'C', length: 1, decimals: 0 }], [126, 10, 31], &[vec!["1".to_owned()]]);
        for mark in [0x83, 0x8B, 0xF5] {
            bytes[0] = mark;
            assert!(read(&bytes).is_err_and(|why| why.to_string().contains("memo")), "{mark:x}");
        }
    }

    #[test]
    fn fields_without_bytes_make_no_cells_out_of_nothing() {
        let fields = [Field { name: "LS", kind: b'C', length: 1, decimals: 0 }; 3];
        let row = vec!["1".to_owned(); 3];
        let mut bytes = write(&fields, [126, 10, 31], &[row.clone(), row]);
        assert_eq!(read(&bytes).expect("whole").records.len(), 2);
        bytes[32 + 16] = 0;
        bytes[32 + 32 + 16] = 2;
        assert!(matches!(read(&bytes), Err(Broken::Damaged { .. })), "{:?}", read(&bytes));
    }
}
