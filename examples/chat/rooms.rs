//! Rooms: an actor each, which makes known what is said, and the way to find one.

use kerosene::otp::StartChildError;
use kerosene::prelude::*;

use crate::{Chat, ROOMS};

/// How much of what was said a newcomer hears.
pub(crate) const HISTORY_LINES: usize = 10;
/// How often a room looks whether anybody is left in it.
const SWEEP_PERIOD: Duration = Duration::from_mins(1);

/// What somebody has said.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) from: String,
    pub(crate) text: String,
}

/// The room has a look around.
#[derive(Debug, Clone)]
pub(crate) struct Sweep;

#[kerosene::actor]
pub(crate) mod room {
    use kerosene::otp::{Init, Topic};

    use super::{Chat, HISTORY_LINES, Line, SWEEP_PERIOD, Sweep};
    use kerosene::prelude::*;

    /// A room. It is open while it is registered.
    #[derive(Debug)]
    pub(crate) struct Room {
        chat: Chat,
        name: String,
        topic: Topic<Line>,
    }

    impl Room {
        /// Opens the room; not needed if it is open already.
        #[init]
        pub(crate) fn open(chat: Chat, name: String) -> Init<Self> {
            let topic = Topic::with_replay(HISTORY_LINES);
            if chat.rooms.register(name.clone(), topic.clone()).is_err() {
                return Init::Ignore;
            }
            schedule_interval(SWEEP_PERIOD, pid(), Sweep);
            Init::Ready(Self { chat, name, topic })
        }

        /// Makes a line known. When this is answered, it is.
        #[call]
        pub(crate) fn say(&mut self, from: String, text: String) {
            self.topic.publish(Line { from, text });
        }

        /// For those who want to see what happens then.
        #[cast]
        pub(crate) fn crash(&mut self) {
            panic!("somebody wants to see the room {:?} crash", self.name);
        }

        /// An empty room ends, and is opened anew when somebody enters.
        #[info]
        fn sweep(&mut self, Sweep: Sweep) -> Next {
            if self.chat.presence.get_members(&self.name).is_empty() {
                return Next::Stop(ExitReason::Normal);
            }
            Next::Continue
        }
    }
}

/// The room of that name, opened if it is not.
pub(crate) async fn find(chat: &Chat, name: &str) -> Result<OpenRoom, StartChildError> {
    loop {
        if let Some((pid, topic)) = chat.rooms.lookup(name).pop() {
            return Ok(OpenRoom { room: pid.into(), topic });
        }
        let rooms = DynamicSupervisorRef::named(ROOMS).ok_or(CallError::NoProc)?;
        let spec = room::child_spec(chat.clone(), name.to_owned()).restart(Restart::Transient);
        match rooms.start_child(spec).await {
            // Ignored: somebody else has opened it meanwhile, or its supervisor has.
            Ok(_) | Err(StartChildError::Ignored) => {}
            Err(error) => return Err(error),
        }
    }
}

/// A room as [`find`] has found it.
pub(crate) struct OpenRoom {
    pub(crate) room: room::Ref,
    pub(crate) topic: kerosene::otp::Topic<Line>,
}
