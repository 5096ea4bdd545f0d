//! macOS: types only. Its libraries to link with are not free, so nothing is linked and nothing runs.

use super::cross::Cross;
use super::sysroot::Depth;
use super::trouble::Part;
use super::{Report, place, zig};

const TARGET: &str = "aarch64-apple-darwin";

/// Checks the types for macOS.
pub fn check(report: &mut Report) -> Part<()> {
    let zig = zig::installed()?;
    let mut cross = Cross::new(TARGET, Depth::Types)?;
    cross.set_tool("CC", &zig.cc);
    cross.set_tool("CXX", &zig.cc);
    cross.set_tool("AR", &zig.ar);
    cross.set("ZIG_GLOBAL_CACHE_DIR", place::folder()?.join("zig/cache"));
    cross.set("ZIG_LOCAL_CACHE_DIR", place::folder()?.join("zig/cache"));
    // Nobody can ask Xcode where its files are. Nothing is read from there.
    cross.set("SDKROOT", place::folder()?.join("zig"));
    for part in zig::NEEDS_XCODE {
        report.skip(&format!("macOS, код на C: {part}: заголовки есть только в Xcode"));
    }
    report.build("типы для macOS, с окном", || cross.workspace("check", "platforms-macos"))?;
    Ok(())
}
