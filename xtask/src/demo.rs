//! `cargo xtask demo`: the whole, running, for a person; or the main job played without one.

use crate::{programs, setup, step};
use std::path::PathBuf;
use std::process::Command;

/// What is wished.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Play the main job.
    play: bool,
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
                ("--play", Some("main-job")) => wish.play = true,
                ("--play", _) => anyhow::bail!("--play main-job: другого пока нет"),
                ("--out", Some(folder)) => wish.out = Some(std::path::absolute(folder)?),
                ("--break", Some("ack")) => wish.break_ack = true,
                _ => anyhow::bail!("«{word}» непонятно; есть --play main-job, --out ПАПКА, --break ack"),
            }
        }
        anyhow::ensure!(
            wish.play || wish.out.is_none(),
            "--out имеет смысл вместе с --play main-job: без него снимков нет"
        );
        anyhow::ensure!(wish.play || !wish.break_ack, "--break ack имеет смысл вместе с --play main-job");
        Ok(wish)
    }
}

/// Runs it.
pub fn demo(wish: &Wish) -> anyhow::Result<()> {
    setup::for_demo()?;
    programs::window()?;
    programs::all()?;
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    if wish.play || !(has_display || cfg!(not(target_os = "linux"))) {
        if !wish.play {
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
    play.arg("--out").arg(&out);
    if wish.break_ack {
        play.arg("--break-ack").arg(programs::sabotaged_server()?);
    }
    step::run("главное дело", play)?;
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
        assert!(wish.play && wish.break_ack && wish.out.is_some());
    }

    #[test]
    fn a_misspelt_wish_is_not_passed_over() {
        assert!(read("--play main-jobs").is_err());
        assert!(read("--braek ack").is_err());
        assert!(read("--break ack").is_err());
        assert!(read("--out shots").is_err());
    }
}
