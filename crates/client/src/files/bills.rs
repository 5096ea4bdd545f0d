//! Printed forms of bills: made by the server, kept by what the bill says, so that the form of a bill that was replaced is
//! never taken for the new one.

use super::fetching::Bringer;
use super::{Files, Name, What};
use crate::calls::CallError;
use crate::engine::Engine;
use crate::report::Fault;
use crate::store::{Mirror, StoreError};
use crate::view::AttachmentView;
use domain::attachment::media::HEAD;
use domain::{BillId, FileName, Media};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;
use wire::entity::Entity;
use wire::money::Bill;

/// What a form is.
const FORM: &str = "application/pdf";

/// The form of a bill as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct BillPdf {
    bill: BillId,
    /// The beginning of the hash of what the bill says.
    says: u64,
}

impl BillPdf {
    /// The form of this bill.
    pub(crate) fn of(bill: &Bill) -> Self {
        let says = Sha256::digest(serde_json::to_vec(bill).unwrap_or_default());
        let says = says.iter().take(8).fold(0, |says, byte| says << 8 | u64::from(*byte));
        Self { bill: bill.id, says }
    }
}

impl fmt::Display for BillPdf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{:016x}", self.bill, self.says)
    }
}

impl FromStr for BillPdf {
    type Err = super::name::NoName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (bill, says) = text.split_once('/')?;
            Some(Self { bill: bill.parse().ok()?, says: u64::from_str_radix(says, 16).ok()? })
        };
        // Written otherwise it would be another name of the same thing.
        read().filter(|pdf| pdf.to_string() == text).ok_or(super::name::NoName)
    }
}

impl Files {
    /// Makes sure that the form is here. Says whether it came only now.
    pub(crate) async fn fetch_bill(&self, engine: &Engine, server: &dyn Bringer, pdf: BillPdf) -> Result<bool, Fault> {
        if self.get(Name::Bill(pdf)).is_some() {
            return Ok(false);
        }
        let came = server.bring(&format!("/v1/bills/{}/pdf", pdf.bill), None).await?;
        // A page of somebody else's network is no form.
        if Media::of(&came[..came.len().min(HEAD)]).is_none_or(|media| media.name() != FORM) {
            return Err(CallError::Portal.into());
        }
        let what = What { media: FORM.to_owned(), bytes: came.len() as u64, size: None };
        self.take(engine, Name::Bill(pdf), came.into(), what).await?;
        Ok(true)
    }

    /// The form as the window shows it; `None` when it is not here.
    pub(crate) fn bill_view(&self, pdf: BillPdf, name: &FileName) -> Option<AttachmentView> {
        let here = self.get(Name::Bill(pdf))?;
        let file = Name::Bill(pdf).to_string();
        Some(AttachmentView {
            name: name.to_string(),
            media: here.what.media,
            bytes: here.what.bytes,
            size: None,
            thumbnail: None,
            blob: Some(file.clone()),
            sent: None,
            file,
        })
    }

    /// Lets go of the forms of bills that were replaced, or that the person may not see any more.
    pub(crate) async fn forget_bills(&self, engine: &Engine) -> Result<(), Fault> {
        let bill = |name: &Name| if let Name::Bill(pdf) = name { Some(*pdf) } else { None };
        let kept: Vec<BillPdf> = self.here().keys().filter_map(bill).collect();
        if kept.is_empty() {
            return Ok(());
        }
        let gone = {
            let mirror = engine.read()?.mirror;
            if mirror.cursor().is_none() {
                return Ok(());
            }
            gone_in(&mirror, kept)?
        };
        self.forget(engine, gone).await
    }
}

fn gone_in(mirror: &Mirror, kept: Vec<BillPdf>) -> Result<Vec<Name>, StoreError> {
    let mut gone = Vec::new();
    for pdf in kept {
        let stands = match mirror.get("bill", pdf.bill.uuid())?.map(|found| found.entity) {
            Some(Entity::Bill(bill)) => BillPdf::of(&bill) == pdf,
            _ => false,
        };
        if !stands {
            gone.push(Name::Bill(pdf));
        }
    }
    Ok(gone)
}
