//! `cargo run -p zhkh-fuzz --bin replay TARGET FILE…`: throws files at one target.

fn main() {
    let mut words = std::env::args().skip(1);
    let target = words.next().and_then(|name| fuzz_targets::named(&name));
    let Some(target) = target else {
        let names: Vec<_> = fuzz_targets::TARGETS.iter().map(|target| target.name).collect();
        eprintln!("Нужна цель и файл. Цели: {}", names.join(", "));
        std::process::exit(2);
    };
    for file in words {
        match std::fs::read(&file) {
            Ok(input) => (target.run)(&input),
            Err(error) => {
                eprintln!("{file}: {error}");
                std::process::exit(2);
            }
        }
        println!("{file}: выдержал");
    }
}
