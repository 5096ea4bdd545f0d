//! Embeds the built window and generates the permission of the one command.

fn main() {
    // The embedded files are a part of the program: a new build of the window is a new build of the shell.
    println!("cargo:rerun-if-changed=../ui/dist");
    println!("cargo:rerun-if-env-changed=ZHKH_DEFAULT_SERVER_URL");
    let commands = tauri_build::AppManifest::new().commands(&["call"]);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands))
        .expect("tauri.conf.json and the capability files fit the program");
}
