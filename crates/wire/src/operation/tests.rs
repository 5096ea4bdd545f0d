use super::*;

fn sample() -> Operation {
    let id = |n| Uuid::from_u128(n);
    let meter = MeterId::new(id(4));
    let body = Body::SubmitReading(SubmitReading {
        reading: ReadingId::new(id(3)),
        meter,
        values: vec![MeterValue::parse("460,604").expect("a value")],
        confirmed: vec![QuestionCode::AboveUsual],
        early: false,
    });
    Operation {
        id: OperationId::new(id(1)),
        actor: UserId::new(id(2)),
        on_behalf_of: None,
        source: Source::ResidentApp,
        incarnation: Incarnation::new(id(5)),
        device_seq: 1,
        lane: body.lane(UserId::new(id(2))),
        captured: Capture { wall_ms: 1, server_offset_ms: Some(2), boot_ms: 3, boot_id: "b".into(), anchored: true },
        base_version: None,
        replaces: None,
        body,
    }
}

#[test]
fn what_was_sealed_opens_to_the_same_and_keeps_its_hash_through_the_wire() {
    let sealed = Sealed::seal(&sample()).expect("sealed");
    assert_eq!(sealed.open().expect("opened"), sample());
    let travelled: Sealed = serde_json::from_slice(&serde_json::to_vec(&sealed).expect("sent")).expect("received");
    assert_eq!(travelled.hash(), sealed.hash());
}

/// The bytes of version 1 are on people's disks: if this test has to change, write a new body version instead.
#[test]
fn the_form_of_version_1_never_changes() {
    let text = Sealed::seal(&sample()).expect("sealed").text().to_owned();
    assert_eq!(
        text,
        concat!(
            r#"{"id":"00000000-0000-0000-0000-000000000001","actor":"00000000-0000-0000-0000-000000000002","#,
            r#""source":"resident_app","incarnation":"00000000-0000-0000-0000-000000000005","device_seq":1,"#,
            r#""lane":{"kind":"meter","id":"00000000-0000-0000-0000-000000000004"},"#,
            r#""captured":{"wall_ms":1,"server_offset_ms":2,"boot_ms":3,"boot_id":"b","anchored":true},"#,
            r#""body":{"kind":"reading.submit/1","data":{"reading":"00000000-0000-0000-0000-000000000003","#,
            r#""meter":"00000000-0000-0000-0000-000000000004","values":["460.604"],"confirmed":["above_usual"]}}}"#
        )
    );
}

#[test]
fn a_log_shows_no_content() {
    let sealed = Sealed::seal(&sample()).expect("sealed");
    assert!(!format!("{sealed:?}").contains("460"));
}
