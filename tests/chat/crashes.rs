//! Rooms that crash, and those who are in them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::server::Server;

#[test]
fn a_room_that_crashes_opens_again_with_everybody_in_it() {
    let server = Server::start();
    let mut ann = server.enter("ann");
    let mut ben = server.enter("ben");
    let mut eve = server.enter("eve");
    eve.say("/join kitchen");
    eve.until("* in kitchen");
    ann.say("/crash");
    for client in [&mut ann, &mut ben] {
        client.until("* the room has crashed, and opens again");
        client.say("/who");
        assert_eq!(client.hear(), "* in lobby: ann, ben");
    }
    ben.say("what was that?");
    assert_eq!(ben.hear(), "<ben> what was that?");
    assert_eq!(ann.hear(), "<ben> what was that?");
    eve.say("nothing here");
    assert_eq!(eve.hear(), "<eve> nothing here");
}

/// Says lines one after the other, each when the one before is settled, in a room that is killed
/// again and again.
fn talk(server: &Server, nick: &str, room: &str, count: u32) -> u32 {
    let mut client = server.enter(nick);
    client.say(&format!("/join {room}"));
    client.until(&format!("* in {room}"));
    let mut unheard = 0;
    for n in 1..=count {
        client.say(&n.to_string());
        let (heard, lost) = (format!("<{nick}> {n}"), format!("* perhaps not heard: {n}"));
        loop {
            let line = client.hear();
            assert!(!line.is_empty(), "{nick} was thrown out");
            if line == heard {
                break;
            }
            if line == lost {
                unheard += 1;
                break;
            }
        }
    }
    unheard
}

#[test]
fn rooms_that_are_killed_under_load_lose_nobody_and_nothing_in_silence() {
    const LINES: u32 = 300;
    let server = Server::start();
    let is_over = AtomicBool::new(false);
    let crashes = thread::scope(|scope| {
        let killers = ["red", "blue"].map(|room| {
            let (server, is_over) = (&server, &is_over);
            scope.spawn(move || {
                let mut killer = server.enter(&format!("killer-of-{room}"));
                killer.say(&format!("/join {room}"));
                let mut crashes = 0;
                while !is_over.load(Ordering::Relaxed) {
                    killer.say("/crash");
                    killer.until("* the room has crashed");
                    crashes += 1;
                }
                crashes
            })
        });
        let talkers: Vec<_> = (0..8)
            .map(|number| {
                let (server, room) = (&server, if number % 2 == 0 { "red" } else { "blue" });
                scope.spawn(move || talk(server, &format!("talker-{number}"), room, LINES))
            })
            .collect();
        for talker in talkers {
            let unheard = talker.join().expect("everybody stays to the end");
            assert!(unheard < LINES, "nothing was heard");
        }
        is_over.store(true, Ordering::Relaxed);
        killers.map(|killer| killer.join().expect("the killers as well"))
    });
    assert!(crashes.iter().all(|count| *count > 0), "{crashes:?}");
    let mut ann = server.enter("ann");
    ann.say("/join red");
    ann.until("* in red");
    ann.say("peace");
    ann.until("<ann> peace");
}
