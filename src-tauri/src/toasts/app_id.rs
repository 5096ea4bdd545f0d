//! Windows drops toasts of a program that has no registered AppUserModelID, in silence.

use crate::place;
use winreg::RegKey;
use winreg::enums::HKEY_CURRENT_USER;

/// Registers it for this person. Done at every start: an installer may not have, and it costs nothing.
pub fn register() -> std::io::Result<()> {
    let path = format!("Software\\Classes\\AppUserModelId\\{}", place::IDENTIFIER);
    let (key, _) = RegKey::predef(HKEY_CURRENT_USER).create_subkey(path)?;
    key.set_value("DisplayName", &"ЖКХ Desktop")?;
    key.set_value("IconBackgroundColor", &"FF14607A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_knows_the_program_by_its_name_after_the_first_start() {
        register().expect("registered");
        register().expect("registered once more");
        let path = format!("Software\\Classes\\AppUserModelId\\{}", place::IDENTIFIER);
        let key = RegKey::predef(HKEY_CURRENT_USER).open_subkey(path).expect("the key is there");
        assert_eq!(key.get_value::<String, _>("DisplayName").expect("a name"), "ЖКХ Desktop");
    }
}
