//! A user: a process that reads what its client says, and writes what it hears.
//!
//! Nothing here is without a bound: what is read waits in the socket, what is heard waits in the
//! mailbox up to [`LINES_WAITING_MAX`], and a client that does not read is dropped.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;

use kerosene::otp::events::{Event, Lagged, Subscribe, Subscription};
use kerosene::otp::pg::{GroupMonitor, Joined, Left};
use kerosene::prelude::*;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::Chat;
use crate::flood::{Flood, Verdict};
use crate::lines::Lines;
use crate::rooms::{self, HISTORY_LINES, Line, OpenRoom, room};

/// How many lines may wait to be written.
const LINES_WAITING_MAX: usize = 200;
/// Where everybody begins.
const LOBBY: &str = "lobby";
const NAME_CHARS_MAX: usize = 20;
const HELP: &str = "* /join ROOM, /who, /rooms, /crash, /quit; all else is said to the room";

/// Somebody who has a name and is in a room.
struct User<'a> {
    lines: &'a mut Lines,
    chat: Chat,
    nick: String,
    flood: Flood,
    place: String,
    seat: Seat,
    /// Tells who comes and goes.
    presence: GroupMonitor,
    /// Who is here. Those who have gone have no name any more, so it is kept.
    here: BTreeMap<Pid, String>,
}

/// How a user hears a room.
#[derive(Clone, Copy)]
struct Seat {
    room: room::Ref,
    /// Tells that the room has ended.
    watch: Monitor,
    heard: Subscription,
}

/// Something to react to.
enum Happened {
    Typed(String),
    Heard(Line),
    Missed(u64),
    Came(Pid),
    Went(Pid),
    RoomEnded(ExitReason),
}

/// Why a user leaves.
enum End {
    Quit,
    /// The client is gone, or does not read.
    Gone,
    Flood,
    /// The server stops.
    Stop,
    /// Something that this process needs is not there.
    Broken(String),
}

impl From<io::Error> for End {
    fn from(_: io::Error) -> Self {
        End::Gone
    }
}

impl From<CallError> for End {
    fn from(error: CallError) -> Self {
        End::Broken(error.to_string())
    }
}

/// The body of the process.
pub(crate) async fn run(stream: TcpStream, chat: Chat) {
    trap_exit(true);
    let mut lines = Lines::new(stream);
    let Err(end) = serve(&mut lines, chat).await;
    let farewell = match end {
        End::Gone => return,
        End::Quit => "* good-bye".to_owned(),
        End::Flood => "* you write too much, good-bye".to_owned(),
        End::Stop => "* the server stops, good-bye".to_owned(),
        End::Broken(problem) => format!("* something is wrong ({problem}), good-bye"),
    };
    if lines.write(&farewell).await.is_ok() {
        lines.close().await;
    }
}

async fn serve(lines: &mut Lines, chat: Chat) -> Result<Infallible, End> {
    let nick = ask_name(lines, &chat).await?;
    let open = rooms::find(&chat, LOBBY).await;
    let open = open.map_err(|error| End::Broken(error.to_string()))?;
    let (presence, here) = enter(&chat, LOBBY).await?;
    let flood = Flood::new(chat.rate, Instant::now());
    let seat = Seat::take(&open);
    let mut user = User { lines, chat, nick, flood, place: LOBBY.into(), seat, presence, here };
    let Err(end) = user.talk().await;
    user.leave().await;
    Err(end)
}

/// Asks for a name until one is free, which then is this process'.
async fn ask_name(lines: &mut Lines, chat: &Chat) -> Result<String, End> {
    lines.write("* who are you?").await?;
    loop {
        let typed = tokio::select! {
            typed = lines.next() => typed?,
            () = told_to_stop() => return Err(End::Stop),
        };
        let nick = typed.trim();
        if !is_name(nick) {
            lines.write("* a name has up to 20 letters, digits, - and _").await?;
        } else if chat.nicks.register(nick.to_owned(), ()).is_err() {
            lines.write(&format!("* somebody is called {nick} already")).await?;
        } else {
            return Ok(nick.to_owned());
        }
    }
}

async fn told_to_stop() {
    receive! { Exit { .. } => {} }
}

fn is_name(text: &str) -> bool {
    let may_be = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    !text.is_empty() && text.chars().count() <= NAME_CHARS_MAX && text.chars().all(may_be)
}

/// Makes this process known as being in a place; returns who is there.
async fn enter(
    chat: &Chat,
    place: &str,
) -> Result<(GroupMonitor, BTreeMap<Pid, String>), CallError> {
    chat.presence.join(place, pid()).await?;
    let (presence, members) = chat.presence.monitor(place).await?;
    let named = |pid: Pid| Some((pid, chat.nicks.keys(pid).pop()?));
    Ok((presence, members.into_iter().filter_map(named).collect()))
}

impl Seat {
    fn take(open: &OpenRoom) -> Self {
        let how = Subscribe::new().capacity(LINES_WAITING_MAX).replay(HISTORY_LINES);
        let heard = open.topic.subscribe_with(&how);
        Self { room: open.room, watch: monitor(open.room), heard }
    }

    fn leave(self) {
        self.heard.cancel();
        demonitor_flush(self.watch);
    }
}

impl User<'_> {
    async fn talk(&mut self) -> Result<Infallible, End> {
        self.lines.write(&format!("* welcome, {}; {}", self.nick, &HELP[2..])).await?;
        self.tell_place().await?;
        loop {
            match self.happened().await? {
                Happened::Typed(text) => self.typed(&text).await?,
                Happened::Heard(Line { from, text }) => {
                    self.lines.write(&format!("<{from}> {text}")).await?;
                }
                Happened::Missed(count) => {
                    self.lines.write(&format!("* you have missed {count} lines")).await?;
                }
                Happened::Came(pid) => self.came(pid).await?,
                Happened::Went(pid) => self.went(pid).await?,
                Happened::RoomEnded(reason) => self.go_back_in(&reason).await?,
            }
        }
    }

    /// Leaves at once, however long the client takes to close. (The end of this process would do
    /// the same.)
    async fn leave(self) {
        self.seat.leave();
        self.chat.nicks.unregister(&self.nick);
        let _ = self.chat.presence.leave(self.place, pid()).await; // it may have crashed
    }

    async fn happened(&mut self) -> Result<Happened, End> {
        tokio::select! {
            typed = self.lines.next() => Ok(Happened::Typed(typed?)),
            message = next_message(self.seat, self.presence) => message,
        }
    }

    async fn typed(&mut self, line: &str) -> Result<(), End> {
        let line = line.trim();
        match self.flood.judge(Instant::now()) {
            Verdict::Heard => {}
            Verdict::TooFast { is_first: true } => {
                return Ok(self.lines.write("* slow down: this was not heard").await?);
            }
            Verdict::TooFast { is_first: false } => return Ok(()),
            Verdict::Out => return Err(End::Flood),
        }
        match line.split_once(' ').unwrap_or((line, "")) {
            ("", _) => Ok(()),
            ("/quit", _) => Err(End::Quit),
            ("/who", _) => self.tell_place().await,
            ("/rooms", _) => self.tell_rooms().await,
            ("/join", place) => self.go_to(place.trim()).await,
            ("/crash", _) => {
                self.seat.room.crash();
                Ok(())
            }
            (command, _) if command.starts_with('/') => Ok(self.lines.write(HELP).await?),
            _ => self.say(line).await,
        }
    }

    async fn say(&mut self, text: &str) -> Result<(), End> {
        let said = self.seat.room.say(self.nick.clone(), text.to_owned()).await;
        if said.is_err() {
            self.lines.write(&format!("* perhaps not heard: {text}")).await?;
        }
        Ok(())
    }

    async fn go_to(&mut self, place: &str) -> Result<(), End> {
        if !is_name(place) {
            return Ok(self.lines.write("* that is no name for a room").await?);
        }
        let open = match rooms::find(&self.chat, place).await {
            Ok(open) => open,
            Err(error) => return Ok(self.lines.write(&format!("* no way in: {error}")).await?),
        };
        self.seat.leave();
        self.chat.presence.demonitor(self.presence).await?;
        let _ = self.chat.presence.leave(self.place.as_str(), pid()).await; // it is in there
        self.seat = Seat::take(&open);
        (self.presence, self.here) = enter(&self.chat, place).await?;
        place.clone_into(&mut self.place);
        self.tell_place().await
    }

    /// The room has ended. It is there again, or will be soon.
    async fn go_back_in(&mut self, reason: &ExitReason) -> Result<(), End> {
        if reason.is_abnormal() {
            self.lines.write("* the room has crashed, and opens again").await?;
        }
        self.seat.leave();
        let open = rooms::find(&self.chat, &self.place).await;
        self.seat = Seat::take(&open.map_err(|error| End::Broken(error.to_string()))?);
        Ok(())
    }

    async fn came(&mut self, pid: Pid) -> Result<(), End> {
        let Some(nick) = self.chat.nicks.keys(pid).pop() else { return Ok(()) };
        self.lines.write(&format!("* {nick} comes in")).await?;
        self.here.insert(pid, nick);
        Ok(())
    }

    async fn went(&mut self, pid: Pid) -> Result<(), End> {
        let Some(nick) = self.here.remove(&pid) else { return Ok(()) };
        Ok(self.lines.write(&format!("* {nick} leaves")).await?)
    }

    async fn tell_place(&mut self) -> Result<(), End> {
        let mut nicks: Vec<&str> = self.here.values().map(String::as_str).collect();
        nicks.sort_unstable();
        let line = format!("* in {}: {}", self.place, nicks.join(", "));
        Ok(self.lines.write(&line).await?)
    }

    async fn tell_rooms(&mut self) -> Result<(), End> {
        let presence = &self.chat.presence;
        let shown = |name: String| format!("{name} ({})", presence.get_members(&name).len());
        let rooms: Vec<_> =
            presence.which_groups().into_iter().map(|n| shown(n.to_string())).collect();
        Ok(self.lines.write(&format!("* rooms: {}", rooms.join(", "))).await?)
    }
}

/// The next message that means something where the user is.
async fn next_message(seat: Seat, presence: GroupMonitor) -> Result<Happened, End> {
    loop {
        let happened = receive! {
            Event { subscription, event: Line { from, text }, .. } => {
                (subscription == seat.heard).then_some(Happened::Heard(Line { from, text }))
            }
            Lagged { subscription, missed, .. } => {
                (subscription == seat.heard).then_some(Happened::Missed(missed))
            }
            Joined { monitor, pid, .. } if monitor == presence => Some(Happened::Came(pid)),
            Left { monitor, pid, .. } if monitor == presence => Some(Happened::Went(pid)),
            Down { monitor, reason, .. } if monitor == seat.watch => {
                Some(Happened::RoomEnded(reason))
            }
            Exit { .. } => return Err(End::Stop),
        };
        // What was said in a room that this user has left is of no interest.
        if let Some(happened) = happened {
            return Ok(happened);
        }
    }
}
