//! What people write who come from Erlang or Elixir, and what it is called here.

use crate::diagnostics::did_you_mean;

/// Whether an attribute of this name was meant to be `#[child]`.
pub(super) fn means_child(name: &str) -> bool {
    matches!(name, "children" | "worker" | "child_spec" | "supervise")
        || (name.starts_with("ch") && did_you_mean(name, &["child"]).is_some())
}

/// What an argument of `#[supervisor]` is called elsewhere.
pub(super) fn supervisor_argument(name: &str) -> Option<&'static str> {
    Some(match name {
        "max_restarts" => "`#[supervisor]` has no argument `max_restarts`; it is `intensity = 3`",
        "max_seconds" => "`#[supervisor]` has no argument `max_seconds`; it is `period = \"5s\"`",
        "restart" | "shutdown" | "significant" | "kind" | "id" => {
            return None;
        }
        "children" => "the children are the functions with `#[child]`, in their order",
        _ => return None,
    })
}

/// What an argument of `#[child]` is called elsewhere.
pub(super) fn child_argument(name: &str) -> Option<&'static str> {
    Some(match name {
        "type" => "`#[child]` has no argument `type`; it is `kind = supervisor`",
        "start" => "the child is started by the function under `#[child]`: leave `start` out",
        "modules" => "there is no code replacement here: leave `modules` out",
        _ => return None,
    })
}

/// What a value is called elsewhere.
pub(super) fn value(name: &str, value: &str) -> Option<String> {
    Some(match (name, value) {
        ("strategy", "simple_one_for_one") => {
            "children that come and go have a `DynamicSupervisor`, which is built at run time"
                .to_owned()
        }
        ("shutdown", "brutal_kill") => {
            "it is `shutdown = brutal` here: killed, without being told to stop".to_owned()
        }
        ("intensity", "infinity") => {
            "an intensity is a number; `intensity = 4294967295` never gives up".to_owned()
        }
        _ => return None,
    })
}

/// `OneForOne` as `one_for_one`.
pub(super) fn snake_case(word: &str) -> String {
    let mut snake = String::new();
    for (at, letter) in word.char_indices() {
        if letter.is_uppercase() && at > 0 && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
