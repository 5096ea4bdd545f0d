//! Commands through the door that the window uses, over an engine with real files and a server of this test.

mod announcing;
mod attaching;
mod beside;
mod coming_and_going;
mod dispatching;
mod editing;
mod entering;
mod fake_server;
mod house;
mod paying;
mod ticketing;

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
        queue_discard queue_withdraw queue_save queue_send_now settings_save utility find person_back \
        tickets ticket ticket_draft ticket_draft_save ticket_create ticket_close ticket_reopen conversation \
        conversation_find conversation_place conversation_read conversation_front draft_save message_send \
        desk desk_tickets desk_ticket desk_take desk_assign desk_move desk_meet desk_note desk_register \
        desk_places desk_fold desk_incident_save desk_chats desk_questions desk_answer desk_journal desk_journal_lines \
        desk_monitor desk_announcements desk_announcement desk_announcement_save desk_announcement_preview \
        desk_announcement_results desk_announcement_export desk_audience_find desk_audience_reach \
        outages file_add file_remove \
        announcements announcement announcement_read poll_draft_save poll_answer offer_order offer_browse \
        attachment_fetch attachment_open attachment_save support_ask \
        payment payments payment_total payment_start payment_open payment_receipt payment_state payment_cancel \
        payment_front payment_qr bills bill bill_pdf bill_pdf_open bill_pdf_save";
    let mut contract: Vec<&str> = contract.split_whitespace().collect();
    let mut table = NAMES.to_vec();
    contract.sort_unstable();
    table.sort_unstable();
    assert_eq!(table, contract);
}
