//! Looks after schedulers that are stuck in one long poll.
//!
//! A process that computes for long without an await holds its scheduler. The others steal what is
//! in its queue, but for the process that was to run next, which is left alone so that it stays on
//! the warm core. The watchdog, a thread of its own, looks at each scheduler once in a while: from
//! one that has been in the same poll since the last look it takes that process away, and after
//! some more time it reports who is in its way. Go's `sysmon` does the like.

use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use tokio::runtime::Handle;

use super::decoy;
use super::lane::{Lane, Lanes};
use super::schedulers::Schedulers;
use crate::process::{Slot, table_here};
use crate::term::Pid;

/// How often it looks while there is work.
const LOOK_BUSY: Duration = Duration::from_millis(10);

/// How often it looks while all schedulers sleep.
const LOOK_IDLE: Duration = Duration::from_millis(100);

/// From here on a poll is reported.
const LONG_POLL: Duration = Duration::from_millis(100);

/// The running watchdog.
#[derive(Debug)]
pub(super) struct Watchdog {
    /// Dropped to end it.
    stop: Option<SyncSender<()>>,
}

/// What was seen of a scheduler at the last look.
#[derive(Debug, Default, Clone)]
struct Seen {
    turns: u64,
    stuck: Duration,
    reported: bool,
}

impl Watchdog {
    /// Starts it. Without a thread to spare there is none, and nothing else changes.
    pub(super) fn start(name: &str, schedulers: &'static Schedulers, tokio: Handle) -> Self {
        let (stop, stopped) = sync_channel(0);
        let lanes = schedulers.lanes();
        let watch = move || {
            let mut seen = vec![Seen::default(); lanes.len()];
            let mut pause = LOOK_BUSY;
            while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                pause = look(schedulers, &tokio, &lanes, &mut seen, pause);
            }
        };
        let thread = std::thread::Builder::new().name(format!("{name}-watchdog"));
        Self { stop: thread.spawn(watch).ok().map(|_| stop) }
    }

    pub(super) fn stop(&mut self) {
        self.stop = None;
    }
}

/// One look at all schedulers. Returns when to look again.
fn look(
    schedulers: &'static Schedulers,
    tokio: &Handle,
    lanes: &Lanes,
    seen: &mut [Seen],
    pause: Duration,
) -> Duration {
    let mut next_pause = LOOK_IDLE;
    for (lane, seen) in lanes.iter().zip(seen) {
        let turns = lane.turns.get();
        let running = lane.running.get();
        if seen.turns != turns || running.is_none() {
            let moved = seen.turns != turns;
            *seen = Seen { turns, ..Seen::default() };
            if moved {
                next_pause = LOOK_BUSY;
            }
            continue;
        }
        next_pause = LOOK_BUSY;
        seen.stuck += pause;
        rescue(schedulers, tokio, lane);
        if let Some(slot) = running
            && seen.stuck >= LONG_POLL
            && !seen.reported
        {
            seen.reported = true;
            report(slot, seen.stuck);
        }
    }
    next_pause
}

/// Lets others have what waits at a stuck scheduler. Who counts as searching may be stuck behind
/// it, so that is not asked.
fn rescue(schedulers: &'static Schedulers, tokio: &Handle, lane: &Lane) {
    if !schedulers.idle.anyone_sleeps() {
        return;
    }
    // A worker of tokio's that is woken, and finds nothing to do, waits on tokio's driver: the one
    // that is stuck may have been the only one to read sockets and timers.
    decoy::spawn(tokio);
    if let Some(slot) = lane.next.replace(None) {
        schedulers.injector.push(slot);
    }
    if !schedulers.injector.is_empty() || !lane.stealer.is_empty() {
        schedulers.wake(schedulers.idle.take_sleeper());
    }
}

fn report(slot: &Slot, stuck: Duration) {
    let pid: Pid = slot.with_shared(|_| slot.pid());
    let names = table_here().registry.names_of(pid);
    tracing::warn!(
        target: "kerosene::long_poll",
        %pid,
        ?names,
        running_for = ?stuck,
        "a process has been running for long without awaiting; its scheduler can do nothing else"
    );
}
