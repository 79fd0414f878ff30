//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use reqwest::Url;

use crate::provider::Provider;

const ABOUT: &str = "\
A review gate: one document goes to several language models at once, through calls protected by
#[wait_or_die] and #[circuit_breaker].
Without a command: a demonstration on the loopback interface, which needs no key.";

const AFTER: &str = "\
Keys, from the environment only:
  ANTHROPIC_API_KEY, GEMINI_API_KEY, OPENAI_API_KEY, or the same with _FILE for a file that holds the key
  A service without a key counts as one that did not answer; without any key the demonstration runs.
Exit status of `review`:
  0   approved by all that were asked
  1   the program itself failed: the document or the settings cannot be read, ..
  2   wrong arguments
  3   rejected by at least one
  4   approved, but not all answered
  69  nobody answered
";

/// What the program was asked to do.
#[derive(Debug, Parser)]
#[command(name = "llm", about = ABOUT, after_help = AFTER)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Has a document reviewed
    Review(Box<Review>),
    /// Outages, quotas and broken streams on the loopback interface
    Demo,
}

#[derive(Debug, Args)]
pub(crate) struct Review {
    /// The document: text of at most 1 MiB
    pub(crate) file: PathBuf,

    /// Who is asked
    #[arg(long = "provider", value_enum, value_delimiter = ',', default_values = ["anthropic", "gemini"])]
    pub(crate) providers: Vec<Provider>,

    /// Shows the answers as they come; a stream that breaks off after it has begun is not asked for again
    #[arg(long)]
    pub(crate) stream: bool,

    /// Limit of each answer, the model's thoughts included
    #[arg(long, default_value_t = 16_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) max_tokens: u32,

    #[arg(long, value_name = "MODEL", default_value = "claude-opus-5-5", value_parser = model)]
    pub(crate) anthropic_model: String,

    #[arg(long, value_name = "MODEL", default_value = "gemini-3.8-flash", value_parser = model)]
    pub(crate) gemini_model: String,

    /// Needed for `--provider openai`: servers that speak as `OpenAI` does have models of their own
    #[arg(long, value_name = "MODEL", value_parser = model, required_if_eq("providers", "openai"))]
    pub(crate) openai_model: Option<String>,

    /// Another address of the service, such as that of a proxy
    #[arg(long, value_name = "URL", default_value = Provider::Anthropic.address(), value_parser = address)]
    pub(crate) anthropic_url: Url,

    /// Another address of the service
    #[arg(long, value_name = "URL", default_value = Provider::Gemini.address(), value_parser = address)]
    pub(crate) gemini_url: Url,

    /// Where chat completions are, to before `/chat/completions`; on the loopback interface the key may be left out
    #[arg(long, value_name = "URL", default_value = Provider::OpenAi.address(), value_parser = address)]
    pub(crate) openai_url: Url,

    /// Overrides waits, bounds and breakers by name, or switches them off: a file in JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
}

impl Review {
    pub(crate) fn model(&self, provider: Provider) -> &str {
        match provider {
            Provider::Anthropic => &self.anthropic_model,
            Provider::Gemini => &self.gemini_model,
            Provider::OpenAi => self.openai_model.as_deref().unwrap_or_default(),
        }
    }

    pub(crate) const fn url(&self, provider: Provider) -> &Url {
        match provider {
            Provider::Anthropic => &self.anthropic_url,
            Provider::Gemini => &self.gemini_url,
            Provider::OpenAi => &self.openai_url,
        }
    }
}

/// A model's name, which becomes a part of Gemini's path.
fn model(name: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:/@".contains(c);
    if !name.is_empty() && name.len() <= 128 && name.chars().all(plain) && !name.contains("..") {
        Ok(name.to_owned())
    } else {
        Err("a model's name has letters, digits and `-_.:/@`".to_owned())
    }
}

/// An address that a key and a document may be sent to.
fn address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("keys come from the environment, not in a URL".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("the address ends with its path".to_owned());
    }
    if url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url)) {
        Ok(url)
    } else {
        Err("the key and the document would be readable on the way; write `https://`".to_owned())
    }
}

/// Whether it stays on this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let ip = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    ip.is_ok_and(|ip| ip.is_loopback()) || host == "localhost"
}

#[cfg(test)]
mod tests {
    use super::{Arguments, Command, Review, address, model};
    use crate::provider::Provider;
    use clap::{CommandFactory as _, Parser as _, error::ErrorKind};

    fn review(arguments: &[&str]) -> Result<Review, ErrorKind> {
        let all = ["llm", "review"].iter().chain(arguments);
        match Arguments::try_parse_from(all) {
            Ok(Arguments {
                command: Some(Command::Review(review)),
            }) => Ok(*review),
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(error.kind()),
        }
    }

    #[test]
    fn no_arguments_mean_the_demonstration() {
        Arguments::command().debug_assert();
        assert!(Arguments::parse_from(["llm"]).command.is_none());
    }

    #[test]
    fn two_services_are_asked_unless_others_are_named() {
        let plain = review(&["a.md"]).unwrap();
        assert_eq!(plain.providers, [Provider::Anthropic, Provider::Gemini]);
        assert_eq!(plain.model(Provider::Anthropic), "claude-opus-5-5");
        assert_eq!((plain.max_tokens, plain.stream), (16_000, false));
        let all = [
            "a.md",
            "--provider",
            "gemini,openai",
            "--openai-model",
            "qwen3:8b",
        ];
        let all = review(&all).unwrap();
        assert_eq!(all.providers, [Provider::Gemini, Provider::OpenAi]);
        assert_eq!(all.model(Provider::OpenAi), "qwen3:8b");
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for (arguments, kind) in [
            (&[][..], ErrorKind::MissingRequiredArgument),
            (&["a", "--provider", "other"], ErrorKind::InvalidValue),
            (
                &["a", "--provider", "openai"],
                ErrorKind::MissingRequiredArgument,
            ),
            (&["a", "--max-tokens", "0"], ErrorKind::ValueValidation),
            (&["a", "--gemini-model", "../x"], ErrorKind::ValueValidation),
            (
                &["a", "--gemini-url", "http://example.com"],
                ErrorKind::ValueValidation,
            ),
            (&["a", "--key", "x"], ErrorKind::UnknownArgument),
        ] {
            assert_eq!(review(arguments).unwrap_err(), kind, "{arguments:?}");
        }
    }

    #[test]
    fn keys_and_documents_travel_in_the_clear_only_on_this_machine() {
        for text in [
            "https://api.example.com",
            "http://127.0.0.1:8080/v1",
            "http://[::1]:80",
            "http://localhost:11434/v1",
        ] {
            assert!(address(text).is_ok(), "{text}");
        }
        for text in [
            "http://api.example.com",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "ftp://127.0.0.1",
            "https://user:word@api.example.com",
            "https://api.example.com?key=1",
            "api.example.com",
            "",
        ] {
            assert!(address(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_models_name_leads_nowhere_else() {
        for name in ["gemini-3.8-flash", "org/model@v1", "qwen3:8b"] {
            assert_eq!(model(name).as_deref(), Ok(name));
        }
        for name in ["", "../../secret", "a?b", "a b", "a#b", "a%2e"] {
            assert!(model(name).is_err(), "{name:?}");
        }
    }
}
