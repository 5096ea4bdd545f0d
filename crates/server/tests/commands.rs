//! The real program's `import`, `export` and `demo`: what they print, and the exit code that scripts go by.

mod common;

use std::path::Path;
use std::process::{Command, Output};
use zhkh_server::registry::encoding::to_cp1251;

const BILL: &str = "2140183572;;;Смирнова В. П.;г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25;1026;3456,78\r\n";

struct Office(tempfile::TempDir);

impl Office {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("server.toml"), common::SETTINGS).expect("written");
        std::fs::write(folder.path().join("consent.txt"), "Даю согласие.").expect("written");
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_zhkh-server"))
            .args(["--config", "server.toml"])
            .args(arguments)
            .current_dir(self.path())
            .env_remove("ZHKH_DATA")
            .env_remove("ZHKH_LISTEN")
            .output()
            .expect("started")
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn an_import_succeeds_once_and_leaves_its_protocol() {
    let office = Office::new();
    std::fs::write(office.path().join("bill.txt"), to_cp1251(BILL)).expect("written");
    let import = ["import", "p1", "bill.txt", "--today", "2026-11-10", "--protocol", "protocol.txt"];
    let first = office.run(&import);
    assert!(first.status.success(), "{}", said(&first));
    let protocol = std::fs::read_to_string(office.path().join("protocol.txt")).expect("the protocol");
    assert!(protocol.contains("Загружено полностью") && said(&first).contains(&protocol), "{protocol}");
    let second = office.run(&import);
    assert!(!second.status.success() && said(&second).contains("уже загружен"), "{}", said(&second));
}

#[test]
fn a_file_that_changes_nothing_fails_and_says_what_to_do() {
    let office = Office::new();
    std::fs::write(office.path().join("bill.txt"), to_cp1251(&BILL.replace("3456,78", "много"))).expect("written");
    let stopped = office.run(&["import", "p1", "bill.txt", "--today", "2026-11-10"]);
    assert!(!stopped.status.success(), "{}", said(&stopped));
    let words = said(&stopped);
    assert!(words.contains("строка 1, Сумма") && words.contains("--accept-partial"), "{words}");
    let missing = office.run(&["import", "p1", "no-such-file.txt"]);
    assert!(!missing.status.success() && said(&missing).contains("не читается"), "{}", said(&missing));
    let nothing = office.run(&["export", "r1", "--period", "2026-11", "--out", "out.txt"]);
    assert!(!nothing.status.success() && said(&nothing).contains("Ничего не выгружено"), "{}", said(&nothing));
    let month = office.run(&["export", "r1", "--period", "ноябрь", "--out", "out.txt"]);
    assert!(!month.status.success() && said(&month).contains("ГГГГ-ММ"), "{}", said(&month));
}

#[test]
fn the_demo_town_is_generated_imported_and_its_sign_ins_are_told() {
    let office = Office::new();
    let made = office.run(&["demo", "generate", "--out", "town", "--accounts", "12", "--seed", "5"]);
    assert!(made.status.success(), "{}", said(&made));
    let files: Vec<String> = String::from_utf8_lossy(&made.stdout).lines().map(str::to_owned).collect();
    for (format, file) in ["p1", "p4", "r3", "r1"].into_iter().zip(&files) {
        let import = office.run(&["import", format, file, "--today", "2026-11-10"]);
        assert!(import.status.success(), "{}", said(&import));
    }
    let told = office.run(&["demo", "sign-ins"]);
    assert!(said(&told).contains("2140183572") && said(&told).contains("3456,78"), "{}", said(&told));
}
