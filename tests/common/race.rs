//! Making two things happen at the same time on real threads: for tests whose processes must meet
//! in the middle of an act.

use std::hint::spin_loop;
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use kerosene::prelude::*;

/// Sends `"end"` to processes while another process has its turn: from a thread, since what a
/// process sends may have to wait for the end of its turn.
pub(crate) struct Ender(mpsc::Sender<Pid>);

impl Ender {
    pub(crate) fn new() -> Self {
        let (sender, pids) = mpsc::channel::<Pid>();
        thread::spawn(move || pids.into_iter().for_each(|pid| send(pid, "end")));
        Self(sender)
    }

    pub(crate) fn end(&self, pid: Pid) {
        self.0.send(pid).expect("the thread lives as long as this");
    }
}

/// How long to wait before an act so that it meets what somebody else does.
pub(crate) struct Aim(Duration);

impl Aim {
    pub(crate) fn new() -> Self {
        Self(Duration::from_micros(20))
    }

    pub(crate) fn wait(&self) {
        spin(self.0);
    }

    /// Whoever was first waits a little longer the next time.
    pub(crate) fn adjust(&mut self, too_late: bool) {
        self.0 = if too_late { self.0 * 7 / 8 } else { self.0 + Duration::from_micros(3) };
    }
}

/// Lets time pass without an await.
pub(crate) fn spin(delay: Duration) {
    let begun = Instant::now();
    while begun.elapsed() < delay {
        spin_loop();
    }
}
