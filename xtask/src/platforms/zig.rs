//! A C compiler for Apple's systems: `zig cc`, from the Python package index, in an environment of its own.

use super::place;
use super::trouble::{Part, missing};
use crate::{setup, step};
use anyhow::Context;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const PACKAGE: &str = "ziglang";

/// The tools for C.
pub struct Zig {
    /// The compiler.
    pub cc: PathBuf,
    /// The librarian.
    pub ar: PathBuf,
}

/// Installs it, once, and puts names beside it that build scripts can call.
pub fn installed() -> Part<Zig> {
    let folder = place::folder()?;
    let venv = folder.join("venv");
    place::once(&folder.join("zig.done"), PACKAGE, || {
        if let Err(error) = setup::debian_packages(&["python3", "python3-venv"]) {
            return missing(format!("нет python3-venv: {error:#}"));
        }
        let mut make = Command::new("python3");
        make.args(["-m", "venv", "--clear"]).arg(&venv);
        if let Err(error) = step::run("место для zig", make) {
            return missing(format!("не создать среду Python: {error:#}"));
        }
        let mut install = Command::new(venv.join("bin/pip"));
        install.args(["install", "--quiet", "--disable-pip-version-check", PACKAGE]);
        if let Err(error) = step::run("установка zig", install) {
            return missing(format!("{PACKAGE} не поставить: {error:#}"));
        }
        Ok(())
    })?;
    let [cc, ar] = ["cc", "ar"].map(|name| folder.join("zig").join(name));
    std::fs::create_dir_all(folder.join("zig"))?;
    let empty = folder.join("zig/empty.c");
    std::fs::write(&empty, "")?;
    let zig = program(&venv)?;
    let filled = |text: &str| text.replace("ZIG", &zig.to_string_lossy()).replace("EMPTY", &empty.to_string_lossy());
    script(&cc, &filled(CC))?;
    script(&ar, &filled(AR))?;
    Ok(Zig { cc, ar })
}

/// The program inside the package. To start it by Python costs more than most of the files it compiles.
fn program(venv: &Path) -> anyhow::Result<PathBuf> {
    let mut python = Command::new(venv.join("bin/python"));
    python.args(["-c", "import os, ziglang; print(os.path.dirname(ziglang.__file__), end='')"]);
    let said = python.output().with_context(|| format!("{python:?}"))?;
    Ok(Path::new(&*String::from_utf8_lossy(&said.stdout)).join("zig"))
}

/// C that asks for headers which come with Xcode alone. An empty file stands for it: nothing is linked.
pub const NEEDS_XCODE: [&str; 2] = ["SQLCipher (os/log.h)", "уведомления на Objective-C (Cocoa/Cocoa.h)"];

/// zig names its target in its own way and does not know some of Apple's options.
const CC: &str = r#"#!/bin/bash
kept=()
while [ $# -gt 0 ]; do
    case "$1" in
        -arch | -target | -isysroot) shift ;;
        --target=* | -mmacosx-version-min=* | -mmacos-version-min=*) ;;
        *.m | */sqlcipher.c) kept+=("EMPTY") ;;
        *) kept+=("$1") ;;
    esac
    shift
done
exec ZIG cc -target aarch64-macos -fno-sanitize=all "${kept[@]}"
"#;

const AR: &str = "#!/bin/sh\nexec ZIG ar \"$@\"\n";

/// Written only when it changes: build scripts look at the time of their compiler.
fn script(path: &Path, text: &str) -> std::io::Result<()> {
    if std::fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    std::fs::write(path, text)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
}
