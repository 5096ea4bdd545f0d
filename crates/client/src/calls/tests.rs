use super::*;
use serde_json::Value;

fn response(status: u16, content_type: &str, bytes: &'static str) -> Response {
    Response {
        status,
        content_type: content_type.into(),
        retry_after: None,
        server_ms: None,
        upload: None,
        bytes: Bytes::from_static(bytes.as_bytes()),
    }
}

#[test]
fn a_page_of_a_hotel_is_never_taken_for_the_servers_answer() {
    for page in [response(200, "text/html", "<html>"), response(302, "text/html", ""), response(200, "", "")] {
        assert_eq!(answer::<wire::session::Session>(&page).expect_err("no session"), CallError::Portal);
    }
    let foreign = response(401, "text/html", "<html>");
    assert!(matches!(answer::<Value>(&foreign), Err(CallError::Busy { .. })), "401 of a proxy signs nobody out");
}

#[test]
fn only_a_problem_with_one_of_our_codes_is_final() {
    let ours = r#"{"type":"urn:zhkh:code_expired","status":422,"code":"code_expired"}"#;
    let told = answer::<Value>(&response(422, wire::PROBLEM_JSON, ours)).expect_err("a problem");
    assert_eq!(told, CallError::Problem(Code::CodeExpired));
    let newer = r#"{"type":"urn:zhkh:teapot","status":418,"code":"teapot"}"#;
    assert!(matches!(answer::<Value>(&response(418, wire::PROBLEM_JSON, newer)), Err(CallError::Busy { .. })));
}

#[test]
fn an_answer_without_content_answers_a_call_that_expects_none() {
    assert_eq!(answer::<()>(&response(204, "", "")), Ok(()));
}

/// Every code with the failure it becomes. The match makes a new code fail to compile until it is listed.
#[test]
fn every_code_has_its_own_words() {
    let listed = [
        Code::SignInNeeded,
        Code::WrongPassword { tries_left: 2 },
        Code::LockedOut { retry_after_s: 60 },
        Code::UpgradeNeeded,
        Code::IncarnationConflict,
        Code::EpochChanged,
        Code::SnapshotNeeded,
        Code::TooLarge,
        Code::Unreadable { field: Some("phone".into()) },
        Code::NotYours,
        Code::ConsentOutdated,
        Code::RegistrationGone,
        Code::CallTooSoon { retry_after_s: 30 },
        Code::CallUnavailable,
        Code::NumberUnavailable,
        Code::WrongCode { tries_left: 3 },
        Code::CodeExpired,
        Code::WeakPassword,
        Code::AccountUnknown,
        Code::ProofWrong { tries_left: 4 },
        Code::AlreadyAttached,
        Code::AttachmentExpired,
        Code::FileUnknown,
        Code::FileRefused { why: wire::problem::FileRefusal::Kind },
        Code::NoThumbnail,
        Code::StorageFull,
        Code::PaymentLocked {
            who: "Смирнов О. П.".into(),
            own: false,
            payment: domain::PaymentId::new(uuid::Uuid::from_u128(7)),
            since_ms: 1,
            until_ms: 2,
        },
        Code::PaymentTermsChanged,
        Code::PaymentRefused { problem: domain::payment::PaymentProblem::Empty },
        Code::PaymentUnknown,
        Code::BankUnavailable,
    ];
    for code in listed {
        let beside = |field, problem| Failure::Field { field, problem };
        let expected = match &code {
            Code::SignInNeeded => Failure::SignedOut,
            Code::WrongPassword { .. } => Failure::WrongPassword { tries_left: Some(2) },
            Code::LockedOut { .. } => Failure::LockedOut { retry_after_s: 60 },
            Code::UpgradeNeeded => Failure::UpgradeNeeded,
            Code::IncarnationConflict | Code::EpochChanged | Code::SnapshotNeeded | Code::TooLarge => {
                Failure::ServerBusy
            }
            Code::Unreadable { .. } => beside(Field::Phone, FieldProblem::Malformed),
            Code::NotYours => Failure::Gone,
            Code::ConsentOutdated => Failure::ConsentOutdated,
            Code::RegistrationGone => Failure::RegistrationGone,
            Code::CallTooSoon { .. } => Failure::CallTooSoon { retry_after_s: 30 },
            Code::CallUnavailable => Failure::CallUnavailable,
            Code::NumberUnavailable => beside(Field::Phone, FieldProblem::Unreachable),
            Code::WrongCode { .. } => beside(Field::Code, FieldProblem::WrongCode { tries_left: 3 }),
            Code::CodeExpired => beside(Field::Code, FieldProblem::CodeExpired),
            Code::WeakPassword => beside(Field::Password, FieldProblem::TooSimple),
            Code::AccountUnknown => beside(Field::AccountNumber, FieldProblem::AccountUnknown),
            Code::ProofWrong { .. } => beside(Field::Qr, FieldProblem::ProofWrong { tries_left: 4 }),
            Code::AlreadyAttached => Failure::AlreadyAttached,
            Code::AttachmentExpired => Failure::AttachmentExpired,
            Code::FileUnknown | Code::FileRefused { .. } | Code::NoThumbnail | Code::StorageFull => Failure::ServerBusy,
            Code::PaymentUnknown => Failure::Gone,
            Code::PaymentLocked { payment, .. } => Failure::PaymentLocked {
                who: "Смирнов О. П.".into(),
                own: false,
                payment: payment.to_string(),
                until_ms: 2,
            },
            Code::PaymentTermsChanged | Code::PaymentRefused { .. } => Failure::PaymentTermsChanged,
            Code::BankUnavailable => Failure::BankUnavailable,
        };
        assert_eq!(CallError::Problem(code).failure_beside(Field::Qr), expected);
    }
}
