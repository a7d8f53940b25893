//! The link protocol, seen from one of the two sides.
//!
//! A link is a pair of entries, one at each end, kept in agreement by three signals. Either side
//! may link or unlink at any moment, also both at once, and the two sets must agree in the end
//! (Erlang's protocol since OTP 23.3, after its distribution protocol).
//!
//! ```text
//!            link() ─ send Link                unlink() ─ send Unlink(id)
//!   absent ────────────────────▶ active ──────────────────────────▶ unlinking(id)
//!      ▲                          ▲ │ ▲                                  │   │
//!      │   Unlink, LinkExit       │ │ └────────── link() ─ send Link ────┘   │
//!      ├──────────────────────────┘ │                                        │
//!      │                            │ link() to the dead                     │
//!      │   LinkExit (as NoProc)     ▼                                        │
//!      ├───────────────────────── dead                                       │
//!      └──────────────────────────────────── UnlinkAck(id), LinkExit ────────┘
//! ```
//!
//! - L1: an `Unlink` is always acknowledged, before anything else is sent back to that process.
//! - L2: while an own `Unlink` is not acknowledged, `Link` is ignored and a `LinkExit` has no
//!   effect: after `unlink` returned, nothing of the old link reaches the caller.
//! - L3: `link()` during that time makes the entry active again and forgets the id, so that the
//!   late acknowledgement means nothing.
//! - L4: who links to a dead process hears `NoProc`, whatever is still under way from an older
//!   link: in state *dead* the first `LinkExit` to arrive is taken for that answer.
//! - L5: an `Unlink` to the dead is acknowledged by its own sender. The acknowledgement arrives
//!   behind whatever the dead had sent, so that a `Link` still under way does not bring the link
//!   back.

use super::few::Few;
use crate::term::{ExitReason, Pid};

/// One side's links. Ordered, so that a simulated run sends its exits in the same order every time.
#[derive(Debug, Default)]
#[cfg_attr(test, derive(Clone, PartialEq, Eq, Hash))]
pub(crate) struct Links {
    entries: Few<Pid, Entry>,
    last_unlink_id: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(Hash))]
enum Entry {
    Active,
    Unlinking(u64),
    Dead,
}

/// What the caller of `link` must send.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Relinked {
    /// A `Link`, as the entry is new or active again.
    SendLink,
    /// Nothing: there was a link already.
    Nothing,
}

/// What the caller of `unlink` must send.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Unlinked {
    /// An `Unlink` with this id.
    SendUnlink(u64),
    /// Nothing: there was no link.
    Nothing,
}

impl Links {
    /// This side wants a link.
    pub(crate) fn link(&mut self, peer: Pid) -> Relinked {
        match self.entries.insert(peer, Entry::Active) {
            None | Some(Entry::Unlinking(_)) => Relinked::SendLink,
            Some(Entry::Active) => Relinked::Nothing,
            Some(Entry::Dead) => {
                self.entries.insert(peer, Entry::Dead);
                Relinked::Nothing
            }
        }
    }

    /// Our `Link` found nobody: expect one `LinkExit`, and read it as `NoProc` (L4).
    pub(crate) fn peer_was_dead(&mut self, peer: Pid) {
        self.entries.insert(peer, Entry::Dead);
    }

    /// This side gives the link up. If the `Unlink` finds nobody, the caller acknowledges it to
    /// itself (L5).
    pub(crate) fn unlink(&mut self, peer: Pid) -> Unlinked {
        match self.entries.get_mut(&peer) {
            Some(entry @ (Entry::Active | Entry::Dead)) => {
                self.last_unlink_id += 1;
                *entry = Entry::Unlinking(self.last_unlink_id);
                Unlinked::SendUnlink(self.last_unlink_id)
            }
            Some(Entry::Unlinking(_)) | None => Unlinked::Nothing,
        }
    }

    /// A `Link` arrived.
    pub(crate) fn on_link(&mut self, peer: Pid) {
        self.entries.insert_if_absent(peer, Entry::Active);
    }

    /// An `Unlink` arrived; the caller acknowledges it (L1).
    pub(crate) fn on_unlink(&mut self, peer: Pid) {
        if self.entries.get(&peer) == Some(&Entry::Active) {
            self.entries.remove(&peer);
        }
    }

    /// An `UnlinkAck` arrived.
    pub(crate) fn on_unlink_ack(&mut self, peer: Pid, id: u64) {
        if self.entries.get(&peer) == Some(&Entry::Unlinking(id)) {
            self.entries.remove(&peer);
        }
    }

    /// A `LinkExit` arrived: the reason it has here, or `None` if it has no effect.
    pub(crate) fn on_link_exit(&mut self, peer: Pid, reason: ExitReason) -> Option<ExitReason> {
        match self.entries.remove(&peer)? {
            Entry::Active => Some(reason),
            Entry::Dead => Some(ExitReason::NoProc),
            Entry::Unlinking(_) => None,
        }
    }

    /// Whether the end of this process would be heard.
    pub(crate) fn is_active(&self, peer: Pid) -> bool {
        self.entries.get(&peer) == Some(&Entry::Active)
    }

    /// The processes linked now.
    pub(crate) fn active(&self) -> impl Iterator<Item = Pid> + '_ {
        let active = |(pid, entry): (&Pid, &Entry)| (*entry == Entry::Active).then_some(*pid);
        self.entries.iter().filter_map(active)
    }
}

#[cfg(test)]
mod tests;
