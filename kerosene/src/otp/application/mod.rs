//! Applications: the parts that a program is started and stopped by.
//!
//! An [`Application`] is a name, a way to start a supervision tree, what has to run before it, and
//! values that its processes can read. [`Applications`] is a process that starts them in order,
//! each behind those it depends on, and stops them in the reverse order:
//!
//! - A1: an application runs only while all that it depends on has been started and not stopped.
//! - A2: a start that fails leaves nothing behind: what was started for it is stopped again.
//! - A3: each tree is linked to a process of its own, its master, which the tree takes for its
//!   parent. So a tree that fails takes nobody along; what it means for the others is decided in
//!   one place, from the start type.
//!
//! `plan` says in which order, `master` is the process above one tree, `controller` the one
//! above all.

mod controller;
mod environment;
mod handle;
mod master;
mod plan;

use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;

use super::start::StartError;
use crate::{Name, Pid};
use environment::Environment;

pub use controller::ApplicationEnded;
pub use environment::{application, env};
pub use handle::{ApplicationError, ApplicationInfo, Applications, ApplicationsRef};

/// Starts the tree of an application.
type StartTree =
    dyn Fn() -> Pin<Box<dyn Future<Output = Result<Pid, StartError>> + Send>> + Send + Sync;

/// A part of a program that is started and stopped as a whole.
///
/// It is made of a name and a function that starts its supervision tree, linked, and returns the
/// process at the top. [`Applications`] runs it.
///
/// ```
/// use kerosene::otp::application::{self, Application, Applications, StartType};
/// use kerosene::otp::{Strategy, Supervisor};
/// use kerosene::prelude::*;
///
/// async fn greeter() {
///     let greeting: &str = application::env("greeting").expect("the application has it");
///     receive! { from: Pid => send(from, greeting) }
/// }
///
/// kerosene::run(async {
///     let shop = Application::new("shop", || {
///         Supervisor::new(Strategy::OneForOne)
///             .child(ChildSpec::process("greeter", greeter).name("greeter"))
///             .start_link()
///     });
///     let applications = Applications::new()
///         .with(shop.env("greeting", "good morning"))
///         .start_link()
///         .await?;
///     applications.start("shop", StartType::Temporary).await?;
///     send("greeter", pid());
///     receive! { text: &str => assert_eq!(text, "good morning") }
///     Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// });
/// ```
///
/// In Erlang: an application resource file with the callback module it names.
#[derive(Clone)]
#[must_use]
pub struct Application {
    name: Name,
    dependencies: Vec<Name>,
    /// Those of the dependencies that it brings along.
    brought: Vec<Application>,
    environment: Environment,
    start: Arc<StartTree>,
    /// Where the process above its tree counts as spawned.
    made_at: &'static Location<'static>,
}

/// What an application depends on: another application, which it brings along, or the name of one
/// that has to be added [elsewhere](Applications::with).
#[derive(Debug, Clone)]
pub struct Dependency {
    name: Name,
    application: Option<Application>,
}

impl From<Application> for Dependency {
    fn from(application: Application) -> Self {
        Self { name: application.name.clone(), application: Some(application) }
    }
}

impl From<&str> for Dependency {
    fn from(name: &str) -> Self {
        Self { name: name.into(), application: None }
    }
}

impl From<Name> for Dependency {
    fn from(name: Name) -> Self {
        Self { name, application: None }
    }
}

/// What the end of an application that nobody has stopped means for the others.
///
/// In Erlang: the second argument of `application:start/2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StartType {
    /// All applications are stopped. For what the program is about.
    Permanent,
    /// All applications are stopped if the end was abnormal. A supervisor that gives up ends as
    /// `Shutdown`, which is not abnormal: you most likely want another type.
    Transient,
    /// It is reported, and that is all.
    Temporary,
}

impl Application {
    /// An application, and what starts its tree.
    ///
    /// The function runs in a process of the application's own, the parent of the tree. What it
    /// starts it must link, as all `start_link`s do.
    #[track_caller]
    pub fn new<F, B, P, E>(name: impl Into<Name>, start: F) -> Self
    where
        F: Fn() -> B + Send + Sync + 'static,
        B: Future<Output = Result<P, E>> + Send + 'static,
        P: Into<Pid>,
        E: Into<StartError>,
    {
        Self {
            name: name.into(),
            dependencies: Vec::new(),
            brought: Vec::new(),
            environment: Environment::default(),
            start: Arc::new(move || {
                let starting = start();
                Box::pin(async { starting.await.map(Into::into).map_err(Into::into) })
            }),
            made_at: Location::caller(),
        }
    }

    /// Says that another application has to run while this one does: one that is given here, or one
    /// of that name.
    ///
    /// In Erlang: the key `applications`.
    pub fn depends_on(mut self, dependency: impl Into<Dependency>) -> Self {
        let Dependency { name, application } = dependency.into();
        if !self.dependencies.contains(&name) {
            self.dependencies.push(name);
        }
        self.brought.extend(application);
        self
    }

    /// Gives a value to all processes of the application, which read it with [`env`](fn@env). A
    /// value given before under the key is replaced.
    ///
    /// In Erlang: the key `env`, `application:set_env/3` before the start.
    pub fn env<T>(mut self, key: impl Into<String>, value: T) -> Self
    where
        T: Clone + Send + Sync + 'static,
    {
        self.environment.insert(key.into(), value);
        self
    }

    /// Its name.
    pub fn name(&self) -> &Name {
        &self.name
    }
}

impl fmt::Debug for Application {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Application")
            .field("name", &self.name)
            .field("dependencies", &self.dependencies)
            .field("environment", &self.environment)
            .finish_non_exhaustive()
    }
}
