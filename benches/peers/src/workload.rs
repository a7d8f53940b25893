//! The workloads: what is done, how often, and what is counted.
//!
//! The definitions are those of a comparison that was made before Kerosene was written, so that its
//! figures can be laid beside these. Changing one makes all earlier figures of it worthless.

/// A ring has so many nodes.
pub const RING_SIZE: u64 = 1000;
/// Spawned and ended together, before the next so many are.
pub const BATCH: u64 = 1000;
/// A sender that gives way does so after so many messages.
const BURST: u64 = 64;

/// A line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Workload {
    /// What it is called, here and on the command line.
    pub name: &'static str,
    /// What is done.
    pub kind: Kind,
    /// How many operations a round has.
    pub count: u64,
    /// What one operation is.
    pub operation: &'static str,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Two actors pass a message to and fro.
    PingPong,
    /// The peer's own call, with the time-out that it has by default.
    Call,
    /// Senders send in turn to receivers that count.
    Flood {
        /// How many send.
        senders: u64,
        /// How many receive, from each sender in turn.
        receivers: u64,
        /// Whether a sender lets others run.
        pace: Pace,
    },
    /// Tokens travel around a ring of actors.
    Ring {
        /// How many travel at once.
        tokens: u64,
    },
    /// Actors live until their first message.
    Lives {
        /// So many are started, then all are waited for.
        batch: u64,
    },
    /// Actors that wait for ever.
    Idle,
    /// A tree of actors, ten below each, that sends its sums up; the count is that of its leaves.
    Skynet,
    /// A supervised actor fails and is started again.
    Restart(Crash),
    /// The peer's own call, by an actor whose mailbox holds messages of another kind.
    CallBehind {
        /// How many.
        backlog: u64,
    },
    /// A request and its answer as bare messages, the answer selected by its type and content.
    RequestBehind {
        /// How many messages of another type wait.
        backlog: u64,
    },
}

/// Whether a sender lets others run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// It sends all it has, if nothing stops it.
    AllAtOnce,
    /// It yields after every `BURST` messages.
    GivingWay,
}

impl Pace {
    /// Whether a sender lets others run after its message number `n`, counted from 0.
    #[must_use]
    pub fn gives_way_after(self, n: u64) -> bool {
        self == Self::GivingWay && n % BURST == BURST - 1
    }
}

/// How an actor fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crash {
    /// It panics.
    Panic,
    /// It returns an error, or what the peer has instead.
    Error,
}

const fn flood(
    name: &'static str,
    senders: u64,
    receivers: u64,
    pace: Pace,
    operation: &'static str,
) -> Workload {
    let kind = Kind::Flood { senders, receivers, pace };
    Workload { name, kind, count: 5_000_000, operation }
}

const fn of(name: &'static str, kind: Kind, count: u64, operation: &'static str) -> Workload {
    Workload { name, kind, count, operation }
}

/// All of them, in the order of the table.
pub const ALL: &[Workload] = &[
    of("ping-pong", Kind::PingPong, 1_000_000, "a round trip between two actors"),
    of("call", Kind::Call, 1_000_000, "a call and its answer, in the way the framework has for it"),
    flood("flood 1 to 1", 1, 1, Pace::AllAtOnce, "a message, sent and received"),
    flood(
        "flood 1 to 1, giving way",
        1,
        1,
        Pace::GivingWay,
        "the same, the sender yielding after every 64",
    ),
    flood("flood 8 to 1", 8, 1, Pace::AllAtOnce, "a message of one of 8 senders"),
    flood("flood 1000 to 1", 1000, 1, Pace::AllAtOnce, "a message of one of 1000 senders"),
    flood("flood 1 to 100", 1, 100, Pace::AllAtOnce, "a message to one of 100 receivers in turn"),
    of("ring of 1000, 1 token", Kind::Ring { tokens: 1 }, 1_000_000, "a hop"),
    of("ring of 1000, 100 tokens", Kind::Ring { tokens: 100 }, 1_000_000, "a hop"),
    of("spawn idle", Kind::Idle, 1_000_000, "a start of an actor that waits for ever"),
    of(
        "spawn, message, exit",
        Kind::Lives { batch: BATCH },
        1_000_000,
        "a life of one message; 1000 at a time",
    ),
    of(
        "spawn, message, exit, all at once",
        Kind::Lives { batch: u64::MAX },
        1_000_000,
        "the same, by a loop that does not wait",
    ),
    of("skynet", Kind::Skynet, 1_000_000, "an actor of a tree of 1 111 111"),
    of(
        "restart after a panic",
        Kind::Restart(Crash::Panic),
        10_000,
        "a message that makes a supervised actor panic, and its new start",
    ),
    of(
        "restart after an error",
        Kind::Restart(Crash::Error),
        10_000,
        "the same, the actor ending with an error",
    ),
    of(
        "call, 100 000 waiting",
        Kind::CallBehind { backlog: 100_000 },
        1000,
        "a call by an actor that has not received 100 000 messages",
    ),
    of(
        "request, 100 000 waiting",
        Kind::RequestBehind { backlog: 100_000 },
        1000,
        "a message and an answer that is selected, by such an actor",
    ),
];

/// The workload called `name`.
pub fn find(name: &str) -> Option<Workload> {
    ALL.iter().find(|workload| workload.name == name).copied()
}

impl Workload {
    /// The nearest count that leaves no remainder, and is not 0.
    pub fn whole(&self, count: u64) -> u64 {
        let of = match self.kind {
            Kind::Flood { senders, receivers, .. } => senders * receivers,
            Kind::Ring { tokens } => tokens,
            Kind::Lives { batch } if batch < count => batch,
            Kind::Skynet => return 10_u64.pow(count.max(10).ilog10()),
            _ => 1,
        };
        count.max(of) / of * of
    }

    /// How many operations a round of `count` has.
    pub fn operations(&self, count: u64) -> u64 {
        match self.kind {
            Kind::Skynet => (count * 10 - 1) / 9,
            _ => count,
        }
    }
}
