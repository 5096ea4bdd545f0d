//! zhkh-system-tests
