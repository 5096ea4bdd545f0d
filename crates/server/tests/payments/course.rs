//! The course of a payment, from the first click to the account.

use crate::common::*;
use crate::till::{DEBT, FISCAL, Till, wanted};
use domain::Kopecks;
use domain::payment::{PaymentProblem, PaymentStatus, PaymentWay};
use reqwest::StatusCode;
use sandbox::bank::{EMPTY_CARD, GOOD_CARD};
use std::time::Duration;
use wire::entity::Entity;
use wire::feed::Scope;
use wire::money::PartSum;
use wire::problem::Code;

#[tokio::test]
async fn a_payment_on_the_banks_page_lowers_the_debt_of_its_account_once() {
    let till = Till::new().await;
    let payment = till.begun(&till.wanted(100_000)).await;
    assert_eq!((payment.status, payment.total), (PaymentStatus::Awaiting, Kopecks(101_200)));
    let [part] = &till.parts().await[..] else { panic!("one part") };
    assert_eq!(
        (part.status, part.sum, part.payer_name.as_str()),
        (PaymentStatus::Awaiting, Kopecks(100_000), "Иванов И. И.")
    );
    assert_eq!(till.account().await.debt, Kopecks(DEBT), "nothing is credited before it was paid");
    // A browser: the page, the form, the way back.
    let page = payment.form_url.clone().expect("a page");
    let text = till.world.http.get(&page).send().await.expect("answered").text().await.expect("a page");
    assert!(text.contains("1012,00") && text.contains("Оплатить") && text.contains(&payment.number), "{text}");
    let order = till.order(&payment);
    let form = [("mdOrder", order.id.as_str()), ("pan", "2200 0000 0000 0004"), ("term", "12/30"), ("cvc", "123")];
    let back = till.world.http.post(&page).form(&form).send().await.expect("answered");
    assert!(back.url().path().starts_with("/pay/return/KS-"), "{}", back.url());
    let back = back.text().await.expect("a page");
    assert!(back.contains("Вернитесь") && !back.contains("1012") && !back.contains(&payment.number));
    till.ask_after(5).await;
    let paid = till.state(payment.id).await;
    assert_eq!(paid.status, PaymentStatus::Credited);
    assert_eq!((paid.parts[0].by.as_str(), paid.form_url), ("МИР 2200 •• 0004", None));
    assert!(paid.receipt_url.is_some_and(|url| url.contains("/bank/receipt/")));
    for _ in 0..3 {
        till.ask_after(700).await;
    }
    assert_eq!(till.credits().await, [(till.flat.account, "payment".to_owned(), 100_000)]);
    assert_eq!(till.holds().await, 0);
    let mut till = till;
    till.owner = till.world.sign_in(&till.owner).await;
    assert_eq!(till.account().await.debt, Kopecks(DEBT - 100_000));
    assert_eq!(till.parts().await[0].status, PaymentStatus::Credited);
}

#[tokio::test]
async fn one_order_pays_for_several_accounts_and_each_gets_its_own_part() {
    let till = Till::new().await;
    let second = till.second_flat().await;
    let both = wanted(&[(till.flat.account, 100_000), (second.account, 20_050)], PaymentWay::Sbp);
    let payment = till.begun(&both).await;
    assert_eq!((payment.commission, payment.total), (Kopecks(0), Kopecks(120_050)));
    assert!(payment.sbp_payload.as_ref().is_some_and(|code| code.contains("sum=120050")), "{payment:?}");
    till.bank().pay_by_code(&till.order(&payment).id).expect("paid");
    till.ask_after(5).await;
    let paid = till.state(payment.id).await;
    assert_eq!((paid.status, paid.parts[1].by.as_str()), (PaymentStatus::Credited, "СБП"));
    let mut credits = till.credits().await;
    credits.sort_by_key(|(_, _, sum)| *sum);
    let expected = [(second.account, 20_050), (till.flat.account, 100_000)];
    assert_eq!(credits, expected.map(|(account, sum)| (account, "payment".to_owned(), sum)));
}

#[tokio::test]
async fn a_card_without_money_declines_with_the_banks_words_and_the_account_can_be_paid_again() {
    let till = Till::new().await;
    let payment = till.begun(&till.wanted(100_000)).await;
    till.bank().pay(&till.order(&payment).id, EMPTY_CARD).expect("asked");
    till.ask_after(5).await;
    let declined = till.state(payment.id).await;
    assert_eq!((declined.status, declined.why.as_str()), (PaymentStatus::Declined, "Недостаточно средств на карте"));
    assert!(till.credits().await.is_empty());
    let again = till.begun(&till.wanted(100_000)).await;
    assert_ne!(again.number, payment.number);
}

#[tokio::test]
async fn what_cannot_be_paid_is_said_before_anything_is_written() {
    let till = Till::new().await;
    let refused = |problem| Code::PaymentRefused { problem };
    let cases = [
        (till.wanted(499), refused(PaymentProblem::TooSmall { minimum: Kopecks(500) })),
        (till.wanted(10_000_000), refused(PaymentProblem::TooLarge { maximum: Kopecks(10_000_000) })),
        (till.wanted(0), refused(PaymentProblem::Empty)),
        (till.wanted(-5_000), refused(PaymentProblem::Empty)),
        (wanted(&[(till.flat.account, 5_000)], PaymentWay::Office), refused(PaymentProblem::WayUnknown)),
    ];
    for (case, code) in cases {
        assert_eq!(problem(till.start(&case).await).await, code);
    }
    let cheaper = wire::money::StartPayment { total: Kopecks(100_000), ..till.wanted(100_000) };
    assert_eq!(problem(till.start(&cheaper).await).await, Code::PaymentTermsChanged);
    let twice = PartSum { account: till.flat.account, sum: Kopecks(5_000), services: Vec::new() };
    let twice = wire::money::StartPayment { parts: vec![twice.clone(), twice], ..till.wanted(10_000) };
    assert_eq!(problem(till.start(&twice).await).await, Code::Unreadable { field: Some("parts".into()) });
    let stranger = till.world.register("+79000000009").await;
    assert_eq!(problem(till.start_as(&stranger, &till.wanted(5_000)).await).await, Code::NotYours);
    assert_eq!(till.number("SELECT COUNT(*) FROM payments").await, 0);
    assert!(till.bank().orders().is_empty());
}

#[tokio::test]
async fn everybody_may_know_how_one_pays_here() {
    let till = Till::new().await;
    let public = till.world.snapshot(&till.owner, Scope::Public).await;
    let terms = public.entities.into_iter().find_map(|it| match it.entity {
        Entity::PaymentTerms(terms) => Some(*terms),
        _ => None,
    });
    let terms = terms.expect("terms");
    assert_eq!(terms.rules[0].ways, [PaymentWay::Card, PaymentWay::Sbp]);
    assert_eq!(terms.payee.map(|payee| payee.inn().to_string()), Some("2124012348".to_owned()));
}

#[tokio::test]
async fn a_payment_of_the_policy_of_registries_waits_for_the_registry() {
    let till = Till::with(|text| text.replace("purpose = ", "credit = \"registry\"\npurpose = ")).await;
    let payment = till.begun(&till.wanted(100_000)).await;
    till.pay(&payment);
    till.ask_after(5).await;
    assert_eq!(till.state(payment.id).await.status, PaymentStatus::Paid);
    assert!(till.credits().await.is_empty());
    let id = payment.id;
    for expected in [true, false] {
        let done = till.world.store().write(move |tx| zhkh_server::payments::settle::credit_paid(tx, id)).await;
        assert_eq!(done.expect("written").value, expected);
    }
    assert_eq!(till.state(payment.id).await.status, PaymentStatus::Credited);
    assert_eq!(till.credits().await.len(), 1);
}

#[tokio::test]
async fn the_receipts_cart_comes_to_the_amount_to_the_kopeck() {
    let till = Till::with(|text| text.replace("[bank]\n", FISCAL)).await;
    let second = till.second_flat().await;
    // The bank of the sandbox refuses a cart whose positions do not come to the amount.
    let payment = till.begun(&wanted(&[(till.flat.account, 345_677), (second.account, 1)], PaymentWay::Card)).await;
    assert_eq!(payment.status, PaymentStatus::Awaiting);
    let bundle = till.order(&payment).bundle.expect("a cart");
    let items = bundle["cartItems"]["items"].as_array().expect("items");
    let sums: Vec<_> = items.iter().map(|item| item["itemAmount"].as_i64().expect("a sum")).collect();
    assert_eq!(sums, [345_677, 1, payment.commission.0]);
    assert!(items.iter().all(|item| item["tax"]["taxType"] == 11 && item["paymentObject"] == "4"));
    assert_eq!(bundle["company"]["inn"], "2124012348");
}

#[tokio::test]
async fn a_running_server_hears_of_a_payment_by_itself() {
    let till = Till::with(|text| text.replace("look_ms = 3600000", "look_ms = 5")).await;
    let payment = till.begun(&till.wanted(100_000)).await;
    till.bank().pay(&till.order(&payment).id, GOOD_CARD).expect("paid");
    till.world.clock.advance(5_000);
    // Until it has looked, which it does all the time.
    while till.state(payment.id).await.status != PaymentStatus::Credited {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_payment_is_nobody_elses() {
    let till = Till::new().await;
    let payment = till.begun(&till.wanted(100_000)).await;
    let relative = till.relative().await;
    let path = format!("/v1/payments/{}", payment.id);
    assert_eq!(problem(till.world.get_as(&relative, &path).await).await, Code::PaymentUnknown);
    let cancel = till.world.post_as(&relative, &format!("{path}/cancel"), &()).await;
    assert_eq!(problem(cancel).await, Code::PaymentUnknown);
    let same = wire::money::StartPayment { id: payment.id, ..till.wanted(100_000) };
    assert_eq!(problem(till.start_as(&relative, &same).await).await, Code::NotYours);
    assert_eq!(till.world.get_as(&till.owner, &path).await.status(), StatusCode::OK);
}
