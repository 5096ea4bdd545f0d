//! zhkh-bridge
