//! A panic leaves a file on this computer, and nothing leaves the computer.

use std::any::Any;
use std::backtrace::Backtrace;
use std::fmt::Write as _;
use std::path::PathBuf;

/// From now on every panic writes a report into `folder`, besides what the standard hook prints.
pub fn keep_reports(folder: PathBuf) {
    let standard = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(target: "panic", at, "panicked");
        let text = report(&at, panic.payload(), &Backtrace::force_capture());
        let name = format!("{}.txt", chrono::Utc::now().format("%Y%m%dT%H%M%S%3f"));
        // A panic hook has nobody to tell that the disk is full.
        let _ = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(folder.join(name), text));
        standard(panic);
    }));
}

/// Only a message fixed in the source is told: a formatted one may carry what a person typed.
fn report(at: &str, payload: &(dyn Any + Send), trace: &Backtrace) -> String {
    let message = payload.downcast_ref::<&'static str>().copied().unwrap_or("(formatted message, not kept)");
    let mut text = format!("ЖКХ Desktop {}, {}\n{message}\nat {at}\n", env!("CARGO_PKG_VERSION"), std::env::consts::OS);
    // Writing to a String cannot fail.
    let _ = writeln!(text, "\n{trace}");
    text
}

#[cfg(test)]
mod tests {
    use super::report;
    use std::backtrace::Backtrace;

    #[test]
    fn a_report_keeps_no_formatted_message() {
        let typed = String::from("called with Смирнова");
        let text = report("a.rs:1:1", &typed, &Backtrace::disabled());
        assert!(!text.contains("Смирнова") && text.contains("a.rs:1:1"));
    }

    #[test]
    fn a_report_keeps_a_message_of_the_source() {
        assert!(report("a.rs:1:1", &"the lane is empty", &Backtrace::disabled()).contains("the lane is empty"));
    }
}
