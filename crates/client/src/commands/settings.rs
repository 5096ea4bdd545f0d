use super::Nothing;
use crate::core::Core;
use crate::report::Fault;
use crate::view::{SettingsView, Topic};
use std::sync::Arc;

/// The sizes of text that the window is laid out for.
const TEXT_PERCENT: [u16; 4] = [100, 125, 150, 200];

/// Keeps the settings of this computer.
pub(super) async fn save(core: &Arc<Core>, settings: SettingsView) -> Result<Nothing, Fault> {
    if !TEXT_PERCENT.contains(&settings.text_percent) {
        return Err(Fault::Defect("a size of text that the window does not offer".into()));
    }
    core.change_settings(|kept| kept.view = settings)?;
    core.tell(&[Topic::Settings]);
    Ok(Nothing {})
}
