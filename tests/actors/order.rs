//! The loop of a server: in which order it does what (GSL).

use kerosene::otp::{GenServer, Init, StartError, StartOptions, gen_server, sys};
use kerosene::prelude::*;

use crate::{Log, ended};

/// A server by hand, which notes what it is told.
struct Noter {
    log: Log,
}

enum Note {
    Text(&'static str),
    Next(Next),
    Read(ReplyTo<Vec<String>>),
}

impl GenServer for Noter {
    type Args = (Log, Next);
    type Request = Note;

    async fn init((log, first): (Log, Next)) -> Init<Self> {
        // Sent before anything of the initialisation has been done.
        send(pid(), Note::Text("from init"));
        trap_exit(true);
        Init::Then(Self { log }, first)
    }

    async fn handle_request(&mut self, note: Note) -> Next {
        match note {
            Note::Text(text) => self.log.note(text),
            Note::Next(next) => return next,
            Note::Read(reply_to) => reply_to.reply(self.log.read()),
        }
        Next::Continue
    }

    async fn handle_info(&mut self, message: Message) -> Next {
        if message.is::<IdleTimeout>() {
            self.log.note("idle");
        } else if let Ok(exit) = message.downcast::<Exit>() {
            self.log.note(format!("exit {}", exit.reason));
        }
        Next::Continue
    }

    async fn handle_continue(&mut self, what: Message) -> Next {
        match what.downcast::<&str>() {
            Ok("first") => {
                self.log.note("first");
                Next::continue_with("second")
            }
            Ok(other) => {
                self.log.note(other);
                Next::Continue
            }
            Err(_) => Next::Stop("no text".into()),
        }
    }

    async fn terminate(self, reason: &ExitReason) {
        self.log.note(format!("terminate {reason}"));
    }
}

async fn noter(log: &Log, first: Next) -> Result<Pid, StartError> {
    gen_server::start::<Noter>(StartOptions::new(), (log.clone(), first)).await
}

async fn read(noter: Pid) -> Vec<String> {
    call_with(noter, Note::Read).await.expect("it answers")
}

#[kerosene::test(seeds = 50)]
async fn messages_are_handled_in_the_order_of_the_mailbox() -> Result<(), StartError> {
    let log = Log::default();
    let noter = noter(&log, Next::Continue).await?;
    cast(noter, Note::Text("one"));
    exit_signal(noter, "from a stranger");
    cast(noter, Note::Text("two"));
    let expected = ["from init", "one", "exit from a stranger", "two"];
    assert_eq!(read(noter).await, expected);
    Ok(())
}

/// What was sent before the parent's exit is handled before it.
#[kerosene::test(seeds = 100)]
async fn casts_before_the_parents_exit_are_handled_first() {
    let log = Log::default();
    let (started, inner) = (pid(), log.clone());
    spawn(async move {
        let options = StartOptions::new();
        let noter = gen_server::start_link::<Noter>(options, (inner, Next::Continue)).await;
        let noter = noter.expect("it starts");
        send(started, noter);
        for text in ["one", "two", "three"] {
            cast(noter, Note::Text(text));
        }
        exit("gone")
    });
    let noter = receive! { noter: Pid => noter };
    ended(noter).await;
    assert_eq!(log.read(), ["from init", "one", "two", "three", "terminate gone"]);
}

#[kerosene::test(seeds = 50)]
async fn a_continue_from_init_runs_before_any_message() -> Result<(), StartError> {
    let log = Log::default();
    let noter = noter(&log, Next::continue_with("first")).await?;
    assert_eq!(read(noter).await, ["first", "second", "from init"]);
    cast(noter, Note::Next(Next::continue_with("again")));
    cast(noter, Note::Text("later"));
    assert_eq!(read(noter).await[3..], ["again", "later"]);
    Ok(())
}

#[kerosene::test]
async fn an_idle_timeout_arrives_if_nothing_else_does() -> Result<(), StartError> {
    let log = Log::default();
    let noter = noter(&log, Next::Continue).await?;
    cast(noter, Note::Next(Next::Timeout(Duration::from_secs(5))));
    sleep(Duration::from_secs(4)).await;
    assert_eq!(log.read(), ["from init"]);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(log.read(), ["from init", "idle"]);
    // Once.
    sleep(Duration::from_secs(20)).await;
    assert_eq!(log.read(), ["from init", "idle"]);
    Ok(())
}

#[kerosene::test]
async fn any_message_cancels_the_idle_timeout() -> Result<(), StartError> {
    let log = Log::default();
    let noter = noter(&log, Next::Continue).await?;
    cast(noter, Note::Next(Next::Timeout(Duration::from_secs(5))));
    sleep(Duration::from_secs(4)).await;
    cast(noter, Note::Text("here"));
    sleep(Duration::from_secs(20)).await;
    assert_eq!(log.read(), ["from init", "here"]);
    Ok(())
}

#[kerosene::test]
async fn what_sys_asks_does_not_touch_the_idle_timeout() -> Result<(), CallError> {
    let log = Log::default();
    let noter = noter(&log, Next::Continue).await.expect("it starts");
    cast(noter, Note::Next(Next::Timeout(Duration::from_secs(5))));
    sleep(Duration::from_secs(4)).await;
    sys::statistics(noter).await?;
    sleep(Duration::from_millis(1500)).await;
    assert_eq!(log.read(), ["from init", "idle"]);
    Ok(())
}

#[kerosene::test(seeds = 50)]
async fn a_timeout_of_zero_lets_a_waiting_message_win() -> Result<(), StartError> {
    let log = Log::default();
    let noter = noter(&log, Next::Timeout(Duration::ZERO)).await?;
    sleep(Duration::from_secs(1)).await;
    assert_eq!(log.read(), ["from init"]);
    cast(noter, Note::Next(Next::Timeout(Duration::ZERO)));
    sleep(Duration::from_secs(1)).await;
    assert_eq!(log.read(), ["from init", "idle"]);
    Ok(())
}

#[kerosene::test]
async fn a_server_that_hibernates_wakes_at_the_next_message() -> Result<(), StartError> {
    let log = Log::default();
    let noter = noter(&log, Next::Hibernate).await?;
    cast(noter, Note::Next(Next::Hibernate));
    sleep(Duration::from_mins(1)).await;
    cast(noter, Note::Text("good morning"));
    assert_eq!(read(noter).await, ["from init", "good morning"]);
    Ok(())
}
