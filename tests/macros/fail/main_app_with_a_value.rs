//! `app` is a flag, and means nothing to a test.

use kerosene::otp::{Application, StartError};

#[kerosene::main(app = "shop")]
async fn main() -> Application {
    Application::new("shop", || async { Err::<kerosene::Pid, _>(StartError::Ignored) })
}

#[kerosene::test(app)]
async fn second() {}
