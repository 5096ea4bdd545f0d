//! Installs what is missing. Asks first what is there, so that the second time costs nothing.

use crate::{npm, step};
use anyhow::Context;
use std::path::Path;
use std::process::{Command, Stdio};

/// What builds the window, drives it and stands in for a desktop.
const PACKAGES: [&str; 18] = [
    "build-essential",
    "pkg-config",
    "libwebkit2gtk-4.1-dev",
    "webkit2gtk-driver",
    "librsvg2-dev",
    "libayatana-appindicator3-dev",
    "libssl-dev",
    "xvfb",
    "xauth",
    "dbus",
    "dbus-x11",
    "gnome-keyring",
    "dunst",
    "libnotify-bin",
    "imagemagick",
    "xdotool",
    "chromium",
    "fonts-dejavu-core",
];

/// The oldest Node.js that the window's build tools take.
const NODE_MAJOR: u32 = 20;

const DRIVER: &str = "target/tools/bin/tauri-driver";

/// Everything.
pub fn all() -> anyhow::Result<()> {
    debian_packages()?;
    node()?;
    npm::packages("ui")?;
    if Path::new("tests/browser/package.json").is_file() {
        npm::packages("tests/browser")?;
    }
    driver()
}

fn debian_packages() -> anyhow::Result<()> {
    if cfg!(not(target_os = "linux")) {
        return Ok(());
    }
    let missing: Vec<&str> = PACKAGES.into_iter().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    anyhow::ensure!(
        Path::new("/usr/bin/apt-get").exists(),
        "Здесь нет apt-get. Поставьте сами то, что в Debian зовётся: {}",
        missing.join(" ")
    );
    println!("Ставлю пакеты: {}", missing.join(" "));
    step::run("обновление списка пакетов", apt(&["update"]))?;
    let mut install = apt(&["install", "-y", "--no-install-recommends"]);
    install.args(&missing);
    step::run("установка пакетов", install)
}

fn is_installed(package: &str) -> bool {
    let output = Command::new("dpkg-query").args(["-W", "-f", "${db:Status-Status}", package]).output();
    output.is_ok_and(|output| output.stdout == b"installed")
}

fn apt(args: &[&str]) -> Command {
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    let mut command = if root {
        Command::new("apt-get")
    } else {
        let mut command = Command::new("sudo");
        command.arg("--preserve-env=DEBIAN_FRONTEND").arg("apt-get");
        command
    };
    command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn node() -> anyhow::Result<()> {
    let words = format!("Нужен Node.js {NODE_MAJOR} или новее, вместе с npm.");
    let output = Command::new("node").arg("--version").output().with_context(|| words.clone())?;
    let version = String::from_utf8_lossy(&output.stdout).trim().trim_start_matches('v').to_owned();
    let major: u32 = version.split('.').next().and_then(|major| major.parse().ok()).unwrap_or(0);
    anyhow::ensure!(major >= NODE_MAJOR, "{words} Сейчас стоит {version}.");
    Ok(())
}

/// The driver of the window. It comes from source: a minute, once.
fn driver() -> anyhow::Result<()> {
    if cfg!(not(target_os = "linux")) || Path::new(DRIVER).is_file() {
        return Ok(());
    }
    let mut install = Command::new("cargo");
    install.args(["install", "tauri-driver", "--version", "^2", "--root", "target/tools", "--locked"]);
    install.stdin(Stdio::null());
    step::run("установка tauri-driver", install)
}
