use crate::core::Core;
use crate::overlay::tickets::{gather, hits};
use crate::overlay::{self, announcements};
use crate::report::Fault;
use crate::store::words_of;
use crate::view::{FindArgs, HitView};
use std::sync::Arc;

/// How many hits a list that is read at a glance has.
const MOST: usize = 20;

/// Ctrl K.
pub(super) async fn find(core: &Arc<Core>, args: FindArgs) -> Result<Vec<HitView>, Fault> {
    let person = core.require_person()?;
    let picture = overlay::gather::queue(&person.engine, core.zone())?;
    let mut found = overlay::find::find(&picture, &args.query);
    let words = words_of(&args.query);
    let (purse, _) = super::payment::purse(core, &person)?;
    found.extend(overlay::money::hits::hits(&purse, &words));
    let (board, mirror) = gather::everything(&person.engine, person.beside(core.zone()))?;
    found.extend(hits::hits(&board, &mirror, &words, &args.query)?);
    found.extend(announcements::hits(&announcements::Board::now(&person.engine)?, &words));
    found.truncate(MOST);
    Ok(found)
}
