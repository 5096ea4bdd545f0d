use super::{Nothing, fields};
use crate::calls::Call;
use crate::core::Core;
use crate::report::Fault;
use crate::view::{Failure, Field, FieldProblem, SupportAskArgs};
use std::sync::Arc;
use wire::support::AskSupport;

/// «Напишите нам»: somebody who is not signed in asks the support, and is called back.
pub(super) async fn ask(core: &Arc<Core>, args: SupportAskArgs) -> Result<Nothing, Fault> {
    let phone = fields::phone(&args.phone)?.as_str().to_owned();
    let text = fields::text(&args.text)?;
    if text.is_empty() {
        return Err(Failure::Field { field: Field::Text, problem: FieldProblem::Empty }.into());
    }
    let body = AskSupport { phone, text };
    Call::post("/v1/support/questions").tell::<()>(core.ports.transport.as_ref(), &body).await?;
    Ok(Nothing {})
}
