//! What `#[kerosene::test]` calls: simulated runs of a test body, seed by seed, or a real one.

use std::env;
use std::fmt::Write;
use std::future::Future;
use std::panic::Location;

use crate::process::{Birth, Spawn};
use crate::scheduler::{Outcome, Runtime, StopCause, Waiter, body_of, simulate};
use crate::term::{ExitReason, IntoExitReason, ProcessStatus};

/// The arguments of `#[kerosene::test]`.
#[derive(Debug, Clone, Copy)]
pub struct TestOptions {
    /// The path of the test.
    pub name: &'static str,
    /// How many seeds to try.
    pub seeds: Option<u64>,
    /// Use the real scheduler.
    pub real: bool,
    /// How many schedulers, if real.
    pub worker_threads: Option<usize>,
}

/// Runs a test body, simulated or real.
///
/// # Panics
///
/// If the test fails: the first process ends abnormally, or nothing can ever run again.
#[track_caller]
pub fn run_test<F, B>(options: TestOptions, body: F)
where
    F: Fn() -> B,
    B: Future<Output: IntoExitReason> + Send + 'static,
{
    if options.real {
        return run_real(&options, body());
    }
    let at = Location::caller();
    for seed in seeds(&options) {
        let outcome =
            simulate(seed, |started| Spawn::new(Birth::new(None, at, started), body_of(body())));
        if let Err(failure) = judge(outcome) {
            panic!(
                "{failure}\n\nThis was seed {seed} of {}. To run it again, and only it:\n    \
                 KEROSENE_SEED={seed} cargo test {}\n",
                options.name,
                options.name.rsplit("::").next().unwrap_or_default(),
            );
        }
    }
}

#[track_caller]
fn run_real<B>(options: &TestOptions, body: B)
where
    B: Future<Output: IntoExitReason> + Send + 'static,
{
    let builder = Runtime::builder().name(options.name);
    let builder = match options.worker_threads {
        Some(count) => builder.worker_threads(count),
        None => builder,
    };
    let runtime = builder.build().unwrap_or_else(|error| panic!("{error}"));
    let stopped = runtime.run(body);
    if let Err(failure) = judge(Outcome::Ended(stopped.cause, stopped.reason)) {
        panic!("{failure}");
    }
}

/// The seeds to run: the one asked for by `KEROSENE_SEED`, else as many as the test wants.
fn seeds(options: &TestOptions) -> std::ops::Range<u64> {
    match env::var("KEROSENE_SEED").map(|text| text.parse::<u64>()) {
        Ok(Ok(seed)) => seed..seed.saturating_add(1),
        Ok(Err(_)) => panic!("KEROSENE_SEED must be a number"),
        Err(_) => 0..options.seeds.unwrap_or(1),
    }
}

fn judge(outcome: Outcome) -> Result<(), String> {
    match outcome {
        Outcome::Ended(_, reason) if reason.is_abnormal() => Err(failure(&reason)),
        Outcome::Ended(StopCause::ExitSignal, reason) => {
            Err(format!("the test was ended by an exit signal, before it was over: {reason}"))
        }
        Outcome::Ended(..) => Ok(()),
        Outcome::Stuck(waiters) => Err(stuck(&waiters)),
    }
}

fn failure(reason: &ExitReason) -> String {
    match reason {
        ExitReason::Panic(info) => {
            let at = info.location.as_deref().unwrap_or("an unknown place");
            format!("{}\n    at {at}", info.message)
        }
        reason => format!("the test ended with: {reason}"),
    }
}

/// The table of a stuck test.
fn stuck(waiters: &[Waiter]) -> String {
    let mut text = String::from(
        "the test is stuck: every process waits, no timer is pending, so nothing can ever happen\n",
    );
    for Waiter { info, is_first } in waiters {
        let mut who = info.pid.to_string();
        if *is_first {
            who += ", the test";
        }
        let names = info.names.iter().map(|name| format!("{name:?}"));
        for name in names.chain(info.label.clone()) {
            who += ", ";
            who += &name;
        }
        let at = match &info.status {
            ProcessStatus::Waiting { at: Some(at) } => at.as_str(),
            _ => "something that is not kerosene's",
        };
        let _ = write!(
            text,
            "\n  {who}\n      waits at       {at}\n      spawned at     {}\n      \
             messages left  {}",
            info.spawned_at, info.mailbox_len,
        );
    }
    text
}
