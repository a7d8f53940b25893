//! The program: how it starts, and how it ends.

use std::process::Command;

use crate::example::program;
use crate::server::{Server, command};

fn run(args: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(program("kv")).args(args).output().expect("the example starts");
    let [stdout, stderr] =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    (output.status.code(), stdout, stderr)
}

#[test]
fn help_is_given() {
    let (code, stdout, _) = run(&["--help"]);
    assert_eq!(code, Some(0));
    for option in ["--bind", "--port", "--shards", "127.0.0.1", "6380"] {
        assert!(stdout.contains(option), "{option} is not in:\n{stdout}");
    }
}

#[test]
fn a_wrong_option_is_an_error() {
    for args in [&["--prot", "1"][..], &["--port", "x"], &["--shards", "0"]] {
        let (code, _, stderr) = run(args);
        assert_eq!(code, Some(2), "{args:?}");
        assert!(stderr.contains(args[0]), "{stderr}");
    }
}

#[test]
fn a_taken_port_is_a_clear_error() {
    let server = Server::start();
    let (code, stdout, stderr) = run(&["--port", &server.port.to_string()]);
    assert_eq!(code, Some(1));
    assert_eq!(stdout, "");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    let wanted = format!("cannot listen on 127.0.0.1:{}: Address already in use", server.port);
    assert!(stderr.contains(&wanted), "{stderr}");
}

#[test]
fn shutdown_stops_the_server_in_order() {
    let mut server = Server::start();
    let mut other = server.client();
    assert_eq!(other.ask("SET a 1"), "OK");
    let mut client = server.client();
    client.send([command("GET a"), command("SHUTDOWN"), command("GET a")].concat());
    assert_eq!(client.rest(), "$1\r\n1\r\n");
    assert_eq!(other.rest(), "");
    server.line("kv: stopped");
    assert_eq!(server.wait().code(), Some(0));
}

#[test]
fn a_signal_lets_connections_finish_what_they_have_read() {
    for (signal, code) in [("-TERM", 143), ("-INT", 130)] {
        let mut server = Server::start();
        let mut idle = server.client();
        assert_eq!(idle.ask("PING"), "PONG");
        let mut client = server.client();
        let mut stream = client.stream.try_clone().expect("a socket");
        // Sends until the server reads no more.
        let writer = std::thread::spawn(move || {
            let commands = command("INCR n").repeat(1000);
            while std::io::Write::write_all(&mut stream, &commands).is_ok() {}
        });
        for n in 1..=1000 {
            assert_eq!(client.reply(), n.to_string());
        }
        server.signal(signal);
        // Whole answers, in order, and then an orderly end.
        let mut n = 1001;
        loop {
            let reply = client.reply();
            if reply.is_empty() {
                break;
            }
            assert_eq!(reply, n.to_string());
            n += 1;
        }
        assert_eq!(idle.rest(), "");
        drop(client);
        writer.join().expect("it does not panic");
        server.line("kv: stopped");
        assert_eq!(server.wait().code(), Some(code), "{signal}");
    }
}

#[test]
fn a_client_that_does_not_read_does_not_keep_the_server() {
    let mut server = Server::start();
    let mut client = server.client();
    assert_eq!(client.ask(&format!("SET big {}", "x".repeat(1 << 20))), "OK");
    client.flood(&command("GET big").repeat(1000), 100 << 20);
    server.signal("-TERM");
    server.line("kv: stopped");
    assert_eq!(server.wait().code(), Some(143));
}
