//! Redis' own tools, where they are installed.

use std::process::{Command, Output};
use std::time::{Duration, Instant};

use crate::server::{Server, command, say};

/// Whether there is such a program; if not, says that what needs it does not run.
pub(crate) fn is_installed(tool: &str) -> bool {
    let is_there = Command::new(tool).arg("--version").output().is_ok();
    if !is_there {
        say(&format!("NOT RUN: {tool} is not installed, what needs it is not tested"));
    }
    is_there
}

fn run(tool: &str, server: &Server, args: &[&str]) -> Output {
    let port = server.port.to_string();
    Command::new(tool).args(["-p", &port]).args(args).output().expect("it is installed")
}

#[test]
fn who_has_a_terminal_is_shown_how_the_server_does() {
    if !is_installed("script") {
        return;
    }
    let mut server = Server::start_in_a_terminal();
    let mut client = server.client();
    // Two of its seconds: the second line has what was asked in the first.
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(2500) {
        assert_eq!(client.ask("PING"), "PONG");
    }
    client.send(command("SHUTDOWN"));
    let status = server.line("1 connections, ");
    let shown = status.rsplit('\r').find(|shown| shown.contains(" processes, "));
    let rate = shown.and_then(|shown| shown.split(", ").nth(2)?.split(' ').next()?.parse().ok());
    assert!(rate.is_some_and(|rate: u64| rate > 0), "{status:?}");
    server.line("kv: stopped");
    assert_eq!(server.wait().code(), Some(0));
}

#[test]
fn redis_cli_is_served() {
    if !is_installed("redis-cli") {
        return;
    }
    let server = Server::start();
    for protocol in ["-2", "-3"] {
        let ask = |args: &[&str]| {
            let output = run("redis-cli", &server, &[&[protocol, "--no-raw"], args].concat());
            assert_eq!(String::from_utf8_lossy(&output.stderr), "");
            String::from_utf8_lossy(&output.stdout).into_owned()
        };
        assert_eq!(ask(&["SET", "greeting", "hello"]), "OK\n");
        assert_eq!(ask(&["GET", "greeting"]), "\"hello\"\n");
        assert_eq!(ask(&["MGET", "greeting", "nobody"]), "1) \"hello\"\n2) (nil)\n");
        assert_eq!(
            ask(&["INCR", "greeting"]),
            "(error) ERR value is not an integer or out of range\n"
        );
        assert_eq!(ask(&["FLUSHALL"]), "OK\n");
    }
}

#[test]
fn redis_benchmark_is_served() {
    if !is_installed("redis-benchmark") {
        return;
    }
    let server = Server::start();
    for pipeline in ["1", "16"] {
        let tests =
            ["-t", "ping,set,get,incr,mset", "-n", "2000", "-P", pipeline, "-r", "1000", "--csv"];
        let output = run("redis-benchmark", &server, &tests);
        let text = String::from_utf8_lossy(&output.stdout);
        let rows = text.lines().filter(|line| line.starts_with('"') && !line.contains("\"test\""));
        assert_eq!(rows.count(), 6, "{text}");
        assert!(output.status.success());
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "it complains");
    }
}
