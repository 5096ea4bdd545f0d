//! What the staff do about payments by command: refunds, and sums that are not ours.

use crate::till::{DEBT, Till, wanted};
use domain::Kopecks;
use domain::payment::{PaymentStatus, PaymentWay};
use std::process::{Command, Output};
use wire::money::Payment;
use zhkh_server::bank::BankError;
use zhkh_server::payments::by_hand::NotDecided;
use zhkh_server::payments::refund::{Outcome, Unwanted, in_trouble};
use zhkh_server::payments::verdict::{Ruling, Undecided};

const HOUR_S: i64 = 3600;

async fn paid(till: &Till) -> Payment {
    let payment = till.begun(&till.wanted(100_000)).await;
    till.pay(&payment);
    till.ask_after(5).await;
    payment
}

/// A payment of which the bank takes less than it was asked to.
async fn short(till: &Till, less: i64) -> Payment {
    till.turn(|knobs| knobs.takes_less = less);
    let payment = paid(till).await;
    till.turn(|knobs| knobs.takes_less = 0);
    assert_eq!(till.state(payment.id).await.status, PaymentStatus::Awaiting);
    payment
}

fn refunds(till: &Till, payment: &Payment) -> Vec<i64> {
    till.order(payment).refunds.iter().map(|refund| refund.sum).collect()
}

#[tokio::test]
async fn money_that_the_staff_give_back_is_owed_again_and_the_resident_sees_it() {
    let till = Till::new().await;
    let payment = paid(&till).await;
    let refund = till.give_back(&payment, Some(30_000)).await.expect("wanted");
    assert_eq!(refund.outcome, Some(Outcome::GivenBack));
    let part = &till.parts().await[0];
    assert_eq!((part.status, part.refunded), (PaymentStatus::Refunded, Kopecks(30_000)));
    assert_eq!(till.account().await.debt, Kopecks(DEBT - 70_000));
    // Somebody does not know that it was done.
    assert!(matches!(till.give_back(&payment, Some(30_000)).await, Err(Unwanted::Again(_))));
    assert_eq!(till.give_back(&payment, Some(71_201)).await, Err(Unwanted::MoreThanLeft(Kopecks(71_200))));
    // All that is left, the commission with it.
    till.give_back(&payment, None).await.expect("wanted");
    assert_eq!(refunds(&till, &payment), [30_000, 71_200]);
    assert_eq!(till.give_back(&payment, None).await, Err(Unwanted::MoreThanLeft(Kopecks(0))));
    assert_eq!(till.account().await.debt, Kopecks(DEBT));
    assert_eq!(till.credits().await.into_iter().map(|(_, _, sum)| sum).sum::<i64>(), 0);
}

#[tokio::test]
async fn a_refund_whose_answer_was_lost_is_made_once() {
    let mut till = Till::new().await;
    let payment = paid(&till).await;
    // The bank gives it back and says so to nobody, neither now nor when it is asked.
    till.turn(|knobs| (knobs.lose_answers, knobs.lose_verb) = (1, "refund.do".into()));
    let refund = till.give_back(&payment, Some(30_000)).await.expect("wanted");
    assert_eq!(refund.outcome, Some(Outcome::GivenBack), "the bank's own count tells");
    till.turn(|knobs| (knobs.lose_answers, knobs.lose_verb) = (1_000, String::new()));
    let lost = till.give_back(&payment, Some(20_000)).await.expect("wanted");
    assert_eq!((lost.outcome, lost.sent), (None, None), "it is not known what it has given back until now");
    assert!(matches!(till.give_back(&payment, Some(1)).await, Err(Unwanted::Open(_))));
    till.turn(|knobs| knobs.lose_answers = 0);
    for _ in 0..3 {
        till.later(60).await;
    }
    assert_eq!(refunds(&till, &payment), [30_000, 20_000]);
    assert_eq!(till.parts().await[0].refunded, Kopecks(50_000));
}

#[tokio::test]
async fn a_refund_that_a_bank_which_was_down_did_not_hear_of_is_made_when_it_is_back() {
    let mut till = Till::new().await;
    let payment = paid(&till).await;
    till.turn(|knobs| knobs.down = true);
    let refund = till.give_back(&payment, Some(30_000)).await.expect("wanted");
    assert_eq!((refund.outcome, refund.sent), (None, None));
    till.world.stop().await;
    till.world.start().await;
    till.later(60).await;
    assert!(refunds(&till, &payment).is_empty());
    till.turn(|knobs| knobs.down = false);
    till.later(600).await;
    till.later(600).await;
    assert_eq!(refunds(&till, &payment), [30_000]);
    assert_eq!(till.parts().await[0].refunded, Kopecks(30_000));
}

#[tokio::test]
async fn a_refund_that_nobody_knows_of_is_never_asked_for_twice_and_told_to_a_person() {
    let mut till = Till::new().await;
    let payment = paid(&till).await;
    let order = till.order(&payment).id;
    // The power fails between the mark that the bank is asked and the question.
    till.turn(|knobs| knobs.down = true);
    let refund = till.give_back(&payment, Some(30_000)).await.expect("wanted");
    let id = refund.id;
    let mark = till.world.store().write(move |tx| {
        use zhkh_server::storage::Sql as _;
        let mark = "UPDATE payment_refunds SET sent_ms = wanted_ms, had_back = 0 WHERE id = $1";
        tx.execute(mark, zhkh_server::params![id])
    });
    assert_eq!(mark.await.expect("written").value, 1);
    till.turn(|knobs| knobs.down = false);
    for _ in 0..3 {
        till.later(600).await;
    }
    assert!(till.bank().orders().iter().all(|order| order.refunds.is_empty()));
    till.later(HOUR_S).await;
    let trouble = till.world.store().read(|sql| in_trouble(sql)).await.expect("read");
    assert_eq!(trouble, std::slice::from_ref(&payment.number));
    assert_eq!(till.state(payment.id).await.status, PaymentStatus::Credited);
    // A person looked, and tries again.
    till.give_back(&payment, Some(30_000)).await.expect("wanted");
    assert_eq!(till.bank().by_number(&payment.number).expect("there").id, order);
    assert_eq!(refunds(&till, &payment), [30_000]);
    assert!(till.world.store().read(|sql| in_trouble(sql)).await.expect("read").is_empty());
}

#[tokio::test]
async fn a_refund_that_the_bank_refuses_changes_nothing_and_is_told() {
    let till = Till::new().await;
    let payment = paid(&till).await;
    // Somebody gave most of it back in the bank's cabinet, and nobody has heard of it yet.
    till.bank().refund(&till.order(&payment).id, 101_000).expect("given back");
    let refund = till.give_back(&payment, Some(30_000)).await.expect("wanted");
    assert_eq!(refund.outcome, Some(Outcome::Refused));
    assert_eq!(refunds(&till, &payment), [101_000]);
    assert_eq!(till.parts().await[0].refunded, Kopecks(100_000), "what was heard meanwhile counts");
    let unpaid = till.begun(&wanted(&[(till.second_flat().await.account, 5_000)], PaymentWay::Card)).await;
    assert_eq!(till.give_back(&unpaid, None).await, Err(Unwanted::NotPaid));
}

#[tokio::test]
async fn another_sum_that_was_accepted_reaches_the_account_as_the_bank_has_it() {
    for (less, sum, commission) in [(1_200, 100_000, 0), (11_200, 90_000, 0), (-500, 100_500, 1_200)] {
        let till = Till::new().await;
        let payment = short(&till, less).await;
        let taken = Kopecks(101_200 - less);
        assert_eq!(till.decide(&payment, Ruling::Accepted).await, Ok(taken));
        let state = till.state(payment.id).await;
        assert_eq!((state.status, state.total), (PaymentStatus::Credited, taken));
        assert_eq!((state.parts[0].sum, state.commission), (Kopecks(sum), Kopecks(commission)));
        assert_eq!(till.account().await.debt, Kopecks(DEBT - sum));
        assert_eq!((till.credits().await.len(), till.holds().await), (1, 0));
        assert_eq!(
            till.decide(&payment, Ruling::Rejected).await,
            Err(NotDecided::Nothing(Undecided::Settled)),
            "it is over"
        );
        till.give_back(&payment, None).await.expect("wanted");
        assert_eq!(till.account().await.debt, Kopecks(DEBT));
        assert_eq!(till.order(&payment).kept(), 0);
    }
}

#[tokio::test]
async fn another_sum_that_was_rejected_goes_back_and_lets_the_account_go() {
    let mut till = Till::new().await;
    let payment = short(&till, 1_200).await;
    assert_eq!(till.decide(&payment, Ruling::Rejected).await, Ok(Kopecks(100_000)));
    let state = till.state(payment.id).await;
    assert_eq!(state.status, PaymentStatus::Declined);
    assert!(state.why.contains("другую сумму"), "{}", state.why);
    assert_eq!((till.order(&payment).kept(), till.holds().await), (0, 0));
    assert_eq!(till.begun(&till.wanted(100_000)).await.status, PaymentStatus::Awaiting);
    till.both_later(2 * HOUR_S).await;
    assert_eq!(till.state(payment.id).await.status, PaymentStatus::Declined);
    assert!(till.credits().await.is_empty());
    let odd = till.world.store().read(|sql| zhkh_server::payments::events::with_other_sums(sql)).await;
    assert!(odd.expect("read").is_empty(), "nothing is left to decide");
}

#[tokio::test]
async fn only_what_differs_is_decided_about_and_only_by_what_the_bank_says_now() {
    let till = Till::new().await;
    let fine = paid(&till).await;
    assert_eq!(till.decide(&fine, Ruling::Accepted).await, Err(NotDecided::Nothing(Undecided::Settled)));
    let open = till.begun(&till.wanted(5_000)).await;
    assert_eq!(till.decide(&open, Ruling::Rejected).await, Err(NotDecided::Nothing(Undecided::NothingDiffers)));
    till.cancel(open.id).await;
    let odd = short(&till, 1_200).await;
    till.turn(|knobs| knobs.down = true);
    let down = till.decide(&odd, Ruling::Accepted).await;
    assert_eq!(down, Err(NotDecided::Bank(BankError::NotAsked)));
    till.turn(|knobs| knobs.down = false);
    till.bank().refund(&till.order(&odd).id, 1).expect("given back");
    assert_eq!(till.decide(&odd, Ruling::Accepted).await, Err(NotDecided::Nothing(Undecided::GivenBack)));
    assert_eq!(till.credits().await.len(), 1);
    assert!(till.decide(&odd, Ruling::Rejected).await.is_ok());
    assert_eq!(till.holds().await, 0);
}

/// The real program beside the running server.
fn run(till: &Till, arguments: &[&str]) -> Output {
    let folder = till.world.folder.path();
    std::fs::write(folder.join("server.toml"), till.world.settings_text()).expect("written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_zhkh-server"));
    command.args(["--config", "server.toml", "payments"]).args(arguments).current_dir(folder);
    command.env_remove("ZHKH_DATA").env_remove("ZHKH_LISTEN").env_remove("ZHKH_DATABASE__URL");
    if let Some(url) = till.world.postgres_url() {
        command.env("ZHKH_DATABASE__URL", url);
    }
    command.output().expect("started")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_say_what_they_did_and_what_to_do() {
    let till = Till::new().await;
    let payment = paid(&till).await;
    let number = payment.number.as_str();
    let refund = run(&till, &["refund", number, "--sum", "300,00", "--why", "по заявлению"]);
    assert!(refund.status.success() && said(&refund).contains("Возвращено 300,00 ₽"), "{}", said(&refund));
    assert_eq!(refunds(&till, &payment), [30_000]);
    let again = run(&till, &["refund", number, "--sum", "300,00"]);
    assert!(!again.status.success() && said(&again).contains("--again"), "{}", said(&again));
    assert_eq!(refunds(&till, &payment), [30_000]);
    let show = run(&till, &["show", number]);
    let words = said(&show);
    for part in ["возвращён", "ЛС 2140183572: 1000,00 ₽, возвращено 300,00 ₽", "по заявлению", "refund_done"]
    {
        assert!(show.status.success() && words.contains(part), "{part}: {words}");
    }
    assert!(!words.contains("Иванов"), "{words}");
    let unknown = run(&till, &["show", "KS-999999"]);
    assert!(!unknown.status.success() && said(&unknown).contains("нет"), "{}", said(&unknown));
    let settled = run(&till, &["accept", number, "--why", "x"]);
    assert!(!settled.status.success() && said(&settled).contains("решать нечего"), "{}", said(&settled));
    let odd = short(&till, 1_200).await;
    let accepted = run(&till, &["accept", &odd.number, "--why", "банк удержал комиссию"]);
    assert!(accepted.status.success() && said(&accepted).contains("1000,00 ₽"), "{}", said(&accepted));
    assert_eq!(till.state(odd.id).await.status, PaymentStatus::Credited);
}
