//! Every target over its whole corpus and over changes of it, the same at every run. A failure is written to
//! `target/fuzz-failures` with the command that shows it again.

mod memory;

use fuzz_targets::{Target, corpus, mutation, named};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};

/// What any input may cost at its height: a flat sum, and so much for each of its bytes.
const FLAT_BYTES: usize = 32 << 20;
const PER_BYTE: usize = 1_000;

/// The inputs of a corpus by their names.
fn seeds(target: &Target) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(corpus(target.name)).expect("a corpus").map(|file| file.expect("listed"));
    let files = files.map(|file| (file.file_name().to_string_lossy().into_owned(), file.path()));
    files.map(|(name, path)| (name, std::fs::read(path).expect("read"))).collect()
}

fn throw(target: &Target, name: &str, input: &[u8]) {
    let (thrown, height) = memory::height(|| catch_unwind(AssertUnwindSafe(|| (target.run)(input))));
    let bound = FLAT_BYTES + PER_BYTE * input.len();
    if let Err(panic) = thrown {
        keep(target, name, input);
        resume_unwind(panic);
    }
    if height > bound {
        keep(target, name, input);
        panic!("{} bytes cost {height} bytes of memory", input.len());
    }
}

fn keep(target: &Target, name: &str, input: &[u8]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/fuzz-failures");
    let file: PathBuf = folder.join(format!("{}-{name}", target.name));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(&file, input).expect("written");
    let shown = Path::new("target/fuzz-failures").join(file.file_name().expect("a name"));
    eprintln!(
        "{} fails on {name}; again: cargo run -p zhkh-fuzz --bin replay {} {}",
        target.name,
        target.name,
        shown.display()
    );
}

fn all(name: &str) {
    let target = named(name).expect("a target");
    let seeds = seeds(target);
    assert!(!seeds.is_empty(), "no corpus");
    for (file, input) in &seeds {
        throw(target, file, input);
    }
    let seeds: Vec<Vec<u8>> = seeds.into_values().collect();
    for number in 0..u64::from(target.mutations) {
        throw(target, &format!("mutation-{number}"), &mutation::mutate(&seeds, number));
    }
    println!("{name}: {} inputs of the corpus, {} changed ones", seeds.len(), target.mutations);
}

macro_rules! tests {
    ($($test:ident => $target:literal),* $(,)?) => {
        const TESTED: &[&str] = &[$($target),*];
        $(#[test]
        fn $test() {
            all($target);
        })*
    };
}

tests! {
    only_a_problem_of_ours_is_final_whatever_answer_comes => "answers",
    a_bill_is_read_as_it_was_written_or_refused_by_its_row => "bills",
    a_callback_is_believed_only_as_the_bank_signed_it => "callbacks",
    a_file_of_charges_is_taken_or_refused_row_by_row => "charges",
    no_clock_stops_the_program_or_is_believed_beyond_the_arrival => "clocks",
    a_file_of_another_form_is_taken_or_refused => "described",
    a_stream_of_events_wakes_the_same_however_it_is_cut => "events",
    a_place_in_the_feed_is_read_as_it_is_written => "feed",
    what_a_file_is_shows_in_its_bytes_and_no_header_says_otherwise => "files",
    a_workbook_of_meters_is_taken_or_refused_row_by_row => "meters",
    the_bytes_of_an_operation_are_kept_whatever_they_mean => "operations",
    a_packed_body_is_read_as_the_plain_one_and_never_beyond_the_limit => "packed",
    a_payment_code_is_read_and_what_was_read_is_written_as_the_same => "payment_qr",
    a_file_of_readings_is_taken_or_refused_row_by_row => "readings",
    a_table_of_charges_is_taken_or_refused_row_by_row => "tables",
    what_people_type_is_read_in_one_form_or_refused => "typed",
    everything_that_travels_is_written_as_it_was_read => "wires",
}

#[test]
fn every_target_has_a_test_a_corpus_and_a_binary_for_the_fuzzer() {
    let names: Vec<_> = fuzz_targets::TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(names, TESTED);
    for name in names {
        assert!(corpus(name).is_dir(), "{name}");
        let binary = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz_targets").join(format!("{name}.rs"));
        let text = std::fs::read_to_string(binary).expect("a binary for the fuzzer");
        assert!(text.contains(&format!("run({name:?}")), "{name} runs another target: {text}");
    }
}
