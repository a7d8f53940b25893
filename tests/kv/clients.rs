//! Clients that do not behave, and clients that are many: each costs what it may, and nobody else
//! notices.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::server::{Client, Server, command, say};

const MB: usize = 1 << 20;

#[test]
fn a_client_that_does_not_read_is_not_read_from_and_dropped() {
    let server = Server::start();
    let mut bystander = server.client();
    bystander.send(command(&format!("SET big {}", "x".repeat(MB))));
    assert_eq!(bystander.reply(), "OK");
    let before = server.memory_kb();
    let mut client = server.client();
    // Each of these commands would be answered with a megabyte.
    let taken = client.flood(&command("GET big").repeat(1000), 100 * MB);
    assert!(taken < 100 * MB, "all is read from a client that does not read");
    assert_eq!(bystander.ask("INCR n"), "1");
    if let (Some(before), Some(after)) = (before, server.memory_kb()) {
        assert!(after < before + 64 * 1024, "{before} KB have become {after} KB");
    }
    server.line("the client does not read");
    assert_eq!(bystander.ask("INCR n"), "2");
    server.until_connections(2);
}

#[test]
fn a_listener_that_does_not_read_is_dropped() {
    let server = Server::start();
    let mut listener = server.client();
    assert_eq!(listener.ask("SUBSCRIBE news"), "[\"subscribe\", \"news\", 1]");
    let mut good = server.client();
    assert_eq!(good.ask("SUBSCRIBE news"), "[\"subscribe\", \"news\", 1]");
    let mut publisher = server.client();
    let message = "x".repeat(MB);
    let publish = command(&format!("PUBLISH news {message}"));
    let mut messages = 0;
    loop {
        publisher.send(&publish);
        let listeners = publisher.reply();
        assert_eq!(good.reply(), format!("[\"message\", \"news\", \"{message}\"]"));
        messages += 1;
        if listeners == "1" {
            break;
        }
        assert!(messages < 200, "what is kept for a listener has no bound");
    }
    server.line("the client does not read");
    assert!(messages > 30, "it was dropped after {messages} MB");
}

#[test]
fn to_be_told_something_now_and_then_is_no_excuse_for_not_reading() {
    let server = Server::start();
    let mut listener = server.client();
    assert_eq!(listener.ask("SUBSCRIBE news"), "[\"subscribe\", \"news\", 1]");
    let mut publisher = server.client();
    // More than a socket takes, and less than what is kept for a listener.
    for _ in 0..16 {
        publisher.send(command(&format!("PUBLISH news {}", "x".repeat(MB))));
        assert_eq!(publisher.reply(), "1");
    }
    let begun = Instant::now();
    while publisher.ask("PUBLISH news small") == "1" {
        assert!(begun.elapsed() < Duration::from_secs(30), "it is kept for ever");
        // tidy-allow(thread::sleep): told now and then, not all the time
        std::thread::sleep(Duration::from_millis(50));
    }
    server.line("the client does not read");
}

#[test]
fn two_hundred_clients_that_send_garbage_and_vanish_leave_nothing_behind() {
    let server = Server::start();
    let mut bystander = server.client();
    let processes = bystander.ask("INFO").lines().last().map(ToString::to_string);
    let seed = std::process::id();
    say(&format!("garbage of seed {seed}"));
    let mut state = u64::from(seed);
    for n in 0..200 {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("it accepts");
        let mut garbage = Vec::new();
        if n % 2 == 0 {
            garbage.extend(command("INCR n"));
            garbage.extend(b"*3\r\n$3\r\nSET\r\n$1000\r\n");
        }
        for _ in 0..(n * 10) {
            // xorshift: enough for garbage.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            garbage.extend(state.to_le_bytes());
        }
        let _ = stream.write_all(&garbage); // the server may have closed already
        if n % 50 == 0 {
            assert_eq!(bystander.ask("PING"), "PONG");
        }
    }
    server.until_connections(2);
    let mut client = server.client();
    client.ask("PING");
    drop(bystander);
    server.until_connections(2);
    // A connection does not count any more some moments before its process has ended.
    let begin = Instant::now();
    while client.ask("INFO").lines().last().map(ToString::to_string) != processes {
        assert!(begin.elapsed() < Duration::from_secs(30), "processes are left behind");
    }
}

#[test]
fn ten_thousand_idle_connections_are_no_burden() {
    const WANTED: u64 = 10_000;
    const OTHER_FILES: u64 = 200;
    let limit = rlimit::increase_nofile_limit(u64::MAX).expect("the limit can be read");
    let count = WANTED.min(limit.saturating_sub(OTHER_FILES));
    if count < WANTED {
        say(&format!("SCALED DOWN: {count} connections, for only {limit} files may be open"));
    }
    let server = Server::start();
    let before = server.memory_kb();
    let mut clients: Vec<Client> = (0..count).map(|_| server.client()).collect();
    for client in &mut clients {
        client.send("PING\r\n");
    }
    for client in &mut clients {
        assert_eq!(client.reply(), "PONG");
    }
    server.until_connections(clients.len() + 1);
    if let (Some(before), Some(after)) = (before, server.memory_kb()) {
        let each = after.saturating_sub(before) / count.max(1);
        say(&format!("{count} idle connections take {each} KB each"));
        assert!(each < 20, "{each} KB for each connection");
    }
    // All of them are there still, and served.
    for client in &mut clients {
        client.send(command("INCR n"));
    }
    for client in &mut clients {
        client.reply();
    }
    assert_eq!(server.client().ask("GET n"), format!("\"{count}\""));
    drop(clients);
    server.until_connections(1);
}

#[test]
fn one_client_too_many_is_told_so() {
    // Half of the files are for other things.
    let server = Server::start_with_files(64);
    let mut clients: Vec<Client> = (0..32).map(|_| server.client()).collect();
    for client in &mut clients {
        assert_eq!(client.ask("PING"), "PONG");
    }
    let mut refused = server.client();
    assert_eq!(refused.reply(), "-ERR max number of clients reached");
    assert_eq!(refused.reply(), "");
    assert_eq!(clients[0].ask("PING"), "PONG");
    drop(clients);
    // There is room again as soon as the server has noticed.
    let answers = |mut stream: TcpStream| {
        let mut answer = [0; 7];
        let asked = stream.write_all(b"PING\r\n").and_then(|()| stream.read_exact(&mut answer));
        asked.is_ok() && answer == *b"+PONG\r\n"
    };
    while !answers(TcpStream::connect(("127.0.0.1", server.port)).expect("it accepts")) {}
}

#[test]
fn a_busy_client_does_not_starve_a_quiet_one() {
    let server = Server::start();
    let mut busy = server.client();
    let stream = busy.stream.try_clone().expect("a socket");
    let commands = command("INCR n").repeat(10_000);
    let writer = std::thread::spawn(move || {
        let mut stream = stream;
        while stream.write_all(&commands).is_ok() {}
    });
    for n in 1..=10_000 {
        assert_eq!(busy.reply(), n.to_string());
    }
    let mut quiet = server.client();
    quiet.stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a socket");
    assert_eq!(quiet.ask("PING"), "PONG");
    assert_eq!(quiet.ask("SET a 1"), "OK");
    drop(server);
    drop(busy);
    writer.join().expect("it ends when the server does");
}
