//! Chameneos: creatures meet in pairs at a mall and change their colour after each other's. An
//! operation is a meeting; the paper has 200 000, of 100 creatures.

use std::time::{Duration, Instant};

use bench_harness::on_kerosene;
use kerosene::prelude::*;

const CREATURES: usize = 100;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Colour {
    Blue,
    Red,
    Yellow,
}

impl Colour {
    const ALL: [Self; 3] = [Self::Blue, Self::Red, Self::Yellow];

    /// What both become: the third colour, or that which they share.
    fn after_meeting(self, other: Self) -> Self {
        let is_third = |colour: &Self| *colour != self && *colour != other;
        if self == other { self } else { Self::ALL.into_iter().find(is_third).unwrap_or(self) }
    }
}

struct Meet(Pid, Colour);
struct Change(Colour);
struct Over;
struct Met(u64);

pub(crate) fn run(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
        let start = Instant::now();
        let mall = pid();
        for colour in Colour::ALL.into_iter().cycle().take(CREATURES) {
            spawn(creature(mall, colour));
        }
        let mut waiting: Option<Pid> = None;
        for _ in 0..2 * count {
            receive! {
                Meet(one, colour) => match waiting.take() {
                    Some(other) => send(other, Meet(one, colour)),
                    None => waiting = Some(one),
                }
            }
        }
        for _ in 0..CREATURES {
            receive! { Meet(one, _) => send(one, Over) }
        }
        let mut met = 0;
        for _ in 0..CREATURES {
            receive! { Met(times) => met += times }
        }
        assert_eq!(met, 2 * count, "two meet");
        start.elapsed()
    })
}

async fn creature(mall: Pid, mut colour: Colour) {
    let me = pid();
    let mut met = 0;
    send(mall, Meet(me, colour));
    loop {
        receive! {
            Meet(other, its_colour) => {
                colour = colour.after_meeting(its_colour);
                send(other, Change(colour));
            }
            Change(new) => colour = new,
            Over => return send(mall, Met(met)),
        }
        met += 1;
        send(mall, Meet(me, colour));
    }
}
