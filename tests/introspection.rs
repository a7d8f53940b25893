//! What can be asked about processes: `process_info`, the list of the living, dictionaries, labels.
//!
//! A question is a signal, received in order with all others: it sees what its asker did before,
//! and nothing of a process that had been killed before. It disturbs nobody: a process that waits
//! goes on waiting.

use kerosene::prelude::*;
use kerosene::{ProcessStatus, erase, get, put, put_inherited};

const SECOND: Duration = Duration::from_secs(1);

struct Stop;

/// Lives until it is told to stop.
async fn until_stop() {
    receive! { Stop => () }
}

async fn info_of(pid: Pid) -> ProcessInfo {
    process_info(pid).await.expect("it is alive")
}

async fn until_down(watch: Monitor) -> ExitReason {
    receive! { Down { monitor, reason, .. } if monitor == watch => reason }
}

#[kerosene::test(seeds = 200)]
async fn process_info_is_none_after_kill() {
    let idle = spawn(until_stop());
    let busy = spawn(async {
        loop {
            yield_now().await;
        }
    });
    let traps = spawn(async {
        trap_exit(true);
        loop {
            receive! { Exit { .. } => (), after SECOND => () }
        }
    });
    for victim in [idle, busy, traps] {
        exit_signal(victim, ExitReason::Kill);
        assert!(process_info(victim).await.is_none(), "asked after it was killed");
    }
}

#[kerosene::test(real, worker_threads = 4)]
async fn process_info_is_none_after_kill_on_real_threads() {
    for _ in 0..5000 {
        let victim = spawn(async {
            loop {
                receive! { _: u32 => (), after SECOND => () }
            }
        });
        send(victim, 1_u32);
        exit_signal(victim, ExitReason::Kill);
        assert!(process_info(victim).await.is_none(), "asked after it was killed");
    }
}

#[kerosene::test(seeds = 100)]
async fn process_info_tells_links_monitors_and_names() {
    let other = spawn(until_stop());
    let subject = spawn(async move {
        trap_exit(true);
        receive! { "set up" => () }
        let watch = monitor(other);
        link(other);
        receive! { from: Pid => send(from, watch) }
        until_stop().await;
    });
    let info = info_of(subject).await;
    assert!(info.links.is_empty() && info.monitors.is_empty() && info.monitored_by.is_empty());
    assert!(info.names.is_empty());
    send(subject, "set up");
    send(subject, pid());
    let watch = receive! { watch: Monitor => watch };
    let mine = monitor(subject);
    link(subject);
    register("b", subject).expect("the name is free");
    register("a", subject).expect("the name is free");
    let mut info = info_of(subject).await;
    info.links.sort_unstable();
    info.names.sort_unstable();
    let mut links = [other, pid()];
    links.sort_unstable();
    assert_eq!(info.pid, subject);
    assert_eq!(info.links, links);
    assert_eq!(info.monitors, [(watch, other)]);
    assert_eq!(info.monitored_by, [pid()]);
    assert_eq!(info.names, ["a", "b"]);
    assert!(info.trap_exit);
    assert_eq!(info_of(other).await.monitored_by, [subject], "the other end of the same");
    assert_eq!(info_of(other).await.links, [subject]);
    unlink(subject);
    demonitor(mine);
    unregister("a").expect("it is registered");
    let info = info_of(subject).await;
    assert_eq!(info.links, [other]);
    assert!(info.monitored_by.is_empty());
    assert_eq!(info.names, ["b"]);
    send(subject, Stop);
}

/// Where it waits, according to the status.
fn place(info: &ProcessInfo) -> Option<&str> {
    match &info.status {
        ProcessStatus::Waiting { at } => at.as_deref(),
        status => panic!("it is {status:?}"),
    }
}

#[kerosene::test(seeds = 100)]
async fn process_info_tells_status_and_place() {
    let receives = spawn(async {
        receive! { Stop => (), n: u32 if n > 7 => () }
    });
    let sleeps = spawn(async { sleep(Duration::MAX).await });
    let elsewhere = spawn(std::future::pending::<()>());
    // Time passes when all wait.
    sleep(SECOND).await;
    let info = info_of(receives).await;
    let at = place(&info).expect("it waits in a `receive!`");
    assert!(at.starts_with(&format!("{}:", file!())), "{at}");
    assert!(at.contains("Stop | n: u32"), "it tells the arms: {at}");
    let info = info_of(sleeps).await;
    let at = place(&info).expect("it waits in a `sleep`");
    assert!(at.contains(file!()) && at.contains("sleep"), "{at}");
    assert_eq!(place(&info_of(elsewhere).await), None, "not a place of ours");
    let busy = spawn(async {
        loop {
            yield_now().await;
        }
    });
    assert_eq!(info_of(busy).await.status, ProcessStatus::Runnable);
    assert_eq!(info_of(pid()).await.status, ProcessStatus::Running);
}

#[kerosene::test(seeds = 100)]
async fn a_message_does_not_change_where_a_sleeper_waits() {
    let sleeps = spawn(async { sleep(Duration::MAX).await });
    sleep(SECOND).await;
    for n in 0..3_usize {
        let info = info_of(sleeps).await;
        assert_eq!(info.mailbox_len, n);
        assert!(place(&info).is_some_and(|at| at.contains("sleep")), "{info:?}");
        send(sleeps, n);
    }
}

#[kerosene::test(seeds = 50)]
async fn a_question_disturbs_nobody() {
    let parent = pid();
    let start = tokio::time::Instant::now();
    let waits = spawn(async move {
        receive! { Stop => (), after 10 * SECOND => () }
        send(parent, tokio::time::Instant::now());
    });
    sleep(SECOND).await;
    let before = info_of(waits).await.reductions;
    for _ in 0..50 {
        sleep(SECOND / 10).await;
        let info = info_of(waits).await;
        assert!(info.reductions <= before + 100, "each question costs a turn at most");
    }
    receive! { end: tokio::time::Instant => {
        assert_eq!((end - start).as_secs(), 10, "the time-out came when it was due");
    } }
}

#[kerosene::test(seeds = 100)]
async fn process_info_counts_waiting_messages() {
    let subject = spawn(async {
        receive! { "pass over" => () }
        receive! { 3_u32 => () }
        until_stop().await;
    });
    for n in 0..5_u32 {
        send(subject, n);
        assert_eq!(info_of(subject).await.mailbox_len, n as usize + 1, "fresh or passed over");
    }
    send(subject, "pass over");
    sleep(SECOND).await;
    assert_eq!(info_of(subject).await.mailbox_len, 4);
}

#[kerosene::test(seeds = 100)]
async fn process_info_of_oneself_answers() {
    send(pid(), 1_u32);
    send(pid(), 2_u32);
    let child = spawn_link(until_stop());
    let info = info_of(pid()).await;
    assert_eq!(info.pid, pid());
    assert_eq!(info.status, ProcessStatus::Running);
    assert_eq!(info.mailbox_len, 2, "what one has sent oneself has arrived");
    assert_eq!(info.links, [child]);
    assert_eq!(info.parent, None, "no process spawned the first one");
    assert!(!info.trap_exit);
    trap_exit(true);
    assert!(info_of(pid()).await.trap_exit);
    receive! { n: u32 => assert_eq!(n, 1, "asking has not moved it") }
}

#[kerosene::test(seeds = 100)]
async fn process_info_tells_origin_age_and_work() {
    let line = line!() + 1;
    let subject = spawn(async {
        loop {
            receive! { Stop => return, _: u32 => () }
        }
    });
    sleep(5 * SECOND).await;
    let info = info_of(subject).await;
    assert_eq!(info.parent, Some(pid()));
    assert_eq!((info.spawned_at.file(), info.spawned_at.line()), (file!(), line));
    assert!(info.age >= 5 * SECOND && info.age < 6 * SECOND, "{:?}", info.age);
    for n in 0..1000_u32 {
        send(subject, n);
    }
    sleep(SECOND).await;
    let work = info_of(subject).await.reductions - info.reductions;
    assert!((1000..5000).contains(&work), "{work} reductions for 1000 messages");
}

#[kerosene::test(seeds = 50)]
async fn process_info_of_the_dead_is_none() {
    let (subject, watch) = spawn_monitor(async {});
    until_down(watch).await;
    assert!(process_info(subject).await.is_none());
    // Another process has the dead one's place in the table.
    let next = spawn(until_stop());
    assert!(process_info(subject).await.is_none());
    assert_eq!(info_of(next).await.pid, next);
}

#[kerosene::test(seeds = 100)]
async fn processes_are_the_living() {
    assert_eq!(processes(), [pid()]);
    assert_eq!(process_count(), 1);
    let children: Vec<_> = (0..20).map(|_| spawn_monitor(until_stop())).collect();
    let mut expected: Vec<_> = children.iter().map(|(pid, _)| *pid).chain([pid()]).collect();
    expected.sort_unstable();
    let mut living = processes();
    living.sort_unstable();
    assert_eq!(living, expected);
    assert_eq!(process_count(), 21);
    for (n, (child, watch)) in children.into_iter().enumerate() {
        if n % 2 == 0 {
            send(child, Stop);
        } else {
            exit_signal(child, "end");
        }
        until_down(watch).await;
        assert!(!processes().contains(&child), "it has ended");
        assert_eq!(process_count(), 20 - n);
    }
    assert_eq!(processes(), [pid()]);
}

#[kerosene::test(seeds = 20)]
async fn a_dictionary_belongs_to_its_process() {
    assert!(put("who", "parent"));
    assert!(!put("who", "still the parent"), "the key is there");
    let (_, watch) = spawn_monitor(async {
        assert_eq!(get::<&str>("who"), None, "a child begins with nothing");
        put("who", "child");
        put("more", 1_u32);
        let info = info_of(pid()).await;
        assert_eq!(info.dictionary, ["more", "who"]);
    });
    assert_eq!(until_down(watch).await, ExitReason::Normal);
    assert_eq!(get::<&str>("who"), Some("still the parent"));
    assert_eq!(get::<String>("who"), None, "the value has another type");
    assert_eq!(get::<u32>("more"), None, "it went with the child");
    assert!(erase("who") && !erase("who"));
    assert_eq!(get::<&str>("who"), None);
    assert!(info_of(pid()).await.dictionary.is_empty());
}

#[kerosene::test(seeds = 20)]
async fn a_child_may_inherit_the_dictionary() {
    put("own", 1_u32);
    put_inherited("request", String::from("17"));
    let (_, watch) = spawn_monitor(async {
        assert_eq!(get::<u32>("own"), None);
        assert_eq!(get::<String>("request").as_deref(), Some("17"));
        put_inherited("request", String::from("18"));
        let (_, watch) = spawn_monitor(async {
            assert_eq!(get::<String>("request").as_deref(), Some("18"), "over generations");
            sleep(SECOND).await;
            assert_eq!(get::<String>("request").as_deref(), Some("18"), "a copy");
        });
        erase("request");
        assert_eq!(until_down(watch).await, ExitReason::Normal);
    });
    assert_eq!(until_down(watch).await, ExitReason::Normal);
    assert_eq!(get::<String>("request").as_deref(), Some("17"), "the child changed its own");
    put("request", String::from("19"));
    let (_, watch) = spawn_monitor(async { assert_eq!(get::<String>("request"), None) });
    assert_eq!(until_down(watch).await, ExitReason::Normal, "no longer inherited");
}

#[kerosene::test(seeds = 20)]
async fn a_label_is_told() {
    let options = SpawnOptions::new().label("a worker");
    let subject = spawn_opt(options, async {
        receive! { label: &str => set_label(label) }
        until_stop().await;
    });
    assert_eq!(info_of(subject.pid).await.label.as_deref(), Some("a worker"));
    send(subject.pid, "a busy worker");
    sleep(SECOND).await;
    assert_eq!(info_of(subject.pid).await.label.as_deref(), Some("a busy worker"));
    assert_eq!(info_of(pid()).await.label, None);
}

#[kerosene::test(seeds = 20)]
async fn a_destructor_can_ask_for_the_parent() {
    struct Asks(Pid);
    impl Drop for Asks {
        fn drop(&mut self) {
            send(self.0, kerosene::parent());
        }
    }
    let asks = Asks(pid());
    let child = spawn(async move {
        let _asks = asks;
        sleep(Duration::MAX).await;
    });
    exit_signal(child, ExitReason::Kill);
    receive! { parent: Option<Pid> => assert_eq!(parent, Some(pid())) }
}
