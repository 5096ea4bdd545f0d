//! Windows: everything is built, the window included, and the tests run under wine.

use super::Report;
use super::cross::Cross;
use super::trouble::{Part, missing};
use super::under_wine;
use super::wine::Wine;
use crate::setup;

const GCC: &str = "x86_64-w64-mingw32-gcc";
const TARGET: &str = "x86_64-pc-windows-gnu";
const PACKAGES: [&str; 4] =
    ["gcc-mingw-w64-x86-64-win32", "g++-mingw-w64-x86-64-win32", "mingw-w64-x86-64-dev", "wine64"];

/// Builds for Windows and runs the tests.
pub fn check(report: &mut Report) -> Part<()> {
    if let Err(error) = setup::debian_packages(&PACKAGES) {
        return missing(format!("нет mingw-w64 и wine64: {error:#}"));
    }
    let mut cross = Cross::new(TARGET)?;
    // The compiler and build scripts would find it by themselves; a person's own settings may differ.
    cross.set("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", GCC);
    let made =
        report.build("сборка для Windows, с окном", || cross.workspace("build", "platforms-windows"))?;
    let tests: Vec<_> = made.into_iter().filter(|made| made.tests).collect();
    let wine = Wine::prepared(GCC)?;
    under_wine::run(&wine, &tests, report)?;
    Ok(())
}
