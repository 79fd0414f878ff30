//! Which database, and as whom.

use std::fmt::{self, Write as _};
use std::path::Path;
use std::time::Duration;
use std::{env, fs};

use tokio_postgres::config::{Config, Host};
use wait_or_die::SafeText;
use wait_or_die::redact::Redacted;

/// A `DATABASE_URL` that cannot be used. Its text does not repeat the URL.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TargetError {
    /// Neither variable is set.
    #[error("neither `DATABASE_URL` nor `DATABASE_URL_FILE` is set")]
    Missing,
    /// The file that `DATABASE_URL_FILE` names cannot be read.
    #[error("cannot read the file of `DATABASE_URL_FILE`: {0}")]
    File(std::io::Error),
    /// It is no connection string: not one that the client understands, or without a host.
    #[error("no PostgreSQL connection string: {0}")]
    Malformed(SafeText),
}

/// A database's address and login. Shows itself without the password.
#[derive(Debug, Clone)]
pub struct Target {
    config: Redacted<Config>,
    shown: SafeText,
}

impl Target {
    /// From the environment: `DATABASE_URL`, or the file that `DATABASE_URL_FILE` names.
    ///
    /// # Errors
    /// Neither is set, the file cannot be read, or what is in it is no connection string.
    pub fn from_env() -> Result<Self, TargetError> {
        if let Some(url) = env::var_os("DATABASE_URL") {
            let url = url.into_string();
            let url = url.map_err(|_| TargetError::Malformed(SafeText::from("not Unicode")))?;
            return Self::parse(&Redacted::new(url));
        }
        let path = env::var_os("DATABASE_URL_FILE").ok_or(TargetError::Missing)?;
        let url = fs::read_to_string(Path::new(&path)).map_err(TargetError::File)?;
        Self::parse(&Redacted::new(url.trim().to_owned()))
    }

    /// Either form that `PostgreSQL`'s own clients take: `postgresql://user:password@host/database` or
    /// `host=.. user=.. password=..`.
    ///
    /// # Errors
    /// It is neither, or names no host.
    pub fn parse(url: &Redacted<String>) -> Result<Self, TargetError> {
        let mut config: Config = url.expose().parse().map_err(malformed)?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(TargetError::Malformed(SafeText::from("no host in it")));
        }
        if config.get_application_name().is_none() {
            config.application_name("wait-or-die database example");
        }
        // A peer that is gone without a word is found out by the kernel too, not only by who waits for an answer.
        config.keepalives_idle(Duration::from_secs(30));
        config.tcp_user_timeout(Duration::from_secs(30));
        let shown = SafeText::filtered(&shown(&config));
        Ok(Self {
            config: Redacted::new(config),
            shown,
        })
    }

    pub(crate) const fn config(&self) -> &Config {
        self.config.expose()
    }
}

/// What the client says of the string, which names an option at most.
fn malformed(error: tokio_postgres::Error) -> TargetError {
    let cause = error.into_source().map(|cause| cause.to_string());
    TargetError::Malformed(SafeText::filtered(&cause.unwrap_or_default()))
}

/// `user@host:port/database`, each as far as it is known.
fn shown(config: &Config) -> String {
    let mut shown = config.get_user().unwrap_or_default().to_owned();
    shown.push('@');
    let addresses = config.get_hostaddrs().iter().map(ToString::to_string);
    let names = config.get_hosts().iter().map(|host| match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    });
    let hosts: Vec<_> = names.chain(addresses).collect();
    shown += &hosts.join(",");
    if let [port] = config.get_ports() {
        // Writing to a `String` cannot fail.
        let _ = write!(shown, ":{port}");
    }
    shown + "/" + config.get_dbname().unwrap_or_default()
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shown.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::Target;
    use wait_or_die::redact::Redacted;

    fn parse(url: &str) -> Result<Target, String> {
        Target::parse(&Redacted::new(url.to_owned())).map_err(|error| error.to_string())
    }

    #[test]
    fn both_forms_are_read_and_shown_without_the_password() {
        for url in [
            "postgresql://anna:s3cr3t-pw@db.example:5433/notes",
            "host=db.example port=5433 user=anna password=s3cr3t-pw dbname=notes",
        ] {
            let target = parse(url).unwrap();
            assert_eq!(target.to_string(), "anna@db.example:5433/notes");
            assert!(!format!("{target:?}").contains("s3cr3t"), "{target:?}");
            assert_eq!(target.config().get_password(), Some(&b"s3cr3t-pw"[..]));
        }
    }

    #[test]
    fn what_is_none_is_refused_without_repeating_it() {
        for (url, told) in [
            ("", "no host in it"),
            ("user=anna password=s3cr3t-pw", "no host in it"),
            ("postgresql://anna:s3cr3t-pw@host:port/x", "port"),
            ("host=h password=s3cr3t-pw pott=1", "pott"),
            ("host=h port=s3cr3t-pw", "port"),
        ] {
            let refusal = parse(url).unwrap_err();
            assert!(refusal.contains(told), "{url}: {refusal}");
            assert!(!refusal.contains("s3cr3t"), "{refusal}");
        }
    }
}
