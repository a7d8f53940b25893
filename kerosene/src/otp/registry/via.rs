//! A key of a registry as a destination, looked up each time something is sent.

use std::fmt;

use super::Registry;
use crate::{Dest, Destination, Pid};

/// A key of a [`Registry`] as a destination, made by [`Registry::via`].
///
/// It means whichever process has the key when something is sent. While nobody has it messages are
/// dropped, and calls and monitors find that there is no such process.
///
/// ```
/// use kerosene::otp::Registry;
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let counters: Registry<String> = Registry::unique();
///     let lobby = counters.via("lobby".to_owned());
///     assert_eq!(call_with(&lobby, |to: ReplyTo<u32>| to).await, Err(CallError::NoProc));
///
///     counters.register("lobby".to_owned(), ()).expect("it is free");
///     send(&lobby, "hello");
///     receive! { text: &str => assert_eq!(text, "hello") }
/// });
/// ```
///
/// In Elixir: `{:via, Registry, {registry, key}}`.
pub struct Via<K, V = ()> {
    pub(super) registry: Registry<K, V>,
    pub(super) key: K,
}

impl<K, V> Destination for Via<K, V>
where
    K: Ord + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    fn dest(&self) -> Dest<'_> {
        Dest::Pid(self.registry.whereis(&self.key).unwrap_or(Pid::NOBODY))
    }
}

impl<K: Clone, V> Clone for Via<K, V> {
    fn clone(&self) -> Self {
        Self { registry: self.registry.clone(), key: self.key.clone() }
    }
}

impl<K: fmt::Debug, V> fmt::Debug for Via<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Via").field("key", &self.key).finish_non_exhaustive()
    }
}
