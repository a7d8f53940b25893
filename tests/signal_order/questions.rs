//! Questions are signals: they are answered by a process that never receives, and in the order in
//! which they and everything else were sent to it.

use std::future::pending;

use kerosene::prelude::*;

use crate::down;

#[kerosene::test(seeds = 200)]
async fn a_process_that_never_receives_still_handles_signals() {
    let test = pid();
    let (idle, watch) = spawn_monitor(pending::<()>());
    exit_signal(idle, ExitReason::Normal);
    link(idle);
    send(idle, "unread");
    let info = process_info(idle).await.expect("it never ends by itself");
    assert_eq!((info.links, info.monitored_by), (vec![test], vec![test]));
    assert_eq!(info.mailbox_len, 1);
    unlink(idle);
    assert!(process_info(idle).await.expect("as before").links.is_empty());
    assert!(is_alive(idle).await);
    exit_signal(idle, "enough");
    assert_eq!(down(watch).await, ExitReason::from("enough"));
}

/// Starts a process in each of the states in which a signal may find it.
fn one_in_each_state() -> Vec<Pid> {
    let trapping = SpawnOptions::new().trap_exit();
    vec![
        spawn(pending::<()>()),
        spawn(sleep(Duration::MAX)),
        spawn(async {
            receive! { () => () }
        }),
        spawn(async {
            receive! { () => (), after Duration::from_hours(1) => () }
        }),
        spawn(async {
            loop {
                yield_now().await;
            }
        }),
        spawn(async {
            send(pid(), 0_u8);
            loop {
                receive! { n: u8 => send(pid(), n.wrapping_add(1)) }
            }
        }),
        spawn_opt(trapping, pending::<()>()).pid,
    ]
}

async fn kill_and_ask() {
    for victim in one_in_each_state() {
        exit_signal(victim, ExitReason::Normal);
        assert!(is_alive(victim).await);
        exit_signal(victim, ExitReason::Kill);
        assert!(!is_alive(victim).await);
    }
    // And those that have not run yet, or are just beginning to.
    for victim in one_in_each_state() {
        exit_signal(victim, ExitReason::Kill);
        assert!(!is_alive(victim).await);
        assert!(!is_alive(victim).await);
    }
}

#[kerosene::test(seeds = 300)]
async fn is_alive_is_false_after_kill() {
    kill_and_ask().await;
}

#[kerosene::test(real, worker_threads = 4)]
async fn is_alive_is_false_after_kill_on_real_threads() {
    for _ in 0..500 {
        kill_and_ask().await;
    }
}

/// What the target must answer, as far as the asker has had a hand in it.
#[derive(Default)]
struct Expected {
    messages: usize,
    linked: bool,
    watches: Vec<Monitor>,
}

impl Expected {
    /// Sends the next signal.
    fn send_one(&mut self, target: Pid, number: usize) {
        match number % 8 {
            0 | 5 => {
                send(target, number);
                self.messages += 1;
            }
            1 | 2 => self.watches.push(monitor(target)),
            3 => {
                link(target);
                self.linked = true;
            }
            4 => {
                exit_signal(target, "a message, as it traps exits");
                self.messages += 1;
            }
            6 => {
                unlink(target);
                self.linked = false;
            }
            _ => {
                let oldest = self.watches.remove(0);
                assert!(demonitor(oldest));
            }
        }
    }

    fn check(&self, info: &ProcessInfo) {
        assert_eq!(info.mailbox_len, self.messages);
        assert_eq!(info.links.contains(&pid()), self.linked);
        assert_eq!(info.monitored_by.len(), self.watches.len());
    }
}

/// `steps` signals to a process that receives none of them, with a question after every third.
async fn signals_and_questions(steps: usize) {
    let target = spawn_opt(SpawnOptions::new().trap_exit(), pending::<()>()).pid;
    let mut expected = Expected::default();
    for number in 0..steps {
        expected.send_one(target, number);
        if number % 3 == 0 {
            expected.check(&process_info(target).await.expect("it traps exits"));
        }
    }
    unlink(target);
    exit_signal(target, ExitReason::Kill);
    assert!(process_info(target).await.is_none());
}

#[kerosene::test(seeds = 200)]
async fn a_question_reflects_every_signal_sent_before_it() {
    signals_and_questions(24).await;
}

#[kerosene::test(real, worker_threads = 4)]
async fn a_question_reflects_every_signal_sent_before_it_on_real_threads() {
    for round in 0..1_000 {
        signals_and_questions(round % 40).await;
    }
}
