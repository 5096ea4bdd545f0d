//! A meter's card in the section «Показания»: its button, its drums, the value on it.

use crate::until::until;
use crate::window::{PATIENCE, Window};
use anyhow::Context;

const ENTER: char = '\u{e007}';

/// The card of the meter with this factory number.
#[derive(Debug, Clone, Copy)]
pub struct MeterCard<'a>(pub &'a str);

impl MeterCard<'_> {
    /// Presses its button, «Передать показания» or «Изменить показания».
    pub async fn press(self, window: &Window) -> anyhow::Result<()> {
        let script = format!(
            "{} const deed = card && [...card.querySelectorAll('button')].find((one) => \
               /^(Передать|Изменить) показания/.test(one.getAttribute('aria-label') ?? '')); \
             return deed ? deed.getAttribute('aria-label') : card?.querySelector('.drums') ? '' : null",
            self.find()
        );
        let name = until("the meter's button", PATIENCE, || async {
            window.script(&script).await?.as_str().map(str::to_owned).context("no button on the meter's card")
        })
        .await?;
        // Nothing to press: the section opened this meter's entry by itself.
        if name.is_empty() { Ok(()) } else { window.press(&name).await }
    }

    /// Waits until the card holds a value, on drums or as text.
    pub async fn shows(self, window: &Window, value: &str) -> anyhow::Result<()> {
        let wanted: String = value.chars().filter(char::is_ascii_digit).collect();
        let script = format!("{} return (card?.textContent ?? '').replace(/[\\s,.\\u00a0]/g, '')", self.find());
        until("the value on the card", PATIENCE, || async {
            let text = window.script(&script).await?;
            let text = text.as_str().unwrap_or_default();
            anyhow::ensure!(text.contains(&wanted), "the card reads {text}, not {wanted}");
            Ok(())
        })
        .await
    }

    fn find(self) -> String {
        format!(
            "const card = [...document.querySelectorAll('article')].find((one) => one.textContent.includes('{}'));",
            self.0
        )
    }
}

/// Types a value into the open drums, which have the focus, and presses Enter.
pub async fn enter(window: &Window, value: &str) -> anyhow::Result<()> {
    until("the drums have the focus", PATIENCE, || async {
        let focused = window.script("return document.activeElement?.closest('.drums') != null").await?;
        anyhow::ensure!(focused == true, "the focus is elsewhere");
        Ok(())
    })
    .await?;
    window.type_over(&format!("{value}{ENTER}")).await
}
