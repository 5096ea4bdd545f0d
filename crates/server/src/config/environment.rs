//! Single values from the environment: `ZHKH_LISTEN`, `ZHKH_CALLS__PASSWORD` (two underscores go one level down).

use toml::{Table, Value};

/// The first words of settings; other variables that begin with `ZHKH_` belong to other programs.
const SECTIONS: [&str; 15] = [
    "listen", "data", "database", "utility", "consent", "calls", "limits", "security", "requests", "feed", "files",
    "tickets", "mail", "payments", "bank",
];

pub(super) fn apply(table: &mut Table, environment: impl IntoIterator<Item = (String, String)>) {
    for (name, text) in environment {
        let Some(path) = name.strip_prefix("ZHKH_") else { continue };
        let path: Vec<String> = path.split("__").map(str::to_lowercase).collect();
        if path.first().is_some_and(|first| SECTIONS.contains(&first.as_str())) {
            set(table, &path, &text);
        }
    }
}

fn set(table: &mut Table, path: &[String], text: &str) {
    match path {
        [] => {}
        [last] => {
            let value = value(table.get(last), text);
            table.insert(last.clone(), value);
        }
        [first, rest @ ..] => {
            let inner = table.entry(first.clone()).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(inner) = inner {
                set(inner, rest, text);
            }
        }
    }
}

/// Text stays text where the file has text; else a number or a flag if it reads as one.
fn value(was: Option<&Value>, text: &str) -> Value {
    if matches!(was, Some(Value::String(_))) {
        return Value::String(text.to_owned());
    }
    match text {
        "true" => Value::Boolean(true),
        "false" => Value::Boolean(false),
        // A login of digits only must be written into the file as text, or it is taken for a number.
        _ => text.parse().map_or_else(|_| Value::String(text.to_owned()), Value::Integer),
    }
}
