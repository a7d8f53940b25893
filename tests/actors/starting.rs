//! How a server starts, and what is left when it does not (GSI).

use kerosene::otp::{self, GenServer, Init, StartError, StartOptions, gen_server};
use kerosene::prelude::*;

use crate::{Log, ended, mailbox};

/// A server that starts as it is told.
struct Starter;

#[derive(Clone)]
enum How {
    Ready,
    Ignore,
    Refuse,
    Fail,
    Panic,
    Exit,
    Wait,
}

impl GenServer for Starter {
    type Args = (How, Log);
    type Request = ReplyTo<bool>;

    async fn init((how, log): (How, Log)) -> Init<Self> {
        log.note("init");
        sleep(Duration::from_secs(1)).await;
        match how {
            How::Ready => Init::Ready(Self),
            How::Ignore => Init::Ignore,
            How::Refuse => Init::Refuse("no".into()),
            How::Fail => Init::Fail("failed".into()),
            How::Panic => panic!("no ink"),
            How::Exit => exit("left"),
            How::Wait => {
                sleep(Duration::MAX).await;
                Init::Ignore
            }
        }
    }

    async fn handle_request(&mut self, reply_to: ReplyTo<bool>) -> Next {
        reply_to.reply(whereis("starter") == Some(pid()));
        Next::Continue
    }
}

fn named() -> StartOptions {
    StartOptions::new().name("starter")
}

async fn start_link(how: How) -> Result<Pid, StartError> {
    gen_server::start_link::<Starter>(named(), (how, Log::default())).await
}

#[kerosene::test(seeds = 20)]
async fn start_link_returns_when_init_has() {
    let log = Log::default();
    let begun = tokio::time::Instant::now();
    let args = (How::Ready, log.clone());
    let server = gen_server::start_link::<Starter>(named(), args).await.expect("it starts");
    assert_eq!(begun.elapsed().as_secs(), 1);
    assert_eq!(log.read(), ["init"]);
    assert_eq!(whereis("starter"), Some(server));
    assert_eq!(call_with(server, |to: ReplyTo<bool>| to).await, Ok(true));
}

/// Whichever way it fails: the process is dead, its name is free, and nothing is in the mailbox of
/// a starter that traps exits.
#[kerosene::test(seeds = 30)]
async fn a_server_that_does_not_start_leaves_nothing_behind() {
    trap_exit(true);
    let failed = |reason: &str| StartError::Failed(reason.into());
    for (how, expected) in [
        (How::Ignore, StartError::Ignored),
        (How::Refuse, failed("no")),
        (How::Fail, failed("failed")),
        (How::Exit, failed("left")),
    ] {
        let before = process_count();
        assert_eq!(start_link(how.clone()).await, Err(expected.clone()));
        assert_eq!(whereis("starter"), None);
        assert_eq!(process_count(), before);
        assert_eq!(mailbox().await, [""; 0]);
        let args = (how, Log::default());
        let monitored = gen_server::start_monitor::<Starter>(named(), args).await;
        assert_eq!(monitored.map(|(pid, _)| pid), Err(expected));
        assert_eq!(mailbox().await, [""; 0]);
    }
    let Err(StartError::Failed(ExitReason::Panic(info))) = start_link(How::Panic).await else {
        panic!("the panic is the reason");
    };
    assert_eq!(info.message, "no ink");
    assert_eq!(mailbox().await, [""; 0]);
}

#[kerosene::test(seeds = 20)]
async fn a_start_link_that_is_refused_spares_its_starter_and_one_that_fails_does_not() {
    for (how, expected) in [
        (How::Ignore, ExitReason::Normal),
        (How::Refuse, ExitReason::Normal),
        (How::Fail, "failed".into()),
        (How::Exit, "left".into()),
    ] {
        let starter = spawn(async move {
            assert!(start_link(how).await.is_err());
        });
        assert_eq!(ended(starter).await, expected);
    }
}

#[kerosene::test(seeds = 20)]
async fn a_name_that_is_taken_is_found_before_init_runs() {
    let first = start_link(How::Ready).await.expect("it starts");
    let log = Log::default();
    let args = (How::Ready, log.clone());
    let second = gen_server::start_link::<Starter>(named(), args).await;
    assert_eq!(second, Err(StartError::AlreadyStarted(first)));
    assert_eq!(log.read(), [""; 0]);
    assert_eq!(mailbox().await, [""; 0]);
}

#[kerosene::test(seeds = 20)]
async fn an_init_that_takes_too_long_is_killed() {
    let options = named().timeout(Duration::from_secs(3));
    let args = (How::Wait, Log::default());
    let late = gen_server::start_link::<Starter>(options, args).await;
    assert_eq!(late, Err(StartError::Timeout));
    assert_eq!(whereis("starter"), None);
    assert_eq!(mailbox().await, [""; 0]);
}

#[kerosene::test(seeds = 20)]
async fn the_end_of_the_starter_ends_an_init_that_is_linked() {
    let starter = spawn(async {
        let _ = start_link(How::Wait).await;
    });
    sleep(Duration::from_secs(2)).await;
    let server = whereis("starter").expect("it initialises itself");
    exit_signal(starter, "gone");
    assert_eq!(ended(server).await, "gone".into());
    assert_eq!(whereis("starter"), None);
}

/// What is sent while the server initialises itself waits for it.
#[kerosene::test(seeds = 20)]
async fn a_call_by_name_during_init_is_answered_after_it() {
    let asker = spawn_monitor(async {
        sleep(Duration::from_millis(500)).await;
        assert_eq!(call_with("starter", |to: ReplyTo<bool>| to).await, Ok(true));
    });
    let server = start_link(How::Ready).await.expect("it starts");
    receive! { Down { monitor, reason, .. } if monitor == asker.1 => {
        assert_eq!(reason, ExitReason::Normal);
    } }
    assert_eq!(otp::sys::stop(server, ExitReason::Normal, Duration::MAX).await, Ok(()));
}
