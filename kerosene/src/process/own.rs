//! What only the process itself uses, in its turn.

use std::any::Any;
use std::collections::BTreeMap;
use std::mem;
use std::sync::Arc;
use std::task::Waker;

use super::body::{Birth, Body, Running};
use super::schedule::TimerKey;
use crate::mailbox::Received;
use crate::signal::{Aliases, Few, Links, Monitors, Signal, Watchers};
use crate::term::{ExitReason, WaitsAt};

/// The part of a process that it alone uses.
///
/// What most processes do not have lies behind a pointer, so that an idle process stays small.
#[derive(Debug, Default)]
#[repr(C)] // What each turn touches comes first.
pub(crate) struct Own {
    pub(crate) received: Received,
    /// How many receives of the body wait.
    pub(crate) receiving: u32,
    end: End,
    pub(crate) trap_exit: bool,
    /// A process above it stops its children: see `scheduler/stop.rs`. It never changes.
    pub(crate) is_below: bool,
    /// It has said that it stops its own children.
    pub(crate) stops_children: bool,
    rare: Option<Box<Rare>>,
    pub(crate) reductions: u64,
    pub(crate) waits_at: WaitsAt,
    body: Option<Body>,
}

/// Whether the end of the process has been decided, and why it ends.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum End {
    #[default]
    Undecided,
    /// Its body has returned, as [`ExitReason::Normal`]: the one end that needs no allocation.
    Returned,
    /// It is in `Rare::dying`.
    Dying,
}

/// What few processes have.
#[derive(Debug, Default)]
struct Rare {
    relations: Relations,
    extras: Extras,
    /// Why the process ends, and by what: see [`End::Dying`].
    dying: Option<(ExitReason, EndedBy)>,
    /// The signals that came after the end was decided.
    late: Vec<Signal>,
    /// The one timer that wakes the body, for the earliest of its deadlines or earlier.
    armed: Option<TimerKey>,
}

/// Links, monitors and aliases.
#[derive(Debug, Default)]
pub(crate) struct Relations {
    pub(crate) links: Links,
    pub(crate) monitors: Monitors,
    pub(crate) watchers: Watchers,
    pub(crate) aliases: Aliases,
}

/// Metadata, and wakers of parts of the body.
#[derive(Debug, Default)]
pub(crate) struct Extras {
    pub(crate) label: Option<String>,
    pub(crate) dictionary: Few<String, Entry>,
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

/// What ended a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndedBy {
    /// Its body returned or panicked, or it called `exit`.
    Itself,
    /// An exit signal.
    Signal,
}

impl Own {
    pub(super) fn move_in(&mut self, body: Body) {
        self.body = Some(body);
    }

    /// The future of the body, to be polled.
    #[inline]
    pub(super) fn future(&self) -> Running {
        self.live_body().future()
    }

    /// Known also while the body is dropped, whose destructors may ask.
    pub(crate) fn birth(&self) -> &Birth {
        self.live_body().birth()
    }

    #[inline]
    fn live_body(&self) -> &Body {
        self.body.as_ref().expect("invariant P1: a live process has a body")
    }

    pub(crate) fn relations(&self) -> Option<&Relations> {
        self.rare.as_ref().map(|rare| &rare.relations)
    }

    /// Those there are: `None` means that there are none.
    pub(crate) fn existing_relations(&mut self) -> Option<&mut Relations> {
        self.rare.as_mut().map(|rare| &mut rare.relations)
    }

    pub(crate) fn relations_mut(&mut self) -> &mut Relations {
        &mut self.rare_mut().relations
    }

    pub(crate) fn extras(&self) -> Option<&Extras> {
        self.rare.as_ref().map(|rare| &rare.extras)
    }

    pub(crate) fn extras_mut(&mut self) -> &mut Extras {
        &mut self.rare_mut().extras
    }

    /// Takes the extras, if there may be any.
    pub(super) fn take_extras(&mut self) -> Option<Extras> {
        self.rare.as_mut().map(|rare| mem::take(&mut rare.extras))
    }

    fn rare_mut(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// A wait inside the body is over, or was dropped. Returns its waker, to be dropped outside.
    #[must_use]
    pub(crate) fn forget_inner_waker(&mut self, number: u64) -> Option<Waker> {
        if number == 0 {
            return None;
        }
        self.rare.as_mut()?.extras.inner_wakers.remove(&number)
    }

    #[inline]
    pub(crate) fn has_inner_wakers(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| !rare.extras.inner_wakers.is_empty())
    }

    /// Takes all wakers inside the body, to be woken.
    #[inline]
    pub(crate) fn take_inner_wakers(&mut self) -> BTreeMap<u64, Waker> {
        match &mut self.rare {
            Some(rare) => mem::take(&mut rare.extras.inner_wakers),
            None => BTreeMap::new(),
        }
    }

    /// Whether those whom it spawns are below a process that stops its children.
    #[inline]
    pub(crate) fn are_children_below(&self) -> bool {
        self.is_below || self.stops_children
    }

    /// The timer that wakes the body.
    #[inline]
    pub(crate) fn armed(&self) -> Option<TimerKey> {
        self.rare.as_ref()?.armed
    }

    /// Sets the timer that wakes the body, or none; returns the one before.
    pub(crate) fn set_armed(&mut self, key: Option<TimerKey>) -> Option<TimerKey> {
        if key.is_none() && self.rare.is_none() {
            return None;
        }
        mem::replace(&mut self.rare_mut().armed, key)
    }

    /// Whether the end has been decided.
    #[inline]
    pub(crate) fn is_dying(&self) -> bool {
        self.end != End::Undecided
    }

    /// Why the process ends, if that has been decided.
    pub(crate) fn reason(&self) -> Option<&ExitReason> {
        static NORMAL: ExitReason = ExitReason::Normal;
        match self.end {
            End::Undecided => None,
            End::Returned => Some(&NORMAL),
            End::Dying => self.rare.as_ref()?.dying.as_ref().map(|(reason, _)| reason),
        }
    }

    /// The process ends with `reason`, unless that was decided before: the first lethal signal
    /// wins. A reason that does not count is given back, to be dropped when nothing is borrowed.
    #[inline]
    #[must_use]
    pub(crate) fn die(&mut self, reason: ExitReason, by: EndedBy) -> Option<ExitReason> {
        if self.is_dying() {
            return Some(reason);
        }
        if matches!((&reason, by), (ExitReason::Normal, EndedBy::Itself)) {
            self.end = End::Returned;
        } else {
            self.end = End::Dying;
            self.rare_mut().dying = Some((reason, by));
        }
        None
    }

    /// Keeps a signal that came after the end was decided.
    pub(super) fn keep_late(&mut self, signal: Signal) {
        self.rare_mut().late.push(signal);
    }

    /// Takes what came after the end was decided.
    #[inline]
    pub(super) fn take_late(&mut self) -> Vec<Signal> {
        match &mut self.rare {
            Some(rare) => mem::take(&mut rare.late),
            None => Vec::new(),
        }
    }

    /// What is left when everything of the user's has been dropped: why it ends, by what, and who
    /// is to hear of it, if anybody is.
    pub(super) fn into_remains(self) -> (ExitReason, EndedBy, Option<Relations>) {
        match (self.end, self.rare) {
            (End::Dying, Some(rare)) => {
                let (reason, by) =
                    rare.dying.expect("invariant: `End::Dying` says that it is there");
                (reason, by, Some(rare.relations))
            }
            (_, rare) => {
                let relations = rare.map(|rare| rare.relations);
                (ExitReason::Normal, EndedBy::Itself, relations)
            }
        }
    }
}
