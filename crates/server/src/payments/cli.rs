//! `payments show`, `payments refund`, `payments accept`, `payments reject`.

use super::by_hand::{self, NotDecided};
use super::refund::{Outcome, Refund, Unwanted};
use super::table::{self, Payment};
use super::told;
use super::verdict::{Ruling, Undecided};
use crate::Config;
use crate::bank::BankError;
use crate::server::{App, ServerPorts};
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use domain::Kopecks;
use std::process::ExitCode;
use std::sync::Arc;

/// `payments`
#[derive(Debug, Args)]
pub struct PaymentsArgs {
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Debug, Subcommand)]
enum Deed {
    /// Показать платёж: счета, состояние, что говорил банк, возвраты.
    Show {
        /// Номер платежа, например KS-000123.
        number: String,
    },
    /// Вернуть деньги плательщику через банк.
    Refund {
        /// Номер платежа, например KS-000123.
        number: String,
        /// Сколько вернуть, рубли: 300,00. Без неё возвращается всё, что осталось.
        #[arg(long, value_name = "РУБ", value_parser = roubles)]
        sum: Option<Kopecks>,
        /// Почему: для истории платежа, житель этого не видит.
        #[arg(long, value_name = "ТЕКСТ", default_value = "")]
        why: String,
        /// Такая же сумма уже возвращалась за последние сутки, и её надо вернуть ещё раз.
        #[arg(long)]
        again: bool,
    },
    /// Зачислить то, что взял банк, хотя его сумма не равна нашей.
    Accept {
        /// Номер платежа, например KS-000123.
        number: String,
        /// Почему: для истории платежа, житель этого не видит.
        #[arg(long, value_name = "ТЕКСТ")]
        why: String,
    },
    /// Не зачислять платёж, сумма которого в банке не равна нашей, и вернуть деньги.
    Reject {
        /// Номер платежа, например KS-000123.
        number: String,
        /// Почему: для истории платежа, житель этого не видит.
        #[arg(long, value_name = "ТЕКСТ")]
        why: String,
    },
}

fn roubles(text: &str) -> Result<Kopecks, String> {
    let sum = Kopecks::parse_roubles(text).ok().filter(|sum| *sum > Kopecks(0));
    sum.ok_or_else(|| "нужны рубли, например 300,00".to_owned())
}

impl PaymentsArgs {
    /// Does what was asked for and says what came of it. The server may run at the same time.
    pub fn run(self, config: Config) -> anyhow::Result<ExitCode> {
        let zone = config.zone;
        let runtime = tokio::runtime::Runtime::new().context("Команда не запускается")?;
        let app = Arc::new(App::open(config, ServerPorts::default())?);
        let done = runtime.block_on(async {
            let number = match &self.deed {
                Deed::Show { number }
                | Deed::Refund { number, .. }
                | Deed::Accept { number, .. }
                | Deed::Reject { number, .. } => number.trim().to_owned(),
            };
            let known = app.store.read(move |sql| table::by_number(sql, &number)).await?;
            let Some(payment) = known else { bail!("Платежа с таким номером нет.") };
            match self.deed {
                Deed::Show { .. } => {
                    let shown = app.store.read(move |sql| told::all(sql, zone, &payment)).await?;
                    print!("{shown}");
                    Ok(ExitCode::SUCCESS)
                }
                Deed::Refund { sum, why, again, .. } => refund(&app, &payment, sum, why, again).await,
                Deed::Accept { why, .. } => decide(&app, &payment, Ruling::Accepted, why).await,
                Deed::Reject { why, .. } => decide(&app, &payment, Ruling::Rejected, why).await,
            }
        });
        let store = app.store.clone();
        drop(app);
        store.close();
        done
    }
}

async fn refund(
    app: &Arc<App>,
    payment: &Payment,
    sum: Option<Kopecks>,
    why: String,
    again: bool,
) -> anyhow::Result<ExitCode> {
    needs_bank(app)?;
    let refund = match by_hand::refund(app, payment.id, sum, why, again).await? {
        Ok(refund) => refund,
        Err(Unwanted::NotPaid) => bail!("По платежу {} банк ничего не взял: возвращать нечего.", payment.number),
        Err(Unwanted::Open(open)) => bail!(
            "По платежу {} уже ждёт ответа банка возврат {} ₽. Посмотрите позже: payments show {}",
            payment.number,
            open.sum.to_registry(),
            payment.number
        ),
        Err(Unwanted::MoreThanLeft(left)) => {
            bail!("Вернуть по платежу {} можно не больше {} ₽. Ничего не сделано.", payment.number, left.to_registry())
        }
        Err(Unwanted::Again(same)) => bail!(
            "По платежу {} за последние сутки уже возвращено {} ₽. Если надо вернуть столько же ещё раз, добавьте --again.",
            payment.number,
            same.sum.to_registry()
        ),
    };
    Ok(say(payment, &refund))
}

fn say(payment: &Payment, refund: &Refund) -> ExitCode {
    let (number, sum) = (&payment.number, refund.sum.to_registry());
    match (refund.outcome, refund.sent) {
        (Some(Outcome::GivenBack), _) => {
            println!("Возвращено {sum} ₽ по платежу {number}.");
            return ExitCode::SUCCESS;
        }
        (Some(Outcome::Refused), _) => {
            println!("Банк отказал вернуть {sum} ₽ по платежу {number}. Код: payments show {number}");
        }
        (Some(Outcome::NotConfirmed), _) => {
            println!("Банк не подтвердил возврат {sum} ₽ по платежу {number}. Сверьте его с банком.");
        }
        (None, Some(_)) => println!(
            "Возврат {sum} ₽ по платежу {number} отправлен, ответ банка не пришёл. Сервер узнает, что с ним стало; не повторяйте: payments show {number}"
        ),
        (None, None) => println!(
            "Возврат {sum} ₽ по платежу {number} записан, банк сейчас не отвечает. Сервер отправит его сам; не повторяйте: payments show {number}"
        ),
    }
    ExitCode::FAILURE
}

async fn decide(app: &Arc<App>, payment: &Payment, ruling: Ruling, why: String) -> anyhow::Result<ExitCode> {
    needs_bank(app)?;
    let number = &payment.number;
    if why.trim().is_empty() {
        bail!("Напишите, почему так решено: --why \"…\"");
    }
    let taken = match by_hand::decide(app, payment.id, ruling, why).await? {
        Ok(taken) => taken.to_registry(),
        Err(NotDecided::Nothing(Undecided::Settled)) => bail!("О платеже {number} решать нечего: он уже решён."),
        Err(NotDecided::Nothing(Undecided::NothingDiffers)) => {
            bail!("О платеже {number} решать нечего: сумма в банке равна нашей, или банк ничего не взял.")
        }
        Err(NotDecided::Nothing(Undecided::GivenBack)) => bail!(
            "По заказу {number} банк уже вернул часть денег: зачислить остальное нельзя. Отклоните его: payments reject {number}"
        ),
        Err(NotDecided::NoOrder) => bail!("У банка нет заказа по платежу {number}."),
        Err(NotDecided::Busy) => bail!("Сервер сейчас сам спрашивает банк о платеже {number}. Повторите через минуту."),
        Err(NotDecided::Bank(BankError::Refused { code })) => bail!("Банк отказывает (код {code}). Ничего не сделано."),
        Err(NotDecided::Bank(_)) => bail!("Банк не отвечает. Ничего не сделано, повторите позже."),
    };
    match ruling {
        Ruling::Accepted => println!("Принято: по платежу {number} зачисляется то, что взял банк, {taken} ₽."),
        Ruling::Rejected => {
            println!("Отклонено: платёж {number} не зачислен, лицевой счёт свободен. Банк взял {taken} ₽.");
            println!(
                "Что с возвратом: payments show {number}. Чего там нет, верните: payments refund {number} --sum …"
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn needs_bank(app: &App) -> anyhow::Result<()> {
    if app.bank.is_none() || app.config.payments.is_none() {
        bail!("Банк не настроен: нужны разделы [bank] и [payments].");
    }
    Ok(())
}
