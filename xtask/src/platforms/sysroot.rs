//! The standard library for another system, built once with this compiler.

use super::place;
use super::rust_src;
use super::trouble::Part;
use crate::step::logged;
use std::path::{Path, PathBuf};
use std::process::Command;

const CRATES: &str = "-Zbuild-std=std,panic_unwind,panic_abort,test,proc_macro";

/// How much of the standard library there has to be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// What is linked.
    Code,
    /// What types are checked by; it takes half the time.
    Types,
}

/// The sysroot that holds the standard library for `target`.
pub fn with(target: &str, depth: Depth) -> Part<PathBuf> {
    let version = rust_src::compiler()?;
    let sysroot = place::folder()?.join("sysroot");
    let lib = sysroot.join("lib/rustlib").join(target).join("lib");
    std::fs::create_dir_all(sysroot.join("done"))?;
    place::once(&sysroot.join("done").join(target), &version, || {
        let library = rust_src::library(&version)?;
        place::emptied(&lib)?;
        // Compiled against another library: cargo does not notice that it was replaced.
        place::emptied(&place::build()?.join(target))?;
        println!("Собираю стандартную библиотеку {version} для {target}");
        build(target, depth, &library, &lib)
    })?;
    Ok(sysroot)
}

fn build(target: &str, depth: Depth, library: &Path, lib: &Path) -> Part<()> {
    let folder = place::folder()?.join("std");
    place::emptied(&folder.join("src"))?;
    // Not a member of the workspace, and with nothing in it.
    let manifest =
        "[package]\nname = \"std-for-another-system\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";
    std::fs::write(folder.join("Cargo.toml"), manifest)?;
    std::fs::write(folder.join("src/lib.rs"), "")?;
    let (command, kind) = match depth {
        Depth::Code => ("build", "rlib"),
        Depth::Types => ("check", "rmeta"),
    };
    let mut cargo = Command::new("cargo");
    cargo.args([command, "--release", CRATES, "--target", target]).current_dir(&folder);
    // The source is not where rustup would have put it, and a stable compiler builds its own library.
    cargo.env("RUSTC_BOOTSTRAP", "1").env("__CARGO_TESTS_ONLY_SRC_ROOT", library);
    cargo.env("CARGO_TARGET_DIR", folder.join("target"));
    // Quick to build; what runs is mostly the tests themselves, which are not optimised either.
    cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1").env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    let outcome = logged(&format!("platforms-std-{target}"), cargo)?;
    if !outcome.succeeded {
        return Err(anyhow::anyhow!("стандартная библиотека для {target} не собралась:\n{}", outcome.tail()).into());
    }
    for entry in std::fs::read_dir(folder.join("target").join(target).join("release/deps"))? {
        let made = entry?.path();
        if made.extension().is_some_and(|extension| extension == kind) {
            std::fs::copy(&made, lib.join(made.file_name().unwrap_or_default()))?;
        }
    }
    // Several hundred megabytes that nobody needs again.
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
