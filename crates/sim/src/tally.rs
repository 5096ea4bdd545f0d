//! How often each kind of fault and of outcome occurred: what is never drawn is never tested.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Kinds of faults. The fixed set of seeds has to meet every one of them.
pub const FAULTS: &[&str] = &[
    "access_token_ran_out",
    "account_attached",
    "account_detached",
    "answer_lost",
    "answer_slow",
    "answer_truncated",
    "bad_gateway_after_the_effect",
    "bad_gateway_before_the_effect",
    "clock_set_back",
    "clock_set_forward",
    "computer_killed",
    "computer_off",
    "computer_rebooted",
    "computer_restored",
    "computer_slept",
    "copy_came_late",
    "disk_full",
    "file_entered",
    "file_lost",
    "foreign_problem",
    "live_cut",
    "live_silent",
    "no_route",
    "old_entry",
    "password_changed_elsewhere",
    "period_locked",
    "portal",
    "portal_redirect",
    "power_cut",
    "push_swallowed",
    "refresh_refused",
    "request_doubled",
    "request_lost",
    "retry_after_date",
    "retry_after_seconds",
    "second_computer",
    "server_down",
    "server_killed",
    "server_power_cut",
    "server_restored",
    "signed_in_without_a_line",
    "signed_out",
    "status_520",
    "too_many_requests",
    "upload_cut",
];

/// Kinds of outcomes that the fixed set has to meet.
pub const OUTCOMES: &[&str] = &[
    "applied",
    "changed_in_place",
    "discarded",
    "entered_by_a_program_that_died",
    "held",
    "new_life_of_a_computer",
    "rejected_not_yours",
    "rejected_period_locked",
    "rejected_window_closed",
    "repeated",
    "second_operation",
    "sent_again_after_a_restore",
    "sign_in_pause",
    "taken_back_at_once",
    "taken_back_by_the_server",
    "taken_back_too_late",
];

/// What occurred, and how often.
#[derive(Default)]
pub struct Tally(Mutex<BTreeMap<&'static str, u64>>);

impl Tally {
    /// It occurred once more.
    pub fn count(&self, what: &'static str) {
        self.add(what, 1);
    }

    /// It occurred so many times more.
    pub fn add(&self, what: &'static str, times: u64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(what).or_default() += times;
    }

    /// Everything so far.
    pub fn all(&self) -> BTreeMap<&'static str, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
