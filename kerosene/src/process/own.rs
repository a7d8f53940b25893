//! What only the process itself uses, in its turn.

use std::any::Any;
use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::panic::Location;
use std::sync::Arc;
use std::task::Waker;

use tokio::time::Instant;

use super::slot::TimerKey;
use crate::mailbox::Received;
use crate::signal::{Aliases, Links, Monitors, Signal, Watchers};
use crate::term::{ExitReason, Pid, WaitsAt};

/// The part of a process that it alone uses.
///
/// What most processes do not have lies behind a pointer, so that an idle process stays small.
#[derive(Debug)]
pub(crate) struct Own {
    pub(crate) pid: Pid,
    pub(crate) received: Received,
    pub(crate) relations: Option<Box<Relations>>,
    pub(crate) extras: Option<Box<Extras>>,
    /// Set by the first lethal signal: the process will not run again.
    pub(crate) dying: Option<Box<Dying>>,
    /// The one timer that wakes the body, for the earliest of its deadlines or earlier.
    pub(crate) armed: Option<TimerKey>,
    pub(crate) started: Option<Instant>,
    pub(crate) spawned_at: Option<&'static Location<'static>>,
    pub(crate) parent: Option<Pid>,
    pub(crate) waits_at: WaitsAt,
    pub(crate) reductions: u64,
    /// How many receives of the body wait.
    pub(crate) receiving: u32,
    pub(crate) trap_exit: bool,
}

/// Links, monitors and aliases.
#[derive(Debug, Default)]
pub(crate) struct Relations {
    pub(crate) links: Links,
    pub(crate) monitors: Monitors,
    pub(crate) watchers: Watchers,
    pub(crate) aliases: Aliases,
}

/// Things that few processes have.
#[derive(Debug, Default)]
pub(crate) struct Extras {
    pub(crate) label: Option<String>,
    pub(crate) dictionary: BTreeMap<String, Entry>,
    /// Wakers other than the process' own, of combinators inside the body that poll a part of it
    /// only when that part was woken; by the number of the wait that registered it.
    pub(crate) inner_wakers: BTreeMap<u64, Waker>,
    pub(crate) last_inner_waker: u64,
}

/// A dictionary entry.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) value: Arc<dyn Any + Send + Sync>,
    pub(crate) inherited: bool,
}

/// Why the process ends, and the signals that came after that was decided.
#[derive(Debug)]
pub(crate) struct Dying {
    pub(crate) reason: ExitReason,
    pub(crate) late: VecDeque<Signal>,
}

impl Default for Own {
    fn default() -> Self {
        Self {
            pid: Pid::NOBODY,
            received: Received::default(),
            relations: None,
            extras: None,
            dying: None,
            armed: None,
            started: None,
            spawned_at: None,
            parent: None,
            waits_at: WaitsAt::default(),
            reductions: 0,
            receiving: 0,
            trap_exit: false,
        }
    }
}

impl Own {
    pub(crate) fn relations_mut(&mut self) -> &mut Relations {
        self.relations.get_or_insert_default()
    }

    pub(crate) fn extras_mut(&mut self) -> &mut Extras {
        self.extras.get_or_insert_default()
    }

    /// A wait inside the body is over, or was dropped. Returns its waker, to be dropped outside.
    #[inline]
    #[must_use]
    pub(crate) fn forget_inner_waker(&mut self, number: u64) -> Option<Waker> {
        if number == 0 {
            return None;
        }
        self.extras.as_mut()?.inner_wakers.remove(&number)
    }

    /// Takes all wakers inside the body, to be woken.
    pub(crate) fn take_inner_wakers(&mut self) -> BTreeMap<u64, Waker> {
        self.extras.as_mut().map(|e| std::mem::take(&mut e.inner_wakers)).unwrap_or_default()
    }

    /// The process ends with `reason`, unless that was decided before: the first lethal signal
    /// wins.
    pub(crate) fn die(&mut self, reason: ExitReason) {
        self.dying.get_or_insert_with(|| Box::new(Dying { reason, late: VecDeque::new() }));
    }
}
