//! No arm says a type: each pattern's path does.
#![deny(warnings)]

use kerosene::prelude::*;

struct Deposit {
    amount: u64,
}
struct Withdraw(u64);
struct Close;
enum Query {
    Balance,
    History(usize),
}

async fn account() -> Vec<String> {
    let mut log = Vec::new();
    loop {
        receive! {
            Deposit { amount } => log.push(format!("+{amount}")),
            Withdraw(amount) => log.push(format!("-{amount}")),
            Query::Balance => log.push("?".to_owned()),
            Query::History(length) => log.push(format!("?{length}")),
            Close => return log,
        }
    }
}

#[kerosene::main]
async fn main() {
    send(pid(), Deposit { amount: 5 });
    send(pid(), Withdraw(3));
    send(pid(), Query::Balance);
    send(pid(), Query::History(7));
    send(pid(), Close);
    assert_eq!(account().await, ["+5", "-3", "?", "?7"]);
}
