//! The OpenAPI document, made from the code, and its viewer, which needs nothing from the network.

use super::{live, routes, uploads};
use crate::server::App;
use axum::Router;
use std::sync::Arc;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa_swagger_ui::SwaggerUi;

/// The document.
pub fn document() -> OpenApi {
    routes().merge(live::routes()).merge(uploads::routes()).split_for_parts().1
}

/// Its frame, before the routes are in it.
pub(super) fn about() -> OpenApi {
    let about = "Протокол описан в docs/protocol.md. Каждый ответ несёт заголовок `zhkh-time`; запросы несут `zhkh-protocol: 1`.";
    let info = InfoBuilder::new()
        .title("ЖКХ Desktop: сервер")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(about))
        .build();
    let mut components = Components::new();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    OpenApiBuilder::new().info(info).components(Some(components)).build()
}

/// `/openapi.json` and `/docs`.
pub(super) fn router(document: OpenApi) -> Router<Arc<App>> {
    SwaggerUi::new("/docs").url("/openapi.json", document).into()
}
