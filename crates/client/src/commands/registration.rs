use super::{Nothing, fields};
use crate::calls::Call;
use crate::core::Core;
use crate::registration::Registration;
use crate::report::Fault;
use crate::session::{self, Credentials};
use crate::view::{
    CallingView, Failure, PhoneProvenView, RegistrationCodeArgs, RegistrationFinishArgs, RegistrationStartArgs,
    SessionView,
};
use domain::consent::ConsentRef;
use std::sync::Arc;
use wire::registration::{Calling, Code, Password, PhoneProven, Start, Started};
use wire::session::Session;
use wire::utility::Consent;

/// The consent's document in force.
pub(super) async fn consent(core: &Arc<Core>, _: Nothing) -> Result<Consent, Fault> {
    Ok(Call::get("/v1/consent").ask(core.ports.transport.as_ref()).await?)
}

/// Step 1: who.
pub(super) async fn start(core: &Arc<Core>, args: RegistrationStartArgs) -> Result<Nothing, Fault> {
    let (phone, name) = (fields::phone(&args.phone)?, fields::name(&args.name)?);
    fields::consent(args.consent_given)?;
    let body = Start {
        phone: phone.as_str().to_owned(),
        name: name.as_str().to_owned(),
        consent: ConsentRef { version: args.consent_version, sha256: args.consent_sha256 },
    };
    let started: Started = Call::post("/v1/registration").tell(core.ports.transport.as_ref(), &body).await?;
    let name = name.as_str().to_owned();
    *core.registration() = Some(Registration { id: started.registration, phone, name });
    Ok(Nothing {})
}

/// Step 2: the robot calls.
pub(super) async fn call(core: &Arc<Core>, _: Nothing) -> Result<CallingView, Fault> {
    let begun = begun(core)?;
    let path = format!("/v1/registration/{}/call", begun.id);
    let calling: Calling = Call::post(path).ask(core.ports.transport.as_ref()).await?;
    // The window counts down by the wall clock of this computer, right or wrong.
    let now_ms = core.ports.clock.read().wall_ms;
    let later = |seconds: u64| now_ms.saturating_add(i64::try_from(seconds).unwrap_or(0).saturating_mul(1000));
    Ok(CallingView {
        phone: begun.phone.pretty(),
        digits: calling.digits,
        valid_until_ms: later(calling.valid_s),
        again_from_ms: later(calling.again_s),
    })
}

/// Step 2: what the robot said.
pub(super) async fn code(core: &Arc<Core>, args: RegistrationCodeArgs) -> Result<PhoneProvenView, Fault> {
    let begun = begun(core)?;
    let body = Code { code: fields::code(&args.code)? };
    let path = format!("/v1/registration/{}/code", begun.id);
    let proven: PhoneProven = Call::post(path).tell(core.ports.transport.as_ref(), &body).await?;
    Ok(PhoneProvenView { known: proven.known })
}

/// Step 3: the password; signs in.
pub(super) async fn finish(core: &Arc<Core>, args: RegistrationFinishArgs) -> Result<SessionView, Fault> {
    let begun = begun(core)?;
    let password = fields::new_password(args.password, args.repeat)?;
    let body = Password { password: password.as_str().to_owned(), device: core.device_of_this_computer() };
    let path = format!("/v1/registration/{}/password", begun.id);
    let session: Session = Call::post(path).tell(core.ports.transport.as_ref(), &body).await?;
    *core.registration() = None;
    let credentials =
        Credentials { login: begun.phone.into(), password, name: begun.name, forget_password: args.forget_password };
    session::enter(core, session, credentials, None).await
}

fn begun(core: &Core) -> Result<Registration, Failure> {
    core.registration().clone().ok_or(Failure::RegistrationGone)
}
