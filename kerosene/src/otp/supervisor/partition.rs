//! Several equal children, among which keys are distributed.
//!
//! Who routes a key asks nobody: the pids of the children are in a table that each start of a
//! child writes, and everybody reads.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use super::backoff::Backoff;
use super::builder::Supervisor;
use super::flags::Strategy;
use super::handle::SupervisorRef;
use super::spec::ChildSpec;
use crate::otp::StartError;
use crate::{Name, Pid};

/// Supervises several equal children, the partitions, each of which is responsible for some keys.
///
/// It takes apart what would be too much for one process: a cache, a
/// [`DynamicSupervisor`](super::DynamicSupervisor) that has to start many children at once.
/// [`Partitions`] tells which of them is responsible for a key.
///
/// ```
/// use kerosene::otp::{ChildSpec, PartitionSupervisor};
/// use kerosene::prelude::*;
///
/// async fn shard(number: usize) {
///     loop {
///         receive! { (from, key): (Pid, &str) => send(from, (key, number)) }
///     }
/// }
///
/// kerosene::run(async {
///     let supervisor = PartitionSupervisor::new(4, |number| {
///         ChildSpec::process("shard", move || shard(number))
///     });
///     let shards = supervisor.partitions();
///     supervisor.start_link().await?;
///     for key in ["apple", "pear"] {
///         send(shards.of(key), (pid(), key));
///         receive! { (k, _): (&str, usize) => assert_eq!(k, key) }
///     }
///     Ok::<(), kerosene::otp::StartError>(())
/// });
/// ```
///
/// In Elixir: `PartitionSupervisor`.
#[derive(Debug, Clone)]
#[must_use]
pub struct PartitionSupervisor {
    partitions: Partitions,
    supervisor: Supervisor,
}

impl PartitionSupervisor {
    /// A supervisor of as many partitions, each made by a function that gets its number, from 0.
    ///
    /// The spec's own id is replaced by the number. When a partition fails it alone is restarted.
    ///
    /// # Panics
    ///
    /// If there are no partitions.
    pub fn new(count: usize, partition: impl Fn(usize) -> ChildSpec) -> Self {
        assert!(count > 0, "keys cannot be distributed among no partitions");
        let pids: Arc<[_]> = (0..count).map(|_| RwLock::new(None)).collect();
        let children = (0..count).map(|number| {
            let pids = Arc::clone(&pids);
            partition(number).with_id(number.to_string()).on_start(move |pid| {
                *pids[number].write().unwrap_or_else(PoisonError::into_inner) = Some(pid);
            })
        });
        let supervisor = Supervisor::new(Strategy::OneForOne).children(children);
        Self { partitions: Partitions { pids: Arc::clone(&pids) }, supervisor }
    }

    /// How many restarts are allowed within how much time, of all partitions together; see
    /// [`Supervisor::intensity`].
    pub fn intensity(mut self, restarts_max: u32, period: Duration) -> Self {
        self.supervisor = self.supervisor.intensity(restarts_max, period);
        self
    }

    /// Waits before restarts, of all partitions whose specs do not say otherwise. Meanwhile the
    /// others run on, and [`Partitions`] lead to the process that has ended.
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.supervisor = self.supervisor.backoff(backoff);
        self
    }

    /// Registers the supervisor under a name.
    pub fn name(mut self, name: impl Into<Name>) -> Self {
        self.supervisor = self.supervisor.name(name);
        self
    }

    /// The way to the partitions, also before they are started, and after they were restarted.
    pub fn partitions(&self) -> Partitions {
        self.partitions.clone()
    }

    /// Starts the supervisor, linked to the current process, and its partitions in order.
    ///
    /// # Errors
    ///
    /// As [`Supervisor::start_link`].
    ///
    /// # Panics
    ///
    /// If no process runs here.
    #[track_caller]
    pub fn start_link(self) -> impl Future<Output = Result<SupervisorRef, StartError>> + Send {
        self.supervisor.start_link()
    }

    /// Starts the supervisor without a link, and its partitions in order. Nothing but a request or
    /// an exit signal stops it.
    ///
    /// ```
    /// use kerosene::otp::{ChildSpec, PartitionSupervisor};
    /// use kerosene::prelude::*;
    ///
    /// kerosene::run(async {
    ///     let shard = |_| ChildSpec::process("shard", || sleep(Duration::MAX));
    ///     let supervisor = PartitionSupervisor::new(4, shard).start().await?;
    ///     let info = process_info(supervisor.pid()).await.expect("it runs");
    ///     assert!(!info.links.contains(&pid()));
    ///     supervisor.stop().await;
    ///     Ok::<(), kerosene::otp::StartError>(())
    /// });
    /// ```
    ///
    /// # Errors
    ///
    /// As [`start_link`](Self::start_link).
    ///
    /// # Panics
    ///
    /// If no process runs here.
    ///
    /// In Elixir: no equivalent.
    #[track_caller]
    pub fn start(self) -> impl Future<Output = Result<SupervisorRef, StartError>> + Send {
        self.supervisor.start()
    }

    /// Makes this supervisor a child of another. Take the [`partitions`](Self::partitions) before;
    /// they stay valid when it is restarted.
    #[track_caller]
    pub fn child_spec(self, id: impl Into<Name>) -> ChildSpec {
        self.supervisor.child_spec(id)
    }
}

/// The way from a key to the partition that is responsible for it.
///
/// Cheap to clone, and to ask: it is a look into a table. It always leads to the process that was
/// started last; while a partition is being restarted, that is one that has ended.
///
/// In Elixir: `{:via, PartitionSupervisor, {name, key}}`.
#[derive(Clone)]
pub struct Partitions {
    pids: Arc<[RwLock<Option<Pid>>]>,
}

impl Partitions {
    /// The partition for a key. The same key has the same partition, in each run of the program.
    ///
    /// # Panics
    ///
    /// If the supervisor has not been started.
    pub fn of<K: Hash + ?Sized>(&self, key: &K) -> Pid {
        self.at(self.number_of(key))
    }

    /// The number of the partition for a key.
    pub fn number_of<K: Hash + ?Sized>(&self, key: &K) -> usize {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let number = hasher.finish() % self.pids.len() as u64;
        usize::try_from(number).unwrap_or(0)
    }

    /// The partition with a number, from 0.
    ///
    /// # Panics
    ///
    /// If there is none, or the supervisor has not been started.
    pub fn at(&self, number: usize) -> Pid {
        let pid = *self.pids[number].read().unwrap_or_else(PoisonError::into_inner);
        pid.unwrap_or_else(|| {
            panic!("partition {number} has not been started: start the supervisor first")
        })
    }

    /// How many partitions there are.
    pub fn count(&self) -> usize {
        self.pids.len()
    }

    /// All partitions, in order, to send something to each.
    ///
    /// # Panics
    ///
    /// If the supervisor has not been started.
    pub fn iter(&self) -> impl Iterator<Item = Pid> {
        (0..self.count()).map(|number| self.at(number))
    }
}

impl fmt::Debug for Partitions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Partitions({})", self.count())
    }
}
