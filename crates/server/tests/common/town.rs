//! Two invented flats in one house, put straight into the tables.

use super::{Person, World, read};
use domain::{AccountId, HouseId, MeterId};
use uuid::Uuid;
use wire::account::{Attached, Proven};
use zhkh_server::params;
use zhkh_server::storage::{Sql, StoreError};
use zhkh_server::{accounts, meters};

pub const NUMBER: &str = "2140183572";
pub const OTHER_NUMBER: &str = "2140183580";

#[derive(Clone, Copy)]
pub struct Flat {
    pub house: HouseId,
    pub account: AccountId,
    pub meter: MeterId,
    pub second_meter: MeterId,
}

impl World {
    /// A flat with two cold-water meters that showed 453,118 in October.
    pub async fn flat(&self, number: &'static str) -> Flat {
        let house = HouseId::new(Uuid::from_u128(7));
        let account = AccountId::new(Uuid::new_v4());
        let (meter, second_meter) = (MeterId::new(Uuid::new_v4()), MeterId::new(Uuid::new_v4()));
        self.store()
            .write(move |tx| {
                tx.execute(
                    "INSERT INTO houses (id, address) VALUES ($1, 'г. Новочебоксарск, ул. Винокурова, д. 10') ON CONFLICT (id) DO NOTHING",
                    params![house],
                )?;
                tx.execute(
                    "INSERT INTO accounts (id, number, house_id, address, short_address, payer, debt, debt_on, bill_sum, bill_period)
                     VALUES ($1, $2, $3, 'г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25', 'Винокурова, 10-25', 'Смирнова В. П.', 345678, '2026-11-01', 345678, '2026-10')",
                    params![account, number, house],
                )?;
                accounts::publish(tx, account, None)?;
                for (place, meter) in ["кухня", "ванная"].into_iter().zip([meter, second_meter]) {
                    tx.execute(
                        "INSERT INTO meters (id, account_id, kind, name, serial, digits, decimals, tariffs, ratio, initial, verified_until, automatic)
                         VALUES ($1, $2, 'cold_water', $3, $4, 5, 3, 1, 1, '[4531180]', '2029-03-14', 0)",
                        params![meter, account, format!("Холодная вода, {place}"), meter.to_string()],
                    )?;
                    meters::publish(tx, meter, None)?;
                }
                Ok::<_, StoreError>(())
            })
            .await
            .expect("built");
        Flat { house, account, meter, second_meter }
    }

    pub async fn attach(&self, person: &Person, number: &str) -> Attached {
        let proof = serde_json::json!({"number": number, "proof": {"by": "sum", "sum": 345678, "period": "2026-10"}});
        let proven: Proven = read(self.post_as(person, "/v1/accounts/prove", &proof).await).await;
        read(self.post_as(person, "/v1/accounts/attach", &serde_json::json!({"token": proven.token})).await).await
    }

    /// A registered person with the flat attached.
    pub async fn resident(&self) -> (Person, Flat) {
        let flat = self.flat(NUMBER).await;
        let person = self.register("+79000000001").await;
        self.attach(&person, NUMBER).await;
        (person, flat)
    }

    /// How many readings the tables hold for a meter.
    pub async fn readings(&self, meter: MeterId) -> Vec<(String, String, bool)> {
        self.store()
            .read(move |sql| {
                let rows = sql.query(
                    "SELECT steps, verdict, is_current FROM readings WHERE meter_id = $1 ORDER BY captured_ms",
                    params![meter],
                )?;
                rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect::<Result<_, StoreError>>()
            })
            .await
            .expect("read")
    }
}
