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
