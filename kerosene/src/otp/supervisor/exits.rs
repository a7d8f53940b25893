//! Exits that were taken out of the mailbox before it was their turn.
//!
//! A supervisor that stops a child has to know whether the child has ended already. The `Exit`
//! stands in the mailbox then, maybe behind many others: when a whole group dies at once, looking
//! for each one anew would cost the square of their number. So all `Exit`s that have arrived are
//! moved here, where each is found by its pid; those that nobody asks for are handled afterwards,
//! in the order in which they arrived.

use std::collections::VecDeque;

use super::pid_map::PidMap;
use crate::{Exit, ExitReason, Pid};

/// Exits to be handled later, in order, or taken out by pid.
#[derive(Debug, Default)]
pub(super) struct Exits {
    /// In the order of arrival. A pid without a reason has been taken out.
    order: VecDeque<Pid>,
    reasons: PidMap<ExitReason>,
}

impl Exits {
    /// Keeps an exit. Of several from one process the first counts, which is how it ended.
    pub(super) fn push(&mut self, exit: Exit) {
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

    /// The oldest.
    pub(super) fn pop(&mut self) -> Option<Exit> {
        loop {
            let pid = self.order.pop_front()?;
            if let Some(reason) = self.reasons.remove(&pid) {
                return Some(Exit { pid, reason });
            }
        }
    }
}
