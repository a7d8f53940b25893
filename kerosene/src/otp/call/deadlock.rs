//! Calls that wait for each other, found while they wait.
//!
//! A process in a call waits for the process it called; if that one is in a call too, it waits for
//! the next. When such a chain comes back to where it began, no process in it can move before a
//! time-out, and one of the calls fails with [`CallError::Deadlock`](super::CallError::Deadlock)
//! instead.
//!
//! Most calls are answered in microseconds and must not pay for this. So a call is *published*, in
//! one table behind one lock, only after it has waited for [`PATIENCE`]; and it looks twice only,
//! once when it is published, and once more a while later if it saw a cycle. That is enough: the
//! last call of a cycle to be published sees all others, and only a call can close a cycle.
//!
//! A cycle is reported only if it is certain. It need not be one, though every process in it is in
//! a call: the `ReplyTo` of a request may have been handed to somebody who is not in the cycle at
//! all and is about to answer. So of a call from P to Q, where Q is in a call of its own:
//!
//! - K1: if Q is known to answer in person ([`ReplyTo::answer_with`](crate::ReplyTo::answer_with),
//!   and the methods of actors that do not take a `ReplyTo`), it cannot before its call is over. If
//!   not Q but a process to which Q has handed the request is known to answer, the chain goes on
//!   there.
//! - K2: if the request was sent after Q began its call, and Q has looked at no message since, the
//!   request is in Q's mailbox. A call notes when it began *before* it sends, so that the order of
//!   the notes is right.
//! - K3: in any other case the `ReplyTo` may be anywhere, and the chain ends here.
//!
//! A process may do several things at once. If it has more than one published call, or a `receive!`
//! beside its call that waits or has looked at anything, it may go on by itself, and the chain ends
//! there too. The second look is for this: every process of the cycle is asked what it does, and
//! then the same calls must still wait for each other. The call that reports is taken out under the
//! lock, so of one cycle only one call fails; the others go on when that one has been dealt with.

use std::collections::HashMap;
use std::future::pending;
use std::pin::Pin;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::cell::{Answerer, UseId, answerer};
use crate::{Pid, Reference, process_info, sleep};

/// How long a call waits before it is published, and before it looks again.
///
/// A thousand times what a quick answer takes, and too short for anybody to wait for in vain.
pub(super) const PATIENCE: Duration = Duration::from_millis(10);

/// A chain longer than this is not followed, so that looking has a bound.
const CHAIN_MAX: usize = 64;

/// The search of one call: a future of the cycle.
pub(super) type Watch = Pin<Box<dyn Future<Output = Vec<Pid>> + Send>>;

/// When a call began; the reference decides between calls of one moment, which only virtual time
/// has.
pub(super) type Began = (Option<Instant>, Reference);

/// The published calls, by their callers.
static CALLS: LazyLock<Mutex<HashMap<Pid, Vec<Published>>>> = LazyLock::new(Mutex::default);

/// A call that others can see.
pub(super) struct Published {
    pub(super) callee: Pid,
    pub(super) began: Began,
    /// What the caller had looked at when it began.
    pub(super) messages_seen: u64,
    pub(super) id: UseId,
    /// The callee is known to answer in person, unless the cell says who else does.
    pub(super) is_answered_in_turn: bool,
}

/// Publishes a call for as long as the future lives, and waits for it to turn out part of a
/// deadlock.
pub(super) fn watch(caller: Pid, call: Published) -> Watch {
    Box::pin(async move {
        let entry = Entry { caller, began: call.began };
        published().entry(caller).or_default().push(call);
        let seen = cycle(&published(), caller);
        if let Some(seen) = seen {
            sleep(PATIENCE).await;
            if all_only_call(&seen).await && entry.take_if_still(&seen) {
                return seen.into_iter().map(|link| link.caller).collect();
            }
        }
        pending().await
    })
}

/// One call of a cycle.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Link {
    caller: Pid,
    began: Began,
    messages_seen: u64,
}

/// The calls from `first` back to itself, if they are certain to wait for each other.
fn cycle(calls: &HashMap<Pid, Vec<Published>>, first: Pid) -> Option<Vec<Link>> {
    let only_call = |pid| match calls.get(&pid).map(Vec::as_slice) {
        Some([only]) => Some(only),
        _ => None,
    };
    let mut links = Vec::new();
    let mut caller = first;
    while links.len() < CHAIN_MAX {
        let call: &Published = only_call(caller)?;
        let Published { began, messages_seen, .. } = *call;
        links.push(Link { caller, began, messages_seen });
        let (next, is_known) = match answerer(call.id) {
            Answerer::Known(process) => (process, true),
            Answerer::Unknown => (call.callee, call.is_answered_in_turn),
            Answerer::Nobody => return None,
        };
        let is_unreceived = only_call(next)?.began < call.began;
        // K1 or K2.
        if !is_known && !is_unreceived {
            return None;
        }
        if next == first {
            return Some(links);
        }
        caller = next;
    }
    None
}

/// Whether no process of the cycle receives, or has received, beside its call.
async fn all_only_call(links: &[Link]) -> bool {
    for link in links {
        let Some(info) = process_info(link.caller).await else { return false };
        if info.is_receiving || info.messages_seen != link.messages_seen {
            return false;
        }
    }
    true
}

/// A call's place in the table, which it leaves when the call is over.
struct Entry {
    caller: Pid,
    began: Began,
}

impl Entry {
    fn take_if_still(&self, seen: &[Link]) -> bool {
        let mut calls = published();
        let is_still = cycle(&calls, self.caller).is_some_and(|links| links == seen);
        if is_still {
            self.remove(&mut calls);
        }
        is_still
    }

    fn remove(&self, calls: &mut HashMap<Pid, Vec<Published>>) {
        if let Some(of_caller) = calls.get_mut(&self.caller) {
            of_caller.retain(|call| call.began != self.began);
            if of_caller.is_empty() {
                calls.remove(&self.caller);
            }
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.remove(&mut published());
    }
}

fn published() -> MutexGuard<'static, HashMap<Pid, Vec<Published>>> {
    // Nothing panics under the lock, so it is never poisoned.
    CALLS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::super::cell::{Use, bind};
    use super::*;

    fn pid(n: u32) -> Pid {
        format!("<0.{n}.1>").parse().expect("a pid")
    }

    /// Calls in the order in which they began: caller, callee, and who is known to answer.
    fn calls(list: &[(u32, u32, Option<u32>)]) -> HashMap<Pid, Vec<Published>> {
        let mut calls: HashMap<Pid, Vec<Published>> = HashMap::new();
        for (caller, callee, answerer) in list {
            // Nobody ends the use, so it stays open.
            let id = Use::new().id();
            if let Some(answerer) = answerer {
                bind(id, pid(*answerer));
            }
            let entry = Published {
                callee: pid(*callee),
                began: (None, crate::make_ref()),
                messages_seen: 0,
                id,
                is_answered_in_turn: false,
            };
            calls.entry(pid(*caller)).or_default().push(entry);
        }
        calls
    }

    fn found(list: &[(u32, u32, Option<u32>)], first: u32) -> Option<Vec<Pid>> {
        let links = cycle(&calls(list), pid(first))?;
        Some(links.into_iter().map(|link| link.caller).collect())
    }

    #[test]
    fn a_cycle_of_processes_that_answer_in_person_is_found_from_each() {
        let ring = [(1, 2, Some(2)), (2, 3, Some(3)), (3, 1, Some(1))];
        assert_eq!(found(&ring, 1), Some(vec![pid(1), pid(2), pid(3)]));
        assert_eq!(found(&ring, 3), Some(vec![pid(3), pid(1), pid(2)]));
    }

    #[test]
    fn a_request_sent_to_a_process_in_a_call_is_in_its_mailbox() {
        // 1 calls 2; 2 calls 1, which cannot have received that. But who answers 1 is not known.
        assert_eq!(found(&[(1, 2, None), (2, 1, None)], 2), None);
        assert!(found(&[(1, 2, Some(2)), (2, 1, None)], 2).is_some());
        // The other way round 1 may have received the request of 2 before it called.
        assert_eq!(found(&[(2, 1, None), (1, 2, Some(2))], 2), None);
    }

    #[test]
    fn a_chain_that_does_not_come_back_is_none() {
        assert_eq!(found(&[(1, 2, Some(2)), (2, 3, Some(3))], 1), None);
        assert_eq!(found(&[(1, 2, Some(2)), (2, 3, Some(3)), (3, 2, Some(2))], 1), None);
    }

    #[test]
    fn a_process_with_two_calls_may_go_on() {
        assert_eq!(found(&[(1, 2, Some(2)), (2, 1, Some(1)), (2, 3, Some(3))], 1), None);
    }

    #[test]
    fn who_is_called_is_known_to_answer_if_the_caller_knows() {
        let unknown = [(1, 2, None), (2, 1, None)];
        assert_eq!(found(&unknown, 1), None);
        let mut known = calls(&unknown);
        known.values_mut().flatten().for_each(|call| call.is_answered_in_turn = true);
        assert!(cycle(&known, pid(1)).is_some());
    }

    #[test]
    fn a_request_that_was_handed_on_is_followed_to_who_has_it() {
        let handed = [(1, 2, Some(3)), (3, 1, Some(1))];
        assert_eq!(found(&handed, 1), Some(vec![pid(1), pid(3)]));
    }
}
