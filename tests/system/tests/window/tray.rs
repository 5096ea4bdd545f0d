//! The icon beside the clock, as a desktop with a place for such icons sees it.

use crate::Scene;
use anyhow::Context;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use zbus::message::Header;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Structure, Value};
use zbus::{Connection, Proxy, connection};
use zhkh_system_tests::desk::Kind;
use zhkh_system_tests::until::until;
use zhkh_system_tests::window::PATIENCE;

const MENU: &str = "com.canonical.dbusmenu";

/// An icon: on whose connection and under which path.
type Icon = (String, String);

/// The place for icons.
#[derive(Default, Clone)]
struct Watcher(Arc<Mutex<Vec<Icon>>>);

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: &str, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((sender, service.to_owned()));
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

impl Watcher {
    async fn icon(&self) -> anyhow::Result<Icon> {
        until("the icon", PATIENCE, || async {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).first().cloned().context("no icon is registered")
        })
        .await
    }
}

/// Number and words of every line of a menu.
type Lines = Vec<(i32, String)>;

async fn lines(menu: &Proxy<'_>) -> anyhow::Result<Lines> {
    type Root = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);
    let (_, (_, _, children)): (u32, Root) = menu.call("GetLayout", &(0, -1, Vec::<&str>::new())).await?;
    children
        .into_iter()
        .map(|child| {
            let child = Structure::try_from(Value::from(child))?;
            let [id, properties, _] = child.fields() else { anyhow::bail!("a line of another shape: {child:?}") };
            let properties = HashMap::<String, Value<'_>>::try_from(properties.try_clone()?)?;
            let label = properties.get("label").map(<&str>::try_from).transpose()?.unwrap_or_default();
            Ok((i32::try_from(id)?, label.to_owned()))
        })
        .collect()
}

#[tokio::test]
async fn the_tray_says_from_the_start_how_the_queue_is_and_ends_the_program() -> anyhow::Result<()> {
    let scene = Scene::set(Kind::Full).await?;
    let watcher = Watcher::default();
    let bus: Connection = connection::Builder::address(scene.desk.bus())?
        .name("org.kde.StatusNotifierWatcher")?
        .serve_at("/StatusNotifierWatcher", watcher.clone())?
        .build()
        .await?;
    let window = scene.open().await?;
    let (sender, path) = watcher.icon().await?;
    let item = Proxy::new(&bus, sender.clone(), path, "org.kde.StatusNotifierItem").await?;
    let menu: OwnedObjectPath = item.get_property("Menu").await?;
    let menu = Proxy::new(&bus, sender, menu, MENU).await?;
    // Nothing has happened yet: what it says it says from the start.
    let lines = lines(&menu).await?;
    let words: Vec<&str> = lines.iter().map(|(_, words)| words.as_str()).collect();
    anyhow::ensure!(words.len() == 3 && words[0] == "Открыть" && words[2] == "Закрыть программу", "{words:?}");
    anyhow::ensure!(words[1] != "ЖКХ Desktop", "the tray does not say how the queue is: {words:?}");

    let quit = lines[2].0;
    window
        .ends_when(async { Ok(menu.call::<_, _, ()>("Event", &(quit, "clicked", Value::from(0), 0u32)).await?) })
        .await
}
