//! Supervisors under chaos: children and supervisors are ended at random, under many seeds, and
//! what is left is compared with what OTP would have.

use std::collections::BTreeMap;

use kerosene::otp::{
    ChildError, ChildSpec, ChildState, Restart, StartChildError, Strategy, Supervisor,
    SupervisorRef,
};
use kerosene::prelude::*;

use super::{End, down, secs};

/// Numbers without order, but the same in each run of one seed.
struct Numbers(u64);

impl Numbers {
    /// Numbers that the seed of the test decides: by the order in which some processes run.
    async fn of_this_seed() -> Self {
        let parent = pid();
        for number in 0..16_u64 {
            spawn(async move { send(parent, number) });
        }
        let mut rolled = 0_u64;
        for _ in 0..16 {
            receive! { number: u64 => rolled = rolled.wrapping_mul(31).wrapping_add(number) }
        }
        Self(rolled)
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        usize::try_from(self.0 >> 33).unwrap_or(0) % end
    }

    fn one_of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

/// A child that ends as it is told. It traps exits, as servers do that have something to finish.
fn child(id: &str, restart: Restart) -> ChildSpec {
    let name = id.to_owned();
    let start = move || {
        let options = kerosene::otp::StartOptions::new().name(name.as_str()).trap_exit();
        kerosene::otp::start_link(options, |starting| async move {
            starting.ready();
            receive! {
                End(reason) => reason,
                Exit { reason, .. } => reason,
            }
        })
    };
    ChildSpec::new(id, start).restart(restart)
}

/// What a supervisor should have: the rules said naively, about a list.
struct Model {
    strategy: Strategy,
    children: Vec<ModelChild>,
}

#[derive(Debug, Clone)]
struct ModelChild {
    id: String,
    restart: Restart,
    is_running: bool,
}

impl Model {
    fn place(&self, id: &str) -> Option<usize> {
        self.children.iter().position(|child| child.id == id)
    }

    /// Some children end at the same time.
    fn end(&mut self, ended: &BTreeMap<String, ExitReason>) {
        for child in &mut self.children {
            child.is_running &= !ended.contains_key(&child.id);
        }
        for (id, reason) in ended {
            let Some(place) = self.place(id) else { continue };
            if self.children[place].is_running {
                continue; // started again with a sibling
            }
            let is_orderly = matches!(
                reason,
                ExitReason::Normal | ExitReason::Shutdown | ExitReason::ShutdownWith(_)
            );
            match self.children[place].restart {
                Restart::Temporary => drop(self.children.remove(place)),
                Restart::Transient if is_orderly => {}
                Restart::Permanent | Restart::Transient => self.restart(place),
            }
        }
    }

    fn restart(&mut self, failed: usize) {
        let strategy = self.strategy;
        let is_concerned = |place: usize| match strategy {
            Strategy::OneForOne => place == failed,
            Strategy::RestForOne => place >= failed,
            Strategy::OneForAll => true,
        };
        let children = std::mem::take(&mut self.children).into_iter().enumerate();
        let kept = children.filter(|(place, child)| {
            !(is_concerned(*place) && child.restart == Restart::Temporary)
        });
        self.children = kept
            .map(|(place, child)| {
                let is_running = child.is_running || is_concerned(place);
                ModelChild { is_running, ..child }
            })
            .collect();
    }
}

/// A supervisor beside its model.
struct Pair {
    supervisor: SupervisorRef,
    model: Model,
    numbers: Numbers,
    /// How many children there have been.
    ids: usize,
    /// How many processes there are besides.
    others: usize,
}

impl Pair {
    async fn new() -> Self {
        let mut numbers = Numbers::of_this_seed().await;
        let strategies = [Strategy::OneForOne, Strategy::RestForOne, Strategy::OneForAll];
        let strategy = numbers.one_of(&strategies);
        let supervisor = Supervisor::new(strategy).intensity(u32::MAX, secs(1)).start_link().await;
        let supervisor = supervisor.expect("it has no children");
        let model = Model { strategy, children: Vec::new() };
        Self { supervisor, model, numbers, ids: 0, others: process_count() }
    }

    async fn start_child(&mut self) {
        let restarts = [Restart::Permanent, Restart::Transient, Restart::Temporary];
        let restart = self.numbers.one_of(&restarts);
        // Letters keep their order in a map.
        let id = char::from_u32('a' as u32 + u32::try_from(self.ids).expect("few")).expect("few");
        self.ids += 1;
        let started = self.supervisor.start_child(child(&id.to_string(), restart)).await;
        assert!(started.is_ok());
        let child = ModelChild { id: id.to_string(), restart, is_running: true };
        self.model.children.push(child);
        let again = self.supervisor.start_child(self::child(&id.to_string(), restart)).await;
        assert!(matches!(again, Err(StartChildError::AlreadyStarted(_))), "{again:?}");
    }

    /// Ends some children at once.
    async fn end_some(&mut self) {
        let reasons = [
            ExitReason::Normal,
            ExitReason::Shutdown,
            ExitReason::shutdown_with("done"),
            ExitReason::NoProc,
            "boom".into(),
        ];
        let running: Vec<String> =
            self.model.children.iter().filter(|c| c.is_running).map(|c| c.id.clone()).collect();
        let mut ended = BTreeMap::new();
        let mut watches = Vec::new();
        for id in running {
            if self.numbers.below(3) == 0 {
                let pid = whereis(&id).expect("it runs");
                watches.push((id.clone(), monitor(pid), self.numbers.one_of(&reasons)));
                ended.insert(id, watches[watches.len() - 1].2.clone());
            }
        }
        // None of them may end before the last one is told: or a sibling's restart stops it first.
        for (id, _, reason) in &watches {
            send(id.as_str(), End(reason.clone()));
        }
        for (_, watch, _) in watches {
            down(watch).await;
        }
        self.model.end(&ended);
    }

    async fn terminate(&mut self, id: &str) {
        let terminated = self.supervisor.terminate_child(id).await;
        match self.model.place(id) {
            None => assert_eq!(terminated, Err(ChildError::NotFound)),
            Some(place) => {
                assert_eq!(terminated, Ok(()));
                self.model.children[place].is_running = false;
                if self.model.children[place].restart == Restart::Temporary {
                    self.model.children.remove(place);
                }
            }
        }
    }

    async fn restart(&mut self, id: &str) {
        let restarted = self.supervisor.restart_child(id).await;
        match self.model.place(id).map(|place| &mut self.model.children[place]) {
            None => assert_eq!(restarted, Err(ChildError::NotFound)),
            Some(child) if child.is_running => {
                assert!(matches!(restarted, Err(ChildError::Running(_))), "{restarted:?}");
            }
            Some(child) => {
                assert!(restarted.is_ok(), "{restarted:?}");
                child.is_running = true;
            }
        }
    }

    async fn delete(&mut self, id: &str) {
        let deleted = self.supervisor.delete_child(id).await;
        match self.model.place(id) {
            None => assert_eq!(deleted, Err(ChildError::NotFound)),
            Some(place) if self.model.children[place].is_running => {
                assert!(matches!(deleted, Err(ChildError::Running(_))), "{deleted:?}");
            }
            Some(place) => {
                assert_eq!(deleted, Ok(()));
                self.model.children.remove(place);
            }
        }
    }

    /// Compares everything that can be seen.
    async fn compare(&self, step: usize) {
        let children = self.supervisor.which_children().await.expect("it runs");
        let seen: Vec<_> = children
            .iter()
            .map(|c| (c.id.to_string(), c.restart, c.state.pid().is_some()))
            .collect();
        let expected: Vec<_> = self
            .model
            .children
            .iter()
            .map(|child| (child.id.clone(), child.restart, child.is_running))
            .collect();
        assert_eq!(seen, expected, "{:?}, step {step}", self.model.strategy);
        for child in &children {
            assert_eq!(whereis(&child.id), child.state.pid());
            assert_ne!(child.state, ChildState::Restarting);
        }
        let running = expected.iter().filter(|(_, _, is_running)| *is_running).count();
        assert_eq!(process_count(), self.others + running);
        let counts = self.supervisor.count_children().await.expect("it runs");
        assert_eq!((counts.specs, counts.active), (expected.len(), running));
    }
}

#[kerosene::test(seeds = 1000)]
async fn any_supervisor_has_what_otp_would_have() {
    let mut pair = Pair::new().await;
    for step in 0..20 {
        let id = |numbers: &mut Numbers, ids: usize| {
            let number = u32::try_from(numbers.below(ids + 1)).expect("few");
            char::from_u32('a' as u32 + number).expect("few").to_string()
        };
        let id = id(&mut pair.numbers, pair.ids);
        match pair.numbers.below(8) {
            0 | 1 => pair.start_child().await,
            2 => pair.terminate(&id).await,
            3 => pair.restart(&id).await,
            4 => pair.delete(&id).await,
            _ => pair.end_some().await,
        }
        sleep(secs(1)).await;
        pair.compare(step).await;
    }
    pair.supervisor.stop().await;
    assert_eq!(process_count(), pair.others - 1);
}

#[kerosene::test(seeds = 300)]
async fn any_dynamic_supervisor_has_the_children_it_should() {
    let mut numbers = Numbers::of_this_seed().await;
    let before = process_count();
    let supervisor = DynamicSupervisor::new().intensity(u32::MAX, secs(1)).start_link().await;
    let supervisor = supervisor.expect("it has no name");
    // How many there should be of each kind.
    let mut expected: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..60 {
        let restarts = [Restart::Permanent, Restart::Transient, Restart::Temporary];
        if numbers.below(3) == 0 {
            let restart = numbers.one_of(&restarts);
            let body = || async {
                receive! { End(reason) => reason }
            };
            let spec = ChildSpec::process(restart.to_string(), body).restart(restart);
            assert!(supervisor.start_child(spec).await.is_ok());
            *expected.entry(restart.to_string()).or_default() += 1;
            continue;
        }
        let children = supervisor.which_children().await.expect("it runs");
        if children.is_empty() {
            continue;
        }
        let child = numbers.one_of(&children);
        let pid = child.state.pid().expect("its body starts at once");
        let (reason, is_orderly) = numbers.one_of(&[("boom", false), ("done", true)]);
        let ended = if is_orderly { ExitReason::shutdown_with(reason) } else { reason.into() };
        let watch = monitor(pid);
        send(pid, End(ended));
        down(watch).await;
        let is_gone = child.restart == Restart::Temporary
            || child.restart == Restart::Transient && is_orderly;
        *expected.entry(child.restart.to_string()).or_default() -= usize::from(is_gone);
        // So that the supervisor has heard of it before it is asked.
        sleep(secs(1)).await;
    }
    let children = supervisor.which_children().await.expect("it runs");
    for (restart, count) in &expected {
        let seen = children.iter().filter(|child| child.restart.to_string() == *restart);
        assert_eq!(seen.count(), *count, "{restart}");
    }
    assert_eq!(process_count(), before + 1 + expected.values().sum::<usize>());
    supervisor.stop().await;
    assert_eq!(process_count(), before);
}

/// Two supervisors below one, with three children each, all permanent.
fn tree(numbers: &mut Numbers, intensity: u32) -> Supervisor {
    let strategies = [Strategy::OneForOne, Strategy::RestForOne, Strategy::OneForAll];
    let mut top = Supervisor::new(numbers.one_of(&strategies)).intensity(intensity, secs(10));
    for inner in ["left", "right"] {
        let leaves = (0..3).map(|leaf| child(&format!("{inner} {leaf}"), Restart::Permanent));
        let supervisor = Supervisor::new(numbers.one_of(&strategies))
            .name(inner)
            .intensity(intensity, secs(10))
            .children(leaves);
        top = top.child(supervisor.child_spec(inner));
    }
    top
}

const NAMES: [&str; 8] =
    ["left", "left 0", "left 1", "left 2", "right", "right 0", "right 1", "right 2"];

/// Ends whoever has the name, in a way that does not depend on what it is.
fn strike(numbers: &mut Numbers) {
    let reasons = [ExitReason::Kill, ExitReason::Kill, ExitReason::Shutdown, "boom".into()];
    if let Some(pid) = whereis(numbers.one_of(&NAMES)) {
        exit_signal(pid, numbers.one_of(&reasons));
    }
}

#[kerosene::test(seeds = 500)]
async fn a_tree_whose_processes_are_killed_at_random_is_whole_again() {
    let mut numbers = Numbers::of_this_seed().await;
    let before = process_count();
    let top = tree(&mut numbers, u32::MAX).start_link().await.expect("its children start");
    for _ in 0..40 {
        strike(&mut numbers);
        for _ in 0..numbers.below(4) {
            yield_now().await;
        }
        if numbers.below(8) == 0 {
            sleep(secs(1)).await;
        }
    }
    sleep(secs(10)).await;
    assert_eq!(process_count(), before + 9);
    for inner in ["left", "right"] {
        let supervisor = top.child(inner).await.expect("it runs");
        assert_eq!(whereis(inner), Some(supervisor));
        let children = SupervisorRef::from(supervisor).which_children().await.expect("it runs");
        for (number, child) in children.iter().enumerate() {
            let pid = child.state.pid().expect("it is permanent");
            assert_eq!(whereis(format!("{inner} {number}")), Some(pid));
            assert!(is_alive(pid).await);
        }
        assert_eq!(children.len(), 3);
    }
    top.stop().await;
    assert_eq!(process_count(), before);
}

#[kerosene::test(seeds = 500)]
async fn a_tree_that_gives_up_leaves_nobody_behind() {
    let mut numbers = Numbers::of_this_seed().await;
    let before = process_count();
    let intensity = u32::try_from(numbers.below(3)).expect("few");
    let top = tree(&mut numbers, intensity).start_link().await.expect("its children start");
    unlink(top.pid());
    let watch = monitor(top);
    while is_alive(top.pid()).await {
        strike(&mut numbers);
        for _ in 0..numbers.below(4) {
            yield_now().await;
        }
    }
    assert_eq!(down(watch).await, ExitReason::Shutdown);
    sleep(secs(10)).await;
    assert_eq!(process_count(), before);
    assert!(NAMES.iter().all(|name| whereis(name).is_none()));
}
