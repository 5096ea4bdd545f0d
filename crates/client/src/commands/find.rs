use crate::core::Core;
use crate::overlay;
use crate::report::Fault;
use crate::view::{FindArgs, HitView};
use std::sync::Arc;

/// Ctrl K.
pub(super) async fn find(core: &Arc<Core>, args: FindArgs) -> Result<Vec<HitView>, Fault> {
    let picture = overlay::gather::queue(&core.require_person()?.engine, core.zone())?;
    Ok(overlay::find::find(&picture, &args.query))
}
