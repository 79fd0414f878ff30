//! A `PostgreSQL` of one's own, for tests and demonstrations.

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;
use tokio_postgres::NoTls;
use wait_or_die::redact::{self, Redacted};
use wait_or_die::{Classify, Error, wait_or_die};

use crate::error::Refused;
use crate::key::Key;
use crate::target::{Target, TargetError};

/// The user and the database that the server is made with.
const USER: &str = "memory";
const DATABASE: &str = "postgres";

/// Why there is no `PostgreSQL` of one's own.
#[derive(Debug, thiserror::Error, Classify)]
#[non_exhaustive]
pub enum ServerError {
    /// Neither `initdb` nor `postgres` was found, in `PATH` or where Debian has them.
    #[error("PostgreSQL is not installed: `initdb` and `postgres` were not found")]
    #[classify(permanent)]
    NotInstalled,
    /// A command failed; the end of what it said.
    #[error("`{command}` failed: {said}")]
    #[classify(permanent)]
    Command {
        /// Its name.
        command: &'static str,
        /// What it said, secrets hidden.
        said: String,
    },
    /// It does not take connections yet.
    #[error("not ready: {0}")]
    #[classify(transient)]
    NotReady(String),
    /// It has ended; the end of its log. It is started again: one that was killed leaves processes behind for a moment,
    /// which stand in the way, and another program may have taken the port.
    #[error("the server has ended: {0}")]
    #[classify(transient)]
    Ended(String),
    /// It has no usable address, which does not happen.
    #[error(transparent)]
    #[classify(permanent)]
    Target(#[from] TargetError),
    /// Files, ports or processes.
    #[error(transparent)]
    #[classify(permanent)]
    Io(#[from] io::Error),
    /// It took too long.
    #[error(transparent)]
    #[classify(source)]
    Died(#[from] Error),
}

/// A running `PostgreSQL` in a temporary folder, on a free port of the loopback interface, with a password of its own.
/// Ends with this value.
///
/// `PostgreSQL` refuses to run as root: where the program does, the server runs as `postgres`, or else as `nobody`.
pub struct Server {
    programs: PathBuf,
    folder: TempDir,
    user: Option<(u32, u32)>,
    port: u16,
    password: Redacted<String>,
    child: Option<Child>,
}

impl Server {
    /// The folder of `initdb` and `postgres`, if they are installed.
    pub fn programs() -> Option<PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let of_debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
        let mut of_debian: Vec<_> = of_debian
            .flatten()
            .map(|version| version.path().join("bin"))
            .collect();
        of_debian.sort();
        // The real place of the programs: they look for their files beside themselves.
        let complete = |folder: PathBuf| {
            let program = fs::canonicalize(folder.join("initdb")).ok()?;
            let folder = program.parent()?.to_owned();
            folder.join("postgres").is_file().then_some(folder)
        };
        std::env::split_paths(&path)
            .chain(of_debian.into_iter().rev())
            .find_map(complete)
    }

    /// Makes one and starts it; some 2 s.
    ///
    /// # Errors
    /// It is not installed, or could not be made or started; what it said is in the error.
    pub async fn start() -> Result<Self, ServerError> {
        let programs = Self::programs().ok_or(ServerError::NotInstalled)?;
        let folder = tempfile::tempdir()?;
        let mut server = Self {
            programs,
            user: unprivileged(folder.path())?,
            port: 0,
            password: Redacted::new(Key::random()?.as_str().to_owned()),
            child: None,
            folder,
        };
        server.initialise()?;
        server.port = free_port()?;
        server.start_again().await?;
        Ok(server)
    }

    /// Where it is reached, and how one logs in.
    ///
    /// # Errors
    /// None in practice: the address is of this server's making.
    pub fn target(&self) -> Result<Target, TargetError> {
        self.target_at(self.port)
    }

    /// The same through a proxy on another port of the loopback interface.
    ///
    /// # Errors
    /// As [`target`](Self::target).
    pub fn target_at(&self, port: u16) -> Result<Target, TargetError> {
        Target::parse(&self.url_at(port))
    }

    /// The URL, password and all.
    pub fn url(&self) -> Redacted<String> {
        self.url_at(self.port)
    }

    fn url_at(&self, port: u16) -> Redacted<String> {
        let password = self.password.expose();
        let url = format!("postgresql://{USER}:{password}@127.0.0.1:{port}/{DATABASE}");
        Redacted::new(url)
    }

    /// The port it listens on.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Starts it after it was stopped or killed, and waits until it takes connections. It recovers from a crash by itself.
    ///
    /// # Errors
    /// It did not come up within 30 s.
    #[wait_or_die(
        name = "server.start",
        timeout = "30s",
        max_retries = 600,
        strategy = fixed,
        initial_wait = "50ms",
        jitter = none,
        budget = none
    )]
    pub async fn start_again(&mut self) -> Result<(), ServerError> {
        if !self.is_running()? {
            self.spawn()?;
        }
        self.log_in().await
    }

    /// Stops it in an orderly way that does not wait for its clients: their sessions end with 57P01.
    ///
    /// # Errors
    /// The signal could not be sent.
    pub async fn stop(&mut self) -> Result<(), ServerError> {
        self.end("-INT").await
    }

    /// Kills the main process (SIGKILL). The others end when they notice, without a word to their clients.
    ///
    /// # Errors
    /// The signal could not be sent.
    pub async fn kill(&mut self) -> Result<(), ServerError> {
        self.end("-KILL").await
    }

    /// Kills the process of one session (SIGKILL), upon which the server ends all of them and recovers.
    ///
    /// # Errors
    /// The signal could not be sent.
    pub fn kill_session(&self, process: i32) -> Result<(), ServerError> {
        signal("-KILL", &process.to_string())
    }

    async fn end(&mut self, how: &str) -> Result<(), ServerError> {
        let Some(mut child) = self.child.take() else {
            return Ok(());
        };
        signal(how, &child.id().to_string())?;
        let waited = tokio::task::spawn_blocking(move || child.wait()).await;
        waited.map_err(io::Error::other)??;
        Ok(())
    }

    fn initialise(&self) -> Result<(), ServerError> {
        let password = self.folder.path().join("password");
        fs::write(&password, self.password.expose())?;
        fs::set_permissions(&password, fs::Permissions::from_mode(0o600))?;
        if let Some((user, group)) = self.user {
            chown(&password, Some(user), Some(group))?;
        }
        let mut initdb = self.command("initdb");
        initdb
            .args(["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"])
            .args(["--no-sync", "--username", USER, "--pwfile"])
            .arg(&password)
            .arg("--pgdata")
            .arg(self.data());
        run("initdb", &mut initdb)?;
        fs::remove_file(password)?;
        Ok(())
    }

    fn spawn(&mut self) -> Result<(), ServerError> {
        let log = File::create(self.log())?;
        let mut postgres = self.command("postgres");
        let settings = [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            // What is written is with the operating system, which outlives what is killed here.
            "fsync=off",
            "max_connections=20",
            "shared_buffers=16MB",
            "restart_after_crash=on",
        ];
        for setting in settings {
            postgres.args(["-c", setting]);
        }
        postgres
            .arg("-D")
            .arg(self.data())
            .args(["-p", &self.port.to_string()])
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        self.child = Some(postgres.spawn()?);
        Ok(())
    }

    fn is_running(&mut self) -> Result<bool, ServerError> {
        let Some(child) = &mut self.child else {
            return Ok(false);
        };
        if child.try_wait()?.is_none() {
            return Ok(true);
        }
        self.child = None;
        Err(ServerError::Ended(self.log_end()))
    }

    async fn log_in(&self) -> Result<(), ServerError> {
        let target = self.target()?;
        let (client, connection) = target.config().connect(NoTls).await.map_err(|error| {
            ServerError::NotReady(match error.as_db_error() {
                Some(answer) => Refused::new(answer).to_string(),
                None => error.to_string(),
            })
        })?;
        // Ends the session: without it the client has nobody to talk to.
        drop((client, connection));
        Ok(())
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.current_dir(self.folder.path()).env("LC_ALL", "C");
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn log_end(&self) -> String {
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        last_lines(&log)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // At once, without writing anything down: the folder goes as well.
            if signal("-QUIT", &child.id().to_string()).is_err() {
                let _ = child.kill();
            }
            let _ = child.wait();
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

/// Whom the server runs as, if we are root; the folder is then theirs.
fn unprivileged(folder: &Path) -> Result<Option<(u32, u32)>, ServerError> {
    if fs::metadata(folder)?.uid() != 0 {
        return Ok(None);
    }
    let id = |of: &str, user: &str| -> Option<u32> {
        let output = Command::new("id").args([of, user]).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse().ok()
    };
    let found = ["postgres", "nobody"]
        .iter()
        .find_map(|user| Some((id("-u", user)?, id("-g", user)?)));
    let (user, group) = found.ok_or(ServerError::Command {
        command: "id",
        said: "neither `postgres` nor `nobody` is a user of this machine".to_owned(),
    })?;
    chown(folder, Some(user), Some(group))?;
    Ok(Some((user, group)))
}

/// A port that was free a moment ago. Whoever takes it meanwhile is noticed: the server then ends.
fn free_port() -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}

fn signal(which: &str, process: &str) -> Result<(), ServerError> {
    run("kill", Command::new("kill").args([which, process]))
}

fn run(name: &'static str, command: &mut Command) -> Result<(), ServerError> {
    let Output { status, stderr, .. } = command.stdin(Stdio::null()).output()?;
    if status.success() {
        return Ok(());
    }
    Err(ServerError::Command {
        command: name,
        said: last_lines(&String::from_utf8_lossy(&stderr)),
    })
}

/// The last three lines, secrets hidden.
fn last_lines(text: &str) -> String {
    let lines: Vec<_> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let last = lines.len().saturating_sub(3);
    redact::filter(&lines[last..].join("; ")).into_owned()
}
