//! Finding a process that is about to be started again.

use std::time::Duration;

use tokio::time::Instant;

use crate::{Pid, sleep, whereis};

/// How long to wait between two looks at first; twice as long each time after that.
const FIRST_WAIT: Duration = Duration::from_millis(1);

/// How long to wait between two looks at most.
const WAIT_MAX: Duration = Duration::from_millis(32);

/// The process that is registered under a name; if there is none, waits for one.
///
/// While a supervisor restarts a child, its name is free for a moment. Who would rather wait than
/// fail asks here. The name is looked up again and again, so a new process is seen some
/// milliseconds after it has registered itself. `None`: nobody has had the name until the end of
/// the timeout. [`Duration::MAX`] is for ever.
///
/// ```
/// use kerosene::otp::whereis_or_wait;
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     spawn(async {
///         sleep(Duration::from_millis(5)).await;
///         register("late", pid()).expect("the name is free");
///         sleep(Duration::MAX).await;
///     });
///     assert_eq!(whereis("late"), None);
///     assert!(whereis_or_wait("late", Duration::from_secs(5)).await.is_some());
/// });
/// ```
///
/// In Erlang: a loop around `whereis/1`.
pub async fn whereis_or_wait(name: impl AsRef<str>, timeout: Duration) -> Option<Pid> {
    let name = name.as_ref();
    let end = Instant::now().checked_add(timeout);
    let mut wait = FIRST_WAIT;
    loop {
        let pid = whereis(name);
        let left = end.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()));
        if pid.is_some() || left.is_zero() {
            return pid;
        }
        sleep(wait.min(left)).await;
        wait = WAIT_MAX.min(wait * 2);
    }
}
