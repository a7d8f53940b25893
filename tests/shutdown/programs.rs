//! Whole programs (`tests/programs`): their exit codes, what signals do, and what they print.

use std::process::{Output, Stdio};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::LONG;

fn start(program: &str) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_test-program"));
    command.arg(program).kill_on_drop(true);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the program was built with this test")
}

async fn end_of(program: Child) -> Output {
    let output = timeout(LONG, program.wait_with_output()).await;
    output.expect("it does not hang").expect("its output can be read")
}

/// Runs a program: its exit code, and what it writes on standard output and standard error.
async fn run(program: &str) -> (Option<i32>, String, String) {
    let output = end_of(start(program)).await;
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[kerosene::test(real)]
async fn the_exit_code_tells_an_abnormal_end() {
    for quiet in ["returns", "shuts-down", "stops"] {
        let (code, stdout, stderr) = run(quiet).await;
        assert_eq!((code, &*stderr), (Some(0), ""), "{quiet}");
        assert_eq!(stdout, if quiet == "stops" { "shutdown\n" } else { "" });
    }
    let abnormal =
        [("fails", "the disk is gone"), ("panics", "on fire"), ("exits", "a reason of my own")];
    for (program, word) in abnormal {
        let (code, _, stderr) = run(program).await;
        assert_eq!(code, Some(1), "{program}");
        assert!(stderr.contains(word), "{program} does not say why it ended: {stderr}");
    }
}

#[kerosene::test(real)]
async fn a_program_whose_tree_gives_up_has_failed() {
    let (code, _, stderr) = run("gives-up").await;
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.contains("it never works"), "{stderr}");
    let text = "ended by another one: shutdown, as by a supervisor that has given up";
    assert!(stderr.contains(text), "{stderr}");
}

#[kerosene::test(real)]
async fn the_exit_code_tells_who_was_killed() {
    let (code, stdout, stderr) = run("is-stubborn").await;
    assert_eq!((code, &*stdout), (Some(70), "ready\nheard: shutdown\n"));
    assert!(stderr.contains("1 process"), "{stderr}");
    assert!(stderr.contains("killed"), "{stderr}");
    let (code, _, stderr) = run("gives-up-stubbornly").await;
    assert_eq!(code, Some(70), "{stderr}");
    assert!(stderr.contains("the first process was ended by another one: shutdown"), "{stderr}");
    assert!(stderr.contains("1 process"), "{stderr}");
}

#[kerosene::test(real)]
async fn a_program_that_computes_does_not_hang() {
    let (code, _, stderr) = run("computes").await;
    assert_eq!(code, Some(70));
    assert!(stderr.contains("2 processes"), "{stderr}");
}

#[kerosene::test(real)]
async fn a_program_that_blocks_does_not_hang() {
    let (code, _, stderr) = run("blocks").await;
    assert_eq!((code, &*stderr), (Some(0), ""));
}

/// Starts a program, and waits until it says so.
#[cfg(unix)]
async fn start_and_wait(program: &str) -> (Child, impl AsyncBufReadExt + Unpin) {
    let mut child = start(program);
    let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
    expect(&mut stdout, "ready").await;
    (child, stdout)
}

/// The next line of a program.
#[cfg(unix)]
async fn expect(stdout: &mut (impl AsyncBufReadExt + Unpin), expected: &str) {
    let mut line = String::new();
    let read = timeout(LONG, stdout.read_line(&mut line)).await;
    read.expect("it does not hang").expect("it can be read");
    assert_eq!(line.trim_end(), expected);
}

#[cfg(unix)]
async fn signal(child: &Child, name: &str) {
    let pid = child.id().expect("it is running");
    let kill = Command::new("sh").args(["-c", &format!("kill -{name} {pid}")]).status();
    assert!(kill.await.expect("there is a shell").success());
}

#[cfg(unix)]
#[kerosene::test(real)]
async fn sigterm_and_sigint_stop_all() {
    for (name, code) in [("TERM", 143), ("INT", 130)] {
        let (child, mut stdout) = start_and_wait("waits").await;
        signal(&child, name).await;
        expect(&mut stdout, "heard: shutdown").await;
        expect(&mut stdout, "finished").await;
        let output = end_of(child).await;
        assert_eq!(output.status.code(), Some(code), "SIG{name}: {output:?}");
    }
}

#[cfg(unix)]
#[kerosene::test(real)]
async fn a_second_signal_kills_at_once() {
    for (first, second) in [("TERM", "TERM"), ("INT", "INT"), ("TERM", "INT")] {
        let (child, mut stdout) = start_and_wait("hears-nothing").await;
        signal(&child, first).await;
        expect(&mut stdout, "heard: shutdown").await;
        signal(&child, second).await;
        let output = end_of(child).await;
        assert_eq!(output.status.code(), Some(70), "{first}, {second}: {output:?}");
    }
}

#[cfg(unix)]
#[kerosene::test(real)]
async fn signals_stop_applications_in_the_reverse_order_of_their_starts() {
    for (name, code) in [("TERM", 143), ("INT", 130)] {
        let mut child = start("is-an-application");
        let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        for line in ["disk begins", "database begins", "shop begins", "ready"] {
            expect(&mut stdout, line).await;
        }
        signal(&child, name).await;
        for line in ["shop has ended", "database has ended", "disk has ended"] {
            expect(&mut stdout, line).await;
        }
        let output = end_of(child).await;
        assert_eq!(output.status.code(), Some(code), "SIG{name}: {output:?}");
    }
}

#[cfg(unix)]
#[kerosene::test(real)]
async fn signals_stop_a_tree_in_its_order() {
    for (name, code) in [("TERM", 143), ("INT", 130)] {
        let (child, mut stdout) = start_and_wait("is-a-tree").await;
        signal(&child, name).await;
        for line in ["second has ended", "first has ended"] {
            expect(&mut stdout, line).await;
        }
        let output = end_of(child).await;
        assert_eq!(output.status.code(), Some(code), "SIG{name}: {output:?}");
    }
}

#[kerosene::test(real)]
async fn a_program_ends_with_its_applications() {
    let (code, stdout, stderr) = run("loses-an-application").await;
    assert_eq!(code, Some(1));
    assert_eq!(stdout, "disk begins\nshop begins\ndisk has ended\nshop has ended\n");
    assert!(stderr.contains("the application \"disk\" has ended: normal"), "{stderr}");
}
