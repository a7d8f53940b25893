//! The server as a child process, and a client that reads and writes lines.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use crate::example::program;

/// What takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(50);

/// A running server; dropping it kills it.
pub(crate) struct Server {
    port: u16,
    child: Child,
    lines: Mutex<Receiver<String>>,
}

impl Server {
    /// Starts a server that lets everybody say as much as they like.
    pub(crate) fn start() -> Self {
        Self::start_with_rate(1_000_000)
    }

    pub(crate) fn start_with_rate(lines_per_second: u32) -> Self {
        let mut child = Command::new(program("chat"))
            .args(["--port", "0", "--rate", &lines_per_second.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the example starts");
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        let (sender, lines) = mpsc::channel();
        let send = move |line| sender.send(line).is_ok();
        thread::spawn(|| output.lines().map_while(Result::ok).all(send));
        let mut server = Self { port: 0, child, lines: Mutex::new(lines) };
        let line = server.line("listening on ");
        let port = line.split(&[':', ';']).nth(2).and_then(|port| port.parse().ok());
        server.port = port.unwrap_or_else(|| panic!("no port in `{line}`"));
        server
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Waits until the server says something with this text in it.
    pub(crate) fn line(&self, text: &str) -> String {
        let lines = self.lines.lock().expect("who panics here ends the test");
        loop {
            match lines.recv_timeout(PATIENCE) {
                Ok(line) if line.contains(text) => return line,
                Ok(_) => {}
                Err(error) => panic!("the server does not say `{text}`: {error}"),
            }
        }
    }

    /// A client that has a name and is in the lobby.
    pub(crate) fn enter(&self, nick: &str) -> Client {
        let mut client = self.connect();
        client.say(nick);
        client.until("* in lobby: ");
        client
    }

    /// A client that has just connected.
    pub(crate) fn connect(&self) -> Client {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the server accepts");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
        stream.set_nodelay(true).expect("a socket");
        Client { input: BufReader::new(stream.try_clone().expect("a socket")), output: stream }
    }

    pub(crate) fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let kill = Command::new("kill").args([signal, &pid]).status().expect("there is a `kill`");
        assert!(kill.success());
    }

    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.child.wait().expect("it is a child")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it may have ended already
        let _ = self.child.wait();
    }
}

/// Somebody who talks.
pub(crate) struct Client {
    input: BufReader<TcpStream>,
    output: TcpStream,
}

impl Client {
    pub(crate) fn say(&mut self, line: &str) {
        self.try_say(line).expect("the server reads");
    }

    pub(crate) fn try_say(&mut self, line: &str) -> std::io::Result<()> {
        self.output.write_all(format!("{line}\n").as_bytes())
    }

    /// The next line; `""` at the end of the connection.
    pub(crate) fn hear(&mut self) -> String {
        let mut line = String::new();
        self.input.read_line(&mut line).expect("a line, or an end in order");
        line.trim_end().to_owned()
    }

    /// Hears lines until one begins like this; returns it.
    pub(crate) fn until(&mut self, begin: &str) -> String {
        loop {
            let line = self.hear();
            if line.starts_with(begin) {
                return line;
            }
            assert!(!line.is_empty(), "the connection ended before `{begin}`");
        }
    }

    /// All that comes until the server closes.
    pub(crate) fn rest(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            match self.hear() {
                line if line.is_empty() => return lines,
                line => lines.push(line),
            }
        }
    }
}
