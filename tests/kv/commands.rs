//! Every command, answered as Redis answers it.

use std::collections::HashSet;
use std::io::Write;
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use redis::{Commands, ExistenceCheck, SetExpiry, SetOptions};

use crate::server::{Client, Server, command};
use crate::tools::is_installed;

/// What is asked in this order of an empty server, and what it answers.
const DIALOGUE: &[(&str, &str)] = &[
    ("PING", "PONG"),
    ("ping hello", "\"hello\""),
    ("ECHO hello", "\"hello\""),
    ("SELECT 0", "OK"),
    ("SELECT 99", "-ERR DB index is out of range"),
    ("GET a", "nil"),
    ("SET a 1", "OK"),
    ("GET a", "\"1\""),
    ("SET a \"\"", "OK"),
    ("GET a", "\"\""),
    ("SET a 1 NX", "nil"),
    ("SET a 2 XX", "OK"),
    ("SET b 1 XX", "nil"),
    ("SET b 1 NX", "OK"),
    ("SET a 3 GET", "\"2\""),
    ("SET c 3 GET", "nil"),
    ("SET a 4 NX GET", "\"3\""),
    ("GET a", "\"3\""),
    ("SET a 5 EX 100", "OK"),
    ("TTL a", "100"),
    ("SET a 6 KEEPTTL", "OK"),
    ("TTL a", "100"),
    ("SET a 7", "OK"),
    ("TTL a", "-1"),
    ("SET a 8 PX 100000", "OK"),
    ("TTL a", "100"),
    ("PERSIST a", "1"),
    ("PERSIST a", "0"),
    ("TTL a", "-1"),
    ("PTTL a", "-1"),
    ("TTL nobody", "-2"),
    ("PTTL nobody", "-2"),
    ("EXPIRE a 100", "1"),
    ("TTL a", "100"),
    ("PEXPIRE a 200000", "1"),
    ("TTL a", "200"),
    ("EXPIRE nobody 100", "0"),
    ("EXPIRE a 0", "1"),
    ("EXISTS a", "0"),
    ("SET a 1", "OK"),
    ("PEXPIRE a -5", "1"),
    ("EXISTS a", "0"),
    ("SET a 1 EX 0", "-ERR invalid expire time in 'set' command"),
    ("SET a 1 PX -1", "-ERR invalid expire time in 'set' command"),
    ("SET a 1 EX 9223372036854775807", "-ERR invalid expire time in 'set' command"),
    ("SET a 1 EX x", "-ERR value is not an integer or out of range"),
    ("SET a 1 EX", "-ERR syntax error"),
    ("SET a 1 EX 1 PX 1", "-ERR syntax error"),
    ("SET a 1 KEEPTTL EX 1", "-ERR syntax error"),
    ("SET a 1 NX XX", "-ERR syntax error"),
    ("SET a 1 SOON", "-ERR syntax error"),
    ("EXPIRE b x", "-ERR value is not an integer or out of range"),
    ("EXPIRE b 9223372036854775807", "-ERR invalid expire time in 'expire' command"),
    ("SETNX d 1", "1"),
    ("SETNX d 2", "0"),
    ("GETDEL d", "\"1\""),
    ("GETDEL d", "nil"),
    ("MSET a 1 b 2 c 3", "OK"),
    ("MGET a nobody b c", "[\"1\", nil, \"2\", \"3\"]"),
    ("MSET a", "-ERR wrong number of arguments for 'mset' command"),
    ("MSET a 1 b", "-ERR wrong number of arguments for 'mset' command"),
    ("EXISTS a a nobody b", "3"),
    ("DEL a nobody b", "2"),
    ("APPEND s ab", "2"),
    ("APPEND s cde", "5"),
    ("GET s", "\"abcde\""),
    ("STRLEN s", "5"),
    ("STRLEN nobody", "0"),
    ("TYPE s", "string"),
    ("TYPE nobody", "none"),
    ("INCR n", "1"),
    ("INCRBY n 41", "42"),
    ("DECR n", "41"),
    ("DECRBY n 100", "-59"),
    ("GET n", "\"-59\""),
    ("INCR s", "-ERR value is not an integer or out of range"),
    ("INCRBY n x", "-ERR value is not an integer or out of range"),
    ("INCRBY n +1", "-ERR value is not an integer or out of range"),
    ("INCRBY n 01", "-ERR value is not an integer or out of range"),
    ("SET n 9223372036854775807", "OK"),
    ("INCR n", "-ERR increment or decrement would overflow"),
    ("DECRBY n -9223372036854775808", "-ERR decrement would overflow"),
    ("GET n", "\"9223372036854775807\""),
    ("EXPIRE n 100", "1"),
    ("DECR n", "9223372036854775806"),
    ("TTL n", "100"),
    ("APPEND n 0", "20"),
    ("TTL n", "100"),
    ("DBSIZE", "3"),
    ("KEYS nobody*", "[]"),
    ("KEYS [a-c]", "[\"c\"]"),
    ("FLUSHALL", "OK"),
    ("DBSIZE", "0"),
    ("KEYS *", "[]"),
    ("FLUSHALL ASYNC", "OK"),
    ("PUBLISH nobody hello", "0"),
    ("GET", "-ERR wrong number of arguments for 'get' command"),
    ("GET a b", "-ERR wrong number of arguments for 'get' command"),
    ("PING a b", "-ERR wrong number of arguments for 'ping' command"),
    ("SUBSCRIBE", "-ERR wrong number of arguments for 'subscribe' command"),
    ("FOO", "-ERR unknown command 'FOO', with args beginning with: "),
    ("FOO a bc", "-ERR unknown command 'FOO', with args beginning with: 'a' 'bc' "),
    ("CLIENT SETNAME me", "OK"),
    ("CONFIG GET save", "[\"save\", \"\"]"),
    ("HELLO 9", "-NOPROTO unsupported protocol version"),
    ("UNSUBSCRIBE", "[\"unsubscribe\", nil, 0]"),
];

fn check_dialogue(client: &mut Client) {
    for (asked, answered) in DIALOGUE {
        assert_eq!(client.ask(asked), *answered, "the answer to `{asked}`");
    }
}

#[test]
fn commands_are_answered_in_redis_words() {
    check_dialogue(&mut Server::start().client());
}

/// What the dialogue says of Redis is true.
#[test]
fn redis_itself_answers_so() {
    if !is_installed("redis-server") {
        return;
    }
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let port = free.expect("a port that is free").port();
    let mut redis = Command::new("redis-server")
        .args(["--port", &port.to_string(), "--save", "", "--appendonly", "no"])
        .stdout(Stdio::null())
        .spawn()
        .expect("it is installed");
    while redis::Client::open(("127.0.0.1", port))
        .is_ok_and(|client| client.get_connection().is_err())
    {
        assert!(redis.try_wait().expect("a child").is_none(), "redis-server does not start");
    }
    let outcome = std::panic::catch_unwind(|| check_dialogue(&mut Client::connect(port)));
    redis.kill().expect("it runs");
    redis.wait().expect("a child");
    assert!(outcome.is_ok());
}

#[test]
fn keys_match_patterns() {
    let server = Server::start();
    let mut client = server.client();
    client.ask("MSET one 1 two 2 three 3 t[o 4 user:1:name 5 user:2:name 6");
    let expected = [
        ("*", "one t[o three two user:1:name user:2:name"),
        ("t*", "t[o three two"),
        ("*e", "one three user:1:name user:2:name"),
        ("t?o", "t[o two"),
        ("t[a-z]o", "two"),
        ("t[^a-z]o", "t[o"),
        ("t\\[o", "t[o"),
        ("[ot]*", "one t[o three two"),
        ("user:*:name", "user:1:name user:2:name"),
        ("*o*e*", "one"),
        ("?", ""),
        ("on", ""),
        ("one?", ""),
        ("[", ""),
        ("*[x", ""),
    ];
    for (pattern, keys) in expected {
        let answer = client.ask(&format!("KEYS {pattern}"));
        let found = answer.trim_matches(['[', ']']).replace(", ", " ").replace('"', "");
        let mut found: Vec<&str> = found.split(' ').collect();
        found.sort_unstable();
        assert_eq!(found.join(" "), keys, "KEYS {pattern}");
    }
}

#[test]
fn keys_expire_by_themselves() {
    let server = Server::start();
    let mut client = server.client();
    let begin = Instant::now();
    assert_eq!(client.ask("SET a 1 PX 100"), "OK");
    assert_eq!(client.ask("SET b 1 PX 100"), "OK");
    assert_eq!(client.ask("SET b 1 PX 100000"), "OK");
    assert_eq!(client.ask("SET c 1"), "OK");
    assert_eq!(client.ask("PEXPIRE c 100"), "1");
    // DBSIZE touches no key: it is timers that remove them.
    while client.ask("DBSIZE") != "1" {
        assert!(begin.elapsed() < Duration::from_secs(30), "keys do not expire");
    }
    assert!(begin.elapsed() >= Duration::from_millis(100), "they expire too early");
    assert_eq!(client.ask("KEYS *"), "[\"b\"]");
    assert_eq!(client.ask("GET a"), "nil");
    assert_eq!(client.ask("TTL a"), "-2");
}

#[test]
fn pipelined_commands_are_answered_in_order() {
    let server = Server::start();
    let mut client = server.client();
    let mut commands = Vec::new();
    for n in 0..5000 {
        for line in [format!("SET key{n} {n}"), format!("GET key{n}"), "INCR count".into()] {
            commands.extend(command(&line));
        }
        if n % 100 == 0 {
            commands.extend(command(&format!("MGET key{n} count key{n}")));
            commands.extend(command(&format!("PING {n}")));
        }
    }
    let mut stream = client.stream.try_clone().expect("a socket");
    std::thread::spawn(move || stream.write_all(&commands));
    for n in 0..5000 {
        assert_eq!(client.reply(), "OK");
        assert_eq!(client.reply(), format!("\"{n}\""));
        assert_eq!(client.reply(), (n + 1).to_string());
        if n % 100 == 0 {
            assert_eq!(client.reply(), format!("[\"{n}\", \"{}\", \"{n}\"]", n + 1));
            assert_eq!(client.reply(), format!("\"{n}\""));
        }
    }
}

#[test]
fn the_redis_crate_is_served() -> redis::RedisResult<()> {
    let server = Server::start();
    for protocol in ["resp2", "resp3"] {
        let url = format!("redis://127.0.0.1:{}/?protocol={protocol}", server.port);
        let mut redis = redis::Client::open(url)?.get_connection()?;
        let () = redis.set("a", 42)?;
        assert_eq!(redis.get::<_, Option<i64>>("a")?, Some(42));
        assert_eq!(redis.get::<_, Option<i64>>("nobody")?, None);
        let big: String = "x".repeat(3_000_000);
        let () = redis.set("big", &big)?;
        assert!(redis.get::<_, String>("big")? == big);
        let options = SetOptions::default().conditional_set(ExistenceCheck::NX);
        let options = options.with_expiration(SetExpiry::EX(100));
        assert!(!redis.set_options::<_, _, bool>("a", 1, options.clone())?);
        assert!(redis.set_options::<_, _, bool>("b", 1, options)?);
        assert_eq!(redis.ttl::<_, i64>("b")?, 100);
        let values: Vec<Option<i64>> = redis.mget(&["a", "nobody", "b"])?;
        assert_eq!(values, [Some(42), None, Some(1)]);
        let keys: HashSet<String> = redis.keys("*")?;
        assert_eq!(keys.len(), 3);
        let (x, y): (i64, i64) = redis::pipe().incr("a", 1).incr("a", 1).query(&mut redis)?;
        assert_eq!((x, y), (43, 44));
        let () = redis::cmd("FLUSHALL").query(&mut redis)?;
    }
    Ok(())
}

#[test]
fn resp3_has_maps_and_nulls_of_its_own() {
    let server = Server::start();
    let mut client = server.client();
    client.send(command("HELLO 3 SETNAME me"));
    client.send(command("GET nobody"));
    client.send(command("MGET nobody"));
    client.send(command("PING"));
    client.send(command("QUIT"));
    let answers = client.rest();
    assert!(answers.starts_with("%7\r\n$6\r\nserver\r\n"), "{answers}");
    assert!(answers.contains("$5\r\nproto\r\n:3\r\n"), "{answers}");
    assert!(answers.ends_with("_\r\n*1\r\n_\r\n+PONG\r\n+OK\r\n"), "{answers}");
}
