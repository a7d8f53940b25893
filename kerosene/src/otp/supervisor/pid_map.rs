//! A map from pids, which costs less than one that must withstand an attacker.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::Pid;

/// A hash map from pids, whose order is the same in each run of a simulation.
pub(super) type PidMap<V> = HashMap<Pid, V, BuildHasherDefault<PidHasher>>;

/// Mixes the bits of a pid. Nobody outside chooses pids, so nobody can make them collide.
#[derive(Default)]
pub(super) struct PidHasher(u64);

impl Hasher for PidHasher {
    fn write_u64(&mut self, bits: u64) {
        // The golden ratio spreads consecutive numbers; the fold brings the high bits down.
        let mixed = (self.0 ^ bits).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ (mixed >> 32);
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
