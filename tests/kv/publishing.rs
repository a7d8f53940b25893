//! Publishing and listening, by channel and by pattern.

use redis::{Commands, Msg};

use crate::server::{Server, command};

#[test]
fn what_is_published_reaches_who_listens_to_the_channel_or_a_pattern() {
    let server = Server::start();
    let (mut one, mut two, mut publisher) = (server.client(), server.client(), server.client());
    assert_eq!(one.ask("SUBSCRIBE news sport"), "[\"subscribe\", \"news\", 1]");
    assert_eq!(one.reply(), "[\"subscribe\", \"sport\", 2]");
    assert_eq!(one.ask("PSUBSCRIBE n*"), "[\"psubscribe\", \"n*\", 3]");
    assert_eq!(two.ask("PSUBSCRIBE *"), "[\"psubscribe\", \"*\", 1]");

    assert_eq!(publisher.ask("PUBLISH news hello"), "3");
    assert_eq!(one.reply(), "[\"message\", \"news\", \"hello\"]");
    assert_eq!(one.reply(), "[\"pmessage\", \"n*\", \"news\", \"hello\"]");
    assert_eq!(two.reply(), "[\"pmessage\", \"*\", \"news\", \"hello\"]");
    assert_eq!(publisher.ask("PUBLISH weather rain"), "1");
    assert_eq!(two.reply(), "[\"pmessage\", \"*\", \"weather\", \"rain\"]");

    assert_eq!(one.ask("UNSUBSCRIBE news nobody"), "[\"unsubscribe\", \"news\", 2]");
    assert_eq!(one.reply(), "[\"unsubscribe\", \"nobody\", 2]");
    assert_eq!(one.ask("PUNSUBSCRIBE"), "[\"punsubscribe\", \"n*\", 1]");
    assert_eq!(publisher.ask("PUBLISH news again"), "1");
    assert_eq!(one.ask("UNSUBSCRIBE"), "[\"unsubscribe\", \"sport\", 0]");
    assert_eq!(one.ask("PUBLISH sport goal"), "1");
    assert_eq!(two.reply(), "[\"pmessage\", \"*\", \"news\", \"again\"]");
    assert_eq!(two.reply(), "[\"pmessage\", \"*\", \"sport\", \"goal\"]");
}

#[test]
fn a_listener_that_vanishes_is_forgotten() {
    let server = Server::start();
    let mut publisher = server.client();
    let mut listener = server.client();
    assert_eq!(listener.ask("SUBSCRIBE news"), "[\"subscribe\", \"news\", 1]");
    assert_eq!(publisher.ask("PUBLISH news hello"), "1");
    drop(listener);
    server.until_connections(2);
    // The broker learns of it as the listener of connections does, and not later than who asks.
    while publisher.ask("PUBLISH news hello") != "0" {}
}

#[test]
fn in_resp3_a_listener_can_ask_as_well() {
    let server = Server::start();
    let mut client = server.client();
    for line in ["HELLO 3", "SUBSCRIBE news", "SET a 1", "PUBLISH news hello", "GET a", "QUIT"] {
        client.send(command(line));
    }
    let answers = client.rest();
    let pushed = ">3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$5\r\nhello\r\n";
    assert!(answers.contains(">3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n+OK\r\n"), "{answers}");
    // It comes when there is time; it may also come too late, as the client leaves.
    let others = answers.replace(pushed, "");
    assert!(others.ends_with(":1\r\n$1\r\n1\r\n+OK\r\n"), "{answers}");
}

#[test]
fn many_messages_arrive_in_order() -> redis::RedisResult<()> {
    const MESSAGES: usize = 20_000;
    let server = Server::start();
    let mut connection = server.redis();
    let mut listener = connection.as_pubsub();
    listener.subscribe("count")?;
    let mut publisher = server.redis();
    let publishing = std::thread::spawn(move || {
        (0..MESSAGES).try_for_each(|n| publisher.publish::<_, _, ()>("count", n))
    });
    for n in 0..MESSAGES {
        let message: Msg = listener.get_message()?;
        assert_eq!(message.get_payload::<usize>()?, n);
    }
    publishing.join().expect("it does not panic")
}

#[test]
fn what_a_listener_may_listen_to_is_bounded() {
    let server = Server::start();
    let mut client = server.client();
    let name = "x".repeat(100_000);
    for n in 1..=10 {
        assert_eq!(
            client.ask(&format!("SUBSCRIBE {n}{name}")),
            format!("[\"subscribe\", \"{n}{name}\", {n}]")
        );
    }
    assert_eq!(client.ask(&format!("SUBSCRIBE 11{name}")), "-ERR too many subscriptions");
    assert_eq!(client.ask("SUBSCRIBE small"), "[\"subscribe\", \"small\", 11]");
}
