//! A shard that crashes: its keys are gone, who waits is told, and nobody else notices.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use foldhash::fast::FixedState;
use redis::Commands;

use crate::server::{Server, command};

const SHARDS: u64 = 4;
const GONE: &str = "-ERR the shard has crashed, its keys are gone";

/// As the server divides the keys.
fn shard(key: &str) -> u64 {
    FixedState::default().hash_one(key.as_bytes()) % SHARDS
}

/// A key of the same shard, or of another.
fn key_beside(key: &str, same: bool) -> String {
    let mut names = (0..).map(|n| format!("{key}{n}"));
    names.find(|name| (shard(name) == shard(key)) == same).expect("there are many")
}

#[test]
fn a_crashed_shard_starts_again_empty_and_the_others_stay() {
    let server = Server::start();
    let mut client = server.client();
    let (near, far) = (key_beside("a", true), key_beside("a", false));
    client.ask(&format!("MSET a 1 {near} 2 {far} 3"));
    assert_eq!(client.ask("DEBUG PANIC a"), GONE);
    let reported = server.line("child=shard");
    assert!(reported.contains("DEBUG PANIC a"), "{reported}");
    assert_eq!(client.ask(&format!("MGET a {near} {far}")), "[nil, nil, \"3\"]");
    assert_eq!(client.ask("INCR a"), "1");
    assert_eq!(server.client().ask("GET a"), "\"1\"");
}

#[test]
fn what_waits_for_a_crashed_shard_is_answered_with_an_error() {
    let server = Server::start();
    let mut client = server.client();
    let far = key_beside("a", false);
    let far = far.as_str();
    let dialogue = [
        ("SET a 1", GONE), // what was set is gone by the time of the answer
        (&format!("SET {far} 1"), "OK"),
        ("DEBUG PANIC a", GONE),
        ("GET a", GONE),
        (&format!("GET {far}"), "\"1\""),
        (&format!("MGET a {far}"), GONE),
        ("DBSIZE", GONE),
        ("PING", "PONG"),
        ("GET a", "nil"),
        (&format!("GET {far}"), "\"1\""),
    ];
    // In one piece, so that they are read together: what is asked after the crash is on its way.
    client.send(dialogue.iter().flat_map(|(asked, _)| command(asked)).collect::<Vec<u8>>());
    for (asked, answered) in dialogue {
        assert_eq!(client.reply(), answered, "the answer to `{asked}`");
    }
}

/// Four clients write to keys of all shards while one shard crashes again and again.
#[test]
fn no_acknowledged_write_to_another_shard_is_lost() {
    let server = Server::start();
    let victim = shard("victim");
    let stop = AtomicBool::new(false);
    let (mut survived, mut failed) = (0, 0);
    thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let mut redis = server.redis();
                let stop = &stop;
                scope.spawn(move || {
                    let (mut acknowledged, mut failed) = (HashMap::new(), 0);
                    for n in 0.. {
                        let key = format!("key{writer}:{}", n % 1000);
                        match redis.set::<_, _, ()>(&key, n) {
                            Ok(()) => drop(acknowledged.insert(key, n)),
                            Err(error) => {
                                assert!(error.to_string().contains("has crashed"), "{error}");
                                assert_eq!(shard(&key), victim, "a shard that did not crash");
                                failed += 1;
                            }
                        }
                        if n >= 2000 && stop.load(Ordering::Relaxed) {
                            break;
                        }
                    }
                    (acknowledged, failed)
                })
            })
            .collect();
        let mut killer = server.client();
        for _ in 0..100 {
            assert_eq!(killer.ask("DEBUG PANIC victim"), GONE);
        }
        stop.store(true, Ordering::Relaxed); // nothing is published by it
        let mut redis = server.redis();
        for writer in writers {
            let (acknowledged, errors) = writer.join().expect("no surprises");
            failed += errors;
            for (key, wanted) in acknowledged {
                let found: Option<i32> = redis.get(&key).expect("it is served");
                if shard(&key) == victim {
                    assert!(found.is_none_or(|found| found <= wanted), "{key}");
                } else {
                    assert_eq!(found, Some(wanted), "the last acknowledged write to {key}");
                    survived += 1;
                }
            }
        }
    });
    assert!(survived > 2000, "only {survived} keys are in the other shards");
    crate::server::say(&format!("100 crashes: {failed} writes failed, {survived} keys survived"));
}
