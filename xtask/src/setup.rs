//! Installs what is missing. Asks first what is there, so that the second time costs nothing.

use crate::{chromium, node, npm, postgres, step};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What builds the window, drives it and stands in for a desktop.
const PACKAGES: [&str; 20] = [
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
    "fonts-dejavu-core",
    // Reads the payment QR codes that the tests draw.
    "zbar-tools",
    // Check the bills and read their text.
    "qpdf",
    "poppler-utils",
];

/// The folder of the independent client of tus that uploads to the real server.
const TUS_CLIENT: &str = "tests/tus";
const DRIVER: &str = "target/tools/bin/tauri-driver";

/// What the demo and the play need.
pub fn for_demo() -> anyhow::Result<()> {
    debian_packages(&PACKAGES)?;
    node::check()?;
    npm::packages("ui")?;
    driver()
}

/// What the tests need; gives the browser for the browser specs.
pub fn for_test() -> anyhow::Result<PathBuf> {
    for_demo()?;
    postgres::install()?;
    npm::packages(TUS_CLIENT)?;
    browser()
}

/// A browser and what drives it.
pub fn browser() -> anyhow::Result<PathBuf> {
    npm::packages(chromium::SPECS)?;
    chromium::find_or_install()
}

/// Installs those of `packages` that are not installed.
pub fn debian_packages(packages: &[&str]) -> anyhow::Result<()> {
    if cfg!(not(target_os = "linux")) {
        return Ok(());
    }
    let missing: Vec<&str> = packages.iter().copied().filter(|package| is_missing(package)).collect();
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

fn is_missing(package: &str) -> bool {
    let output = Command::new("dpkg-query").args(["-W", "-f", "${db:Status-Status}", package]).output();
    !output.is_ok_and(|output| output.stdout == b"installed")
}

fn apt(args: &[&str]) -> Command {
    let mut command = as_root("apt-get", args);
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// A program that changes the computer.
pub fn as_root(program: &str, args: &[&str]) -> Command {
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    let mut command = if root {
        Command::new(program)
    } else {
        let mut command = Command::new("sudo");
        command.arg("--preserve-env=DEBIAN_FRONTEND").arg(program);
        command
    };
    command.args(args);
    command
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
