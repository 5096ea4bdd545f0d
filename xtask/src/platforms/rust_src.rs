//! The source of the standard library for exactly this compiler. Debian's backports carry it; it is fetched from the
//! mirror that apt is already set up with, by apt, into folders of its own: the system's lists stay as they are.

use super::place;
use super::trouble::{Part, missing};
use crate::step;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

const SUITE: &str = "trixie-backports";
const PACKAGE: &str = "rust-src";
const DEBIAN_KEYS: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// The version of the compiler in use, as «1.95.0».
pub fn compiler() -> anyhow::Result<String> {
    let said = output(Command::new("rustc").arg("-V"))?;
    let version = said.split_whitespace().nth(1).map(str::to_owned);
    version.ok_or_else(|| anyhow::anyhow!("rustc -V: {said}"))
}

/// The folder `library` of the source.
pub fn library(version: &str) -> Part<PathBuf> {
    let folder = place::folder()?.join("rust-src");
    let library = folder.join("library");
    place::once(&folder.join("done"), version, || {
        place::emptied(&folder)?;
        fetch(version, &folder)?;
        Ok(())
    })?;
    Ok(library)
}

fn fetch(version: &str, folder: &Path) -> Part<()> {
    if !Path::new(DEBIAN_KEYS).is_file() {
        return missing(format!("нет ключей Debian ({DEBIAN_KEYS}), без них {PACKAGE} не проверить"));
    }
    let Some(mirror) = mirror()? else {
        return missing(format!("apt не настроен ни на одно зеркало Debian, {PACKAGE} взять неоткуда"));
    };
    let apt = Apt::new(folder, &mirror)?;
    if let Err(error) = step::run("список пакетов trixie-backports", apt.command("apt-get", &["-q", "update"]))
    {
        return missing(format!("список пакетов {SUITE} не получить: {error:#}"));
    }
    let known = output(&mut apt.command("apt-cache", &["madison", PACKAGE]))?;
    let Some(found) = matching(&known, version) else {
        return missing(format!("в {SUITE} нет {PACKAGE} для rustc {version}"));
    };
    let mut download = apt.command("apt-get", &["-q", "download", &format!("{PACKAGE}={found}")]);
    download.current_dir(folder);
    if let Err(error) = step::run("исходники стандартной библиотеки", download) {
        return missing(format!("{PACKAGE} {found} не скачать: {error:#}"));
    }
    unpack(version, folder)
}

/// The package's version for this compiler, among the lines of `apt-cache madison`.
fn matching<'a>(known: &'a str, compiler: &str) -> Option<&'a str> {
    let versions = known.lines().filter_map(|line| line.split('|').nth(1)).map(str::trim);
    versions.into_iter().find(|version| {
        version.strip_prefix(compiler).is_some_and(|rest| rest.starts_with('+') || rest.starts_with('-'))
    })
}

/// The mirror of Debian's main archive, from apt's own settings.
fn mirror() -> anyhow::Result<Option<String>> {
    let fields = ["indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"];
    let targets = output(Command::new("apt-get").args(fields))?;
    let system = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let release = system.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME=")).unwrap_or("stable");
    let is_debian = system.lines().any(|line| line == "ID=debian");
    let main = |line: &&str| is_debian && line.ends_with(&format!(" {release} main"));
    Ok(targets.lines().find(main).and_then(|line| line.split_whitespace().next()).map(str::to_owned))
}

/// Only the library: the compiler's own source is ten times as much.
fn unpack(version: &str, folder: &Path) -> Part<()> {
    let mut unpack = Command::new("sh");
    let inside = format!("./usr/src/rustc-{version}/library");
    unpack.args([
        "-c",
        "dpkg-deb --fsys-tarfile *.deb | tar -x --strip-components=4 \"$1\" && rm *.deb",
        "sh",
        &inside,
    ]);
    unpack.current_dir(folder);
    Ok(step::run("распаковка исходников", unpack)?)
}

/// apt with lists and downloads of its own.
struct Apt {
    options: Vec<OsString>,
}

impl Apt {
    fn new(folder: &Path, mirror: &str) -> anyhow::Result<Self> {
        let [sources, lists, cache] = ["apt/sources", "apt/lists", "apt/cache"].map(|name| folder.join(name));
        for needed in [&sources, &lists.join("partial"), &cache.join("archives/partial")] {
            std::fs::create_dir_all(needed)?;
        }
        let source = format!(
            "Types: deb\nURIs: {mirror}\nSuites: {SUITE}\nComponents: main\nArchitectures: amd64\nSigned-By: {DEBIAN_KEYS}\n"
        );
        std::fs::write(sources.join("backports.sources"), source)?;
        let own = |name: &str, folder: &Path| {
            let mut option = OsString::from(format!("{name}="));
            option.push(folder);
            option
        };
        let mut options = Vec::new();
        for option in [
            "Dir::Etc::SourceList=/dev/null".into(),
            own("Dir::Etc::SourceParts", &sources),
            own("Dir::State::Lists", &lists),
            own("Dir::Cache", &cache),
            // Its unprivileged user could not write into our folders.
            "APT::Sandbox::User=root".into(),
        ] {
            options.extend(["-o".into(), option]);
        }
        Ok(Self { options })
    }

    fn command(&self, program: &str, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(&self.options).args(args).env("LC_ALL", "C");
        command
    }
}

fn output(command: &mut Command) -> anyhow::Result<String> {
    let output = command.output().map_err(|error| anyhow::anyhow!("{command:?}: {error}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::matching;

    #[test]
    fn only_the_source_of_this_very_compiler_will_do() {
        let known = " rust-src | 1.96.1+dfsg1-2~bpo13+1 | somewhere\n rust-src | 1.95.0+dfsg1-2~bpo13+1 | somewhere\n";
        assert_eq!(matching(known, "1.95.0"), Some("1.95.0+dfsg1-2~bpo13+1"));
        assert_eq!(matching(known, "1.95"), None);
        assert_eq!(matching(known, "1.94.0"), None);
    }
}
