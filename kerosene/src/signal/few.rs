//! An ordered map that mostly has one entry, or none.
//!
//! A child has one link and one watcher, its supervisor's. A tree would take a node with room for
//! eleven entries for each, half a kilobyte, which is allocated at the start and freed at the end.
//! So one entry lies in the map itself; a tree is made for the second, and stays.

use std::borrow::Borrow;
use std::collections::{BTreeMap, btree_map};
use std::mem;

/// The map.
#[derive(Debug, Default)]
#[cfg_attr(test, derive(Clone))]
pub(crate) enum Few<K, V> {
    #[default]
    None,
    One(K, V),
    Many(BTreeMap<K, V>),
}

impl<K: Ord, V> Few<K, V> {
    #[inline]
    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        match self {
            Self::None => None,
            Self::One(its, value) => (<K as Borrow<Q>>::borrow(its) == key).then_some(value),
            Self::Many(many) => many.get(key),
        }
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        match self {
            Self::None => None,
            Self::One(its, value) => (its == key).then_some(value),
            Self::Many(many) => many.get_mut(key),
        }
    }

    /// Puts a value in, and returns what the key had before.
    #[inline]
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self {
            Self::None => {
                *self = Self::One(key, value);
                None
            }
            Self::One(its, old) if *its == key => Some(mem::replace(old, value)),
            Self::One(..) => {
                self.become_many().insert(key, value);
                None
            }
            Self::Many(many) => many.insert(key, value),
        }
    }

    /// Puts a value in, unless the key has one.
    #[inline]
    pub(crate) fn insert_if_absent(&mut self, key: K, value: V) {
        if let Self::Many(many) = self {
            many.entry(key).or_insert(value);
        } else if self.get(&key).is_none() {
            self.insert(key, value);
        }
    }

    #[inline]
    pub(crate) fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        match self {
            Self::Many(many) => many.remove(key),
            Self::One(its, _) if <K as Borrow<Q>>::borrow(its) == key => match mem::take(self) {
                Self::One(_, value) => Some(value),
                Self::None | Self::Many(_) => None,
            },
            Self::None | Self::One(..) => None,
        }
    }

    /// Takes out the first entry.
    pub(crate) fn pop_first(&mut self) -> Option<(K, V)> {
        match self {
            Self::None => None,
            Self::One(..) => match mem::take(self) {
                Self::One(key, value) => Some((key, value)),
                Self::None | Self::Many(_) => None,
            },
            Self::Many(many) => many.pop_first(),
        }
    }

    #[cold]
    fn become_many(&mut self) -> &mut BTreeMap<K, V> {
        let mut many = BTreeMap::new();
        if let Self::One(key, value) = mem::take(self) {
            many.insert(key, value);
        }
        *self = Self::Many(many);
        match self {
            Self::Many(many) => many,
            Self::None | Self::One(..) => unreachable!("it was just made so"),
        }
    }
}

impl<K, V> Few<K, V> {
    /// In the order of the keys.
    #[inline]
    pub(crate) fn iter(&self) -> Iter<'_, K, V> {
        match self {
            Self::None => Iter::One(None),
            Self::One(key, value) => Iter::One(Some((key, value))),
            Self::Many(many) => Iter::Many(many.iter()),
        }
    }
}

/// The entries of a map, in the order of the keys.
#[derive(Debug)]
pub(crate) enum Iter<'a, K, V> {
    One(Option<(&'a K, &'a V)>),
    Many(btree_map::Iter<'a, K, V>),
}

impl<'a, K, V> Iterator for Iter<'a, K, V> {
    type Item = (&'a K, &'a V);

    #[inline]
    fn next(&mut self) -> Option<(&'a K, &'a V)> {
        match self {
            Self::One(one) => one.take(),
            Self::Many(many) => many.next(),
        }
    }
}

#[cfg(test)]
impl<K: PartialEq, V: PartialEq> PartialEq for Few<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

#[cfg(test)]
impl<K: Eq, V: Eq> Eq for Few<K, V> {}

#[cfg(test)]
impl<K: std::hash::Hash, V: std::hash::Hash> std::hash::Hash for Few<K, V> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.iter().for_each(|entry| entry.hash(state));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_does_what_a_tree_does() {
        for seed in 0..200 {
            let mut random = fastrand::Rng::with_seed(seed);
            let keys = random.u8(1..5);
            let (mut few, mut tree) = (Few::default(), BTreeMap::new());
            for step in 0..50_u32 {
                let key = random.u8(..keys);
                match random.u8(..5) {
                    0 => assert_eq!(few.insert(key, step), tree.insert(key, step)),
                    1 => {
                        few.insert_if_absent(key, step);
                        tree.entry(key).or_insert(step);
                    }
                    2 if random.u8(..8) == 0 => assert_eq!(few.pop_first(), tree.pop_first()),
                    2 => assert_eq!(few.get_mut(&key), tree.get_mut(&key)),
                    _ => assert_eq!(few.remove(&key), tree.remove(&key)),
                }
                assert_eq!(few.get(&key), tree.get(&key), "seed {seed}, step {step}");
                assert!(few.iter().eq(&tree), "seed {seed}, step {step}: {few:?}, {tree:?}");
            }
        }
    }
}
