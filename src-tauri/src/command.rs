//! The one command of the window. Which commands the core has is the core's affair.

use crate::shell::Shell;
use client::view::{Failure, SignOutView};
use serde_json::Value;
use std::sync::Arc;
use tauri::State;

/// Hands a command to the core.
#[tauri::command]
pub async fn call(shell: State<'_, Shell>, command: String, args: Value) -> Result<Value, Failure> {
    let core = Arc::clone(&shell.core);
    let name = command.clone();
    // In a task of its own: a panic becomes an answer, else the window would wait for ever.
    let task = tauri::async_runtime::spawn(async move { core.call(&name, args).await });
    let answer = task.await.unwrap_or_else(|_| Err(panicked(&command)))?;
    match command.as_str() {
        "sign_out" => shell.person_left(serde_json::from_value(answer.clone()).is_ok_and(is_done)),
        "sign_in" | "registration_finish" => shell.person_left(false),
        _ => {}
    }
    Ok(answer)
}

fn is_done(view: SignOutView) -> bool {
    view == SignOutView::Done
}

fn panicked(command: &str) -> Failure {
    let report = chrono::Utc::now().format("%Y%m%dT%H%M%S").to_string();
    tracing::error!(command, report, "a command panicked; the report is in the folder panics");
    Failure::Defect { report }
}
