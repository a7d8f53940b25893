//! Two signals from one process to another arrive in the order they were sent: whatever their
//! kinds are, and however the receiver is named.

use std::sync::Arc;

use kerosene::prelude::*;

struct Numbered {
    sender: usize,
    number: u32,
}

struct Checked;

/// Each sender counts for each receiver; each receiver checks that it hears every sender count.
async fn flood(senders: usize, receivers: usize, count: u32) {
    let test = pid();
    let receive_all = move || async move {
        let mut next = vec![0; senders];
        while next.iter().any(|next| *next < count) {
            receive! {
                Numbered { sender, number } => {
                    assert_eq!(number, next[sender], "from sender {sender}");
                    next[sender] += 1;
                }
            }
        }
        send(test, Checked);
    };
    let receivers: Arc<[Pid]> = (0..receivers).map(|_| spawn_link(receive_all())).collect();
    for sender in 0..senders {
        let receivers = receivers.clone();
        spawn_link(async move {
            for number in 0..count {
                for receiver in &*receivers {
                    send(*receiver, Numbered { sender, number });
                }
                if number % 8 == 0 {
                    yield_now().await;
                }
            }
        });
    }
    for _ in &*receivers {
        receive! { Checked => () }
    }
}

#[kerosene::test(seeds = 200)]
async fn messages_of_one_sender_arrive_in_order() {
    flood(3, 2, 30).await;
}

#[kerosene::test(real, worker_threads = 4)]
async fn order_holds_in_a_flood_on_every_scheduler() {
    flood(8, 8, 5_000).await;
}

/// The next number to arrive, be it a message or the reason of an `Exit`.
async fn next_number() -> u32 {
    receive! {
        number: u32 => number,
        Exit { reason, .. } => number_of(&reason),
    }
}

fn number_of(reason: &ExitReason) -> u32 {
    let ExitReason::Other(term) = reason else { panic!("no number: {reason}") };
    *term.downcast_ref().expect("a number")
}

/// Counts in signals of all kinds, and says the last number by dying.
async fn count_in_all_kinds(receiver: Pid, alias: Alias, count: u32) {
    for number in 0..count {
        match number % 7 {
            0 => send(receiver, number),
            1 | 2 => exit_signal(receiver, ExitReason::other(number)),
            3 => send(alias, number),
            4 => {
                link(receiver);
                send(receiver, number);
                assert!(is_alive(receiver).await);
            }
            5 => {
                let watch = monitor(receiver);
                exit_signal(receiver, ExitReason::other(number));
                unlink(receiver);
                assert!(demonitor(watch));
            }
            _ => {
                send(alias, number);
                yield_now().await;
            }
        }
    }
    link(receiver);
    exit(ExitReason::other(count))
}

async fn hear_all_kinds(count: u32) {
    trap_exit(true);
    let (receiver, alias) = (pid(), alias());
    spawn(async move { count_in_all_kinds(receiver, alias, count).await });
    for number in 0..=count {
        assert_eq!(next_number().await, number);
    }
    unalias(alias);
}

#[kerosene::test(seeds = 300)]
async fn order_holds_over_all_kinds_of_signals() {
    hear_all_kinds(21).await;
}

#[kerosene::test(real, worker_threads = 4)]
async fn order_holds_over_all_kinds_of_signals_on_real_threads() {
    for count in 0..2_000 {
        hear_all_kinds(count % 29).await;
    }
}

#[kerosene::test(seeds = 200)]
async fn a_message_before_an_exit_signal_arrives_before_it() {
    let me = pid();
    let options = SpawnOptions::new().link().trap_exit();
    let receiver = spawn_opt(options, async move {
        for _ in 0..4 {
            receive! {
                text: &str => send(me, ExitReason::from(text)),
                Exit { reason, .. } => send(me, reason),
            }
        }
    });
    send(receiver.pid, "first");
    exit_signal(receiver.pid, "second");
    yield_now().await;
    send(receiver.pid, "third");
    exit_signal(receiver.pid, "fourth");
    for expected in ["first", "second", "third", "fourth"] {
        receive! { heard: ExitReason => assert_eq!(heard, ExitReason::from(expected)) }
    }
}

/// Messages and monitors in turn, the latter by name: each finds its place in the stream.
async fn monitors_among_messages(name: String) {
    let test = pid();
    let server = spawn(async move {
        for expected in 0_u32..20 {
            receive! { number: u32 => assert_eq!(number, expected) }
        }
        receive! { () => send(test, Checked) }
        receive! { () => exit("over") }
    });
    register(&*name, server).expect("the name is free");
    let mut watches = Vec::new();
    for number in 0_u32..20 {
        watches.push(monitor(&name));
        if number % 2 == 0 {
            send(&name, number);
        } else {
            send(server, number);
        }
        if number % 5 == 0 {
            let info = process_info(server).await.expect("it waits for more");
            assert_eq!(info.monitored_by.len(), watches.len());
        }
    }
    send(&name, ());
    receive! { Checked => () }
    send(server, ());
    for watch in watches {
        receive! {
            Down { monitor, name: of, reason, .. } if monitor == watch => {
                assert_eq!(of.as_deref(), Some(&*name));
                assert_eq!(reason, ExitReason::from("over"), "it was set before the death");
            }
        }
    }
}

#[kerosene::test(seeds = 200)]
async fn a_monitor_by_name_keeps_its_place_among_messages() {
    monitors_among_messages("server".into()).await;
}

#[kerosene::test(real, worker_threads = 4)]
async fn a_monitor_by_name_keeps_its_place_among_messages_on_real_threads() {
    for round in 0..1_000 {
        monitors_among_messages(format!("ordered monitors {round}")).await;
    }
}

/// Counts to whoever asked, who is named in a different way each time.
async fn mix_destinations(name: &'static str, count: u32) {
    let receiver = pid();
    register(name, receiver).expect("the name is free");
    let aliases = [alias(), alias(), monitor_alias(receiver, AliasMode::Explicit).1];
    spawn_link(async move {
        for number in 0..count {
            match number % 11 {
                0 | 3 | 4 => send(receiver, number),
                1 | 5 | 9 => send(name, number),
                other => send(aliases[other as usize % 3], number),
            }
            if number % 16 == 0 {
                yield_now().await;
            }
        }
    });
    for expected in 0..count {
        receive! { number: u32 => assert_eq!(number, expected) }
    }
}

#[kerosene::test(seeds = 200)]
async fn pid_name_and_alias_share_one_order() {
    mix_destinations("mixed", 50).await;
}

#[kerosene::test(real, worker_threads = 4)]
async fn pid_name_and_alias_share_one_order_on_real_threads() {
    mix_destinations("mixed on threads", 100_000).await;
}
