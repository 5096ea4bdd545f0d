//! Sums by service: told by billing, divided by the payer, owed less afterwards, handed on to billing.

use crate::common::*;
use crate::till::{FISCAL, Till, wanted};
use domain::Kopecks;
use domain::payment::{PaymentStatus, PaymentWay, ServiceSum};
use reqwest::StatusCode;
use wire::money::{Payment, StartPayment};
use wire::problem::Code;
use zhkh_server::accounts::{self, services};
use zhkh_server::registry::export::services::{Order, export};
use zhkh_server::storage::StoreError;

const WATER: &str = "Холодное водоснабжение";
const HOUSE: &str = "Содержание";

fn sums(sums: &[(&str, i64)]) -> Vec<ServiceSum> {
    sums.iter().map(|(service, sum)| ServiceSum { service: (*service).into(), sum: Kopecks(*sum) }).collect()
}

impl Till {
    /// Billing divides the debt of 3 456,78 ₽.
    async fn divided(&self) {
        let account = self.flat.account;
        let told = self.world.store().write(move |tx| {
            services::replace(tx, account, &sums(&[(WATER, 145_678), (HOUSE, 200_000)]))?;
            accounts::publish(tx, account, None)?;
            Ok::<_, StoreError>(())
        });
        told.await.expect("told");
    }

    fn by_services(&self, of: &[(&str, i64)]) -> StartPayment {
        let mut wanted = wanted(&[(self.flat.account, of.iter().map(|(_, sum)| sum).sum())], PaymentWay::Sbp);
        wanted.parts[0].services = sums(of);
        wanted
    }

    async fn owed(&self) -> Vec<ServiceSum> {
        self.account().await.services
    }

    async fn credited(&self, wanted: &StartPayment) -> Payment {
        let payment = self.begun(wanted).await;
        self.pay(&payment);
        self.ask_after(10).await;
        let credited = self.state(payment.id).await;
        assert_eq!(credited.status, PaymentStatus::Credited);
        credited
    }
}

#[tokio::test]
async fn what_was_divided_is_owed_less_by_its_services_and_what_was_not_by_all_in_proportion() {
    let till = Till::new().await;
    assert_eq!(till.owed().await, [], "billing tells none");
    till.divided().await;
    assert_eq!(till.owed().await, sums(&[(WATER, 145_678), (HOUSE, 200_000)]));
    till.credited(&till.by_services(&[(WATER, 45_678), (HOUSE, 50_000)])).await;
    assert_eq!(till.owed().await, sums(&[(WATER, 100_000), (HOUSE, 150_000)]));
    assert_eq!(till.parts().await[0].services, sums(&[(WATER, 45_678), (HOUSE, 50_000)]));
    till.credited(&till.wanted(25_000)).await;
    assert_eq!(till.owed().await, sums(&[(WATER, 90_000), (HOUSE, 135_000)]));
    assert_eq!(till.account().await.debt, Kopecks(225_000));
}

#[tokio::test]
async fn services_that_do_not_make_the_sum_are_refused_and_those_of_a_former_debt_are_told_anew() {
    let till = Till::new().await;
    till.divided().await;
    let mut wrong = till.by_services(&[(WATER, 45_678), (HOUSE, 50_000)]);
    wrong.parts[0].services[0].sum = Kopecks(45_677);
    let answer = till.start(&wrong).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem(answer).await, Code::Unreadable { field: Some("parts.services".into()) });
    let former = till.by_services(&[("Отопление", 10_000)]);
    assert_eq!(problem(till.start(&former).await).await, Code::PaymentTermsChanged);
    assert_eq!(till.bank().orders().len(), 0, "the bank hears of neither");
    let divided = till.by_services(&[(WATER, 45_678)]);
    till.begun(&divided).await;
    let mut other = divided.clone();
    other.parts[0].services.clear();
    let answer = till.start(&other).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "another payment under the same id");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_receipts_cart_names_the_services_and_billing_hears_how_a_payment_was_divided_any_number_of_times() {
    let till = Till::with(|text| text.replace("[bank]\n", FISCAL)).await;
    till.divided().await;
    let payment = till.credited(&till.by_services(&[(WATER, 45_678), (HOUSE, 50_000)])).await;
    let bundle = till.order(&payment).bundle.expect("a cart");
    let items = bundle["cartItems"]["items"].as_array().expect("items");
    let named: Vec<_> =
        items.iter().map(|item| (item["name"].as_str().expect("a name"), &item["itemAmount"])).collect();
    assert_eq!(named.len(), 2);
    assert!(named[0].0.starts_with(WATER) && named[0].1 == 45_678, "{named:?}");
    till.credited(&till.wanted(10_000)).await;
    let folder = tempfile::tempdir().expect("a folder");
    let today = till.world.config().day(till.world.clock_now());
    let export = |name: &str, day| {
        let (out, zone) = (folder.path().join(name), chrono_tz::Europe::Moscow);
        let order = Order { from: day, to: day, out, utf8: true, zone };
        tokio::task::block_in_place(|| export(till.world.store(), order))
    };
    for name in ["a.csv", "b.csv"] {
        let exported = export(name, today).expect("exported");
        assert_eq!((exported.rows, exported.sum), (2, Kopecks(95_678)));
        let text = std::fs::read_to_string(&exported.file).expect("a file");
        let row = format!("{};{};2140183572;{WATER};456,78\r\n", today.format("%d.%m.%Y"), payment.number);
        assert!(text.contains(&row) && text.ends_with("=2;956,78\r\n"), "{text}");
    }
    let before = export("c.csv", today.pred_opt().expect("a day")).expect_err("nothing then");
    assert!(before.to_string().contains("никто не делил"), "{before}");
    assert!(!folder.path().join("c.csv").exists());
}
