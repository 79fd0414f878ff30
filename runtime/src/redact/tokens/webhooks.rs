//! Web addresses whose path is the secret: who knows the address may post.

use core::ops::Range;

use super::super::texts::{self, ByFirst, Text};
use super::boundary;
use super::charset::{ALNUM, B64URL, Charset, DIGIT, HEX};

/// One service whose addresses hold a secret in their path; as the sources have it, and with the place of its text as the program does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Webhook<T = &'static str> {
    /// What its addresses have in them, in lower case; the case does not count, and each `/` may be escaped.
    pub(super) anchor: T,
    /// So many segments of the path after the anchor stay.
    keep: u8,
    /// What the first hidden segment is made of, and its least length.
    set: Charset,
    min: u8,
    /// Whether the segments after it are hidden too.
    whole: bool,
    /// Whether the first hidden segment needs a digit.
    digit: bool,
}

impl Webhook {
    const fn set(mut self, set: Charset) -> Self {
        self.set = set;
        self
    }

    const fn digit(mut self) -> Self {
        self.digit = true;
        self
    }

    const fn with(self, anchor: Text) -> Webhook<Text> {
        Webhook {
            anchor,
            keep: self.keep,
            set: self.set,
            min: self.min,
            whole: self.whole,
            digit: self.digit,
        }
    }

    /// The part of an address that stays and the one that is secret, of what `of` makes of a set and a length.
    #[cfg(test)]
    pub(super) fn drawn(&self, of: impl Fn(Charset, usize) -> String) -> (String, String) {
        let kept = "team/".repeat(usize::from(self.keep));
        let set = if self.set == PATH { ALNUM } else { self.set };
        (
            format!("{}{kept}", self.anchor),
            of(set, usize::from(self.min)),
        )
    }
}

/// Everything after `anchor` and `keep` more segments is secret.
const fn rest(anchor: &'static str, keep: u8, min: u8) -> Webhook {
    Webhook {
        anchor,
        keep,
        set: PATH,
        min,
        whole: true,
        digit: false,
    }
}

/// The one segment after `anchor` and `keep` more segments is secret.
const fn segment(anchor: &'static str, keep: u8, min: u8) -> Webhook {
    Webhook {
        anchor,
        keep,
        set: PATH,
        min,
        whole: false,
        digit: false,
    }
}

/// What a segment of a path is made of; `%` for escapes, `@` and `:` as in the addresses of Teams and Telegram.
const PATH: Charset = ALNUM.or(Charset::of("-._=+%@:~"));

/// Every known service, in byte order of the anchor.
pub(super) const WEBHOOKS: &[Webhook] = &[
    rest("/hooks/", 0, 16).set(ALNUM).digit(),
    rest("/oncall/integrations/v1/", 1, 16),
    segment("/open-apis/bot/hook/", 0, 12),
    segment("/open-apis/bot/v2/hook/", 0, 12),
    segment("/with/key/", 0, 8),
    segment("alchemy.com/v2/", 0, 20),
    segment("alchemyapi.io/v2/", 0, 20),
    segment("blynk-cloud.com/", 0, 24),
    segment("ciscospark.com/v1/webhooks/incoming/", 0, 24),
    segment("cronitor.link/p/", 0, 16),
    segment("day.app/", 0, 16).digit(),
    rest("discord.com/api/", 3, 40),
    rest("discord.com/api/webhooks/", 1, 20),
    rest("discordapp.com/api/webhooks/", 1, 20),
    segment("flock.com/hooks/sendmessage/", 0, 16),
    segment("go.getblock.io/", 0, 24),
    rest("guilded.gg/webhooks/", 1, 20),
    segment("hc-ping.com/", 0, 16),
    segment("heartbeat.uptimerobot.com/", 0, 16),
    segment("hook.eu1.make.celonis.com/", 0, 16),
    segment("hook.eu1.make.com/", 0, 16),
    segment("hook.eu2.make.com/", 0, 16),
    segment("hook.integromat.com/", 0, 16),
    segment("hook.make.com/", 0, 16),
    segment("hook.us1.make.celonis.com/", 0, 16),
    segment("hook.us1.make.com/", 0, 16),
    segment("hook.us2.make.com/", 0, 16),
    rest("hooks.airtable.com/workflows/", 2, 16),
    segment("hooks.chime.aws/incomingwebhooks/", 0, 16),
    segment("hooks.nabu.casa/", 0, 24),
    rest("hooks.slack-gov.com/", 1, 2),
    rest("hooks.slack.com/", 1, 2),
    rest("hooks.zapier.com/hooks/", 1, 5),
    segment("hub.docker.com/api/build/v1/source/", 2, 16),
    segment("ilert.com/api/v1/events/", 1, 16),
    segment("infura.io/v3/", 0, 24).set(HEX),
    segment("infura.io/ws/v3/", 0, 24).set(HEX),
    segment("intake.logs.datadoghq.com/v1/input/", 0, 20),
    segment("loggly.com/bulk/", 0, 20),
    segment("loggly.com/inputs/", 0, 20),
    segment("netlify.com/build_hooks/", 0, 16),
    segment("nosnch.in/", 0, 8),
    rest("office.com/webhook/", 0, 16),
    rest("office.com/webhookb2/", 0, 16),
    rest("office365.com/webhook/", 0, 16),
    segment("pagerduty.com/integration/", 0, 16),
    segment("pagerduty.com/x-ere/", 0, 16),
    segment("pumble.com/workspaces/", 3, 16),
    segment("push.ft07.com/send/", 0, 16),
    segment("quiknode.pro/", 0, 32).set(HEX),
    segment("rpc.ankr.com/", 1, 32),
    segment("sc.ftqq.com/", 0, 16),
    segment("sctapi.ftqq.com/", 0, 16),
    segment("signl4.com/webhook/", 0, 8),
    segment("squadcast.com/v2/incidents/api/", 0, 16),
    segment("squadcast.com/v3/incidents/api/", 0, 16),
    segment("sumologic.com/receiver/v1/http/", 0, 24),
    segment("telegram.org/bot", 0, 20).digit(),
    segment("telegram.org/file/bot", 0, 20).digit(),
    segment("thingsboard.cloud/api/v1/", 0, 16),
    rest("tines.com/webhook/", 1, 16),
    segment("uptime.betterstack.com/api/v1/heartbeat/", 0, 12),
    segment("uptime.betteruptime.com/api/v1/heartbeat/", 0, 12),
    rest("vercel.com/v1/integrations/deploy/", 1, 8),
    segment("victorops.com/integrations/generic/", 2, 16),
    segment("webexapis.com/v1/webhooks/incoming/", 0, 24),
    segment("webhook.logentries.com/noformat/", 0, 20),
    segment("webhook.newrelic.com/", 0, 16),
    segment("webhook.site/", 0, 30).set(B64URL).digit(),
    segment("webhooks.gitter.im/e/", 0, 16),
    segment("webhooks.workato.com/webhooks/rest/", 0, 16),
    segment("zenduty.com/api/events/", 0, 16),
];

const ANCHORS: [&str; WEBHOOKS.len()] = {
    let mut anchors = [""; WEBHOOKS.len()];
    let mut row = 0;
    while row < WEBHOOKS.len() {
        anchors[row] = WEBHOOKS[row].anchor;
        row += 1;
    }
    anchors
};

static TEXTS: [u8; texts::length(&ANCHORS)] = texts::joined(&ANCHORS);

/// The same, without their texts.
static SERVICES: [Webhook<Text>; WEBHOOKS.len()] = {
    let mut services = [rest("", 0, 0).with(Text::NONE); WEBHOOKS.len()];
    let (mut row, mut start) = (0, 0);
    while row < WEBHOOKS.len() {
        let anchor = Text::new(start, WEBHOOKS[row].anchor.len());
        services[row] = WEBHOOKS[row].with(anchor);
        start += anchor.len();
        row += 1;
    }
    services
};

/// Where the services whose anchor starts with a byte begin and end in [`WEBHOOKS`].
static BY_FIRST: ByFirst = {
    let mut found = [(0, 0); 256];
    let mut row = 0;
    while row < WEBHOOKS.len() {
        texts::add_row(&mut found, WEBHOOKS[row].anchor, row);
        row += 1;
    }
    found
};

/// The secret part of the address whose anchor stands at `at`, or at the slash before it; `None` if it is none.
///
/// A `/` of the anchor may also be `\/` or `%2F`, as in JSON and in an address within another.
pub(in crate::redact) fn webhook_at(text: &[u8], at: usize) -> Option<Range<usize>> {
    let slashed = || {
        let slashes = [1, 3].into_iter().filter_map(|back| at.checked_sub(back));
        let mut slashes = slashes.filter(|before| slash(text, *before) == Some(at));
        anchored_at(text, slashes.next()?)
    };
    anchored_at(text, at).or_else(slashed)
}

fn anchored_at(text: &[u8], at: usize) -> Option<Range<usize>> {
    let first = text.get(at)?;
    let part_of_word =
        at > 0 && first.is_ascii_alphanumeric() && !boundary::starts(text, at, false);
    if part_of_word {
        return None;
    }
    let (from, to) = BY_FIRST[usize::from(first.to_ascii_lowercase())];
    let may_be = SERVICES
        .get(usize::from(from)..usize::from(to))
        .unwrap_or_default();
    // Most are told apart by their first bytes.
    let four = text.get(at..)?.first_chunk::<4>()?;
    may_be
        .iter()
        .filter(|webhook| {
            let anchor = webhook.anchor.of(&TEXTS).get(..4);
            anchor.is_none_or(|anchor| anchor.eq_ignore_ascii_case(four))
        })
        .filter_map(|webhook| secret(text, at, webhook))
        .max_by_key(|range| range.end - range.start)
}

fn secret(text: &[u8], at: usize, webhook: &Webhook<Text>) -> Option<Range<usize>> {
    let mut start = at;
    for &want in webhook.anchor.of(&TEXTS) {
        start = if want == b'/' {
            slash(text, start)?
        } else {
            let &got = text.get(start)?;
            (got.to_ascii_lowercase() == want).then_some(start + 1)?
        };
    }
    for _ in 0..webhook.keep {
        let end = segment_end(text, start, PATH);
        start = slash(text, end)?;
    }
    let mut end = segment_end(text, start, webhook.set);
    let first = text.get(start..end)?;
    if first.len() < usize::from(webhook.min)
        || (webhook.digit && !first.iter().any(|&b| DIGIT.has(b)))
    {
        return None;
    }
    if webhook.whole {
        while let Some(next) = slash(text, end) {
            end = segment_end(text, next, PATH);
        }
    }
    while end > start && matches!(text.get(end - 1), Some(b'.' | b',' | b':')) {
        end -= 1;
    }
    Some(start..end)
}

/// The end of the segment that starts at `at`.
fn segment_end(text: &[u8], at: usize, set: Charset) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let mut len = 0;
    while let Some(&b) = rest.get(len) {
        if !set.has(b) || slash(rest, len).is_some() {
            break;
        }
        len += 1;
    }
    at + len
}

/// The place after the slash at `at`, which may be escaped.
fn slash(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    match rest {
        [b'/', ..] => Some(at + 1),
        [b'\\', b'/', ..] => Some(at + 2),
        [b'%', b'2', b'F' | b'f', ..] => Some(at + 3),
        _ => None,
    }
}
