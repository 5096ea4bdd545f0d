//! A new file among the migrations makes this crate compile again, so that it is embedded.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations/server");
}
