//! The server as a child process, and a client that shows exactly what it answers.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;
use std::{fs, thread};

use redis_protocol::resp2::decode::decode;
use redis_protocol::resp2::types::OwnedFrame;

use crate::example::program;

/// What takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(50);

/// Four shards, and a port that is free.
const OPTIONS: [&str; 4] = ["--port", "0", "--shards", "4"];

/// A running server; dropping it kills it.
pub(crate) struct Server {
    pub(crate) port: u16,
    child: Child,
    lines: Receiver<String>,
}

impl Server {
    /// Starts a server with four shards on a port that is free.
    pub(crate) fn start() -> Self {
        Self::spawn(Command::new(program("kv")).args(OPTIONS))
    }

    /// The same, with no more than so many open files.
    pub(crate) fn start_with_files(count: u64) -> Self {
        let limited = format!("ulimit -n {count} && exec \"$0\" \"$@\"");
        Self::spawn(Command::new("sh").arg("-c").arg(limited).arg(program("kv")).args(OPTIONS))
    }

    /// The same, with a terminal to write on, of the tool `script`.
    pub(crate) fn start_in_a_terminal() -> Self {
        let start = format!("exec \"$KV\" {}", OPTIONS.join(" "));
        let mut script = Command::new("script");
        Self::spawn(script.args(["-q", "-e", "-c", &start, "/dev/null"]).env("KV", program("kv")))
    }

    fn spawn(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the example starts");
        let (sender, lines) = mpsc::channel();
        let outputs: [Box<dyn Read + Send>; 2] = [
            Box::new(child.stdout.take().expect("it is piped")),
            Box::new(child.stderr.take().expect("it is piped")),
        ];
        for output in outputs {
            let sender = sender.clone();
            let send = move |line| sender.send(line).is_ok();
            thread::spawn(|| BufReader::new(output).lines().map_while(Result::ok).all(send));
        }
        let mut server = Self { port: 0, child, lines };
        let line = server.line("listening on ");
        let port = line.split(&[':', ',']).nth(2).and_then(|port| port.parse().ok());
        server.port = port.unwrap_or_else(|| panic!("no port in `{line}`"));
        server
    }

    /// Waits until the server says something with this text in it.
    pub(crate) fn line(&self, text: &str) -> String {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) if line.contains(text) => return line,
                Ok(_) => {}
                Err(error) => panic!("the server does not say `{text}`: {error}"),
            }
        }
    }

    pub(crate) fn client(&self) -> Client {
        Client::connect(self.port)
    }

    /// A connection of the `redis` crate.
    pub(crate) fn redis(&self) -> redis::Connection {
        let client = redis::Client::open(("127.0.0.1", self.port)).expect("an address");
        client.get_connection().expect("the server accepts")
    }

    pub(crate) fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let kill = Command::new("kill").args([signal, &pid]).status().expect("there is a `kill`");
        assert!(kill.success());
    }

    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.child.wait().expect("it is a child")
    }

    /// Resident memory, where the system tells.
    pub(crate) fn memory_kb(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }

    /// Waits until the server has so many connections, that of the asker included.
    pub(crate) fn until_connections(&self, count: usize) {
        let mut client = self.client();
        let wanted = format!("connected_clients:{count}\r");
        while !client.ask("INFO").contains(&wanted) {}
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it may have ended already
        let _ = self.child.wait();
    }
}

/// A client that knows nothing but bytes.
pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    received: Vec<u8>,
}

impl Client {
    pub(crate) fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the server accepts");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
        stream.set_nodelay(true).expect("a socket");
        Self { stream, received: Vec::new() }
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).expect("the server reads");
    }

    /// Sends the words of a line as a command, and returns the reply as [`shown`].
    pub(crate) fn ask(&mut self, line: &str) -> String {
        self.send(command(line));
        self.reply()
    }

    /// The next reply of RESP2, as [`shown`]; `""` if the server has closed in order.
    pub(crate) fn reply(&mut self) -> String {
        loop {
            if let Some((frame, length)) = decode(&self.received).expect("RESP2") {
                self.received.drain(..length);
                return shown(&frame);
            }
            let mut bytes = vec![0; 1 << 16];
            match self.stream.read(&mut bytes).expect("an answer, or an end in order") {
                0 => {
                    assert!(self.received.is_empty(), "half a reply: {:?}", self.received);
                    return String::new();
                }
                count => self.received.extend(&bytes[..count]),
            }
        }
    }

    /// All that comes until the server closes.
    pub(crate) fn rest(&mut self) -> String {
        let mut bytes = std::mem::take(&mut self.received);
        self.stream.read_to_end(&mut bytes).expect("an end in order");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Writes again and again, without reading, until nothing is taken for a while; returns how
    /// much was.
    pub(crate) fn flood(&mut self, bytes: &[u8], most: usize) -> usize {
        self.stream.set_write_timeout(Some(Duration::from_millis(300))).expect("a socket");
        let mut taken = 0;
        while taken < most {
            match self.stream.write(&bytes[taken % bytes.len()..]) {
                Ok(count) => taken += count,
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                {
                    break;
                }
                Err(error) => panic!("the server has closed: {error}"),
            }
        }
        taken
    }
}

/// A line as the array of strings that a client sends; `""` in it is an empty word.
pub(crate) fn command(line: &str) -> Vec<u8> {
    let words: Vec<&str> = line.split(' ').map(|word| word.trim_matches('"')).collect();
    let mut bytes = format!("*{}\r\n", words.len()).into_bytes();
    for word in words {
        write!(bytes, "${}\r\n{word}\r\n", word.len()).expect("memory");
    }
    bytes
}

/// A reply as a line: `OK`, `-ERR ..`, `1`, `"text"`, `nil`, `[1, "text"]`.
pub(crate) fn shown(frame: &OwnedFrame) -> String {
    match frame {
        OwnedFrame::SimpleString(text) => String::from_utf8_lossy(text).into_owned(),
        OwnedFrame::Error(text) => format!("-{text}"),
        OwnedFrame::Integer(number) => number.to_string(),
        OwnedFrame::BulkString(text) => format!("\"{}\"", String::from_utf8_lossy(text)),
        OwnedFrame::Null => "nil".into(),
        OwnedFrame::Array(items) => {
            format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", "))
        }
    }
}

/// Says something past the harness, which shows what tests print only when they fail.
pub(crate) fn say(text: &str) {
    writeln!(io::stderr(), "{text}").expect("standard error");
}
