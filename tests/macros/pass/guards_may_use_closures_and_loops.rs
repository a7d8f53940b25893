//! What stays inside the guard is its own business.
#![deny(warnings)]

use kerosene::prelude::*;

struct Words(Vec<String>);

#[kerosene::main]
async fn main() {
    send(pid(), Words(vec!["a".to_owned(), "bc".to_owned()]));
    let words = receive! {
        Words(words) if words.iter().any(|word| {
            if word.is_empty() { return false }
            word.len() == 2
        }) => words,
    };
    send(pid(), Words(words));
    let words = receive! {
        Words(words) if {
            for word in &words {
                if word.is_empty() { continue }
                if word == "bc" { break }
            }
            matches!(words.first().map(String::as_str), Some("a"))
        } => words,
    };
    send(pid(), Words(words));
    let label = "bc";
    let words = receive! {
        Words(words) if format!("{words:?}").contains(label) => words.len(),
    };
    assert_eq!(words, 2);
}
