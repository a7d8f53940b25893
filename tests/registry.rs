//! Registered names: who gets one, who loses it, and when it is free again.
//!
//! The promise that matters most is about the end: whoever hears of a death, by `Exit`, by `Down`
//! or by `is_alive`, finds the names of the dead free. It is tried under hundreds of orders and on
//! real threads, where a restart would race with it.

use kerosene::UnregisterError;
use kerosene::prelude::*;
use tokio::time::Instant;

struct Stop;

/// A process that lives until it is told to stop.
fn idle() -> Pid {
    spawn(async {
        receive! { Stop => () }
    })
}

/// A process that has ended.
async fn dead() -> Pid {
    let (pid, watch) = spawn_monitor(async {});
    receive! { Down { monitor, .. } if monitor == watch => pid }
}

#[kerosene::test]
async fn a_taken_name_is_refused() {
    let (first, second) = (idle(), idle());
    register("desk", first).expect("the name is free");
    for pid in [second, first, pid(), dead().await] {
        let error = register("desk", pid).expect_err("the name is taken");
        assert_eq!(error, RegisterError::Taken { name: "desk".into(), by: first });
        assert!(error.to_string().contains(&first.to_string()), "{error}");
    }
    assert_eq!(whereis("desk"), Some(first));
}

#[kerosene::test(seeds = 50)]
async fn a_dead_process_cannot_be_registered() {
    let dead = dead().await;
    let error = register("desk", dead).expect_err("it has ended");
    assert_eq!(error, RegisterError::Dead { name: "desk".into(), pid: dead });
    assert_eq!(whereis("desk"), None);
    register("desk", pid()).expect("the refused registration left nothing");
}

#[kerosene::test]
async fn a_process_may_have_many_names() {
    let names = ["one", "two words", "", "drei", "四"];
    for name in names {
        register(name, pid()).expect("the name is free");
    }
    for (n, name) in names.into_iter().enumerate() {
        send(name, n);
        receive! { got: usize => assert_eq!(got, n) }
    }
    assert_eq!(unregister("two words"), Ok(pid()));
    assert_eq!(whereis("two words"), None);
    assert_eq!(whereis("one"), Some(pid()), "the others stay");
}

/// Many try to take one name; returns how many succeeded, after all have tried.
async fn contest(name: &'static str, contenders: u32) -> u32 {
    let parent = pid();
    let mut watches = Vec::new();
    for _ in 0..contenders {
        watches.push(spawn_monitor(async move {
            yield_now().await;
            let won = register(name, pid()).is_ok();
            assert_eq!(won, whereis(name) == Some(pid()));
            send(parent, won);
            receive! { Stop => () }
        }));
    }
    let mut winners = 0;
    for _ in 0..contenders {
        receive! { won: bool => winners += u32::from(won) }
    }
    for (pid, watch) in watches {
        send(pid, Stop);
        receive! { Down { monitor, reason, .. } if monitor == watch => {
            assert_eq!(reason, ExitReason::Normal);
        } }
    }
    assert_eq!(whereis(name), None);
    winners
}

#[kerosene::test(seeds = 200)]
async fn one_of_many_wins_a_name() {
    assert_eq!(contest("contested", 8).await, 1);
}

#[kerosene::test(real, worker_threads = 4)]
async fn one_of_many_wins_a_name_on_real_threads() {
    for round in 0..500 {
        assert_eq!(contest("contested on real threads", 8).await, 1, "round {round}");
    }
}

#[kerosene::test(seeds = 20)]
async fn anybody_may_unregister() {
    let owner = idle();
    register("desk", owner).expect("the name is free");
    let (_, stranger) = spawn_monitor(async move {
        assert_eq!(unregister("desk"), Ok(owner), "it says who had it");
        assert_eq!(register("desk", pid()), Ok(()), "it is free at once");
    });
    receive! { Down { monitor, reason, .. } if monitor == stranger => {
        assert_eq!(reason, ExitReason::Normal);
    } }
    assert!(is_alive(owner).await, "losing a name ends nobody");
}

#[kerosene::test]
async fn unregistering_an_unknown_name_is_an_error() {
    let error = unregister("nobody's").expect_err("nobody has it");
    assert_eq!(error, UnregisterError { name: "nobody's".into() });
    assert!(error.to_string().contains("nobody's"), "{error}");
    register("desk", pid()).expect("the name is free");
    assert_eq!(unregister("desk"), Ok(pid()));
    assert!(unregister("desk").is_err(), "it can be lost once only");
}

#[kerosene::test(seeds = 50)]
async fn whereis_knows_only_the_living() {
    assert_eq!(whereis("desk"), None);
    let (owner, watch) = spawn_monitor(async {
        receive! { Stop => () }
    });
    register("desk", owner).expect("the name is free");
    assert_eq!(whereis("desk"), Some(owner));
    assert_eq!(whereis(String::from("desk")), Some(owner));
    assert_eq!(whereis(Name::from("desk")), Some(owner));
    assert_eq!(whereis("Desk"), None, "names are compared letter by letter");
    send("desk", Stop);
    receive! { Down { monitor, .. } if monitor == watch => () }
    assert_eq!(whereis("desk"), None);
}

#[kerosene::test(seeds = 50)]
async fn registered_lists_each_name_once() {
    assert_eq!(registered(), [""; 0]);
    let (owner, watch) = spawn_monitor(async {
        receive! { Stop => () }
    });
    for (name, pid) in [("c", owner), ("a", pid()), ("d", owner), ("b", pid())] {
        register(name, pid).expect("the name is free");
    }
    assert_eq!(registered(), ["a", "b", "c", "d"]);
    assert!(register("a", owner).is_err());
    unregister("b").expect("it is registered");
    assert_eq!(registered(), ["a", "c", "d"]);
    send(owner, Stop);
    receive! { Down { monitor, .. } if monitor == watch => () }
    assert_eq!(registered(), ["a"]);
}

#[kerosene::test(seeds = 50)]
async fn a_message_by_name_arrives_after_unregister() {
    let parent = pid();
    let owner = spawn(async move {
        receive! { n: u32 => send(parent, (pid(), n)) }
    });
    register("desk", owner).expect("the name is free");
    send("desk", 1_u32);
    unregister("desk").expect("it is registered");
    register("desk", parent).expect("it is free at once");
    receive! {
        (through, n): (Pid, u32) => assert_eq!((through, n), (owner, 1)),
        n: u32 => panic!("{n} went to who had the name later"),
    }
}

#[kerosene::test(seeds = 20)]
async fn a_send_to_an_unknown_name_is_dropped() {
    send("desk", 1_u32);
    register("desk", pid()).expect("the name is free");
    send("desk", 2_u32);
    receive! { n: u32 => assert_eq!(n, 2, "the first was kept for a later owner") }
    receive! { _ => panic!("there was one message"), after Duration::from_secs(1) => () }
}

/// How the one who wants the name hears of the death of its owner.
#[derive(Debug, Clone, Copy)]
enum Hears {
    Down,
    Exit,
    IsAlive,
}

/// A process has names, and ends by itself or is killed; whoever hears of it takes the names. A
/// `crowd` of monitors gives the dying much to do after it has told the first: whatever it does too
/// late is then seen.
async fn names_are_free(name: &'static str, hears: Hears, rounds: u32, crowd: u32) {
    trap_exit(true);
    let other = format!("{name}, too");
    for round in 0..rounds {
        let owner = spawn(async {
            receive! { Stop => () }
        });
        register(name, owner).expect("free again");
        register(other.as_str(), owner).expect("free again");
        match hears {
            Hears::Down => drop(monitor(owner)),
            Hears::Exit => link(owner),
            Hears::IsAlive => (),
        }
        let crowd: Vec<_> = (0..crowd).map(|_| monitor(owner)).collect();
        if round % 2 == 0 {
            exit_signal(owner, ExitReason::Kill);
        } else {
            send(owner, Stop);
        }
        match hears {
            Hears::Down => receive! { Down { pid, .. } if pid == owner => () },
            Hears::Exit => receive! { Exit { pid, .. } if pid == owner => () },
            Hears::IsAlive => {
                while is_alive(owner).await {
                    yield_now().await;
                }
            }
        }
        assert_eq!(whereis(name), None, "round {round}, by {hears:?}");
        register(name, pid()).expect("free when the death is known");
        register(other.as_str(), pid()).expect("free when the death is known");
        assert_eq!(unregister(name), Ok(pid()));
        assert_eq!(unregister(&other), Ok(pid()));
        for watch in crowd {
            demonitor_flush(watch);
        }
    }
}

#[kerosene::test(seeds = 300)]
async fn a_name_is_free_when_down_arrives() {
    names_are_free("desk", Hears::Down, 6, 1).await;
}

#[kerosene::test(real, worker_threads = 4)]
async fn a_name_is_free_when_down_arrives_on_real_threads() {
    names_are_free("down", Hears::Down, 300, 400).await;
}

#[kerosene::test(seeds = 300)]
async fn a_name_is_free_when_exit_arrives() {
    names_are_free("desk", Hears::Exit, 6, 1).await;
}

#[kerosene::test(real, worker_threads = 4)]
async fn a_name_is_free_when_exit_arrives_on_real_threads() {
    names_are_free("exit", Hears::Exit, 300, 400).await;
}

#[kerosene::test(seeds = 300)]
async fn a_name_is_free_when_is_alive_says_no() {
    names_are_free("desk", Hears::IsAlive, 6, 1).await;
}

#[kerosene::test(real, worker_threads = 4)]
async fn a_name_is_free_when_is_alive_says_no_on_real_threads() {
    names_are_free("is alive", Hears::IsAlive, 300, 400).await;
}

/// Registers the dying from outside, at any moment: either it is refused, or the name is free when
/// the death is known.
async fn register_the_dying(name: &'static str, rounds: u32) {
    for _ in 0..rounds {
        let (victim, watch) = spawn_monitor(async {
            receive! { Stop => () }
        });
        let (_, registering) = spawn_monitor(async move {
            yield_now().await;
            let _ = register(name, victim);
        });
        yield_now().await;
        exit_signal(victim, ExitReason::Kill);
        receive! { Down { monitor, .. } if monitor == watch => () }
        receive! { Down { monitor, .. } if monitor == registering => () }
        assert_eq!(whereis(name), None, "a dead process has a name");
    }
}

#[kerosene::test(seeds = 300)]
async fn registering_the_dying_leaves_no_name() {
    register_the_dying("desk", 5).await;
}

#[kerosene::test(real, worker_threads = 4)]
async fn registering_the_dying_leaves_no_name_on_real_threads() {
    register_the_dying("dying", 5000).await;
}

#[kerosene::test(seeds = 50)]
async fn a_name_cannot_be_taken_by_a_destructor_of_its_owner() {
    struct Clings;
    impl Drop for Clings {
        fn drop(&mut self) {
            let _ = register("desk", pid());
        }
    }
    let (owner, watch) = spawn_monitor(async {
        let _clings = Clings;
        receive! { Stop => () }
    });
    register("desk", owner).expect("the name is free");
    exit_signal(owner, ExitReason::Shutdown);
    receive! { Down { monitor, .. } if monitor == watch => () }
    assert_eq!(whereis("desk"), None, "the dead has taken its name back");
}

/// Registers itself after a while, and stays.
fn late(after: Duration) -> Pid {
    spawn(async move {
        sleep(after).await;
        register("late", pid()).expect("the name is free");
        receive! { Stop => () }
    })
}

#[kerosene::test(seeds = 200)]
async fn who_waits_for_a_name_is_told_at_once() {
    let (me, begun) = (pid(), Instant::now());
    for _ in 0..3 {
        spawn(async move { send(me, whereis_or_wait("late", Duration::MAX).await) });
    }
    let task = tokio::spawn(whereis_or_wait("late", Duration::MAX));
    let other = spawn(async {
        let _ = whereis_or_wait("another", Duration::MAX).await;
    });
    let late = late(Duration::from_secs(5));
    for _ in 0..3 {
        receive! { found: Option<Pid> => assert_eq!(found, Some(late)) }
    }
    assert_eq!(task.await.expect("no panic"), Some(late));
    assert_eq!(begun.elapsed(), Duration::from_secs(5));
    assert_eq!(whereis_or_wait("late", Duration::ZERO).await, Some(late));
    assert!(is_alive(other).await, "nobody has that name");
}

#[kerosene::test(seeds = 200)]
async fn a_wait_for_a_name_can_be_given_up() {
    let begun = Instant::now();
    let wait = |secs| whereis_or_wait("late", Duration::from_secs(secs));
    let killed = spawn(async move {
        let _ = wait(1000).await;
    });
    let late = late(Duration::from_secs(5));
    assert_eq!(wait(2).await, None);
    assert_eq!(begun.elapsed(), Duration::from_secs(2));
    exit_signal(killed, ExitReason::Kill);
    tokio::select! {
        biased;
        _ = wait(1000) => panic!("nobody has the name yet"),
        () = sleep(Duration::from_secs(1)) => {}
    }
    assert_eq!(wait(1000).await, Some(late));
    assert_eq!(begun.elapsed(), Duration::from_secs(5));
}

#[kerosene::test(real, worker_threads = 4)]
async fn no_wait_for_a_name_misses_its_registration() {
    for round in 0..2000 {
        let name = format!("late {round}");
        let registered = name.clone();
        let late = spawn(async move {
            register(registered, pid()).expect("the name is free");
            receive! { Stop => () }
        });
        assert_eq!(whereis_or_wait(name, Duration::from_secs(20)).await, Some(late));
        send(late, Stop);
    }
}
