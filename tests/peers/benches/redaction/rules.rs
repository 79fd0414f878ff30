//! The expressions of a usual filter: what projects write that mask their logs by a list of expressions.
//!
//! Each has one group, which is kept; what follows it is replaced.

use std::borrow::Cow;

use regex::{Regex, RegexSet};

const RULES: &[&str] = &[
    r#"(?i)(\bpassword["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
    r#"(?i)(\bpasswd["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
    r#"(?i)(\bpwd["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
    r#"(?i)(\bpassphrase["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
    r#"(?i)(\bsecret["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
    r#"(?i)(\bclient[_-]?secret["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
    r#"(?i)(\bsecret[_-]?key["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
    r#"(?i)(\bapi[_-]?key["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
    r#"(?i)(\bapi[_-]?token["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
    r#"(?i)(\baccess[_-]?token["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
    r#"(?i)(\brefresh[_-]?token["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
    r#"(?i)(\bid[_-]?token["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
    r#"(?i)(\bauth[_-]?token["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
    r#"(?i)(\bsession[_-]?(?:id|token)["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
    r#"(?i)(\bprivate[_-]?key["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
    r#"(?i)(\bencryption[_-]?key["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
    r#"(?i)(\baccount[_-]?key["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
    r#"(?i)(\bcredentials?["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
    r"(?i)(\bbearer\s+)[A-Za-z0-9._~+/=-]{8,}",
    r"(?i)(\bbasic\s+)[A-Za-z0-9+/=]{8,}",
    r"(?i)(\bdigest\s+)[^\r\n]{8,}",
    r#"(?i)(\bauthorization["']?\s*[:=]\s*["']?)[^\s"',;&]{9,}"#,
    r"(?i)(\bcookie:\s*)[^\r\n]+",
    r"(?i)(\bset-cookie:\s*)[^\r\n]+",
    r#"(?i)(\bx-api-key["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
    r#"(?i)(\bx-amz-security-token["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
    r"(?i)([a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s/@]+@",
    r"(?i)([?&](?:key|sig|signature|token|code)=)[^\s&]+",
    r"()\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    r#"(?i)(\baws_secret_access_key["']?\s*[:=]\s*["']?)[A-Za-z0-9/+=]{40}"#,
    r"()\bgh[pousr]_[A-Za-z0-9]{36,}\b",
    r"()\bgithub_pat_[A-Za-z0-9_]{22,}\b",
    r"()\bglpat-[A-Za-z0-9_-]{20,}",
    r"()\bxox[abpors]-[A-Za-z0-9-]{10,}",
    r"()https://hooks\.slack\.com/services/[A-Za-z0-9/]+",
    r"()\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}\b",
    r"()\bAIza[A-Za-z0-9_-]{35}",
    r"()\bya29\.[A-Za-z0-9_-]{20,}",
    r"()\bnpm_[A-Za-z0-9]{36}\b",
    r"()\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}",
    r"()\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*",
    r"()-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?",
    r"()\b(?:4\d{3}|5[1-5]\d{2}|3[47]\d{2})[ -]?\d{4}[ -]?\d{4}[ -]?\d{3,4}\b",
];

fn usual() -> Vec<String> {
    RULES.iter().map(|rule| (*rule).to_owned()).collect()
}

const PLACEHOLDER: &str = "${1}[REDACTED]";

/// How the tokens begin that the filter knows by that, one of each in a line.
const FORMATS: &str = include_str!("formats.txt");

/// The expressions, each on its own and as a set.
pub(crate) struct Rules {
    each: Vec<Regex>,
    set: RegexSet,
}

impl Rules {
    pub(crate) fn compile() -> Self {
        Self::of(&usual())
    }

    /// The same with an expression for each format of tokens that the filter knows: what it costs to know as much.
    pub(crate) fn compile_with_formats() -> Self {
        let formats = FORMATS
            .lines()
            .map(|prefix| format!("()\\b{}[A-Za-z0-9_.=+/-]{{10,}}", regex::escape(prefix)));
        let rules: Vec<String> = usual().into_iter().chain(formats).collect();
        Self::of(&rules)
    }

    fn of(rules: &[String]) -> Self {
        let compile = |rule: &String| Regex::new(rule).expect("a rule that compiles");
        Self {
            each: rules.iter().map(compile).collect(),
            set: regex::RegexSetBuilder::new(rules)
                .size_limit(1 << 28)
                .build()
                .expect("rules that compile"),
        }
    }

    /// One pass over the text for all rules, and `replace_all` of those that match.
    pub(crate) fn set<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let matching = self.set.matches(text);
        matching.iter().fold(Cow::Borrowed(text), |text, rule| {
            replace(&self.each[rule], text)
        })
    }

    /// `replace_all` of one rule after the other.
    pub(crate) fn chained<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.each
            .iter()
            .fold(Cow::Borrowed(text), |text, rule| replace(rule, text))
    }
}

fn replace<'t>(rule: &Regex, text: Cow<'t, str>) -> Cow<'t, str> {
    match text {
        Cow::Borrowed(text) => rule.replace_all(text, PLACEHOLDER),
        Cow::Owned(text) => Cow::Owned(rule.replace_all(&text, PLACEHOLDER).into_owned()),
    }
}
