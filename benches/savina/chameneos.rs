//! Chameneos: creatures meet in pairs at a mall and change their colour after each other's. An
//! operation is a meeting; the paper has 200 000, of 100 creatures.

use std::time::{Duration, Instant};

use bench_harness::{on_kerosene, on_tokio};
use kerosene::prelude::*;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

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

pub(crate) fn on_plain_tokio(workers: usize, count: u64) -> Duration {
    on_tokio(workers, async move {
        let start = Instant::now();
        let (mall, mut arriving) = unbounded_channel();
        for colour in Colour::ALL.into_iter().cycle().take(CREATURES) {
            tokio::spawn(creature_on_tokio(mall.clone(), colour));
        }
        let mut waiting: Option<Creature> = None;
        let mut met = 0;
        let (mut arrived, mut gone) = (0, 0);
        while gone < CREATURES {
            match arriving.recv().await.expect("the mall is open") {
                ToMall::Met(times) => {
                    met += times;
                    gone += 1;
                }
                ToMall::Meet(one, _) if arrived == 2 * count => drop(one.send(ToCreature::Over)),
                ToMall::Meet(one, colour) => {
                    arrived += 1;
                    match waiting.take() {
                        Some(other) => drop(other.send(ToCreature::Meet(one, colour))),
                        None => waiting = Some(one),
                    }
                }
            }
        }
        assert_eq!(met, 2 * count, "two meet");
        start.elapsed()
    })
}

type Creature = UnboundedSender<ToCreature>;

enum ToMall {
    Meet(Creature, Colour),
    Met(u64),
}

enum ToCreature {
    Meet(Creature, Colour),
    Change(Colour),
    Over,
}

async fn creature_on_tokio(mall: UnboundedSender<ToMall>, mut colour: Colour) {
    let (me, mut mailbox) = unbounded_channel();
    let mut met = 0;
    let _ = mall.send(ToMall::Meet(me.clone(), colour));
    while let Some(message) = mailbox.recv().await {
        match message {
            ToCreature::Meet(other, its_colour) => {
                colour = colour.after_meeting(its_colour);
                let _ = other.send(ToCreature::Change(colour));
            }
            ToCreature::Change(new) => colour = new,
            ToCreature::Over => return drop(mall.send(ToMall::Met(met))),
        }
        met += 1;
        let _ = mall.send(ToMall::Meet(me.clone(), colour));
    }
}
