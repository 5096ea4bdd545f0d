use super::{Nothing, fields};
use crate::core::Core;
use crate::report::Fault;
use crate::session::{self, Credentials};
use crate::vault::keyring;
use crate::view::{ForgetPasswordArgs, SessionView, SignInArgs, SignOutArgs, SignOutView, Topic};
use std::sync::Arc;

/// By phone, or by the login of the staff, and password; without a connection by what this computer knows.
pub(super) async fn sign_in(core: &Arc<Core>, args: SignInArgs) -> Result<SessionView, Fault> {
    let credentials = Credentials {
        login: fields::login(&args.phone)?,
        password: fields::password(args.password)?,
        name: String::new(),
        forget_password: args.forget_password,
    };
    session::sign_in_online(core, credentials).await
}

/// «Выход».
pub(super) async fn sign_out(core: &Arc<Core>, args: SignOutArgs) -> Result<SignOutView, Fault> {
    session::leave(core, args.leave_queue).await
}

/// «Не сохранять пароль», while signed in.
pub(super) async fn forget_password(core: &Arc<Core>, args: ForgetPasswordArgs) -> Result<Nothing, Fault> {
    let person = core.require_person()?;
    let _door = core.door.lock().await;
    let ports = &core.ports;
    let done = if args.forget {
        keyring::delete(ports, person.user).await
    } else {
        keyring::set(ports, person.user, &person.key).await
    };
    if !done {
        return Err(Fault::Defect("the keyring did not do it".into()));
    }
    if let Some(mut vault) = core.people.vault_of(person.user)? {
        vault.set_forget_password(args.forget);
        vault.save()?;
    }
    core.tell(&[Topic::Profile]);
    Ok(Nothing {})
}
