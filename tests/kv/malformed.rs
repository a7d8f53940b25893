//! What is no command: a clear error, a close in order, and no harm to anybody else.

use std::net::Shutdown;

use crate::server::{Server, command};

/// What is sent, and what comes back before the server closes.
const MALFORMED: &[(&str, &str)] = &[
    ("*x\r\n", "-ERR Protocol error: invalid multibulk length\r\n"),
    ("*99999999\r\n", "-ERR Protocol error: invalid multibulk length\r\n"),
    ("*99999999999999999999999999\r\n", "-ERR Protocol error: invalid multibulk length\r\n"),
    ("*1\r\n:1\r\n", "-ERR Protocol error: expected '$', got ':'\r\n"),
    ("*1\r\n$x\r\n", "-ERR Protocol error: invalid bulk length\r\n"),
    ("*1\r\n$-1\r\n", "-ERR Protocol error: invalid bulk length\r\n"),
    ("*2\r\n$3\r\nGET\r\n$99999999999\r\n", "-ERR Protocol error: invalid bulk length\r\n"),
    ("*2\r\n$3\r\nGET\r\n$67108865\r\n", "-ERR Protocol error: invalid bulk length\r\n"),
    (
        "*1\r\n$4\r\nPING\r\n*1\r\nPING\r\n",
        "+PONG\r\n-ERR Protocol error: expected '$', got 'P'\r\n",
    ),
];

#[test]
fn malformed_input_is_answered_and_the_connection_closed() {
    let server = Server::start();
    let mut bystander = server.client();
    for (sent, answered) in MALFORMED {
        let mut client = server.client();
        client.send(sent);
        // Whatever follows is not read as commands, and does not make the error get lost.
        client.send("SET a 1\r\n".repeat(1000));
        assert_eq!(client.rest(), *answered, "the answer to {sent:?}");
        assert_eq!(bystander.ask("GET a"), "nil");
    }
}

/// A reader that follows arrays into arrays has a stack for each level, and only so much of it.
#[test]
fn arrays_in_arrays_are_no_way_to_the_end_of_the_stack() {
    let server = Server::start();
    let mut client = server.client();
    client.send("*1\r\n".repeat(1_000_000));
    assert_eq!(client.rest(), "-ERR Protocol error: expected '$', got '*'\r\n");
    assert_eq!(server.client().ask("PING"), "PONG");
}

#[test]
fn a_line_without_end_is_refused() {
    let server = Server::start();
    let mut client = server.client();
    client.send("x".repeat(100_000));
    assert_eq!(client.rest(), "-ERR Protocol error: too big inline request\r\n");
}

#[test]
fn a_command_may_come_in_a_line_or_byte_by_byte() {
    let server = Server::start();
    let mut client = server.client();
    client.send("\r\n  SET a  1 \r\nGET a\n");
    assert_eq!((client.reply(), client.reply()), ("OK".into(), "\"1\"".into()));
    for byte in command("MGET a nobody a") {
        client.send([byte]);
    }
    assert_eq!(client.reply(), "[\"1\", nil, \"1\"]");
}

#[test]
fn values_are_any_bytes_up_to_the_limit() {
    let server = Server::start();
    let mut client = server.client();
    client.send(b"*3\r\n$3\r\nSET\r\n$4\r\n\0\r\n\xff\r\n$5\r\n\r\n$9\xfe\r\n");
    client.send(b"*2\r\n$3\r\nGET\r\n$4\r\n\0\r\n\xff\r\n");
    client.send(b"*2\r\n$6\r\nSTRLEN\r\n$4\r\n\0\r\n\xff\r\n");
    assert_eq!(client.reply(), "OK");
    assert_eq!(client.reply().len(), "\"\r\n$9?\"".len() + 2, "one byte is shown as three");
    assert_eq!(client.reply(), "5");

    let value = "x".repeat(60_000_000);
    assert_eq!(client.ask(&format!("SET big {value}")), "OK");
    assert_eq!(client.ask("STRLEN big"), "60000000");
    assert_eq!(
        client.ask(&format!("APPEND big {}", &value[..10_000_000])),
        "-ERR string exceeds maximum allowed size"
    );
    assert_eq!(client.ask("STRLEN big"), "60000000");
}

#[test]
fn an_error_quotes_no_line_breaks() {
    let server = Server::start();
    let mut client = server.client();
    client.send("*1\r\n$9\r\nfoo\r\n+OK \r\n");
    assert_eq!(client.reply(), "-ERR unknown command 'foo  +OK ', with args beginning with: ");
    assert_eq!(client.ask("PING"), "PONG");
}

#[test]
fn a_half_closed_connection_is_answered_and_closed() {
    let server = Server::start();
    let mut client = server.client();
    client.send([command("SET a 1"), command("GET a"), b"*2\r\n$3\r\nGE".to_vec()].concat());
    client.stream.shutdown(Shutdown::Write).expect("it is connected");
    assert_eq!(client.rest(), "+OK\r\n$1\r\n1\r\n");
}
