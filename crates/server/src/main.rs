//! `zhkh-server`.

use clap::Parser;
use std::process::ExitCode;
use zhkh_server::command::Command;

fn main() -> ExitCode {
    match Command::parse().run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
