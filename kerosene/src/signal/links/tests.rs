//! The link protocol, explored: every interleaving of what two processes may do to their link.
//!
//! Each end may link, unlink and exit, in any order, up to a number of calls; signals travel in two
//! FIFO channels; the end of a process is cut where other threads can see it (its mailbox is
//! closed, the signals in it are answered one by one, its links are told). States that were met
//! before are not explored again, so the search is exhaustive and small. Checked in every state:
//!
//! - G1: an exit has an effect only where the receiver is entitled to it: since its last `unlink`
//!   it has called `link`, or has received a `Link` whose sender had seen that `unlink` (if there
//!   was something to see: without a link `unlink` says nothing).
//! - G2: who links to a process that is gone hears `NoProc` next, and not the reason of an older
//!   link.
//!
//! And in every state in which nothing more is under way:
//!
//! - G3: two living ends agree whether there is a link, and neither waits for an acknowledgement.
//! - G4: the living end has no link to a dead one, and has heard an exit if it had one.

use std::collections::{HashSet, VecDeque};

use super::{Entry, Links, Relinked, Unlinked};
use crate::term::{ExitReason, Pid};

/// Calls of `link`, `unlink` and exit that each end makes, in any order.
const CALLS_MAX: u8 = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Signal {
    /// With the number of `unlink`s of the receiver that the sender has seen.
    Link(u64),
    Unlink(u64),
    Ack(u64),
    Exit(Reason),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Reason {
    Real,
    NoProc,
}

impl From<Reason> for ExitReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Real => Self::from("real"),
            Reason::NoProc => Self::NoProc,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Phase {
    Alive,
    /// Nobody finds it any more; its mailbox is being answered.
    Closed,
    Dead,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct End {
    links: Links,
    phase: Phase,
    mailbox: VecDeque<Signal>,
    calls_left: u8,
    /// What the peer must have seen for its `Link` to count, 0 for nothing (G1).
    unlink_to_see: u64,
    /// The last `unlink` of the peer that was received.
    unlink_seen: u64,
    /// G1.
    entitled: bool,
    /// G2: the next exit is for a link to the dead.
    links_the_dead: bool,
    /// G4: has a link, or had one and has heard its exit.
    owed: bool,
}

/// Both ends. The peer of end `e` is end `1 - e`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct World {
    ends: [End; 2],
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Link,
    Unlink,
    Exit,
    Receive,
    /// The next part of its end.
    End,
}

const STEPS: [Step; 5] = [Step::Link, Step::Unlink, Step::Exit, Step::Receive, Step::End];

fn pid(end: usize) -> Pid {
    Pid::new(0, u32::try_from(end).expect("two ends") + 1, 1)
}

impl End {
    fn new() -> Self {
        Self {
            links: Links::default(),
            phase: Phase::Alive,
            mailbox: VecDeque::new(),
            calls_left: CALLS_MAX,
            unlink_to_see: 0,
            unlink_seen: 0,
            entitled: false,
            links_the_dead: false,
            owed: false,
        }
    }

    fn is_active(&self, peer: Pid) -> bool {
        self.links.active().any(|pid| pid == peer)
    }
}

impl World {
    fn new() -> Self {
        Self { ends: [End::new(), End::new()] }
    }

    /// Does a step of one end, if it is possible.
    fn step(&self, end: usize, step: Step) -> Option<Self> {
        let mut world = self.clone();
        let me = &mut world.ends[end];
        match (me.phase, step) {
            (Phase::Alive, Step::Link | Step::Unlink | Step::Exit) => {
                me.calls_left = me.calls_left.checked_sub(1)?;
                match step {
                    Step::Link => world.link(end),
                    Step::Unlink => world.unlink(end),
                    _ => me.phase = Phase::Closed,
                }
            }
            (Phase::Alive, Step::Receive) => {
                let signal = me.mailbox.pop_front()?;
                world.receive(end, signal);
            }
            (Phase::Closed, Step::End) => match me.mailbox.pop_front() {
                Some(signal) => world.answer_late(end, signal),
                None => world.announce(end),
            },
            _ => return None,
        }
        Some(world)
    }

    /// As `process::deliver` does.
    fn deliver(&mut self, to: usize, signal: Signal) -> bool {
        let is_there = self.ends[to].phase == Phase::Alive;
        if is_there {
            self.ends[to].mailbox.push_back(signal);
        }
        is_there
    }

    /// As `context::link` does.
    fn link(&mut self, end: usize) {
        let peer = 1 - end;
        let me = &mut self.ends[end];
        me.entitled = true;
        me.owed = true;
        let signal = Signal::Link(me.unlink_seen);
        if me.links.link(pid(peer)) == Relinked::SendLink && !self.deliver(peer, signal) {
            self.ends[end].links.peer_was_dead(pid(peer));
            self.ends[end].links_the_dead = true;
            self.deliver(end, Signal::Exit(Reason::NoProc));
        }
    }

    /// As `context::unlink` does.
    fn unlink(&mut self, end: usize) {
        let peer = 1 - end;
        let me = &mut self.ends[end];
        me.entitled = false;
        me.owed = false;
        me.links_the_dead = false;
        if me.links.entries.get(&pid(peer)).is_none() {
            me.unlink_to_see = 0;
        }
        if let Unlinked::SendUnlink(id) = me.links.unlink(pid(peer)) {
            me.unlink_to_see = id;
            if !self.deliver(peer, Signal::Unlink(id)) {
                self.deliver(end, Signal::Ack(id));
            }
        }
    }

    /// As `process::reception` does.
    fn receive(&mut self, end: usize, signal: Signal) {
        let peer = 1 - end;
        let me = &mut self.ends[end];
        match signal {
            Signal::Link(known) => {
                me.links.on_link(pid(peer));
                me.entitled |= known >= me.unlink_to_see;
                me.owed |= me.is_active(pid(peer));
            }
            Signal::Unlink(id) => {
                me.links.on_unlink(pid(peer));
                me.unlink_seen = id;
                me.owed &= me.links.entries.get(&pid(peer)).is_some();
                self.deliver(peer, Signal::Ack(id));
            }
            Signal::Ack(id) => me.links.on_unlink_ack(pid(peer), id),
            Signal::Exit(reason) => self.exit(end, reason),
        }
    }

    fn exit(&mut self, end: usize, reason: Reason) {
        let me = &mut self.ends[end];
        let Some(effect) = me.links.on_link_exit(pid(1 - end), reason.into()) else {
            return;
        };
        assert!(me.entitled, "G1: an exit of a link that was removed");
        if me.links_the_dead {
            assert_eq!(effect, ExitReason::NoProc, "G2");
        }
        me.links_the_dead = false;
        me.owed = false;
    }

    /// As `process::terminate` does in step 5.
    fn answer_late(&mut self, end: usize, signal: Signal) {
        let peer = 1 - end;
        let me = &mut self.ends[end];
        match signal {
            Signal::Link(_) => {
                self.deliver(peer, Signal::Exit(Reason::NoProc));
            }
            Signal::Unlink(id) => {
                me.links.on_unlink(pid(peer));
                self.deliver(peer, Signal::Ack(id));
            }
            Signal::Ack(id) => me.links.on_unlink_ack(pid(peer), id),
            Signal::Exit(reason) => {
                let _ = me.links.on_link_exit(pid(peer), reason.into());
            }
        }
    }

    /// As `process::terminate` does in step 6.
    fn announce(&mut self, end: usize) {
        let peer = 1 - end;
        self.ends[end].phase = Phase::Dead;
        if self.ends[end].is_active(pid(peer)) {
            self.deliver(peer, Signal::Exit(Reason::Real));
        }
    }

    /// Nothing is under way.
    fn is_quiet(&self) -> bool {
        let is_quiet = |end: &End| match end.phase {
            Phase::Alive => end.mailbox.is_empty(),
            Phase::Closed => false,
            Phase::Dead => true,
        };
        self.ends.iter().all(is_quiet)
    }

    fn check_quiet(&self) {
        let [one, other] = &self.ends;
        if one.phase == Phase::Alive && other.phase == Phase::Alive {
            let entries: Vec<&Entry> = self
                .ends
                .iter()
                .flat_map(|end| end.links.entries.iter().map(|(_, entry)| entry))
                .collect();
            assert!(entries.iter().all(|entry| **entry == Entry::Active), "G3: {entries:?}");
            assert!(entries.len() != 1, "G3: the ends disagree");
        } else {
            for end in self.ends.iter().filter(|end| end.phase == Phase::Alive) {
                assert!(end.links.entries.iter().next().is_none(), "G4: linked to the dead");
                assert!(!end.owed, "G4: an exit was lost");
            }
        }
    }
}

/// A depth-first search. Prints the steps that led to a state that breaks a rule.
struct Search {
    met: HashSet<World>,
    path: Vec<(usize, Step)>,
    quiet: usize,
}

impl Search {
    fn run(first: World) -> Self {
        let mut search = Self { met: HashSet::new(), path: Vec::new(), quiet: 0 };
        search.explore(first);
        search
    }

    fn explore(&mut self, world: World) {
        if self.met.contains(&world) {
            return;
        }
        if world.is_quiet() {
            self.quiet += 1;
            world.check_quiet();
        }
        for end in [0, 1] {
            for step in STEPS {
                self.path.push((end, step));
                if let Some(next) = world.step(end, step) {
                    self.explore(next);
                }
                self.path.pop();
            }
        }
        self.met.insert(world);
    }
}

/// Shows the steps when a check panics.
impl Drop for Search {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the steps, as (end, step): {:?}", self.path);
        }
    }
}

#[test]
fn both_ends_agree_after_every_interleaving() {
    let search = Search::run(World::new());
    assert!(search.met.len() > 10_000, "{} states: too few to be all", search.met.len());
    assert!(search.quiet > 100, "{} quiet states", search.quiet);
}
