//! Which children a restart concerns: a function from data to data.

use super::flags::{Restart, Strategy};

/// What is to be done for one restart, in this order.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(crate) struct Plan<K> {
    /// To be stopped, one after the other: the reverse of the order of starts. Those that do not
    /// run are among them; there is nothing to stop then.
    pub(crate) stop: Vec<K>,
    /// To be started, in order; the one that failed is among them.
    pub(crate) start: Vec<K>,
    /// Stopped, but never started again: their specs go.
    pub(crate) forget: Vec<K>,
}

/// What the failure of a child means for its siblings.
///
/// `from` gives the children in the order of their starts, beginning with a given one, or all:
/// so a restart looks at none that it does not concern.
pub(crate) fn plan<K, I>(
    strategy: Strategy,
    failed: K,
    from: impl FnOnce(Option<K>) -> I,
) -> Plan<K>
where
    K: Copy + Eq,
    I: Iterator<Item = (K, Restart)>,
{
    let concerned: Vec<(K, Restart)> = match strategy {
        Strategy::OneForOne => {
            return Plan { stop: Vec::new(), start: vec![failed], forget: Vec::new() };
        }
        Strategy::RestForOne => from(Some(failed)).collect(),
        Strategy::OneForAll => from(None).collect(),
    };
    let is_temporary = |restart| restart == Restart::Temporary;
    let stop = concerned.iter().rev().map(|(key, _)| *key).filter(|key| *key != failed);
    let keys = |temporary: bool| {
        let chosen = concerned.iter().filter(move |(_, r)| is_temporary(*r) == temporary);
        chosen.map(|(key, _)| *key)
    };
    Plan { stop: stop.collect(), start: keys(false).collect(), forget: keys(true).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rules said naively, about a list.
    fn model(strategy: Strategy, children: &[Restart], failed: usize) -> Plan<usize> {
        let is_concerned = |key: usize| match strategy {
            Strategy::OneForOne => key == failed,
            Strategy::RestForOne => key >= failed,
            Strategy::OneForAll => true,
        };
        let mut plan = Plan { stop: Vec::new(), start: Vec::new(), forget: Vec::new() };
        for (key, restart) in children.iter().enumerate() {
            if !is_concerned(key) {
                continue;
            }
            if key != failed {
                plan.stop.insert(0, key);
            }
            match restart {
                Restart::Temporary => plan.forget.push(key),
                Restart::Permanent | Restart::Transient => plan.start.push(key),
            }
        }
        plan
    }

    #[test]
    fn plans_agree_with_the_naive_rules() {
        let restarts = [Restart::Permanent, Restart::Transient, Restart::Temporary];
        let strategies = [Strategy::OneForOne, Strategy::RestForOne, Strategy::OneForAll];
        for seed in 0..1000 {
            let mut random = fastrand::Rng::with_seed(seed);
            let strategy = strategies[random.usize(..3)];
            let mut children: Vec<Restart> =
                (0..random.usize(1..10)).map(|_| restarts[random.usize(..3)]).collect();
            let failed = random.usize(..children.len());
            // A temporary child is never the one that is restarted.
            children[failed] = restarts[random.usize(..2)];
            let plan = plan(strategy, failed, |first| {
                children.iter().copied().enumerate().skip(first.unwrap_or(0))
            });
            assert_eq!(plan, model(strategy, &children, failed), "seed {seed}");
        }
    }

    #[test]
    fn one_for_one_looks_at_no_sibling() {
        let looked = plan(Strategy::OneForOne, 7, |_| -> std::iter::Empty<(i32, Restart)> {
            panic!("the siblings are no concern of this restart")
        });
        assert_eq!(looked.start, [7]);
    }
}
