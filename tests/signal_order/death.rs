//! A death is the last that is heard of a process: what it sent, and what its destructors send,
//! arrives before, and what is sent to it afterwards reaches nobody else.

use std::future::pending;
use std::sync::Arc;

use kerosene::prelude::*;
use kerosene::put;

use crate::down;

/// How a process may end by itself.
#[derive(Debug, Clone, Copy)]
enum End {
    Return,
    Fail,
    Exit,
    Panic,
    /// By a signal from itself.
    Kill,
}

const ENDS: [End; 5] = [End::Return, End::Fail, End::Exit, End::Panic, End::Kill];

/// Ends the current process.
async fn end(end: End) -> Result<(), &'static str> {
    match end {
        End::Return => Ok(()),
        End::Fail => Err("failed"),
        End::Exit => exit("gone"),
        End::Panic => panic!("on purpose"),
        End::Kill => {
            exit_signal(pid(), ExitReason::Kill);
            pending().await
        }
    }
}

/// Waits for the `Exit` and the `Down` of a process, with nothing else in between.
async fn only_the_end_is_left(child: Spawned) {
    let mut heard = [false; 2];
    while heard != [true; 2] {
        let which = receive! {
            Exit { pid, .. } if pid == child.pid => 0,
            Down { monitor, .. } if Some(monitor) == child.monitor => 1,
            other => panic!("{other:?} is behind the end, or missing before it"),
        };
        assert!(!heard[which], "heard twice");
        heard[which] = true;
    }
}

/// The next signal is this number.
async fn expect_number(expected: u32) {
    let number = receive! { other => other };
    let number = number.downcast::<u32>().expect("all numbers come before the end");
    assert_eq!(number, expected);
}

async fn last_words(name: String, how: End) {
    trap_exit(true);
    let (me, by_alias) = (pid(), alias());
    register(&*name, me).expect("the name is free");
    let by_name = name.clone();
    let both = SpawnOptions::new().link().monitor();
    let child = spawn_opt(both, async move {
        for number in 0_u32..9 {
            match number % 3 {
                0 => send(me, number),
                1 => send(&by_name, number),
                _ => send(by_alias, number),
            }
            if number == 4 {
                yield_now().await;
            }
        }
        end(how).await
    });
    for number in 0..9 {
        expect_number(number).await;
    }
    only_the_end_is_left(child).await;
    unregister(&*name).expect("it is mine");
    unalias(by_alias);
}

#[kerosene::test(seeds = 200)]
async fn messages_before_death_precede_exit_and_down() {
    for how in ENDS {
        last_words("heir".into(), how).await;
    }
}

#[kerosene::test(real, worker_threads = 4)]
async fn messages_before_death_precede_exit_and_down_on_real_threads() {
    for round in 0..2_000 {
        let how = ENDS[round % ENDS.len()];
        let how = if matches!(how, End::Panic) { End::Exit } else { how };
        last_words(format!("heir {round}"), how).await;
    }
}

/// Sends its number when it is dropped.
struct LastWord(Pid, u32);

impl Drop for LastWord {
    fn drop(&mut self) {
        send(self.0, self.1);
    }
}

/// Everything a process can own: values of its body, messages, entries of its dictionary.
async fn owns_last_words(how: End) {
    trap_exit(true);
    let me = pid();
    let both = SpawnOptions::new().link().monitor();
    let child = spawn_opt(both, async move {
        let _of_the_body = LastWord(me, 1);
        put("of the dictionary", Arc::new(LastWord(me, 4)));
        send(pid(), LastWord(me, 2));
        receive! { () => () }
        send(pid(), LastWord(me, 3));
        end(how).await
    });
    send(child.pid, ());
    let mut words = Vec::new();
    while words.len() < 4 {
        let message = receive! { other => other };
        words.push(message.downcast::<u32>().expect("all last words come before the end"));
    }
    words.sort_unstable();
    assert_eq!(words, [1, 2, 3, 4]);
    only_the_end_is_left(child).await;
}

#[kerosene::test(seeds = 100)]
async fn messages_from_destructors_precede_down() {
    for how in ENDS {
        owns_last_words(how).await;
    }
    // A message behind the signal that kills.
    let (victim, watch) = spawn_monitor(pending::<()>());
    exit_signal(victim, ExitReason::Kill);
    send(victim, LastWord(pid(), 5));
    expect_number(5).await;
    assert_eq!(down(watch).await, ExitReason::Killed);
}

/// The place in the table that a pid shows: the middle of `<0.17.2>`.
fn place(pid: Pid) -> String {
    pid.to_string().split('.').nth(1).expect("three numbers").to_owned()
}

/// A process in the place of `dead`, which has ended. `None` if the place is not given out soon.
fn next_tenant(dead: Pid) -> Option<Pid> {
    let others: Vec<_> = (0..300).map(|_| spawn(pending::<()>())).collect();
    let tenant = others.iter().copied().find(|other| place(*other) == place(dead));
    for other in others.into_iter().filter(|other| Some(*other) != tenant) {
        exit_signal(other, ExitReason::Kill);
    }
    tenant
}

/// Sends all kinds of signals to a dead process, and looks at who lives in its place now.
async fn haunt(dead: Pid, alias_of_dead: Alias, tenant: Pid) {
    trap_exit(true);
    send(dead, "for the dead");
    send(alias_of_dead, "for the dead");
    schedule(Duration::ZERO, dead, "for the dead");
    link(dead);
    let watch = monitor(dead);
    exit_signal(dead, "for the dead");
    exit_signal(dead, ExitReason::Kill);
    assert!(!is_alive(dead).await);
    assert!(process_info(dead).await.is_none());
    assert!(register("for the dead", dead).is_err());
    assert_eq!(down(watch).await, ExitReason::NoProc);
    receive! { Exit { pid, reason } => assert_eq!((pid, reason), (dead, ExitReason::NoProc)) }

    assert_ne!(dead, tenant);
    let info = process_info(tenant).await.expect("nothing was sent to it");
    assert_eq!(info.mailbox_len, 0);
    assert!(info.links.is_empty() && info.monitored_by.is_empty() && info.names.is_empty());
}

async fn dead_and_its_alias() -> (Pid, Alias) {
    let me = pid();
    let (dead, watch) = spawn_monitor(async move { send(me, alias()) });
    down(watch).await;
    (dead, receive! { alias: Alias => alias })
}

#[kerosene::test(seeds = 50)]
async fn no_signal_reaches_the_next_tenant() {
    let (dead, alias) = dead_and_its_alias().await;
    let tenant = next_tenant(dead).expect("a simulation uses places again at once");
    haunt(dead, alias, tenant).await;
}

#[kerosene::test(real, worker_threads = 4)]
async fn no_signal_reaches_the_next_tenant_on_real_threads() {
    let mut met = 0;
    for _ in 0..200 {
        let (dead, alias) = dead_and_its_alias().await;
        if let Some(tenant) = next_tenant(dead) {
            haunt(dead, alias, tenant).await;
            exit_signal(tenant, ExitReason::Kill);
            met += 1;
        }
    }
    assert!(met > 0, "no place was used again: the test has seen nothing");
}
