//! How a machine starts: its first event, its refusals, and supervision.

use kerosene::otp::gen_statem::{self, Entered, GenStatem, Init, Transition};
use kerosene::otp::{StartError, StartOptions};
use kerosene::prelude::*;

/// Starts as it is told, and writes down what happens.
struct Starter {
    log: Pid,
}

#[derive(Clone, Copy)]
enum How {
    Ready,
    Then,
    Ignore,
    Refuse,
    Fail,
}

impl GenStatem for Starter {
    type Args = (Pid, How);
    type State = &'static str;
    type Event = u8;

    async fn init((log, how): Self::Args) -> Init<Self> {
        let starter = Self { log };
        // What is in the mailbox already comes after the first event.
        send(pid(), 2_u8);
        match how {
            How::Ready => Init::Ready("ready", starter),
            How::Then => Init::Then("then", starter, 1),
            How::Ignore => Init::Ignore,
            How::Refuse => Init::Refuse("refused".into()),
            How::Fail => Init::Fail("failed".into()),
        }
    }

    async fn handle_event(&mut self, state: &&'static str, n: u8) -> Transition<&'static str, u8> {
        send(self.log, format!("{state} {n}"));
        Transition::keep()
    }

    async fn enter(&mut self, _: &&'static str, state: &&'static str) -> Entered<u8> {
        send(self.log, format!("{state} entered"));
        Entered::new()
    }
}

async fn texts(count: usize) -> Vec<String> {
    let mut texts = Vec::new();
    for _ in 0..count {
        texts.push(receive! { text: String => text });
    }
    texts
}

#[kerosene::test(seeds = 50)]
async fn the_first_event_comes_after_the_first_state_is_entered_and_before_all_others() {
    let args = (pid(), How::Then);
    gen_statem::start_link::<Starter>(StartOptions::new(), args).await.expect("it starts");
    assert_eq!(texts(3).await, ["then entered", "then 1", "then 2"]);
}

#[kerosene::test(seeds = 50)]
async fn a_start_that_fails_says_why_and_leaves_nothing() {
    trap_exit(true);
    for (how, error) in [
        (How::Ignore, StartError::Ignored),
        (How::Refuse, StartError::Failed("refused".into())),
        (How::Fail, StartError::Failed("failed".into())),
    ] {
        let options = StartOptions::new().name("starter");
        let started = gen_statem::start_link::<Starter>(options, (pid(), how)).await;
        assert_eq!(started, Err(error));
        assert_eq!(whereis("starter"), None);
        receive! { _ => panic!("something is left"), after Duration::ZERO => () }
    }
}

#[kerosene::test(seeds = 50)]
async fn a_machine_is_started_anew_by_its_supervisor() -> Result<(), StartError> {
    let options = StartOptions::new().name("starter");
    let spec = gen_statem::child_spec::<Starter>("starter", options, (pid(), How::Ready));
    Supervisor::new(Strategy::OneForOne).child(spec).start_link().await?;
    assert_eq!(texts(2).await, ["ready entered", "ready 2"]);
    let first = whereis("starter").expect("it runs");
    exit_signal(first, ExitReason::Kill);
    assert_eq!(texts(2).await, ["ready entered", "ready 2"]);
    let second = whereis_or_wait("starter", Duration::from_secs(1)).await;
    assert_ne!(second, Some(first));
    Ok(())
}

#[kerosene::test(seeds = 50)]
async fn a_machine_can_be_monitored_from_the_start() -> Result<(), StartError> {
    let args = (pid(), How::Ready);
    let (machine, watch) = gen_statem::start_monitor::<Starter>(StartOptions::new(), args).await?;
    exit_signal(machine, "away");
    receive! { Down { monitor, reason, .. } if monitor == watch => {
        assert_eq!(reason, "away".into());
    } }
    Ok(())
}
