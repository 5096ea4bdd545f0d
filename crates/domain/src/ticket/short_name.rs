//! «Краткое название заявки, чтобы было легче ориентироваться в списке» (the manual, §4).

/// How many characters a short name has at most.
pub const SHORT_NAME_MAX: usize = 60;

/// The subtype and the first words of the description: «Течь: капает из-под мойки на кухне…».
///
/// Words are never cut, unless the first alone is longer than the name may be.
pub fn short_name(subtype: &str, description: &str) -> String {
    let subtype = subtype.trim();
    let mut name = subtype.to_owned();
    let mut length = name.chars().count();
    let mut words = description.split_whitespace().peekable();
    if words.peek().is_none() {
        return name;
    }
    if !name.is_empty() {
        name.push(':');
        length += 1;
    }
    while let Some(word) = words.next() {
        let size = word.chars().count();
        let space = usize::from(!name.is_empty());
        // Behind the last word no «…» follows, so it may take the last place.
        let reserve = usize::from(words.peek().is_some());
        if length + space + size + reserve > SHORT_NAME_MAX {
            if name.is_empty() {
                name.extend(word.chars().take(SHORT_NAME_MAX - 1));
            }
            let end = name.trim_end_matches([':', ',', '.', ';', '—', '-']).len();
            name.truncate(end);
            name.push('…');
            break;
        }
        if space == 1 {
            name.push(' ');
        }
        name.push_str(word);
        length += space + size;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_is_the_subtype_and_the_first_words() {
        assert_eq!(short_name("Течь", "Капает из-под\nмойки"), "Течь: Капает из-под мойки");
        assert_eq!(short_name("Течь", "  "), "Течь");
        assert_eq!(short_name("", "Нет света"), "Нет света");
        assert_eq!(
            short_name("Течь стояка", "Течёт труба в ванной, под потолком. Капает сильно, подставила таз."),
            "Течь стояка: Течёт труба в ванной, под потолком. Капает…"
        );
    }

    proptest! {
        #[test]
        fn it_is_never_too_long_and_never_ends_in_the_middle_of_a_sign(subtype in "[а-я ]{0,40}", text in "\\PC{0,200}") {
            let name = short_name(&subtype, &text);
            prop_assert!(name.chars().count() <= SHORT_NAME_MAX, "{}", name);
            prop_assert!(!name.ends_with(":…"));
        }
    }
}
