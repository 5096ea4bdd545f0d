//! The bill as a document is for those who have attached its account, and for nobody else.

mod common;

use common::*;
use domain::{Kopecks, Period};
use uuid::Uuid;
use wire::problem::Code;
use zhkh_server::bills::{self, Replace};
use zhkh_server::storage::{StoreError, Tx};

#[tokio::test]
async fn a_bills_document_is_made_for_its_resident_and_for_nobody_else() {
    let world = World::new().await;
    let flat = world.flat(town::NUMBER).await;
    let resident = world.register("+79000000001").await;
    let stranger = world.register("+79000000002").await;
    world.attach(&resident, town::NUMBER).await;
    let period = Period::new(2026, 10).expect("a month");
    let bill = bills::of_sum(flat.account, period, Kopecks(345_678));
    let id = bill.id;
    let write = move |tx: &mut Tx<'_>| -> Result<(), StoreError> {
        let import = tx.id_v7();
        bills::write(tx, import, Replace::All, vec![bill])
    };
    world.store().write(write).await.expect("written");

    let path = format!("/v1/bills/{id}/pdf");
    let document = world.get_as(&resident, &path).await;
    assert_eq!(
        (document.status().as_u16(), &document.headers()["content-type"]),
        (200, &"application/pdf".parse().expect("a header"))
    );
    let bytes = document.bytes().await.expect("the document");
    assert!(bytes.starts_with(b"%PDF-"));

    assert_eq!(problem(world.get_as(&stranger, &path).await).await, Code::NotYours);
    let nothing = format!("/v1/bills/{}/pdf", Uuid::from_u128(404));
    assert_eq!(problem(world.get_as(&resident, &nothing).await).await, Code::NotYours, "the two are not told apart");
}
