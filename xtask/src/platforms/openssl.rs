//! OpenSSL for Windows. The product's build compiles the whole of it (the feature `bundled-sqlcipher-vendored-openssl`): twelve
//! hundred files, of which SQLCipher needs a cipher, a hash and randomness. The check builds the same source with the rest
//! configured away, which takes a third of the time. What is left of libssl is there for the linker alone: nobody speaks TLS
//! through it, but the Rust names for its macros may come along with those for libcrypto.

use super::place;
use super::trouble::Part;
use crate::step::logged;
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::Command;

const LEFT_OUT: &str = "no-apps no-aria no-argon2 no-async no-autoerrinit no-bf no-blake2 no-cached-fetch no-camellia no-cast \
    no-chacha no-cmac no-cmp no-cms no-comp no-ct no-default-thread-pool no-des no-dgram no-dh no-docs no-dsa no-dso no-dtls \
    no-ec no-engine no-filenames no-gost no-http no-idea no-legacy no-lms no-md2 no-md4 no-mdc2 no-ml-dsa no-ml-kem \
    no-module no-multiblock no-nextprotoneg no-ocb no-ocsp no-padlockeng no-poly1305 no-psk no-quic no-rc2 no-rc4 no-rc5 \
    no-rdrand no-rfc3779 no-rmd160 no-scrypt no-seed no-shared no-siphash no-siv no-slh-dsa no-sm2 no-sm3 no-sm4 no-sock \
    no-srp no-srtp no-ssl-trace no-tests no-thread-pool no-tls no-ts no-ui-console no-uplink no-whirlpool no-zlib";

/// What the programs are linked with: libssl stands first, it asks for the other.
pub const LIBRARIES: &str = "ssl:crypto";

/// The folder with `lib` and `include`, built once per version of the source and of the way to build it.
pub fn built(target: &str) -> Part<PathBuf> {
    let source = source(target)?;
    let folder = place::folder()?.join("openssl");
    let made = folder.join("made");
    place::once(&folder.join("done"), &format!("{}\n{LEFT_OUT}\n{BUILD}", source.display()), || {
        place::emptied(&folder)?;
        println!("Собираю OpenSSL для Windows");
        let copy = folder.join("source");
        let mut build = Command::new("sh");
        build.args(["-eu", "-c", BUILD, "sh"]).args([&source, &copy, &made]).args(LEFT_OUT.split_whitespace());
        let outcome = logged("platforms-openssl", build)?;
        if !outcome.succeeded {
            return Err(anyhow::anyhow!("OpenSSL для Windows не собрался:\n{}", outcome.tail()).into());
        }
        Ok(std::fs::remove_dir_all(&copy)?)
    })?;
    Ok(made)
}

const BUILD: &str = r#"
source=$1 copy=$2 made=$3
shift 3
cp -r "$source" "$copy"
cd "$copy"
perl ./Configure --cross-compile-prefix=x86_64-w64-mingw32- "$@" mingw64 CFLAGS=-O0
make -j "$(nproc)" build_generated
make -j "$(nproc)" libssl.a libcrypto.a
mkdir -p "$made/lib"
cp libssl.a libcrypto.a "$made/lib/"
cp -r include "$made/"
"#;

/// The source that the workspace's lock file names, as cargo fetched it.
fn source(target: &str) -> Part<PathBuf> {
    let mut metadata = Command::new("cargo");
    metadata.args(["metadata", "--format-version", "1", "--filter-platform", target]);
    let output = metadata.output().context("cargo metadata")?;
    let read: serde_json::Value = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let packages = read["packages"].as_array().context("cargo metadata: packages")?;
    let openssl = packages.iter().find(|package| package["name"] == "openssl-src");
    let manifest =
        openssl.and_then(|package| package["manifest_path"].as_str()).context("openssl-src is not needed")?;
    Ok(Path::new(manifest).with_file_name("openssl"))
}
