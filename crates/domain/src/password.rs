//! What makes a password good enough (manual §1: «сочетание букв и цифр»).

/// The shortest password, in characters.
pub const MIN_LENGTH: usize = 8;
/// The longest password, in characters.
pub const MAX_LENGTH: usize = 128;
/// The fewest different characters.
pub const MIN_DISTINCT: usize = 4;

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Nothing was entered.
    #[error("the password is empty")]
    Empty,
    /// Fewer than eight characters.
    #[error("the password is shorter than 8 characters")]
    TooShort,
    /// More than 128 characters.
    #[error("the password is longer than 128 characters")]
    TooLong,
    /// No letter or no digit in it.
    #[error("the password needs letters and digits")]
    NeedsLettersAndDigits,
    /// `11111aaa`: fewer than four different characters.
    #[error("the password has too few different characters")]
    TooSimple,
}

/// Checks a password that a person chose.
pub fn check(password: &str) -> Result<(), PasswordError> {
    let length = password.chars().count();
    if length == 0 {
        return Err(PasswordError::Empty);
    }
    if length < MIN_LENGTH {
        return Err(PasswordError::TooShort);
    }
    if length > MAX_LENGTH {
        return Err(PasswordError::TooLong);
    }
    if !password.chars().any(char::is_alphabetic) || !password.chars().any(|c| c.is_ascii_digit()) {
        return Err(PasswordError::NeedsLettersAndDigits);
    }
    let distinct: std::collections::BTreeSet<char> = password.chars().collect();
    if distinct.len() < MIN_DISTINCT {
        return Err(PasswordError::TooSimple);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_with_the_reason() {
        assert_eq!(check(""), Err(PasswordError::Empty));
        assert_eq!(check("abc123"), Err(PasswordError::TooShort));
        assert_eq!(check("abcdefgh"), Err(PasswordError::NeedsLettersAndDigits));
        assert_eq!(check("12345678"), Err(PasswordError::NeedsLettersAndDigits));
        assert_eq!(check("a1a1a1a1"), Err(PasswordError::TooSimple));
        assert_eq!(check(&"a1b2".repeat(40)), Err(PasswordError::TooLong));
        assert_eq!(check("пароль2026"), Ok(()));
    }
}
