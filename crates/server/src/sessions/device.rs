//! Computers on which a person signed in.

use crate::params;
use crate::secret;
use crate::storage::{Sql, StoreError, Tx};
use domain::{DeviceId, UserId};
use wire::session::DeviceInfo;

/// A device with the secret that wraps its local key.
#[derive(Clone)]
pub struct Device {
    /// The device.
    pub id: DeviceId,
    /// 32 bytes, the same at every sign-in of this person here.
    pub secret: Vec<u8>,
}

/// Longer texts about a system are cut: they are only shown in a list.
const LONGEST: usize = 80;

/// What a desktop says of itself, as it is kept. Not every database keeps every control character.
pub(crate) fn cut(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

/// The person's device, or a new one. A device of somebody else is not found: two people on one computer have two.
pub fn enrol(tx: &mut Tx<'_>, user: UserId, info: &DeviceInfo) -> Result<Device, StoreError> {
    let now = tx.now_ms();
    let (system, version) = (cut(&info.system), cut(&info.version));
    if let Some(id) = info.id {
        let row = tx.first("SELECT secret FROM devices WHERE id = $1 AND user_id = $2", params![id, user])?;
        if let Some(row) = row {
            tx.execute(
                "UPDATE devices SET system = $2, version = $3, seen_ms = $4 WHERE id = $1",
                params![id, system, version, now],
            )?;
            return Ok(Device { id, secret: row.get(0)? });
        }
    }
    let device = Device { id: DeviceId::new(tx.id_v7()), secret: secret::draw(tx.random()).to_vec() };
    tx.execute(
        "INSERT INTO devices (id, user_id, secret, system, version, created_ms, seen_ms) VALUES ($1, $2, $3, $4, $5, $6, $6)",
        params![device.id, user, device.secret.clone(), system, version, now],
    )?;
    Ok(device)
}

/// The secret of a device.
pub(super) fn load(tx: &mut Tx<'_>, id: DeviceId) -> Result<Device, StoreError> {
    let row = tx.first("SELECT secret FROM devices WHERE id = $1", params![id])?;
    Ok(Device { id, secret: row.ok_or(StoreError::Column(0))?.get(0)? })
}
