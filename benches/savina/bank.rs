//! Bank transaction: a teller lets accounts pay each other, and an account does nothing else until
//! the other has the money. An operation is a transaction; the paper has 50 000 among 1000
//! accounts.
//!
//! Waiting for the one answer, with all that has come meanwhile left where it is, is what selective
//! receive is for. An account pays only accounts behind it, so no two wait for each other.

use std::time::{Duration, Instant};

use bench_harness::on_kerosene;
use kerosene::prelude::*;

const ACCOUNTS: usize = 1000;

/// What each account has at the beginning; some owe money at the end.
const BALANCE: i64 = 1_000_000;

struct Pay {
    teller: Pid,
    to: Pid,
    amount: i64,
}
struct Deposit {
    from: Pid,
    amount: i64,
}
struct Deposited;
struct Paid;
struct Close(Pid);
struct Balance(i64);

pub(crate) fn run(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
        let teller = pid();
        let mut random = fastrand::Rng::with_seed(1);
        let start = Instant::now();
        let accounts: Vec<Pid> = (0..ACCOUNTS).map(|_| spawn(account())).collect();
        for _ in 0..count {
            let from = random.usize(..ACCOUNTS / 10 * 8);
            let to = accounts[random.usize(from + 1..ACCOUNTS)];
            let amount = random.i64(1..=1000);
            send(accounts[from], Pay { teller, to, amount });
        }
        for _ in 0..count {
            receive! { Paid => () }
        }
        let mut sum = 0;
        for account in &accounts {
            send(*account, Close(teller));
            receive! { Balance(balance) => sum += balance }
        }
        assert_eq!(sum / BALANCE, i64::try_from(ACCOUNTS).expect("they are a thousand"));
        assert_eq!(sum % BALANCE, 0, "no money is made or lost");
        start.elapsed()
    })
}

async fn account() {
    let me = pid();
    let mut balance = BALANCE;
    loop {
        receive! {
            Pay { teller, to, amount } => {
                balance -= amount;
                send(to, Deposit { from: me, amount });
                receive! { Deposited => send(teller, Paid) }
            }
            Deposit { from, amount } => {
                balance += amount;
                send(from, Deposited);
            }
            Close(teller) => return send(teller, Balance(balance)),
        }
    }
}
