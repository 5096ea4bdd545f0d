//! The real client against the real server over loopback with a network that fails in every way: examples with names,
//! and seeds that mix everything.

mod city;
mod computer;
mod days;
mod golden;
mod network;
mod people;
mod restored;
mod seeds;
