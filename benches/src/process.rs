//! What Linux says about the memory of processes.

use anyhow::Context;
use std::fs;

/// The greatest resident memory of this process since the last [`forget_peak`], MiB.
pub fn peak_mib() -> anyhow::Result<f64> {
    Ok(kib("/proc/self/status", "VmHWM:")? / 1024.0)
}

/// The resident memory of this process now, MiB.
pub fn resident_mib() -> anyhow::Result<f64> {
    Ok(kib("/proc/self/status", "VmRSS:")? / 1024.0)
}

/// Begins to look for the greatest memory anew.
pub fn forget_peak() -> anyhow::Result<()> {
    fs::write("/proc/self/clear_refs", "5").context("the peak of memory cannot be reset")
}

/// The proportional memory of a process and all its children, MiB.
pub fn tree_pss_mib(root: u32) -> anyhow::Result<f64> {
    let mut sum = 0.0;
    for id in tree(root)? {
        // One that ended meanwhile holds nothing.
        sum += kib(&format!("/proc/{id}/smaps_rollup"), "Pss:").unwrap_or(0.0);
    }
    Ok(sum / 1024.0)
}

/// A process and all its children.
pub fn tree(root: u32) -> anyhow::Result<Vec<u32>> {
    let mut parents = Vec::new();
    for entry in fs::read_dir("/proc")?.flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // pid (name) state parent …
        let parent = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1)?.parse::<u32>().ok());
        parents.extend(parent.map(|parent| (id, parent)));
    }
    let mut found = vec![root];
    let mut at = 0;
    while let Some(parent) = found.get(at).copied() {
        found.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(id, _)| *id));
        at += 1;
    }
    Ok(found)
}

fn kib(path: &str, name: &str) -> anyhow::Result<f64> {
    let text = fs::read_to_string(path)?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)).with_context(|| format!("no {name} in {path}"))?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}
