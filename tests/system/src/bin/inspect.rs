//! `inspect DATABASE`: prints what the server holds, as JSON. A process of its own, so that what is proven does not
//! rest on the word of the process that did it.

fn main() -> anyhow::Result<()> {
    let database = std::env::args_os().nth(1).ok_or_else(|| anyhow::anyhow!("inspect DATABASE"))?;
    let held = zhkh_system_tests::ledger::read(database)?;
    println!("{}", serde_json::to_string_pretty(&held)?);
    Ok(())
}
