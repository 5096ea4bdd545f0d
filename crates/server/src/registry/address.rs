//! Addresses of registries: which part is the house, which the flat.

/// An address taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The house, «г. Новочебоксарск, ул. Винокурова, д. 10»: equal for all its flats, however the file wrote it.
    pub house: String,
    /// The house without the kind of its street: files may leave «ул.» out.
    pub bare_house: String,
    /// The flat, «25»; empty for a house of its own.
    pub flat: String,
    /// The whole, «г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25».
    pub full: String,
    /// For lists: «Винокурова, 10-25».
    pub short: String,
}

/// Words before the name of a street, longest first, and how we write them. «пр.» may be a проспект or a проезд.
const STREET_WORDS: [(&str, &str); 12] = [
    ("улица ", "ул."),
    ("проспект ", "пр-т"),
    ("переулок ", "пер."),
    ("бульвар ", "б-р"),
    ("проезд ", "проезд"),
    ("пр-т ", "пр-т"),
    ("б-р ", "б-р"),
    ("пер. ", "пер."),
    ("пр. ", "пр."),
    ("ул. ", "ул."),
    ("ул ", "ул."),
    ("наб. ", "наб."),
];

impl Address {
    /// Reads «город, улица, [д.] дом, [корп. …,] [кв.] квартира». `None` when town, street and house cannot be told.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
        let house_at = parts.iter().position(|part| is_house(part)).filter(|at| *at >= 2)?;
        let (town, street) = (parts[..house_at - 1].join(", "), parts[house_at - 1]);
        let mut house = strip(parts[house_at], &["дом ", "д. ", "д."]).to_owned();
        let mut flat = String::new();
        for part in &parts[house_at + 1..] {
            if part.starts_with("корп") || part.starts_with("к. ") || part.starts_with("стр") {
                let number = part.trim_start_matches(|c: char| !c.is_ascii_digit());
                house = format!("{house}, корп. {number}");
            } else if flat.is_empty() {
                strip(part, &["квартира ", "кв. ", "кв.", "пом. "]).clone_into(&mut flat);
            } else {
                return None;
            }
        }
        let (kind, name) = kind_and_name(street);
        let bare_house = format!("{town}, {name}, д. {house}");
        let whole_house = kind.map_or_else(|| bare_house.clone(), |kind| format!("{town}, {kind} {name}, д. {house}"));
        let short_house = house.replace(", корп. ", " к. ");
        let (full, short) = if flat.is_empty() {
            (whole_house.clone(), format!("{name}, {short_house}"))
        } else {
            (format!("{whole_house}, кв. {flat}"), format!("{name}, {short_house}-{flat}"))
        };
        Some(Self { house: whole_house, bare_house, flat, full, short })
    }
}

fn is_house(part: &str) -> bool {
    let number = strip(part, &["дом ", "д. ", "д."]);
    number.starts_with(|c: char| c.is_ascii_digit()) && !number.contains(' ')
}

fn kind_and_name(street: &str) -> (Option<&'static str>, &str) {
    let known = STREET_WORDS.iter().find_map(|(word, kind)| Some((Some(*kind), street.strip_prefix(word)?.trim())));
    known.unwrap_or((None, street))
}

fn strip<'a>(part: &'a str, prefixes: &[&str]) -> &'a str {
    prefixes.iter().find_map(|prefix| part.strip_prefix(prefix)).unwrap_or(part).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ways_to_write_an_address_name_one_house_and_flat() {
        let long = Address::parse("г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25").expect("an address");
        assert_eq!(Address::parse("г. Новочебоксарск,ул. Винокурова, 10, 25"), Some(long.clone()));
        assert_eq!(Address::parse("г. Новочебоксарск, улица Винокурова, дом 10, квартира 25"), Some(long.clone()));
        assert_eq!(long.house, "г. Новочебоксарск, ул. Винокурова, д. 10");
        let bare = Address::parse("г. Новочебоксарск, Винокурова, 10, 25").expect("an address");
        assert_eq!((&bare.bare_house, &bare.house), (&long.bare_house, &long.bare_house));
        assert_eq!(long.flat, "25");
        assert_eq!(long.short, "Винокурова, 10-25");
    }

    #[test]
    fn blocks_streets_of_dates_and_houses_without_flats_are_understood() {
        let block = Address::parse("г. Новочебоксарск, б-р Гидростроителей, д. 4, корп. 2, кв. 7").expect("an address");
        assert_eq!(block.house, "г. Новочебоксарск, б-р Гидростроителей, д. 4, корп. 2");
        assert_eq!(block.short, "Гидростроителей, 4 к. 2-7");
        let day = Address::parse("г. Новочебоксарск, ул. 10 Пятилетки, 4А, 12").expect("an address");
        assert_eq!(day.short, "10 Пятилетки, 4А-12");
        let own = Address::parse("Чувашия, г. Новочебоксарск, ул. Садовая, д. 3").expect("an address");
        assert_eq!((own.flat.as_str(), own.house.as_str()), ("", "Чувашия, г. Новочебоксарск, ул. Садовая, д. 3"));
    }

    #[test]
    fn what_names_no_house_is_refused() {
        for text in ["", "Винокурова", "г. Новочебоксарск, ул. Винокурова", "Винокурова, 10"]
        {
            assert_eq!(Address::parse(text), None, "{text}");
        }
    }
}
