//! Exits that were taken out of the mailbox before it was their turn.
//!
//! A supervisor that stops a child has to know whether the child has ended already. The `Exit`
//! stands in the mailbox then, maybe behind many others: when a whole group dies at once, looking
//! for each one anew would cost the square of their number. So all `Exit`s that have arrived are
//! moved here, where each is found by its pid; those that nobody asks for are handled afterwards,
//! in the order in which they arrived.
//!
//! One goes first: that from outside of all processes, by which a runtime stops. Everybody who is
//! under no supervisor is told at the same time, and late in a stop everybody who is left. So
//! children may have ended of it already, by a link or themselves; who restarted them now would do
//! so in vain.

use std::collections::VecDeque;

use super::pid_map::PidMap;
use crate::{Exit, ExitReason, Pid};

/// Exits to be handled later, in order, or taken out by pid.
#[derive(Debug, Default)]
pub(super) struct Exits {
    /// In the order of arrival. A pid without a reason has been taken out.
    order: VecDeque<Pid>,
    reasons: PidMap<ExitReason>,
    /// The one that goes first.
    outside: Option<Exit>,
}

impl Exits {
    /// Keeps an exit. Of several from one process the first counts, which is how it ended.
    pub(super) fn push(&mut self, exit: Exit) {
        if exit.pid.is_nobody() {
            self.outside.get_or_insert(exit);
            return;
        }
        let Exit { pid, reason } = exit;
        if let std::collections::hash_map::Entry::Vacant(entry) = self.reasons.entry(pid) {
            entry.insert(reason);
            self.order.push_back(pid);
        }
    }

    /// The exit of this process, if it is here.
    pub(super) fn take(&mut self, pid: Pid) -> Option<ExitReason> {
        self.reasons.remove(&pid)
    }

    /// The one to be handled next.
    pub(super) fn pop(&mut self) -> Option<Exit> {
        if let Some(exit) = self.outside.take() {
            return Some(exit);
        }
        loop {
            let pid = self.order.pop_front()?;
            if let Some(reason) = self.reasons.remove(&pid) {
                return Some(Exit { pid, reason });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exit(pid: &str, reason: &str) -> Exit {
        Exit { pid: pid.parse().expect("it is a pid"), reason: reason.into() }
    }

    #[test]
    fn exits_are_handled_in_order_but_for_the_one_from_outside() {
        let mut exits = Exits::default();
        let all = ["<0.1.1>", "<0.2.1>", "<0.0.0>", "<0.3.1>"].map(|pid| exit(pid, "first"));
        for exit in &all {
            exits.push(exit.clone());
        }
        exits.push(exit("<0.1.1>", "second"));
        assert_eq!(exits.take(all[1].pid), Some("first".into()));
        assert_eq!(exits.take(all[1].pid), None);
        for expected in [2, 0, 3] {
            assert_eq!(exits.pop().as_ref(), Some(&all[expected]));
        }
        assert_eq!(exits.pop(), None);
    }
}
