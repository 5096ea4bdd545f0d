//! What only the real window proves.

use std::path::Path;
use zhkh_system_tests::desk::{Desk, Kind};
use zhkh_system_tests::window::Window;

#[tokio::test]
async fn smoke() {
    let folder = tempfile::tempdir().unwrap();
    let logs = Path::new("/tmp/winlogs");
    let desk = Desk::set_up(Kind::Full, folder.path(), logs).await.unwrap();
    let window = Window::open(&desk, &folder.path().join("data"), "http://127.0.0.1:9", logs).await.unwrap();
    window.painted().await.unwrap();
    desk.photograph(Path::new("/tmp/winlogs/1.png")).await.unwrap();
    println!("{}", window.text().await.unwrap());
    let mut send = zhkh_system_tests::program::command("notify-send", ["hello", "body"]);
    desk.seat(&mut send);
    zhkh_system_tests::program::run(send).unwrap();
    println!("{}", desk.notifications().unwrap());
    window.kill_9().await.unwrap();
    let window = Window::open(&desk, &folder.path().join("data"), "http://127.0.0.1:9", logs).await.unwrap();
    println!("{}", window.text().await.unwrap());
    window.close().await.unwrap();
}
