//! A model of the link protocol between two threads that link and unlink at the same time.
//!
//! The sides are the real [`Links`]; the streams are FIFO queues under locks. What happens at the
//! end of a process, and longer programs, are in the exhaustive model beside the protocol
//! (`links/tests.rs`); this one shows that nothing but the order in each of the two streams
//! matters.

use std::collections::VecDeque;

use loom::sync::{Arc, Mutex};
use loom::thread;

use super::links::{Links, Relinked, Unlinked};
use crate::term::Pid;

#[derive(Clone, Copy)]
enum Call {
    Link,
    Unlink,
}

enum Sent {
    Link,
    Unlink(u64),
    Ack(u64),
}

/// The two streams, by receiver.
type Streams = Arc<[Mutex<VecDeque<Sent>>; 2]>;

struct Side {
    links: Links,
    end: usize,
    streams: Streams,
}

impl Side {
    fn peer(&self) -> Pid {
        Pid::new(0, if self.end == 0 { 2 } else { 1 }, 1)
    }

    fn send(&self, signal: Sent) {
        self.streams[1 - self.end].lock().expect("no panic with the lock").push_back(signal);
    }

    fn call(&mut self, call: Call) {
        let peer = self.peer();
        match call {
            Call::Link => {
                if self.links.link(peer) == Relinked::SendLink {
                    self.send(Sent::Link);
                }
            }
            Call::Unlink => {
                if let Unlinked::SendUnlink(id) = self.links.unlink(peer) {
                    self.send(Sent::Unlink(id));
                }
            }
        }
    }

    /// Receives what has arrived. `false`: nothing has.
    fn receive(&mut self) -> bool {
        let peer = self.peer();
        let signal = self.streams[self.end].lock().expect("no panic with the lock").pop_front();
        match signal {
            Some(Sent::Link) => self.links.on_link(peer),
            Some(Sent::Unlink(id)) => {
                self.links.on_unlink(peer);
                self.send(Sent::Ack(id));
            }
            Some(Sent::Ack(id)) => self.links.on_unlink_ack(peer, id),
            None => return false,
        }
        true
    }

    fn is_linked(&self) -> bool {
        self.links.active().next().is_some()
    }
}

/// Each side makes its calls, and looks at its stream after each.
fn check(one: &'static [Call], other: &'static [Call]) {
    loom::model(move || {
        let streams: Streams = Arc::new([Mutex::default(), Mutex::default()]);
        let side = |end| Side { links: Links::default(), end, streams: Arc::clone(&streams) };
        let run = |mut side: Side, calls: &'static [Call]| {
            for call in calls {
                side.call(*call);
                side.receive();
            }
            side
        };
        let first = side(0);
        let thread = thread::spawn(move || run(first, one));
        let mut second = run(side(1), other);
        let mut first = thread.join().expect("no panic");
        while first.receive() | second.receive() {}
        assert_eq!(first.is_linked(), second.is_linked(), "the ends disagree");
    });
}

#[test]
fn both_ends_agree_when_one_links_and_the_other_unlinks() {
    check(&[Call::Link, Call::Unlink, Call::Link], &[Call::Link, Call::Unlink]);
}

#[test]
fn both_ends_agree_when_both_link_and_unlink() {
    check(&[Call::Link, Call::Unlink, Call::Link], &[Call::Link, Call::Unlink, Call::Link]);
    check(&[Call::Link, Call::Unlink], &[Call::Link, Call::Unlink, Call::Link, Call::Unlink]);
}
