//! `cargo xtask demo`: the whole, running, for a person; or the main job played without one.

use crate::{programs, setup, step};
use std::path::PathBuf;
use std::process::Command;

/// A reading entered offline.
const MAIN_JOB: &str = "main-job";
/// A bill paid in a real browser.
const MONEY: &str = "money";
/// All stories.
const PLAYS: [&str; 3] = [MAIN_JOB, "tickets", MONEY];
const WHICH: &str = "--play main-job: показание без связи; --play tickets: заявка с фото без связи и ответ диспетчера; \
                     --play money: квитанция, оплата в браузере при плохой связи, сверка с банком";

/// What is wished.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Which story is played, by its name.
    play: Option<&'static str>,
    /// Where screenshots and results go.
    out: Option<PathBuf>,
    /// Break the promise on purpose: the play must notice.
    break_ack: bool,
}

impl Wish {
    /// Reads the command line after `demo`.
    pub fn read(words: &[String]) -> anyhow::Result<Self> {
        let mut wish = Self::default();
        let mut words = words.iter().map(String::as_str);
        while let Some(word) = words.next() {
            match (word, words.next()) {
                ("--play", Some(name)) => wish.play = Some(known(name)?),
                ("--play", None) => anyhow::bail!("{WHICH}"),
                ("--out", Some(folder)) => wish.out = Some(std::path::absolute(folder)?),
                ("--break", Some("ack")) => wish.break_ack = true,
                _ => anyhow::bail!("«{word}» непонятно; есть --play main-job|tickets|money, --out ПАПКА, --break ack"),
            }
        }
        anyhow::ensure!(
            wish.play.is_some() || wish.out.is_none(),
            "--out имеет смысл вместе с --play: без него снимков нет"
        );
        anyhow::ensure!(
            wish.play == Some(MAIN_JOB) || !wish.break_ack,
            "--break ack имеет смысл вместе с --play main-job"
        );
        Ok(wish)
    }
}

/// A story by its name.
fn known(name: &str) -> anyhow::Result<&'static str> {
    PLAYS.into_iter().find(|play| *play == name).ok_or_else(|| anyhow::anyhow!("«{name}» не играется. {WHICH}"))
}

/// Runs it.
pub fn demo(wish: &Wish) -> anyhow::Result<()> {
    setup::for_demo()?;
    programs::window()?;
    programs::all()?;
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    if wish.play.is_some() || !(has_display || cfg!(not(target_os = "linux"))) {
        if wish.play.is_none() {
            println!("Экрана здесь нет: главное дело будет проиграно на невидимом.");
        }
        return play(wish);
    }
    let mut stage = Command::new(programs::built("stage"));
    stage.arg("demo").arg("--folder").arg("target/demo");
    step::run("показ", stage)
}

fn play(wish: &Wish) -> anyhow::Result<()> {
    let out = wish.out.clone().unwrap_or_else(|| PathBuf::from("demo-out"));
    let mut play = Command::new(programs::built("play"));
    play.arg(wish.play.unwrap_or(MAIN_JOB)).arg("--out").arg(&out);
    if wish.play == Some(MONEY) {
        play.env("CHROMIUM", setup::browser()?);
    }
    if wish.break_ack {
        play.arg("--break-ack").arg(programs::sabotaged_server()?);
    }
    step::run("игра", play)?;
    println!("Снимки и result.json: {}", out.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Wish;

    fn read(line: &str) -> anyhow::Result<Wish> {
        Wish::read(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn the_command_line_of_the_play_is_understood() {
        let wish = read("--play main-job --out shots --break ack").expect("it is right");
        assert!(wish.play == Some("main-job") && wish.break_ack && wish.out.is_some());
        for play in ["tickets", "money"] {
            assert_eq!(read(&format!("--play {play}")).expect("it is right").play, Some(play));
        }
    }

    #[test]
    fn a_misspelt_wish_is_not_passed_over() {
        assert!(read("--play main-jobs").is_err());
        assert!(read("--braek ack").is_err());
        assert!(read("--break ack").is_err());
        assert!(read("--out shots").is_err());
        assert!(read("--play").is_err());
        assert!(read("--play tickets --break ack").is_err());
    }
}
