//! The bill as a document: PDF, one A4 page by the form of приказ Минстроя 43/пр, with the payment QR.
//!
//! The page is drawn by hand: a form with a fixed place for everything needs no layout engine. What may grow is the table,
//! which becomes smaller until it fits.

mod fonts;
mod head;
mod sheet;
mod table;
mod tail;
pub(crate) mod words;

use domain::payment_qr::Payee;
use krilla::Document;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use sheet::Sheet;
use wire::entity::Account;
use wire::money::Bill;
use wire::utility::Utility;

/// What stands in the document.
#[derive(Debug, Clone, Copy)]
pub struct Form<'a> {
    /// The bill.
    pub bill: &'a Bill,
    /// Its account.
    pub account: &'a Account,
    /// Who makes it.
    pub utility: &'a Utility,
    /// Whom the money goes to; without it the document has no requisites and no code.
    pub payee: Option<&'a Payee>,
    /// What the payment QR holds, when something is to be paid.
    pub code: Option<&'a [u8]>,
}

/// The page could not be made: a defect of the fonts or of the drawing.
#[derive(Debug, thiserror::Error)]
#[error("the bill's page cannot be drawn: {0}")]
pub struct FormError(String);

/// The size of A4 in points.
const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
const MARGIN: f32 = 34.0;

/// Draws the document.
pub fn make(form: &Form<'_>) -> Result<Vec<u8>, FormError> {
    let defect = |what: &str| FormError(what.to_owned());
    let fonts = fonts::fonts().ok_or_else(|| defect("fonts"))?;
    let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| defect("page"))?;
    let mut document = Document::new();
    let title = format!("Квитанция за {}, счёт № {}", words::month(form.bill.period), form.account.number);
    document.set_metadata(Metadata::new().title(title).language("ru".into()).authors(vec![form.utility.name.clone()]));
    let mut page = document.start_page_with(settings);
    let mut surface = page.surface();
    let mut sheet = Sheet::new(&mut surface, fonts);
    let top = head::draw(&mut sheet, form);
    let below = tail::height(form);
    let top = table::draw(&mut sheet, form.bill, top, HEIGHT - MARGIN - below);
    tail::draw(&mut sheet, form, top);
    surface.finish();
    page.finish();
    document.finish().map_err(|error| FormError(format!("{error:?}")))
}

// The programs that look at the document are programs of Unix; the document is the same everywhere.
#[cfg(all(test, unix))]
mod tests;
