//! Simulated tests, tested: rule KRS-18 of SEMANTICS.md, and what a test says when it fails.
//!
//! A function under `#[kerosene::test]` is an ordinary function that runs its simulations on the
//! calling thread, so the tests here call some of them: to compare what they leave in a
//! thread-local, or to catch the panic with which they fail. Those that fail do so only where they
//! are called by such a test, and not when the harness comes to them.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::env;
use std::panic::catch_unwind;
use std::process::{Command, Output};
use std::thread;

use kerosene::prelude::*;
use tokio::time::Instant;

/// What one run did, a line for each event.
type Run = Vec<String>;

/// A variable by which a test tells its child what is expected.
const CHILD: &str = "KEROSENE_TEST_CHILD";

const SEEDS: usize = 60;

thread_local! {
    static RUNS: RefCell<Vec<Run>> = const { RefCell::new(Vec::new()) };
    static SHALL_FAIL: Cell<bool> = const { Cell::new(false) };
}

fn note(begun: Instant, what: &str) {
    let line = format!("{:?} {} {what}", begun.elapsed(), pid());
    RUNS.with_borrow_mut(|runs| runs.last_mut().expect("a run has begun").push(line));
}

/// Processes that race in every way a seed may decide.
#[kerosene::test(seeds = 60)]
async fn a_run_to_look_at() {
    RUNS.with_borrow_mut(|runs| runs.push(Vec::new()));
    let begun = Instant::now();
    let test = pid();
    for n in 0..4_u64 {
        let (worker, watch) = spawn_monitor(async move {
            for round in 0..3 {
                note(begun, &format!("works on {round} as {:?}", make_ref()));
                sleep(Duration::from_millis(n % 2)).await;
                send(test, (n, round));
            }
        });
        schedule(Duration::from_millis(1), test, worker);
        note(begun, &format!("watches {worker} by {watch:?}"));
    }
    for _ in 0..20 {
        receive! {
            (n, round): (u64, i32) => note(begun, &format!("{n} has done {round}")),
            Down { pid, reason, .. } => note(begun, &format!("{pid} ended: {reason}")),
            worker: Pid => note(begun, &format!("the timer of {worker}")),
        }
    }
    note(begun, &format!("ends before {:?}", processes()));
    if env::var(CHILD).as_deref() == Ok("print") {
        RUNS.with_borrow(|runs| println!("{}", runs.last().expect("this run").join("\n")));
    }
}

/// The runs of all seeds.
fn runs() -> Vec<Run> {
    RUNS.take();
    a_run_to_look_at();
    RUNS.take()
}

/// Runs a test of this file alone, in a process of the operating system.
fn child(test: &str, variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env::current_exe().expect("a test has a file"));
    command.args(["--exact", test, "--nocapture"]).env_remove("KEROSENE_SEED");
    command.envs(variables.iter().copied()).output().expect("this file can be run again")
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("texts are UTF-8")
}

#[test]
fn one_seed_is_one_run() {
    let first = runs();
    assert_eq!(first.len(), SEEDS);
    assert_eq!(first, runs(), "the same thread, once more");
    let elsewhere = thread::spawn(|| {
        // Leaves process tables of another size behind.
        other_tests_are_not_seen();
        runs()
    });
    let meanwhile = runs();
    assert_eq!(first, elsewhere.join().expect("it passes there, too"), "another thread");
    assert_eq!(first, meanwhile, "while another thread runs simulations");
}

#[test]
fn one_seed_is_one_run_in_every_program() {
    let here = runs();
    for seed in [0, 7, 33] {
        let variables = [("KEROSENE_SEED", &*seed.to_string()), (CHILD, "print")];
        let output = text(child("a_run_to_look_at", &variables).stdout);
        let there: Run = output
            .lines()
            .skip_while(|line| !line.starts_with("0ns"))
            .map_while(|line| line.contains('<').then(|| line.to_owned()))
            .collect();
        assert_eq!(here[seed], there, "seed {seed}");
    }
}

#[test]
fn other_seeds_find_other_orders() {
    let runs = runs();
    let orders: BTreeSet<&Run> = runs.iter().collect();
    assert!(orders.len() > SEEDS / 2, "{} orders under {SEEDS} seeds", orders.len());
    let last = |run: &Run| run.iter().rposition(|line| line.contains("the timer of"));
    let places: BTreeSet<_> = runs.iter().map(last).collect();
    assert!(places.len() > 1, "timers and messages meet in one order only: {places:?}");
}

#[kerosene::test(seeds = 50)]
async fn time_passes_when_all_wait() {
    const YEAR: Duration = Duration::from_hours(365 * 24);
    let (begun, begun_outside) = (Instant::now(), std::time::Instant::now());
    sleep(YEAR).await;
    assert_eq!(begun.elapsed(), YEAR, "neither early nor late");
    let long_after = YEAR + Duration::from_mins(1);
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!(begun.elapsed(), long_after, "tokio's time is the same");
    let busy = spawn_link(async {
        for _ in 0..1000 {
            yield_now().await;
        }
    });
    let watch = monitor(busy);
    receive! { Down { monitor, .. } if monitor == watch => () }
    assert_eq!(begun.elapsed(), long_after, "no time passes while somebody has work");
    receive! { after YEAR => () }
    assert_eq!(begun.elapsed(), long_after + YEAR);
    assert!(begun_outside.elapsed() < Duration::from_mins(1), "that was not a year");
}

#[kerosene::test(seeds = 50)]
async fn other_tests_are_not_seen() {
    thread_local! {
        static BEFORE: Cell<Option<Pid>> = const { Cell::new(None) };
        static ROUND: Cell<usize> = const { Cell::new(0) };
    }
    assert_eq!(processes(), [pid()]);
    assert!(registered().is_empty());
    assert_eq!(pid().to_string(), "<0.1.1>", "numbers begin anew");
    register("a name", pid()).expect("no other test has it");
    if let Some(before) = BEFORE.replace(Some(pid())) {
        assert_ne!(before, pid());
        assert_eq!(before.to_string(), pid().to_string());
        assert!(!is_alive(before).await);
        send(before, "the test before has ended");
        let watch = monitor(before);
        receive! {
            Down { monitor, reason, .. } if monitor == watch => {
                assert_eq!(reason, ExitReason::NoProc);
            }
            "the test before has ended" => panic!("it came to this one"),
        }
    }
    // Another number of processes each time.
    ROUND.set(ROUND.get() + 1);
    for _ in 0..ROUND.get() * 379 % 600 {
        spawn(async { sleep(Duration::MAX).await });
    }
}

/// The message with which a test fails that is called like this.
fn failure(test: fn()) -> String {
    SHALL_FAIL.set(true);
    let failed = catch_unwind(test);
    SHALL_FAIL.set(false);
    let payload: Box<dyn Any + Send> = failed.expect_err("it fails");
    *payload.downcast::<String>().expect("a test fails with a text")
}

#[kerosene::test(seeds = 3)]
async fn nobody_can_go_on() {
    if !SHALL_FAIL.get() {
        return;
    }
    let options = SpawnOptions::new().label("the one with a label");
    let labelled = spawn_opt(options, async {
        receive! { (1, word): (i32, &str) => panic!("{word}"), n: u64 if n > 3 => () }
    });
    send(labelled.pid, "not this");
    send(labelled.pid, 3_u64);
    let asleep = spawn(async { sleep(Duration::MAX).await });
    register("the one with a name", asleep).expect("free");
    spawn(std::future::pending::<()>());
    receive! { "never" => () }
}

#[test]
fn a_stuck_test_says_who_waits_where() {
    let report = failure(nobody_can_go_on);
    let line_of = |code: &str| {
        let lines = include_str!("simulation.rs").lines();
        1 + lines.take_while(|line| !line.trim_start().starts_with(code)).count()
    };
    let places = [
        format!("simulation.rs:{}:5, receive! {{ \"never\" }}", line_of("receive! { \"never\"")),
        format!("simulation.rs:{}:9, receive! {{ (1, word)", line_of("receive! { (1, word)")),
        format!("simulation.rs:{}:32, sleep", line_of("let asleep")),
    ];
    for part in places.iter().map(String::as_str).chain([
        "the test is stuck",
        "<0.1.1>, the test",
        "the one with a label",
        "\"the one with a name\"",
        "messages left  2",
        "something that is not kerosene's",
        "This was seed 0 of simulation::nobody_can_go_on",
        "KEROSENE_SEED=0 cargo test nobody_can_go_on",
    ]) {
        assert!(report.contains(part), "{part:?} is missing in:\n{report}");
    }
}

/// Fails where the first of two messages is the one that was sent later.
#[kerosene::test(seeds = 200)]
async fn some_seeds_are_unlucky() {
    if !SHALL_FAIL.get() && env::var(CHILD).as_deref() != Ok("fail") {
        return;
    }
    for n in [1, 2] {
        let test = pid();
        spawn(async move { send(test, n) });
    }
    receive! { n: i32 => assert_eq!(n, 1, "an unlucky order") }
}

/// The seed in a message of a failed test.
fn seed_in(report: &str) -> u64 {
    let (_, after) = report.split_once("KEROSENE_SEED=").expect("a failure names its seed");
    let number = after.split_whitespace().next().expect("a number follows");
    number.parse().expect("a seed is a number")
}

#[test]
fn a_failed_test_says_what_failed_and_under_which_seed() {
    let report = failure(some_seeds_are_unlucky);
    assert!(report.contains("an unlucky order"), "{report}");
    assert!(report.contains("at tests/simulation.rs:"), "{report}");
    assert_eq!(seed_in(&report), seed_in(&failure(some_seeds_are_unlucky)));
}

#[test]
fn a_seed_can_be_run_again() {
    let run = |variables: &[(&str, &str)]| {
        let output = child("some_seeds_are_unlucky", variables);
        (output.status.success(), text(output.stderr))
    };
    let (passed, report) = run(&[(CHILD, "fail")]);
    assert!(!passed, "one of two hundred seeds is unlucky");
    let seed = seed_in(&report);
    let outcome_of = |seed: u64| {
        let (passed, report) = run(&[(CHILD, "fail"), ("KEROSENE_SEED", &seed.to_string())]);
        assert!(passed || seed_in(&report) == seed, "another seed than {seed}:\n{report}");
        passed
    };
    assert!(!outcome_of(seed), "seed {seed} fails again");
    assert!((0..seed).all(outcome_of), "those before it passed");
    let (passed, report) = run(&[("KEROSENE_SEED", "seventeen")]);
    assert!(!passed && report.contains("KEROSENE_SEED must be a number"), "{report}");
}

#[kerosene::test]
async fn an_error_fails_a_test() -> Result<(), String> {
    if SHALL_FAIL.get() { Err("this went wrong".to_owned()) } else { Ok(()) }
}

#[test]
fn a_test_that_returns_an_error_fails_with_its_text() {
    let report = failure(an_error_fails_a_test);
    assert!(report.contains("this went wrong"), "{report}");
}

#[kerosene::test]
async fn a_link_ends_a_test() {
    if SHALL_FAIL.get() {
        spawn_link(async { exit(ExitReason::Shutdown) });
        sleep(Duration::MAX).await;
    }
}

#[test]
fn a_test_that_another_process_ends_fails_however_orderly_its_end() {
    let report = failure(a_link_ends_a_test);
    assert!(report.starts_with("the test was ended by an exit signal"), "{report}");
    assert!(report.contains("shutdown\n"), "{report}");
}
