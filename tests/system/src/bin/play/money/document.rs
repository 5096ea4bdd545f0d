//! Documents and codes, looked at by programs that are none of ours.

use crate::stage::Stage;
use anyhow::Context;
use std::path::{Path, PathBuf};
use zhkh_system_tests::program::{command, run};
use zhkh_system_tests::until::until;
use zhkh_system_tests::window::PATIENCE;

/// What was opened after so many other things.
pub async fn opened(stage: &Stage<'_>, before: usize) -> anyhow::Result<String> {
    until("something is opened", PATIENCE, || async {
        let opened = stage.desk.opened()?;
        anyhow::ensure!(opened.len() <= before + 1, "opened more than once: {:?}", &opened[before..]);
        opened.into_iter().nth(before).context("nothing yet")
    })
    .await
}

/// Checks a PDF; gives its text and a picture of its first page.
pub fn look(pdf: &Path, folder: &Path) -> anyhow::Result<(String, PathBuf)> {
    run(command("qpdf", ["--check"].map(Path::new).into_iter().chain([pdf])))?;
    let text = run(command(
        "pdftotext",
        ["-layout", "-enc", "UTF-8"].map(Path::new).into_iter().chain([pdf, Path::new("-")]),
    ))?;
    let page = folder.join("page");
    run(command("pdftoppm", ["-png", "-r", "90", "-singlefile"].map(Path::new).into_iter().chain([pdf, &page])))?;
    Ok((text.replace('\u{a0}', " "), page.with_extension("png")))
}

/// Reads the only code on a picture.
pub fn code_on(picture: &[u8], folder: &Path) -> anyhow::Result<String> {
    let file = folder.join("code.png");
    std::fs::write(&file, picture)?;
    let mut zbar = command("zbarimg", ["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"]);
    zbar.arg(&file);
    let read = run(zbar)?;
    std::fs::remove_file(file)?;
    Ok(read.trim().to_owned())
}
