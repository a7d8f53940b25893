//! Registries: keys of any type (RGY-1), their owners (RGY-2), their ends (RGY-3), listeners
//! (RGY-4), keys as destinations (REG-6).

use std::sync::{Arc, Mutex};

use kerosene::otp::registry::{KeyTaken, Registered, Unregistered};
use kerosene::otp::{Registry, parent, start_link};
use kerosene::prelude::*;

/// A process that registers a key, and is there when this returns.
async fn owner<V>(registry: &Registry<&'static str, V>, key: &'static str, value: V) -> Pid
where
    V: Clone + Send + Sync + std::fmt::Debug + 'static,
{
    let registry = registry.clone();
    let started = start_link(kerosene::otp::StartOptions::new(), move |starting| async move {
        registry.register(key, value).expect("it is free");
        starting.ready();
        loop {
            receive! {
                reason: ExitReason => return reason,
                "unregister" => assert!(registry.unregister(&key)),
                (from, "parent"): (Pid, &str) => send(from, parent()),
            }
        }
    });
    started.await.expect("it does not fail")
}

async fn ended(pid: Pid) {
    let watch = monitor(pid);
    receive! { Down { monitor, .. } if monitor == watch => () }
}

/// The next change, as `+key` or `-key`, and of whom.
async fn change() -> (String, Pid) {
    receive! {
        Registered { key, pid, .. }: Registered<&str, u32> => (format!("+{key}"), pid),
        Unregistered { key, pid, .. }: Unregistered<&str> => (format!("-{key}"), pid),
    }
}

#[kerosene::test(seeds = 50)]
async fn a_unique_key_leads_to_one_process() {
    let registry = Registry::unique();
    let first = owner(&registry, "a", 1).await;
    let KeyTaken { key, value, by, .. } = registry.register("a", 2).expect_err("it is taken");
    assert_eq!((key, value, by), ("a", 2, first));
    assert_eq!(registry.lookup("a"), [(first, 1)]);
    assert_eq!(registry.whereis("a"), Some(first));
    registry.register("b", 2).expect("it is free");
    assert_eq!(registry.register("b", 3).expect_err("it is taken").by, pid());
}

#[kerosene::test(seeds = 200)]
async fn one_of_many_wins_a_key() {
    let registry = Registry::unique();
    let test = pid();
    for _ in 0..5 {
        let registry = registry.clone();
        spawn(async move {
            yield_now().await;
            send(test, registry.register("a", ()).is_ok());
            sleep(Duration::MAX).await;
        });
    }
    let mut wins = 0;
    for _ in 0..5 {
        receive! { has_won: bool => wins += u32::from(has_won) }
    }
    assert_eq!(wins, 1);
}

#[kerosene::test(seeds = 50)]
async fn a_duplicate_key_leads_to_all_in_the_order_of_their_registrations() {
    let registry = Registry::duplicate();
    let one = owner(&registry, "a", 1).await;
    let two = owner(&registry, "a", 2).await;
    registry.register("a", 3).expect("keys are not unique");
    registry.register("a", 4).expect("keys are not unique");
    assert_eq!(registry.lookup("a"), [(one, 1), (two, 2), (pid(), 3), (pid(), 4)]);
    assert_eq!(registry.whereis("a"), Some(one));
    assert!(registry.unregister(&"a"));
    assert_eq!(registry.lookup("a"), [(one, 1), (two, 2)]);
}

#[kerosene::test(seeds = 50)]
async fn a_process_may_have_many_keys_of_any_type() {
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
    enum Key {
        Room(u32),
        User(String),
    }
    let registry = Registry::unique();
    let keys = [Key::User("ann".into()), Key::Room(7), Key::Room(3)];
    for (value, key) in keys.iter().enumerate() {
        registry.register(key.clone(), value).expect("it is free");
    }
    assert_eq!(registry.keys(pid()), keys);
    let all: Vec<_> = registry.all().into_iter().map(|(key, _, value)| (key, value)).collect();
    let [user, seven, three] = keys;
    assert_eq!(all, [(three, 2), (seven, 1), (user, 0)]);
}

#[kerosene::test(seeds = 50)]
async fn only_the_owner_updates_and_unregisters() {
    let registry = Registry::unique();
    let other = owner(&registry, "a", 1).await;
    assert!(!registry.update_value("a", |n| n + 1));
    assert!(!registry.unregister(&"a"));
    assert_eq!(registry.lookup("a"), [(other, 1)]);
    registry.register("b", 1).expect("it is free");
    assert!(registry.update_value("b", |n| n + 1));
    assert_eq!(registry.lookup("b"), [(pid(), 2)]);
    assert!(registry.unregister(&"b"));
    assert!(!registry.unregister(&"b"));
    assert!(!registry.update_value("b", |n| n + 1));
}

#[kerosene::test(seeds = 50)]
async fn an_update_may_use_the_registry() {
    let registry = Registry::duplicate();
    registry.register("a", 1).expect("keys are not unique");
    registry.register("a", 5).expect("keys are not unique");
    assert!(registry.update_value("a", |n| n * 10 + registry.lookup("a").len()));
    let values: Vec<_> = registry.lookup("a").into_iter().map(|(_, value)| value).collect();
    assert_eq!(values, [12, 52]);
}

#[kerosene::test(seeds = 50)]
async fn dispatch_calls_for_each_and_may_use_the_registry() {
    let registry = Registry::duplicate();
    let one = owner(&registry, "a", 1).await;
    let two = owner(&registry, "a", 2).await;
    let mut seen = Vec::new();
    let count = registry.dispatch("a", |pid, value| {
        registry.register("a", 3).expect("keys are not unique");
        seen.push((pid, value));
    });
    assert_eq!((count, seen), (2, vec![(one, 1), (two, 2)]));
    assert_eq!(registry.dispatch("b", |_, _| unreachable!()), 0);
}

#[kerosene::test(seeds = 100)]
async fn who_has_heard_of_an_end_finds_no_keys() {
    let registry = Registry::unique();
    trap_exit(true);
    for reason in [ExitReason::Normal, ExitReason::Shutdown, "boom".into()] {
        let owner = owner(&registry, "a", 1).await;
        send(owner, reason);
        receive! { Exit { pid, .. } if pid == owner => () }
        assert_eq!(registry.lookup("a"), []);
        assert_eq!(registry.keys(owner), [""; 0]);
    }
    let killed = owner(&registry, "a", 1).await;
    exit_signal(killed, ExitReason::Kill);
    assert!(!is_alive(killed).await);
    assert_eq!(registry.whereis("a"), None);
    let killed = owner(&registry, "a", 1).await;
    exit_signal(killed, ExitReason::Kill);
    ended(killed).await;
    registry.register("a", 2).expect("it is free");
}

#[kerosene::test(real, worker_threads = 4)]
async fn keys_are_free_when_their_owners_have_ended() {
    let registry = Registry::unique();
    for round in 0..2000 {
        let (key, registry) = (round % 3, registry.clone());
        let (_, watch) = spawn_monitor(async move {
            registry.register(key, ()).expect("the owner before has ended");
            registry.register(key + 10, ()).expect("the owner before has ended");
            if round % 2 == 0 { ExitReason::Normal } else { ExitReason::Shutdown }
        });
        receive! { Down { monitor, reason, .. } if monitor == watch => {
            assert!(!reason.is_abnormal(), "{reason}");
        } }
    }
    assert_eq!(registry.all(), []);
}

#[kerosene::test(seeds = 50)]
async fn listeners_hear_of_each_change_in_order() {
    let registry = Registry::unique();
    let before = owner(&registry, "a", 1_u32).await;
    assert_eq!(registry.listen(), [("a", before, 1)]);
    registry.listen();
    let after = owner(&registry, "b", 2).await;
    send(before, "unregister");
    assert_eq!(change().await, ("+b".to_owned(), after));
    assert_eq!(change().await, ("-a".to_owned(), before));
    send(after, ExitReason::Normal);
    assert_eq!(change().await, ("-b".to_owned(), after));
    registry.register("c", 3).expect("it is free");
    assert_eq!(change().await, ("+c".to_owned(), pid()));
    registry.stop_listening();
    registry.register("d", 4).expect("it is free");
    receive! { other => panic!("{}", other.type_name()), after Duration::from_secs(1) => {} }
}

#[kerosene::test(seeds = 50)]
async fn what_a_process_has_leaves_with_it_in_the_order_it_came() {
    let registry = Registry::unique();
    registry.listen();
    let mortal = spawn({
        let registry = registry.clone();
        async move {
            for key in ["c", "a", "b"] {
                registry.register(key, 0_u32).expect("it is free");
            }
        }
    });
    for wanted in ["+c", "+a", "+b", "-c", "-a", "-b"] {
        assert_eq!(change().await, (wanted.to_owned(), mortal));
    }
}

#[kerosene::test(seeds = 50)]
async fn a_key_is_a_destination() {
    let registry = Registry::unique();
    let via = registry.via("a");
    send(&via, "dropped");
    let watch = monitor(&via);
    receive! { Down { monitor, reason, .. } if monitor == watch => {
        assert_eq!(reason, ExitReason::NoProc);
    } }
    let ask = || call_with(&via, |reply_to: ReplyTo<u32>| reply_to);
    assert_eq!(ask().await, Err(CallError::NoProc));
    for _ in 0..2 {
        let owner = owner(&registry, "a", 1).await;
        send(&via, (pid(), "parent"));
        receive! { answer: Option<Pid> => assert_eq!(answer, Some(pid())) }
        let watch = monitor(&via);
        send(&via, ExitReason::Normal);
        receive! { Down { monitor, pid, .. } if monitor == watch => assert_eq!(pid, owner) }
    }
}

/// Looks into its registry when it is dropped.
#[derive(Clone)]
struct Nosy {
    registry: Arc<Mutex<Option<Registry<u32, Nosy>>>>,
}

impl Drop for Nosy {
    fn drop(&mut self) {
        if let Some(registry) = &*self.registry.lock().expect("nobody panics") {
            assert!(registry.lookup(&99).is_empty());
        }
    }
}

#[kerosene::test(seeds = 50)]
async fn destructors_of_values_may_use_the_registry() {
    let registry = Registry::unique();
    let nosy = Nosy { registry: Arc::default() };
    *nosy.registry.lock().expect("nobody panics") = Some(registry.clone());
    let (_, watch) = spawn_monitor({
        let (registry, nosy) = (registry.clone(), nosy.clone());
        async move {
            registry.listen();
            for key in 1..=3 {
                assert!(registry.register(key, nosy.clone()).is_ok());
            }
            assert!(registry.register(3, nosy.clone()).is_err());
            assert!(registry.update_value(&2, |_| nosy.clone()));
            assert!(registry.unregister(&1));
        }
    });
    receive! { Down { monitor, reason, .. } if monitor == watch => {
        assert_eq!(reason, ExitReason::Normal);
    } }
    assert!(registry.all().is_empty());
    nosy.registry.lock().expect("nobody panics").take();
}
