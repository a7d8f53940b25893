//! Where a run was made: a figure without its machine and versions says nothing.

use std::num::NonZero;
use std::process::Command;

/// Versions that count, by the crates' names in the lock file.
const CRATES: &[&str] = &["tokio", "actix", "hydra", "kameo", "ractor", "xtra"];

/// One line: processor, system, compiler, versions.
pub(crate) fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let compiler = output("rustc", &["--version"]).unwrap_or_else(|| "rustc".to_owned());
    let mut parts = vec![format!("{cores} cores ({})", processor()), system(), compiler];
    let lock = include_str!("../../Cargo.lock");
    parts.extend(CRATES.iter().filter_map(|name| Some(format!("{name} {}", version(lock, name)?))));
    let script = "io:format(\"~s\", [erlang:system_info(otp_release)]), halt().";
    parts.extend(
        output("erl", &["-noshell", "-eval", script]).map(|otp| format!("Erlang/OTP {otp}")),
    );
    parts.join(", ")
}

fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    model.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, model)| model.to_owned())
}

fn system() -> String {
    let text = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    name.map_or_else(|| std::env::consts::OS.to_owned(), |name| name.trim_matches('"').to_owned())
}

/// The version of a package in a lock file: the line after its name.
fn version<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
    Some(rest.split_once('"')?.0)
}

fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}
