//! Options that are one word of a few.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, Ident, Lit, LitStr, Path};

use super::suggest::nearest;
use super::written::{self, Entry, FromWritten, value};

/// How waits grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StrategyKind {
    Fixed,
    Linear,
    Exponential,
    Fibonacci,
}

impl StrategyKind {
    const ALL: [(&'static str, Self); 4] = [
        ("fixed", Self::Fixed),
        ("linear", Self::Linear),
        ("exponential", Self::Exponential),
        ("fibonacci", Self::Fibonacci),
    ];

    /// The word that is written for it.
    pub(crate) fn word(self) -> &'static str {
        let word = Self::ALL.iter().find(|(_, kind)| *kind == self);
        word.map_or("", |(word, _)| word)
    }
}

#[derive(Debug)]
pub(crate) enum StrategyOption {
    /// One of ours, and where it was written.
    Named(StrategyKind, Span),
    /// The user's own.
    Custom(Path),
}

impl FromWritten for StrategyOption {
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self> {
        let expr = value(entry)?;
        let names = || StrategyKind::ALL.iter().map(|(name, _)| *name);
        if let Some(word) = written::word(expr) {
            let text = word.to_string();
            if let Some((_, kind)) = StrategyKind::ALL.iter().find(|(name, _)| *name == text) {
                return Ok(Self::Named(*kind, word.span()));
            }
            if let Some(name) = nearest(&text, names()) {
                return Err(syn::Error::new(
                    word.span(),
                    format!(
                        "unknown strategy `{text}`; did you mean `{name}`? A function of that name is written `self::{text}`"
                    ),
                ));
            }
        }
        match written::path(expr) {
            Some(path) => Ok(Self::Custom(path.clone())),
            None => Err(unreadable(
                "strategy",
                expr,
                &StrategyKind::ALL,
                ", or the path of a function",
            )),
        }
    }
}

/// How waits are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JitterKind {
    None,
    Full,
    Equal,
    Decorrelated,
}

impl JitterKind {
    const ALL: [(&'static str, Self); 4] = [
        ("none", Self::None),
        ("full", Self::Full),
        ("equal", Self::Equal),
        ("decorrelated", Self::Decorrelated),
    ];
}

#[derive(Debug)]
pub(crate) struct JitterOption {
    pub(crate) kind: JitterKind,
    /// The value's place.
    pub(crate) span: Span,
}

impl FromWritten for JitterOption {
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self> {
        let (kind, span) = one_of(entry, &JitterKind::ALL)?;
        Ok(Self { kind, span })
    }
}

/// What an open breaker does to the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WhenOpen {
    Fail,
    Wait,
}

impl WhenOpen {
    const ALL: [(&'static str, Self); 2] = [("fail", Self::Fail), ("wait", Self::Wait)];
}

/// `when_open = fail | wait`.
#[derive(Debug)]
pub(crate) struct WhenOpenOption {
    pub(crate) kind: WhenOpen,
    /// The option's name, which is at fault where there is no breaker.
    pub(crate) key: Ident,
}

impl FromWritten for WhenOpenOption {
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self> {
        let (kind, _) = one_of(entry, &WhenOpen::ALL)?;
        let key = written::key(entry)?;
        Ok(Self { kind, key })
    }
}

/// What a call that is dropped half-way is to a breaker: `on_cancel = ignore | failure`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnCancel {
    Ignore,
    Failure,
}

impl OnCancel {
    const ALL: [(&'static str, Self); 2] = [("ignore", Self::Ignore), ("failure", Self::Failure)];
}

impl FromWritten for OnCancel {
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self> {
        one_of(entry, &Self::ALL).map(|(kind, _)| kind)
    }
}

/// The word of a table that is the option's value, and its place.
fn one_of<T: Copy>(entry: &Entry<'_>, all: &[(&str, T)]) -> syn::Result<(T, Span)> {
    let key = written::key(entry)?.to_string();
    let expr = value(entry)?;
    let span = expr.span();
    let Some(word) = written::word(expr) else {
        return Err(unreadable(&key, expr, all, ""));
    };
    let text = word.to_string();
    if let Some((_, kind)) = all.iter().find(|(name, _)| *name == text) {
        return Ok((*kind, span));
    }
    let advice = match nearest(&text, all.iter().map(|(name, _)| *name)) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("write {}", words(all)),
    };
    Err(syn::Error::new(
        span,
        format!("unknown {key} `{text}`; {advice}"),
    ))
}

/// The words of a table, as a list to choose from.
fn words<T>(all: &[(&str, T)]) -> String {
    let words: Vec<String> = all.iter().map(|(word, _)| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// The error for a value that is no word.
fn unreadable<T>(key: &str, expr: &Expr, all: &[(&str, T)], more: &str) -> syn::Error {
    let message = match written::literal(expr) {
        Some(Lit::Str(text)) if all.iter().any(|(word, _)| *word == text.value()) => {
            format!(
                "`{key}` takes a word; write it without quotes: `{key} = {}`",
                text.value()
            )
        }
        Some(Lit::Bool(switch)) if !switch.value && key == "jitter" => {
            "`jitter` takes a word; write `jitter = none`".to_owned()
        }
        _ => format!("`{key}` takes a word; write {}{more}", words(all)),
    };
    syn::Error::new_spanned(expr, message)
}

/// Which retry budget the call draws on; without the option it is one of its own.
#[derive(Debug)]
pub(crate) enum BudgetOption {
    /// The budget of this name, shared with everybody who names it.
    Named(LitStr),
    /// None: only `max_retries` and `timeout` bound the retries.
    Unbounded,
}

impl FromWritten for BudgetOption {
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self> {
        const FORMS: &str =
            "write a name in quotes, such as `budget = \"notion\"`, or `budget = none`";
        let expr = value(entry)?;
        match (written::literal(expr), written::word(expr)) {
            (Some(Lit::Str(name)), _) if name.value().trim().is_empty() => Err(syn::Error::new(
                name.span(),
                "`budget` is an empty name; leave it out for a budget of the call's own, or write `budget = none`",
            )),
            (Some(Lit::Str(name)), _) if name.value() == "none" => Err(syn::Error::new(
                name.span(),
                "`\"none\"` would be a budget of that name; write `budget = none` without quotes",
            )),
            (Some(Lit::Str(name)), _) => Ok(Self::Named(name.clone())),
            (_, Some(word)) if word == "none" => Ok(Self::Unbounded),
            _ => Err(syn::Error::new(
                expr.span(),
                format!("`budget` takes the name of a budget; {FORMS}"),
            )),
        }
    }
}
