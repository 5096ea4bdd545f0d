//! `cargo xtask setup | demo | test | bindings`: the one way to run ЖКХ Desktop and the one way to test it.

mod bench;
mod bindings;
mod chromium;
mod count;
mod demo;
mod fuzz;
mod mutate;
mod node;
mod npm;
mod platforms;
mod postgres;
mod programs;
mod root;
mod setup;
mod sim;
mod step;
mod test;

const HELP: &str = "\
cargo xtask setup                 поставить недостающее: пакеты Debian/Ubuntu, пакеты npm, tauri-driver, Chromium, PostgreSQL
cargo xtask demo                  собрать, запустить песочницу и сервер с демонстрационным городом, открыть окно
cargo xtask demo --play main-job --out ПАПКА [--break ack]
                                  проиграть главное дело в настоящем окне без человека
cargo xtask test                  всё проверить
cargo xtask mutate [--list] [--only ИМЯ] [--reduced]
                                  испортить по одной строке и посмотреть, какие тесты это заметят
cargo xtask check-platforms [--only windows | --only macos]
                                  собрать для Windows и проверить под wine, проверить типы для macOS
cargo xtask fuzz [ЦЕЛЬ] [--seconds N]
                                  бросать испорченные данные в разборщики (cargo-fuzz); новые находки — в target/fuzz-failures
cargo xtask bench [--only ИМЯ,…] [--json ФАЙЛ] [--quick | --full]
                                  измерить движок, сервер, соседей и окно рядом с пределом (benches/README.md)
cargo xtask sim [--seed S [--trace]] [--seeds N] [--from S] [--minutes M]
                                  настоящие клиент и сервер в одном процессе, сеть и часы по жребию; сид повторяется в точности
cargo xtask bindings              записать типы TypeScript для окна
";

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match words.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", &[][..]),
    };
    std::env::set_current_dir(root::root())?;
    match command {
        "setup" => setup::for_test().map(drop),
        "demo" => demo::demo(&demo::Wish::read(rest)?),
        "test" => test::test(),
        "mutate" => mutate::mutate(&mutate::Wish::read(rest)?),
        "check-platforms" => platforms::check(rest),
        "fuzz" => fuzz::fuzz(&fuzz::Wish::read(rest)?),
        "bench" => bench::bench(rest),
        "sim" => sim::sim(rest),
        "bindings" => bindings::write(),
        _ => {
            print!("{HELP}");
            Ok(())
        }
    }
}
