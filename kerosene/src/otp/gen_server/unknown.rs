//! Messages that a server does not know: reported once for each type, and dropped.

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};

use crate::{Message, pid};

/// The servers and types that have been reported. It is as large as the program has types at most.
static REPORTED: LazyLock<Mutex<HashSet<(&'static str, &'static str)>>> =
    LazyLock::new(Mutex::default);

/// Reports that a server has got a message it does not know, unless one of that type has been
/// reported before.
pub(crate) fn unknown(server: &'static str, message: &Message) {
    let reported = (server, message.type_name());
    let is_new = REPORTED.lock().unwrap_or_else(PoisonError::into_inner).insert(reported);
    if is_new {
        tracing::warn!(
            target: "kerosene::unknown_message",
            pid = %pid(),
            server,
            message = message.type_name(),
            "a server has got a message it does not know, and drops this and all of the type"
        );
    }
}
