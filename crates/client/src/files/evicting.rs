//! What is only here to be looked at goes when it is more than the person wants to give. What is not sent, and what a draft
//! names, never does.

use super::{Files, Here, Name};
use crate::engine::Engine;
use crate::report::Fault;
use domain::FileId;
use std::collections::BTreeSet;

impl Files {
    /// At the start: what was added and has been sent, and what no draft came to name, is only here to be looked at from
    /// now on.
    pub(crate) async fn tidy(&self, engine: &Engine, drafts: &BTreeSet<FileId>, budget: u64) -> Result<(), Fault> {
        let kept: Vec<(Name, Here)> =
            self.here().iter().filter(|(_, here)| here.kept).map(|(name, here)| (*name, here.clone())).collect();
        for (name, here) in kept {
            let named = matches!(name, Name::Whole(file) if drafts.contains(&file));
            if !named && !engine.is_needed(here.blob) {
                self.note(engine, name, here.blob, here.what).await?;
                engine.release_blob(here.blob).await?;
            }
        }
        self.evict(engine, drafts, budget).await
    }

    /// Removes the least recently used until all of it is within `budget` bytes.
    pub(crate) async fn evict(&self, engine: &Engine, drafts: &BTreeSet<FileId>, budget: u64) -> Result<(), Fault> {
        let _turn = self.turn.lock().await;
        for (name, here) in self.surplus(drafts, budget) {
            if engine.is_needed(here.blob) {
                continue;
            }
            // The note first: a note without its content would show what is not there.
            engine.forget_fetched(&name.to_string()).await?;
            self.here().remove(&name);
            let shared = self.here().values().any(|other| other.blob == here.blob);
            if !shared && let Err(error) = engine.remove_blob(here.blob).await {
                // It costs room and nothing else; the next start sweeps it.
                tracing::warn!(%error, "what was fetched stays on the disk");
            }
        }
        Ok(())
    }

    /// Removes what is of no use to anybody any more.
    pub(super) async fn forget(&self, engine: &Engine, names: Vec<Name>) -> Result<(), Fault> {
        let _turn = self.turn.lock().await;
        for name in names {
            let Some(here) = self.get(name) else { continue };
            engine.forget_fetched(&name.to_string()).await?;
            self.here().remove(&name);
            let shared = self.here().values().any(|other| other.blob == here.blob);
            if !shared {
                engine.remove_blob(here.blob).await?;
            }
        }
        Ok(())
    }

    /// What has to go, the least recently used first.
    fn surplus(&self, drafts: &BTreeSet<FileId>, budget: u64) -> Vec<(Name, Here)> {
        let here = self.here();
        let of_no_use_but_to_look_at =
            |(name, here): &(&Name, &Here)| !here.kept && !matches!(name, Name::Whole(file) if drafts.contains(file));
        let mut all: Vec<_> = here.iter().filter(of_no_use_but_to_look_at).collect();
        let mut total: u64 = all.iter().map(|(_, here)| here.what.bytes).sum();
        all.sort_by_key(|(_, here)| here.used_ms);
        let mut going = Vec::new();
        for (name, here) in all {
            if total <= budget {
                break;
            }
            total -= here.what.bytes;
            going.push((*name, here.clone()));
        }
        going
    }
}
