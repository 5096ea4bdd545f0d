use super::Nothing;
use crate::core::Core;
use crate::report::Fault;
use crate::view::OutageView;
use domain::HouseId;
use std::sync::Arc;
use wire::entity::Entity;

/// What does not work in the houses of the resident, the oldest first.
pub(super) async fn outages(core: &Arc<Core>, _: Nothing) -> Result<Vec<OutageView>, Fault> {
    let mirror = core.require_person()?.engine.read()?.mirror;
    let mut accounts: Vec<(HouseId, String)> = Vec::new();
    for found in mirror.all("account")? {
        if let Entity::Account(account) = found.entity {
            accounts.push((account.house, account.short_address));
        }
    }
    let mut outages: Vec<OutageView> = Vec::new();
    for found in mirror.all("outage")? {
        let Entity::Outage(outage) = found.entity else { continue };
        let here = accounts.iter().filter(|(house, _)| *house == outage.house);
        outages.push(OutageView {
            id: outage.id.to_string(),
            title: outage.title,
            text: outage.text.as_str().to_owned(),
            scheduled: outage.scheduled,
            addresses: here.map(|(_, address)| address.clone()).collect(),
            from_ms: outage.from_ms,
            until_ms: outage.until_ms,
        });
    }
    outages.sort_by(|a, b| (a.from_ms, &a.id).cmp(&(b.from_ms, &b.id)));
    Ok(outages)
}
