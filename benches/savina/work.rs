//! What the actors of the suite compute between their messages.

/// The work of a fork-join worker: the square of a sine.
pub(crate) fn square_of_sine(theta: f64) -> f64 {
    let sine = std::hint::black_box(theta).sin();
    sine * sine
}

/// The work that a piece of data costs: `cost` times a hundred logarithms.
pub(crate) fn process_item(start: f64, cost: u64) -> f64 {
    let mut random = fastrand::Rng::with_seed(cost);
    (0..cost * 100).fold(start, |result, _| result + (random.f64() + 0.01).ln())
}

/// Draws so many random numbers, and does nothing with them.
pub(crate) fn busy_wait(random: &mut fastrand::Rng, limit: u64) {
    for _ in 0..limit {
        std::hint::black_box(random.f64());
    }
}
