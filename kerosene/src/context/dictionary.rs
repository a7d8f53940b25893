//! The process dictionary: data about a process, kept with it.

use std::any::Any;
use std::sync::Arc;

use super::this;
use crate::process::Entry;

/// Puts a value into the dictionary of the current process. Returns whether the key was new.
///
/// The dictionary is for metadata, such as the id of the request that a process serves; state
/// belongs into variables.
///
/// ```
/// use kerosene::prelude::*;
/// use kerosene::{get, put_inherited};
///
/// kerosene::run(async {
///     put_inherited("request", 17_u64);
///     let child = spawn_monitor(async {
///         assert_eq!(get::<u64>("request"), Some(17));
///     });
///     receive! { Down { reason, .. } => assert!(!reason.is_abnormal()) }
///     # let _ = child;
/// });
/// ```
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `put/2`. Keys are text here.
#[track_caller]
pub fn put<T: Any + Send + Sync>(key: impl Into<String>, value: T) -> bool {
    insert("put", key.into(), Entry { value: Arc::new(value), inherited: false })
}

/// The same, and processes that the current one spawns from now on have the value too, and theirs.
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: no equivalent; OTP copies `$ancestors` this way.
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
/// In Erlang: `get/1`.
#[track_caller]
pub fn get<T: Any + Clone>(key: impl AsRef<str>) -> Option<T> {
    let entry = this("get").with(|own| {
        let entry = own.extras.as_ref()?.dictionary.get(key.as_ref())?;
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
    let old = this("erase").with(|own| own.extras.as_mut()?.dictionary.remove(key.as_ref()));
    old.is_some()
}

/// Says in a few words what the current process is, for reports and
/// [`process_info`](crate::process_info).
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
