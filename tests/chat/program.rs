//! The program: how it starts, and how it ends.

use std::process::Command;

use crate::example::program;
use crate::server::Server;

#[test]
fn help_is_given() {
    let output = Command::new(program("chat")).arg("--help").output().expect("the example starts");
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8_lossy(&output.stdout);
    for option in ["--bind", "--port", "--rate", "7300"] {
        assert!(text.contains(option), "{option} is not in:\n{text}");
    }
}

#[test]
fn a_taken_port_is_a_clear_error() {
    let server = Server::start();
    let port = server.port().to_string();
    let output = Command::new(program("chat")).args(["--port", &port]).output();
    let output = output.expect("the example starts");
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains(&format!("cannot listen on 127.0.0.1:{port}")), "{text}");
}

#[test]
fn everybody_is_told_when_the_server_stops() {
    for (signal, code) in [("-TERM", 143), ("-INT", 130)] {
        let mut server = Server::start();
        let mut guests: Vec<_> = (0..20).map(|n| server.enter(&format!("guest-{n}"))).collect();
        let mut nobody = server.connect();
        nobody.until("* who");
        for (number, guest) in guests.iter_mut().enumerate() {
            guest.say(&format!("/join room-{}", number % 3));
            guest.until("* in room");
        }
        server.signal(signal);
        for client in guests.iter_mut().chain([&mut nobody]) {
            let last = client.rest().pop();
            assert_eq!(last.as_deref(), Some("* the server stops, good-bye"));
        }
        drop((guests, nobody));
        server.line("chat: stopped");
        assert_eq!(server.wait().code(), Some(code), "{signal}");
    }
}
