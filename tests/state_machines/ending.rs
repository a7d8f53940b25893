//! How a machine ends: replies, `terminate`, and who hears what (STM-6, and GST of servers).

use kerosene::otp::gen_statem::{self, Entered, GenStatem, Init, Machine as Whole, Transition};
use kerosene::otp::{StartOptions, sys};
use kerosene::prelude::*;

use crate::{Machine, event, go, machine, machine_that, mark, notes, send_all, written};

/// The reason in the `Down` of this monitor.
async fn down(watch: Monitor) -> ExitReason {
    receive! { Down { monitor, reason, .. } if monitor == watch => reason }
}

#[kerosene::test(seeds = 50)]
async fn a_stop_terminates_with_state_and_reason() {
    for reason in ["enough", "other"] {
        let machine = machine().await;
        let watch = monitor(machine);
        let stop = match reason {
            "enough" => event("stop", |_, _| Transition::stop("enough")),
            _ => event("stop", |_, _| Transition::stop("other")),
        };
        send_all(machine, [go::<2>("go"), stop, mark("never")]).await;
        assert_eq!(down(watch).await, reason.into());
        assert_eq!(written().await, format!("1:go 1>2 2:stop 2 ends: {reason}"));
    }
}

#[kerosene::test(seeds = 50)]
async fn a_callback_that_crashes_terminates_with_the_panic() {
    let machine = machine().await;
    let watch = monitor(machine);
    send(machine, event("crash", |_, _| panic!("oh")));
    let ExitReason::Panic(info) = down(watch).await else { panic!("the panic is the reason") };
    assert_eq!(info.message, "oh");
    assert!(written().await.starts_with("1:crash 1 ends: panic: oh"));

    let machine = crate::machine().await;
    let watch = monitor(machine);
    send(machine, "crash");
    assert!(matches!(down(watch).await, ExitReason::Panic(_)));
    assert!(written().await.starts_with("1 ends: panic: in event"));

    let machine = machine_that(|state| match state {
        1 => Entered::new(),
        _ => panic!("in enter"),
    });
    let machine = machine.await;
    let watch = monitor(machine);
    send(machine, go::<2>("go"));
    assert!(matches!(down(watch).await, ExitReason::Panic(_)));
    assert!(written().await.starts_with("1>1 1:go 1>2 2 ends: panic: in enter"));
}

#[kerosene::test(seeds = 50)]
async fn a_stop_that_is_asked_for_terminates() {
    let machine = machine().await;
    assert_eq!(sys::stop(machine, "asked", Duration::MAX).await, Ok(()));
    assert_eq!(written().await, "1 ends: asked");
}

#[kerosene::test(seeds = 50)]
async fn the_end_of_the_parent_terminates_a_machine_that_traps_exits() {
    let log = pid();
    let options = || StartOptions::new().name("machine");
    let parent = spawn(async move {
        let args: <Machine as GenStatem>::Args = (log, |_| Entered::new());
        let options = options().trap_exit();
        gen_statem::start_link::<Machine>(options, args).await.expect("it starts");
        send(log, "started");
        receive! { "end" => exit("gone") }
    });
    receive! { "started" => () }
    let watch = monitor("machine");
    send(parent, "end");
    assert_eq!(down(watch).await, "gone".into());
    assert_eq!(written().await, "1>1 1 ends: gone");
}

#[kerosene::test(seeds = 50)]
async fn a_machine_can_be_suspended_and_looked_into() {
    let machine = machine().await;
    send(machine, go::<2>("go"));
    let state = sys::inspect(machine, |whole: &Whole<Machine>| whole.state).await;
    assert_eq!(state, Ok(2));
    assert_eq!(sys::suspend(machine).await, Ok(()));
    send(machine, mark("a"));
    assert_eq!(notes(machine).await, "1:go 1>2");
    assert_eq!(sys::get_state(machine).await.as_deref(), Ok("in 2"));
    assert_eq!(sys::resume(machine).await, Ok(()));
    assert_eq!(notes(machine).await, "2:a");
    assert_eq!(sys::statistics(machine).await.map(|statistics| statistics.messages), Ok(2));
}

/// Owes answers: postponed, held, and given with the stop.
#[derive(Default)]
struct Debtor {
    held: Vec<ReplyTo<u8>>,
}

enum Ask {
    Postpone(ReplyTo<u8>),
    Hold(ReplyTo<u8>),
    Stop(ReplyTo<u8>),
    StopPostponed(ReplyTo<u8>),
}

impl GenStatem for Debtor {
    type Args = ();
    type State = ();
    type Event = Ask;

    async fn init((): ()) -> Init<Self> {
        Init::Ready((), Self::default())
    }

    async fn handle_event(&mut self, (): &(), ask: Ask) -> Transition<(), Ask> {
        match ask {
            Ask::Postpone(reply_to) => Transition::keep().postpone(Ask::Postpone(reply_to)),
            Ask::Hold(reply_to) => {
                self.held.push(reply_to);
                Transition::keep()
            }
            Ask::Stop(reply_to) => Transition::stop("closed").reply(reply_to, 1),
            Ask::StopPostponed(reply_to) => {
                Transition::stop("closed").postpone(Ask::StopPostponed(reply_to))
            }
        }
    }

    async fn terminate(self, (): (), _: &ExitReason) {
        receive! { "terminate" => () }
    }
}

#[kerosene::test(seeds = 100)]
async fn replies_of_a_stop_are_sent_before_it_terminates() {
    let debtor = gen_statem::start::<Debtor>(StartOptions::new(), ()).await.expect("it starts");
    let watch = monitor(debtor);
    // It terminates only when the answer has come.
    assert_eq!(call_with(debtor, Ask::Stop).await, Ok(1));
    assert!(is_alive(debtor).await);
    send(debtor, "terminate");
    assert_eq!(down(watch).await, "closed".into());
}

#[kerosene::test(seeds = 100)]
async fn callers_that_are_not_answered_hear_the_reason() {
    let debtor = gen_statem::start::<Debtor>(StartOptions::new(), ()).await.expect("it starts");
    let waiting = [
        call_with(debtor, Ask::Postpone).send(),
        call_with(debtor, Ask::Hold).send(),
        call_with(debtor, Ask::StopPostponed).send(),
        call_with(debtor, Ask::Postpone).send(),
    ];
    send(debtor, "terminate");
    for answer in waiting {
        assert_eq!(answer.await, Err(CallError::Exited("closed".into())));
    }
}
