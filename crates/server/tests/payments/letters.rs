//! Letters about payments: each once, to who has left an address.

use crate::common::staff::Hand;
use crate::till::Till;
use domain::Source;
use domain::payment::PaymentWay;
use sandbox::bank::EMPTY_CARD;
use sandbox::postbox::Letter;
use wire::operation::{Body, UpdateProfile};

const ADDRESS: &str = "ivanov@mail.example";

struct Post {
    till: Till,
    mail: sandbox::Running,
}

impl Post {
    async fn new(change: impl FnOnce(String) -> String) -> Self {
        let mail = sandbox::start("127.0.0.1:0").await.expect("a mail server");
        let port = mail.smtp.port();
        let settings = format!(
            "[mail]\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\nfrom = \"kassa@ks.example\"\nlook_s = 86400\n[bank]\n"
        );
        let till = Till::with(|text| change(text.replace("[bank]\n", &settings))).await;
        let post = Self { till, mail };
        // The first look is at once.
        post.send().await;
        post
    }

    async fn with_an_address(self) -> Self {
        let mut hand = Hand::new(&self.till.world, self.till.owner.clone(), Source::ResidentApp);
        hand.applied(Body::UpdateProfile(UpdateProfile { name: None, email: Some(ADDRESS.into()) })).await;
        self
    }

    async fn send(&self) -> usize {
        self.till.world.running().send_letters().await.expect("read")
    }

    fn letters(&self) -> Vec<Letter> {
        let mut letters = self.mail.postbox.letters(None);
        letters.reverse();
        letters
    }
}

#[tokio::test]
async fn who_paid_reads_so_once_with_the_receipt_and_reads_of_every_refund() {
    let post = Post::new(|text| text).await.with_an_address().await;
    let till = &post.till;
    let payment = till.begun(&till.wanted(100_000)).await;
    till.pay(&payment);
    for _ in 0..3 {
        till.ask_after(5).await;
    }
    post.send().await;
    for sum in [Some(30_000), None] {
        till.give_back(&payment, sum).await.expect("wanted");
        post.send().await;
    }
    let letters = post.letters();
    let subjects: Vec<_> = letters.iter().map(|letter| letter.subject.as_str()).collect();
    let number = &payment.number;
    assert_eq!(
        subjects,
        [format!("Платёж {number}: оплачен"), format!("Платёж {number}: возврат"), format!("Платёж {number}: возврат")]
    );
    let body = letters[0].body.replace('\u{a0}', " ");
    for part in ["1 012,00 ₽, из них комиссия 12,00 ₽", "2140183572", "1 000,00 ₽", "/bank/receipt/"]
    {
        assert!(body.contains(part), "{part}: {body}");
    }
    let body = letters[1].body.replace('\u{a0}', " ");
    assert!(body.contains("возвращено 300,00 ₽") && body.contains("300,00 из 1 000,00 ₽"), "{body}");
    assert!(letters.iter().all(|letter| letter.to == [ADDRESS]));
}

#[tokio::test]
async fn who_was_refused_reads_why_and_who_cancelled_reads_nothing() {
    let post = Post::new(|text| text).await.with_an_address().await;
    let till = &post.till;
    let payment = till.begun(&till.wanted(100_000)).await;
    till.bank().pay(&till.order(&payment).id, EMPTY_CARD).expect("asked");
    till.ask_after(5).await;
    let cancelled = till.begun(&till.wanted(100_000)).await;
    till.cancel(cancelled.id).await;
    till.turn(|knobs| knobs.down = true);
    till.start(&till.wanted(100_000)).await;
    post.send().await;
    let letters = post.letters();
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert_eq!(letters[0].subject, format!("Платёж {}: не прошёл", payment.number));
    assert!(letters[0].body.contains("Причина: Недостаточно средств на карте."), "{}", letters[0].body);
}

#[tokio::test]
async fn a_letter_waits_a_little_for_the_receipt_where_one_is_made_and_not_for_ever() {
    let fiscal = "[payments.fiscal]\nemail = \"kassa@ks.example\"\nsno = \"osn\"\npayment_address = \"https://lk.ks.example\"\nvat = [{ from = \"2026-01-01\", rate = \"22\" }]\ntax_types = { \"22\" = 11 }\n[bank]\n";
    let post = Post::new(|text| text.replace("[bank]\n", fiscal)).await.with_an_address().await;
    let till = &post.till;
    till.turn(|knobs| knobs.receipts = false);
    let mut sent = Vec::new();
    for comes in [true, false] {
        let payment = till.begun(&till.wanted(100_000)).await;
        till.pay(&payment);
        till.ask_after(5).await;
        assert_eq!(post.send().await, 0, "it waits");
        till.turn(|knobs| knobs.receipts = comes);
        till.ask_after(if comes { 5 } else { 130 }).await;
        till.turn(|knobs| knobs.receipts = false);
        assert_eq!(post.send().await, 1);
        sent.push(post.letters().last().expect("a letter").body.contains("Чек: "));
    }
    assert_eq!(sent, [true, false]);
}

#[tokio::test]
async fn who_left_no_address_gets_no_letter() {
    let post = Post::new(|text| text).await;
    let till = &post.till;
    let payment = till.begun(&crate::till::wanted(&[(till.flat.account, 100_000)], PaymentWay::Card)).await;
    till.pay(&payment);
    till.ask_after(5).await;
    assert_eq!(post.send().await, 0);
    assert_eq!(till.number("SELECT COUNT(*) FROM letters").await, 0);
}
