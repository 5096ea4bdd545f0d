//! Commands through the door that the window uses, over an engine with real files and a server of this test.

mod coming_and_going;
mod entering;
mod fake_server;
mod house;

use super::*;
use house::House;
use serde_json::json;

#[tokio::test]
async fn every_command_of_the_table_is_answered_and_no_other_is() {
    let house = House::new();
    let core = house.core();
    for name in NAMES {
        if let Err(Fault::Defect(details)) = dispatch(&core, name, json!({})).await {
            assert_ne!(details, UNKNOWN, "{name}");
        }
    }
    assert!(
        matches!(dispatch(&core, "format_disk", json!({})).await, Err(Fault::Defect(details)) if details == UNKNOWN)
    );
    core.close().await;
}

#[tokio::test]
async fn the_table_has_every_command_of_the_contract_once() {
    let contract = "boot consent sign_in sign_out registration_start registration_call registration_code \
        registration_finish accounts account_lookup account_prove account_attach account_detach readings \
        reading_preview reading_submit meter_rename profile profile_save forget_password queue queue_retry \
        queue_discard queue_withdraw queue_save queue_send_now settings_save utility find person_back";
    let mut contract: Vec<&str> = contract.split_whitespace().collect();
    let mut table = NAMES.to_vec();
    contract.sort_unstable();
    table.sort_unstable();
    assert_eq!(table, contract);
}
