//! zhkh-server
