//! A classifier from a file: TOML in the form of the settings, or a table (CSV with semicolons) as people keep it.

use crate::access_log::{self, Deed};
use crate::config::{Config, read_types};
use crate::params;
use crate::registry::encoding;
use crate::storage::{Sql as _, Store, StoreError};
use anyhow::{Context as _, bail};
use toml::{Table, Value};

/// The columns of the table, in this order.
const COLUMNS: [&str; 7] =
    ["тип", "подтип", "аварийный", "отдел", "сообщить, мин", "локализовать, мин", "выполнить, мин"];
const DUTIES: [&str; 3] = ["inform", "localise", "finish"];

/// Imports a classifier: all of it is in force for tickets from now on. What was done, in words.
pub fn import(store: &Store, config: &Config, bytes: &[u8]) -> anyhow::Result<String> {
    let decoded = encoding::decode(bytes).map_err(|_| anyhow::anyhow!("Кодировка файла не распознана"))?;
    let is_table = decoded.text.lines().next().is_some_and(|line| line.contains(';'));
    let text = if is_table { from_table(&decoded.text)? } else { decoded.text };
    let types = read_types(&text, &config.tickets.departments)?;
    if types.is_empty() {
        bail!("В файле нет ни одного типа заявок");
    }
    let subtypes: usize = types.iter().map(|kind| kind.subtypes.len()).sum();
    store.write_blocking(move |tx| {
        let now = tx.now_ms();
        tx.execute(
            "INSERT INTO classifier (one, text, imported_ms) VALUES (1, $1, $2)
             ON CONFLICT (one) DO UPDATE SET text = excluded.text, imported_ms = excluded.imported_ms",
            params![&text, now],
        )?;
        access_log::note(tx, "command", Deed::Imported, "classifier", "command")?;
        Ok::<_, StoreError>(())
    })?;
    Ok(format!(
        "Классификатор загружен: типов {}, подтипов {subtypes}. Жители увидят его в течение минуты.",
        types.len()
    ))
}

/// The table as the settings would have it. Types and subtypes stay in their order.
fn from_table(text: &str) -> anyhow::Result<String> {
    let mut types: Vec<Table> = Vec::new();
    for (number, line) in text.lines().enumerate().map(|(place, line)| (place + 1, line)) {
        let mut cells: Vec<&str> = line.split(';').map(|cell| cell.trim().trim_matches('"').trim()).collect();
        let is_heading = number == 1 && cells[0].to_lowercase() == COLUMNS[0];
        if is_heading || cells.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        cells.resize(COLUMNS.len().max(cells.len()), "");
        let [kind, name, emergency, department, terms @ ..] = cells.as_slice() else {
            unreachable!("it was filled up")
        };
        let mut subtype = Table::new();
        subtype.insert("name".into(), Value::String((*name).into()));
        subtype.insert("emergency".into(), Value::Boolean(yes(emergency).with_context(|| place(number, COLUMNS[2]))?));
        let mut own = Vec::new();
        for (column, (duty, minutes)) in COLUMNS[4..].iter().zip(DUTIES.iter().zip(terms)) {
            if minutes.is_empty() {
                continue;
            }
            let minutes: u32 = minutes.parse().ok().with_context(|| place(number, column))?;
            let term = Table::from_iter([("minutes".to_owned(), Value::Integer(minutes.into()))]);
            own.push(Value::Table(Table::from_iter([
                ("duty".to_owned(), Value::String((*duty).into())),
                ("term".to_owned(), Value::Table(term)),
            ])));
        }
        if !own.is_empty() {
            subtype.insert("terms".into(), Value::Array(own));
        }
        let known = types.iter_mut().find(|of| of.get("name").and_then(Value::as_str) == Some(kind));
        if let Some(Value::Array(subtypes)) = known.and_then(|of| of.get_mut("subtypes")) {
            subtypes.push(Value::Table(subtype));
            continue;
        }
        let mut of = Table::from_iter([
            ("name".to_owned(), Value::String((*kind).into())),
            ("subtypes".to_owned(), Value::Array(vec![Value::Table(subtype)])),
        ]);
        if !department.is_empty() {
            of.insert("department".into(), Value::String((*department).into()));
        }
        types.push(of);
    }
    let whole = Table::from_iter([("types".to_owned(), Value::Array(types.into_iter().map(Value::Table).collect()))]);
    Ok(toml::to_string(&whole)?)
}

fn place(line: usize, column: &str) -> String {
    format!("Строка {line}, столбец «{column}» не читается")
}

fn yes(cell: &str) -> Option<bool> {
    match cell.to_lowercase().as_str() {
        "да" | "+" | "1" => Some(true),
        "нет" | "-" | "0" | "" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ticket::deadline::{Duty, DutyTerm, Term};

    #[test]
    fn a_table_is_read_in_its_order_with_its_own_terms() {
        let table = "Тип;Подтип;Аварийный\nСантехник;Кран;нет\nАварийная;Засор;да;;30;120;\n\nСантехник;\"Батарея\";\n";
        let types = read_types(&from_table(table).expect("read"), &[]).map_err(|error| error.to_string());
        assert!(types.is_err_and(|words| words.contains("Отдела")), "no department at all");
        let department =
            wire::desk::Department {
                id: domain::DepartmentId::new(uuid::Uuid::nil()), name: "Общий".into(), place: 0
            };
        let types = read_types(&from_table(table).expect("read"), &[department]).expect("types");
        let names: Vec<_> = types.iter().map(|of| (of.name.as_str(), of.subtypes.len())).collect();
        assert_eq!(names, [("Сантехник", 2), ("Аварийная", 1)]);
        let blocked = &types[1].subtypes[0];
        assert!(blocked.emergency);
        let minutes = |duty, minutes| DutyTerm { duty, term: Term::Minutes(minutes) };
        assert_eq!(blocked.terms, Some(vec![minutes(Duty::Inform, 30), minutes(Duty::Localise, 120)]));
    }

    #[test]
    fn a_cell_that_is_not_read_is_named_by_line_and_column() {
        for (table, words) in [
            ("тип;подтип\nА;Б;может быть", "Строка 2, столбец «аварийный»"),
            ("А;Б;да;;полчаса", "Строка 1, столбец «сообщить, мин»"),
        ] {
            let error = from_table(table).expect_err("refused").to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
