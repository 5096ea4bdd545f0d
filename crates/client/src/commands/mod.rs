//! Every command of the window, each listed once. `src-tauri` and the bridge pass names and JSON through, so a
//! command that is not in this table does not exist, and one without a function does not compile.

mod accounts;
mod boot;
mod fields;
mod find;
mod profile;
mod queue;
mod readings;
mod registration;
mod session;
mod settings;

use crate::core::Core;
use crate::report::Fault;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// `{}`: no arguments, or nothing to answer.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Nothing {}

macro_rules! commands {
    ($($name:literal => $function:path),+ $(,)?) => {
        /// The names of all commands.
        pub const NAMES: &[&str] = &[$($name),+];

        pub(crate) async fn dispatch(core: &Arc<Core>, command: &str, args: Value) -> Result<Value, Fault> {
            match command {
                $($name => answer($function(core, read(args)?).await?),)+
                _ => Err(Fault::Defect(UNKNOWN.to_owned())),
            }
        }
    };
}

commands! {
    "boot" => boot::boot,
    "utility" => boot::utility,
    "person_back" => boot::person_back,
    "consent" => registration::consent,
    "registration_start" => registration::start,
    "registration_call" => registration::call,
    "registration_code" => registration::code,
    "registration_finish" => registration::finish,
    "sign_in" => session::sign_in,
    "sign_out" => session::sign_out,
    "forget_password" => session::forget_password,
    "accounts" => accounts::accounts,
    "account_lookup" => accounts::lookup,
    "account_prove" => accounts::prove,
    "account_attach" => accounts::attach,
    "account_detach" => accounts::detach,
    "readings" => readings::readings,
    "reading_preview" => readings::preview,
    "reading_submit" => readings::submit,
    "meter_rename" => readings::rename,
    "profile" => profile::profile,
    "profile_save" => profile::save,
    "queue" => queue::queue,
    "queue_retry" => queue::retry,
    "queue_discard" => queue::discard,
    "queue_withdraw" => queue::withdraw,
    "queue_save" => queue::save,
    "queue_send_now" => queue::send_now,
    "settings_save" => settings::save,
    "find" => find::find,
}

const UNKNOWN: &str = "unknown command";

fn read<T: DeserializeOwned>(args: Value) -> Result<T, Fault> {
    let args = if args.is_null() { Value::Object(serde_json::Map::new()) } else { args };
    // The error of serde names the offending value, which may be a password.
    serde_json::from_value(args).map_err(|_| Fault::Defect("the arguments are not those of the command".into()))
}

fn answer(result: impl Serialize) -> Result<Value, Fault> {
    serde_json::to_value(result).map_err(|error| Fault::Defect(error.to_string()))
}

#[cfg(test)]
mod tests;
