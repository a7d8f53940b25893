//! What users see and hear: rooms, names, who is present, and what becomes of those who flood.

use crate::server::Server;

#[test]
fn what_is_said_is_heard_by_all_in_the_room() {
    let server = Server::start();
    let mut ann = server.enter("ann");
    let mut ben = server.enter("ben");
    assert_eq!(ann.hear(), "* ben comes in");
    ann.say("hello");
    ben.say("good morning");
    for client in [&mut ann, &mut ben] {
        let mut heard = [client.hear(), client.hear()];
        heard.sort();
        assert_eq!(heard, ["<ann> hello", "<ben> good morning"]);
    }
}

#[test]
fn everybody_is_asked_for_a_name_that_is_free() {
    let server = Server::start();
    let mut ann = server.connect();
    assert_eq!(ann.hear(), "* who are you?");
    ann.say("ann of green gables");
    assert_eq!(ann.hear(), "* a name has up to 20 letters, digits, - and _");
    ann.say("ann");
    assert!(ann.hear().starts_with("* welcome, ann; /join"));
    assert_eq!(ann.hear(), "* in lobby: ann");

    let mut other = server.connect();
    other.say("ann");
    assert_eq!(other.until("* somebody"), "* somebody is called ann already");
    ann.say("/quit");
    assert_eq!(ann.rest(), ["* good-bye"]);
    other.say("ann");
    assert_eq!(other.until("* in"), "* in lobby: ann");
}

#[test]
fn rooms_do_not_hear_each_other() {
    let server = Server::start();
    let mut ann = server.enter("ann");
    let mut ben = server.enter("ben");
    ann.say("/join kitchen");
    assert_eq!(ann.until("* in"), "* in kitchen: ann");
    assert_eq!(ben.hear(), "* ann leaves");
    ben.say("here");
    ben.until("<ben> here");
    ann.say("there");
    assert_eq!(ann.hear(), "<ann> there");
    ann.say("/rooms");
    assert_eq!(ann.hear(), "* rooms: kitchen (1), lobby (1)");
    ann.say("/join lobby");
    assert_eq!(ann.hear(), "* in lobby: ann, ben");
    assert_eq!(ann.hear(), "<ben> here");
    assert_eq!(ben.hear(), "* ann comes in");
}

#[test]
fn newcomers_hear_what_was_said_last() {
    let server = Server::start();
    let mut ann = server.enter("ann");
    for n in 1..=12 {
        ann.say(&n.to_string());
    }
    ann.until("<ann> 12");
    let mut ben = server.enter("ben");
    for n in 3..=12 {
        assert_eq!(ben.hear(), format!("<ann> {n}"));
    }
}

#[test]
fn who_is_gone_has_left() {
    let server = Server::start();
    let mut ann = server.enter("ann");
    let ben = server.enter("ben");
    assert_eq!(ann.hear(), "* ben comes in");
    drop(ben);
    assert_eq!(ann.hear(), "* ben leaves");
    ann.say("/who");
    assert_eq!(ann.hear(), "* in lobby: ann");
}

#[test]
fn who_writes_too_much_is_not_heard_and_then_shown_out() {
    let server = Server::start_with_rate(1);
    let mut ann = server.enter("ann");
    let mut ben = server.enter("ben");
    for n in 1..=50 {
        if ann.try_say(&format!("buy {n}")).is_err() {
            break;
        }
    }
    let heard = ann.rest();
    assert_eq!(heard.last().map(String::as_str), Some("* you write too much, good-bye"));
    assert!(heard.iter().any(|line| line == "* slow down: this was not heard"));
    let said = heard.iter().filter(|line| line.starts_with("<ann>")).count();
    assert!((10..15).contains(&said), "{said} lines were heard");
    ben.until("* ann leaves");
    ben.say("quiet at last");
    ben.until("<ben> quiet at last");
}

#[test]
fn a_line_without_end_is_not_waited_for() {
    let server = Server::start();
    let mut ann = server.enter("ann");
    let mut ben = server.enter("ben");
    assert_eq!(ann.hear(), "* ben comes in");
    let _ = ben.try_say(&"x".repeat(100_000)); // it may be closed in the middle of this
    assert_eq!(ann.hear(), "* ben leaves");
}
