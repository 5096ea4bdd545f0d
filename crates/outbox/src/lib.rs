//! zhkh-outbox
