//! The process dictionary: data about a process, kept with it.

use std::any::Any;
use std::sync::Arc;

use super::this;
use crate::process::Entry;

/// Puts a value into the dictionary of the current process, in place of the one there was. Returns
/// whether the key was new.
///
/// The dictionary is for metadata that functions deep in a call need, such as the id of the request
/// that a process serves; state belongs into variables. Nobody else can read it, but
/// [`process_info`](crate::process_info) tells the keys.
///
/// ```
/// use kerosene::{erase, get, put};
///
/// kerosene::run(async {
///     assert!(put("request", 17_u64));
///     assert_eq!(get::<u64>("request"), Some(17));
///     assert_eq!(get::<u32>("request"), None);
///     assert!(erase("request"));
/// });
/// ```
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `put/2`, which returns the old value. Keys are text here.
#[track_caller]
pub fn put<T: Any + Send + Sync>(key: impl Into<String>, value: T) -> bool {
    insert("put", key.into(), Entry { value: Arc::new(value), inherited: false })
}

/// Puts a value into the dictionary, from where processes that the current one spawns from now on
/// have it too, and those that they spawn.
///
/// A child has what there was when it was spawned; what either changes later, the other does not
/// see.
///
/// ```
/// use kerosene::prelude::*;
/// use kerosene::{get, put_inherited};
///
/// kerosene::run(async {
///     put_inherited("request", 17_u64);
///     let (_, watch) = spawn_monitor(async {
///         assert_eq!(get::<u64>("request"), Some(17));
///     });
///     receive! { Down { monitor, reason, .. } if monitor == watch => {
///         assert_eq!(reason, ExitReason::Normal);
///     } }
/// });
/// ```
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: no equivalent. `proc_lib` hands `$ancestors` down like this.
#[track_caller]
pub fn put_inherited<T: Any + Send + Sync>(key: impl Into<String>, value: T) -> bool {
    insert("put_inherited", key.into(), Entry { value: Arc::new(value), inherited: true })
}

#[track_caller]
fn insert(function: &str, key: String, entry: Entry) -> bool {
    let old = this(function).with(|own| own.extras_mut().dictionary.insert(key, entry));
    old.is_none()
}

/// A copy of a value in the dictionary of the current process, if the key is there and its value is
/// a `T`.
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `get/1`. There is no `get/0`, which lists everything.
#[track_caller]
pub fn get<T: Any + Clone>(key: impl AsRef<str>) -> Option<T> {
    let entry = this("get").with(|own| {
        let entry = own.extras()?.dictionary.get(key.as_ref())?;
        Some(Arc::clone(&entry.value))
    })?;
    let value: &dyn Any = &*entry;
    value.downcast_ref::<T>().cloned()
}

/// Removes a value from the dictionary of the current process. Returns whether it was there.
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `erase/1`.
#[track_caller]
pub fn erase(key: impl AsRef<str>) -> bool {
    let old = this("erase").with(|own| own.extras_mut().dictionary.remove(key.as_ref()));
    old.is_some()
}

/// Says in a few words what the current process is, for reports and
/// [`process_info`](crate::process_info).
///
/// Unlike a registered name a label need not be unique, and nothing can be sent to it. Crash
/// reports and the table of a [stuck test](crate::guide::testing#stuck-tests) show it.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     set_label("guest 17");
///     let info = process_info(pid()).await;
///     assert_eq!(info.and_then(|info| info.label).as_deref(), Some("guest 17"));
/// });
/// ```
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `proc_lib:set_label/1`.
#[track_caller]
pub fn set_label(label: impl Into<String>) {
    let label = label.into();
    this("set_label").with(|own| own.extras_mut().label = Some(label));
}
