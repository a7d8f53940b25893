//! Who takes part: how each peer's program is built, started, and given up on.

use std::error::Error;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use peers::workload::Workload;

use super::results::Outcome;

/// All, in the order of the table.
pub(crate) const ALL: &[&str] =
    &["kerosene", "tokio", "actix", "ractor", "kameo", "xtra", "hydra", "erlang"];

/// Measured even when only others are asked for.
pub(crate) const ALWAYS: &[&str] = &["kerosene", BASELINE];

/// To whom all are compared.
pub(crate) const BASELINE: &str = "tokio";

/// Written in Erlang; all others in Rust.
const ERLANG: &str = "erlang";

/// What takes longer is given up: every workload is made to take some seconds at most.
const LIMIT: Duration = Duration::from_mins(1);

/// Often enough to lose no time, rarely enough not to disturb what is measured.
const LOOK_INTERVAL: Duration = Duration::from_millis(20);

/// One who takes part, built.
pub(crate) struct Contestant {
    pub(crate) name: &'static str,
    /// The program, or where Erlang's compiled module is.
    path: PathBuf,
}

/// Builds the programs of these peers. One that needs what the machine lacks is left out, aloud.
pub(crate) fn ready(names: &[&'static str]) -> Result<Vec<Contestant>, Box<dyn Error>> {
    let mut contestants = Vec::new();
    for &name in names {
        eprintln!("building {name}");
        if name == ERLANG {
            contestants.extend(ready_erlang()?);
        } else {
            contestants.push(Contestant { name, path: build(name)? });
        }
    }
    Ok(contestants)
}

/// The folder of this very program, where cargo puts the others' too.
pub(crate) fn target_folder() -> Result<PathBuf, Box<dyn Error>> {
    let program = std::env::current_exe()?;
    Ok(program.parent().ok_or("a program is in a folder")?.to_owned())
}

fn build(name: &str) -> Result<PathBuf, Box<dyn Error>> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let program = format!("on-{name}");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--locked", "--release", "--quiet", "--manifest-path"]).arg(manifest);
    cargo.args(["--features", name, "--bin", &program]);
    if !cargo.status()?.success() {
        return Err(format!("{program} does not build").into());
    }
    Ok(target_folder()?.join(program))
}

fn ready_erlang() -> Result<Option<Contestant>, Box<dyn Error>> {
    let folder = target_folder()?.join("erlang");
    std::fs::create_dir_all(&folder)?;
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("erlang/peers.erl");
    match Command::new("erlc").arg("-o").arg(&folder).arg(source).status() {
        Ok(status) if status.success() => Ok(Some(Contestant { name: ERLANG, path: folder })),
        Ok(_) => Err("erlang/peers.erl does not compile".into()),
        Err(error) => {
            eprintln!("Erlang is ABSENT (erlc: {error}), so the results will be without it;");
            eprintln!("Debian's package is `erlang-base`");
            Ok(None)
        }
    }
}

impl Contestant {
    /// Does a workload once, in a process of its own.
    pub(crate) fn measure(&self, workload: &Workload, workers: usize, count: u64) -> Outcome {
        let mut command = self.command(workload.name, workers, count);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        match command.spawn() {
            Ok(child) => said(child),
            Err(error) => Outcome::Failed(error.to_string()),
        }
    }

    fn command(&self, workload: &str, workers: usize, count: u64) -> Command {
        if self.name != ERLANG {
            let mut command = Command::new(&self.path);
            command.args([workload, &workers.to_string(), &count.to_string()]);
            return command;
        }
        let mut command = Command::new("erl");
        command.args(["-noshell", "-pa"]).arg(&self.path);
        // More processes than the 262 144 it allows by default; as many schedulers as workers.
        command.args(["+P", "4000000", "+S", &format!("{workers}:{workers}")]);
        command.args(["-s", "peers", "main", "-extra", workload, &count.to_string()]);
        command
    }
}

/// Waits for a program and reads what it has said.
fn said(mut child: Child) -> Outcome {
    let start = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if start.elapsed() < LIMIT => std::thread::sleep(LOOK_INTERVAL),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return Outcome::Failed(format!("over {} s", LIMIT.as_secs()));
            }
        }
    };
    let mut text = String::new();
    if let Some(mut output) = child.stdout.take() {
        let _ = output.read_to_string(&mut text);
    }
    parse(&text).unwrap_or_else(|| Outcome::Failed(status.to_string()))
}

/// A line is a word and its value; what is not known is passed over.
fn parse(text: &str) -> Option<Outcome> {
    let value = |word: &str| {
        text.lines().find_map(|line| Some(line.strip_prefix(word)?.strip_prefix(' ')?.to_owned()))
    };
    if let Some(why) = value("lacks") {
        return Some(Outcome::Lacks(why));
    }
    let number = |word| value(word)?.parse::<f64>().ok();
    let (ns, bytes, peak_mib) = (number("ns")?, number("bytes"), number("peak_mib")?);
    Some(Outcome::Took { ns, bytes, peak_mib })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_says_is_understood() {
        let idle = Outcome::Took { ns: 80.5, bytes: Some(250.0), peak_mib: 300.0 };
        assert_eq!(parse("ns 80.5\nbytes 250\npeak_mib 300\n"), Some(idle));
        let lacks = Outcome::Lacks("no selective receive".to_owned());
        assert_eq!(parse("lacks no selective receive\n"), Some(lacks));
        assert_eq!(parse("{\"init terminating in do_boot\"}\n"), None);
    }
}
