//! zhkh-sandbox
