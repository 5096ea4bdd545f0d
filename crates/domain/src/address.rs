//! Addresses as registries write them, and how much of one a stranger may see.

/// Hides the flat and the house's number: «г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25» becomes
/// «г. Новочебоксарск, ул. Винокурова, д. ••, кв. ••».
///
/// Street and town are shown, because without them the owner could not tell a mistyped number; digits are
/// hidden, all of them by the same two dots, so that not even their count is told (docs/domain.md).
pub fn mask(address: &str) -> String {
    let mut masked = String::with_capacity(address.len());
    // The town and the street come first; a street may be called «9 Мая», so digits are hidden
    // only from the first part that starts like a house number (from the start where none does).
    let parts: Vec<&str> = address.split(',').collect();
    let house_from = parts.iter().position(|part| is_house(part)).unwrap_or(0);
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            masked.push(',');
        }
        if place < house_from { masked.push_str(part) } else { masked.push_str(&hide_numbers(part)) }
    }
    masked
}

/// «д. 10», «10», «10/2», «дом 3»: the part that names the house.
fn is_house(part: &str) -> bool {
    let part = part.trim().to_lowercase();
    let rest = ["дом ", "д. ", "д."].iter().find_map(|prefix| part.strip_prefix(prefix)).unwrap_or(&part);
    rest.starts_with(|c: char| c.is_ascii_digit()) && !rest.contains(' ')
}

fn hide_numbers(part: &str) -> String {
    let mut hidden = String::new();
    let mut inside = false;
    for c in part.chars() {
        // A letter or a fraction right behind a number belongs to it: 10А, 10/2.
        let belongs = c.is_ascii_digit() || (inside && (c.is_alphanumeric() || matches!(c, '/' | '-')));
        if belongs && !inside {
            hidden.push_str("••");
        } else if !belongs {
            hidden.push(c);
        }
        inside = belongs;
    }
    hidden
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_sees_the_street_and_no_number() {
        let masked = mask("г. Новочебоксарск, ул. Винокурова, д. 10А, кв. 25");
        assert_eq!(masked, "г. Новочебоксарск, ул. Винокурова, д. ••, кв. ••");
        assert_eq!(mask("г. Новочебоксарск, ул. Винокурова, 10/2, 25"), "г. Новочебоксарск, ул. Винокурова, ••, ••");
    }

    #[test]
    fn a_street_named_after_a_day_keeps_its_name() {
        assert_eq!(mask("г. Канаш, ул. 9 Мая, д. 4, кв. 7"), "г. Канаш, ул. 9 Мая, д. ••, кв. ••");
    }
}
