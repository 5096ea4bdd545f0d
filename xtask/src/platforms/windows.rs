//! Windows: everything is built, the window included, and the tests run under wine.

use super::cross::Cross;
use super::sysroot::Depth;
use super::trouble::{Part, missing};
use super::under_wine;
use super::wine::Wine;
use super::{Report, openssl};
use crate::{postgres, programs, setup, step};
use std::process::Command;

const GCC: &str = "x86_64-w64-mingw32-gcc";
const TARGET: &str = "x86_64-pc-windows-gnu";
const PACKAGES: [&str; 4] =
    ["gcc-mingw-w64-x86-64-win32", "g++-mingw-w64-x86-64-win32", "mingw-w64-x86-64-dev", "wine64"];

/// Builds for Windows and runs the tests.
pub fn check(report: &mut Report) -> Part<()> {
    if let Err(error) = setup::debian_packages(&PACKAGES) {
        return missing(format!("нет mingw-w64 и wine64: {error:#}"));
    }
    let mut cross = Cross::new(TARGET, Depth::Code)?;
    // The compiler and build scripts would find it by themselves; a person's own settings may differ.
    cross.set("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", GCC);
    cross.set("OPENSSL_NO_VENDOR", "1");
    cross.set("X86_64_PC_WINDOWS_GNU_OPENSSL_DIR", openssl::built(TARGET)?);
    cross.set("X86_64_PC_WINDOWS_GNU_OPENSSL_STATIC", "1");
    cross.set("X86_64_PC_WINDOWS_GNU_OPENSSL_LIBS", openssl::LIBRARIES);
    let made =
        report.build("сборка для Windows, с окном", || cross.workspace("build", "platforms-windows"))?;
    let mut tests: Vec<_> = made.into_iter().filter(|made| made.tests).collect();
    let (_lent, superuser) = match database() {
        Ok((lent, superuser)) => (lent, Some(superuser)),
        Err(error) => {
            report.skip(&format!("тесты сервера под wine: нет PostgreSQL: {error:#}"));
            tests.retain(|made| !made.label().starts_with("server/"));
            (None, None)
        }
    };
    let wine = Wine::prepared(GCC, superuser)?;
    under_wine::run(&wine, &tests, report)?;
    Ok(())
}

/// The superuser's address of a PostgreSQL on this computer, which the tests reach over the loopback network: that of
/// `cargo xtask test`, or one that lives as long as what is returned.
fn database() -> anyhow::Result<(Option<postgres::Lent>, String)> {
    if let Some(url) = std::env::var(postgres::SUPERUSER_URL).ok().filter(|url| !url.is_empty()) {
        return Ok((None, url));
    }
    postgres::install()?;
    if !programs::built("private-postgres").is_file() {
        let mut build = Command::new("cargo");
        build.args(["build", "--package", "zhkh-test-postgres", "--bin", "private-postgres"]);
        step::run("сборка PostgreSQL для тестов", build)?;
    }
    let lent = postgres::Lent::start()?;
    let url = lent.url.clone();
    Ok((Some(lent), url))
}
