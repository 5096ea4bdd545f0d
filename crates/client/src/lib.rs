//! The desktop's engine: vault, store, synchronisation, commands. It knows no window.
#![allow(dead_code)]
pub mod view;
