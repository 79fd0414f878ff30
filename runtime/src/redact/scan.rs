//! One pass over a text: from joint to joint, looking closer where the index says so.

use core::ops::Range;
use std::borrow::Cow;

use super::ahead::Ahead;
use super::filter::Filter;
use super::index::{self, BUILT_IN, BuiltIn, Kinds};
use super::joints::{self, Joint, Joints};
use super::out::{Hide, Out, Style};
use super::{cli, keys, numbers, pem, scheme, span, tokens, userinfo, value};

pub(super) struct Scan<'f, 't> {
    filter: &'f Filter,
    text: &'t [u8],
    out: Out<'t>,
    joints: Joints<'f, 't>,
    strings: value::Strings<'t>,
    ahead: Ahead,
}

impl<'f, 't> Scan<'f, 't> {
    pub(super) fn new(filter: &'f Filter, text: &'t str) -> Self {
        Self {
            filter,
            text: text.as_bytes(),
            out: Out::new(text, filter.keeps_last_four),
            joints: Joints::new(filter.own(), text.as_bytes()),
            strings: value::Strings::new(text.as_bytes()),
            ahead: Ahead::NOTHING,
        }
    }

    pub(super) fn run(mut self) -> Cow<'t, str> {
        if !self.filter.known.is_empty() {
            self.ahead.known = self.filter.known.next(self.text, 0).map(plain);
            self.ahead.note();
        }
        // Before the first byte is a joint too.
        if let Some(hide) = self.word_at(0) {
            self.hide(&hide);
        }
        while let Some(joint) = self.joints.next() {
            if joint.at >= self.ahead.due {
                self.catch_up(joint.at);
                if joint.at < self.out.floor() {
                    continue;
                }
            }
            if let Some(hide) = self.look(joint) {
                self.catch_up(hide.start);
                self.hide(&hide);
            }
        }
        self.finish()
    }

    fn finish(mut self) -> Cow<'t, str> {
        // Behind the last byte is a joint as well.
        let end = self.text.len();
        if let Some(hide) = self.suffixed_at(end) {
            self.catch_up(hide.start);
            self.hide(&hide);
        }
        self.catch_up(end);
        self.out.finish()
    }

    fn hide(&mut self, hide: &Hide) {
        self.out.hide(hide);
        self.joints.skip_to(hide.resume);
        if self
            .ahead
            .known
            .is_some_and(|known| known.start < hide.resume)
        {
            self.ahead.known = self.known_beyond(hide.resume);
        }
        let is_over = |command: &Hide| command.start < hide.resume;
        while self.ahead.command.front().is_some_and(is_over) {
            self.ahead.command.pop_front();
        }
        self.ahead.note();
    }

    /// The next known secret that ends behind `place`: of one that was hidden in part, the rest is none to show.
    fn known_beyond(&self, place: usize) -> Option<Hide> {
        let mut known = self.ahead.known?;
        while known.end <= place {
            known = self
                .filter
                .known
                .next(self.text, known.start + 1)
                .map(plain)?;
        }
        Some(known)
    }

    /// Hides what was found ahead and begins at `place` or before it.
    fn catch_up(&mut self, place: usize) {
        while self.ahead.due <= place
            && let Some(hide) = self.ahead.first()
        {
            self.hide(&hide);
        }
    }

    /// What is to be hidden beside the joint.
    fn look(&mut self, joint: Joint) -> Option<Hide> {
        if joint.may_end
            && let Some(hide) = self.ending_at(joint.at)
        {
            return Some(hide);
        }
        if !joint.may_begin {
            return None;
        }
        self.word_at(joint.at + 1)
            .or_else(|| self.marked_at(joint.at))
    }

    /// What begins at `at`, behind a joint or the letters of an escape, if the index knows it.
    fn word_at(&mut self, at: usize) -> Option<Hide> {
        let four = four(self.text, at)?;
        let kinds = index::start_kinds(self.filter.own(), four);
        if kinds != Kinds::NONE {
            let found = self
                .beginning_at(at, kinds)
                .and_then(|range| self.unless_allowed(range));
            let named = || {
                if kinds.has(Kinds::NAME) {
                    self.named(keys::end_of_name(self.text, at)?)
                } else {
                    None
                }
            };
            if let Some(hide) = found.or_else(named) {
                return Some(hide);
            }
        }
        // The index may know the digits too, by chance.
        if numbers::may_begin(four) {
            self.number(numbers::number_at(self.text, at)?)
        } else {
            None
        }
    }

    /// What begins at `at` of one of these kinds.
    fn beginning_at(&self, at: usize, kinds: Kinds) -> Option<Range<usize>> {
        let text = self.text;
        if kinds.has(Kinds::TOKEN)
            && let Some(token) = tokens::token_at(text, at)
        {
            return Some(token);
        }
        if kinds.has(Kinds::WEBHOOK)
            && let Some(secret) = tokens::webhook_at(text, at)
        {
            return Some(secret);
        }
        if kinds.has(Kinds::SIGNED)
            && let Some(token) = tokens::token_around(text, at)
        {
            return Some(token);
        }
        if kinds.has(Kinds::OWN)
            && let Some(token) = tokens::user_token_at(text, at, self.filter.prefixes)
        {
            return Some(token);
        }
        if kinds.has(Kinds::INFIX) {
            tokens::infix_at(text, at.checked_sub(1)?)
        } else {
            None
        }
    }

    /// What ends at the joint: a name before its value, a scheme before its credentials, a command before its options, the scheme of a
    /// URL.
    fn ending_at(&mut self, joint: usize) -> Option<Hide> {
        let text = self.text;
        let kinds = index::end_kinds(self.filter.own(), joints::before(text, joint));
        if kinds.has(Kinds::NAME)
            && let Some(hide) = self.named(joint)
        {
            return Some(hide);
        }
        if kinds.has(Kinds::SCHEME)
            && matches!(text[joint], b' ' | b'\t' | b'+' | b'%')
            && let Some(credentials) = self.credentials_after(joint)
        {
            return self.unless_allowed(credentials);
        }
        if kinds.has(Kinds::BLOCK)
            && let Some(block) = joint
                .checked_sub(pem::BEGIN)
                .and_then(|at| pem::block_at(self.strings.clip(text, joint), at))
        {
            return self.unless_passed(plain(block));
        }
        if kinds.has(Kinds::BEFORE_SIGN)
            && let Some(token) = tokens::token_around(text, joint)
        {
            return self.unless_allowed(token);
        }
        if kinds.has(Kinds::COMMAND) {
            self.look_through_command(joint);
        }
        if kinds.has(Kinds::SUFFIX) {
            self.suffixed_at(joint)
        } else {
            None
        }
    }

    /// The value of the name that ends before `end`. What was hidden before it is no part of the name.
    fn named(&self, end: usize) -> Option<Hide> {
        let floor = self.out.floor();
        let (text, end) = (self.text.get(floor..)?, end.checked_sub(floor)?);
        let key = keys::ending_at(text, end, self.filter.keys, self.filter.allowed_keys)?;
        value::of(text, &key, end, &self.strings).map(|hide| hide.shifted(floor))
    }

    /// The credentials of the scheme that ends before `end`, which never run over the end of a string.
    fn credentials_after(&self, end: usize) -> Option<Range<usize>> {
        let found = scheme::credentials_after(self.text, end)?;
        let is_quoted = self.text.get(end..found.end)?.contains(&b'"');
        if is_quoted {
            scheme::credentials_after(self.strings.clip(self.text, end), end)
        } else {
            Some(found)
        }
    }

    fn number(&self, number: span::Hide) -> Option<Hide> {
        self.unless_allowed(number.start..number.end)
            .map(|_| account(number))
    }

    /// The token that is known by its end and ends before `end`.
    fn suffixed_at(&self, end: usize) -> Option<Hide> {
        let four = four(self.text, end.checked_sub(4)?)?;
        let token = if BUILT_IN.end_kinds(four).has(Kinds::SUFFIX) {
            tokens::suffixed_at(self.text, end)?
        } else {
            return None;
        };
        self.unless_allowed(token)
    }

    /// A command holds its passwords further on; what stands before them is looked at first.
    fn look_through_command(&mut self, word: usize) {
        let is_exe = |end: &[u8]| end.eq_ignore_ascii_case(b".exe");
        let name = match word.checked_sub(4) {
            Some(dot) if self.text.get(dot..word).is_some_and(is_exe) => dot,
            _ => word,
        };
        // Where the string ends, in which it stands, is asked only of a command.
        if name < self.ahead.command_end || !cli::is_command(self.text, name) {
            return;
        }
        let (floor, passwords) = (self.out.floor(), &mut self.ahead.command);
        let end = cli::command_after(self.strings.clip(self.text, name), name, |password| {
            if password.start >= floor {
                passwords.push_back(plain(password));
            }
        });
        if let Some(end) = end {
            self.ahead.command_end = end;
            self.ahead.note();
        }
    }

    /// What the joint itself is a mark of: a token with a mark inside, a password before `@`, what stands behind an escape.
    fn marked_at(&mut self, joint: usize) -> Option<Hide> {
        let text = self.text;
        match text[joint] {
            // The last byte of a colon or an equals sign as wide as Chinese letters.
            0x9a | 0x9d => self.named(joint.checked_sub(2)?),
            // `Account #1234`
            b'#' if text[..joint].ends_with(b" ") => self.named(joint - 1),
            b'$' => self.unless_allowed(tokens::token_at(text, joint)?),
            b'+' => self.unless_allowed(tokens::infix_at(text, joint)?),
            // Of a row of them the first one says all.
            b'@' if text[..joint].ends_with(b"@") => None,
            b'@' => userinfo::dsn_at(text, joint, self.out.floor()).map(plain),
            b'~' => self.unless_allowed(tokens::infix_at(text, joint.checked_sub(2)?)?),
            b':' => {
                let url = userinfo::userinfo_at(text, joint).map(account);
                url.or_else(|| self.unless_allowed(tokens::infix_at(text, joint)?))
            }
            b'%' | b'\\' => self.escaped_at(joint),
            _ => None,
        }
        .and_then(|hide| self.unless_passed(hide))
    }

    /// The letters of an escape stand between the joint and what begins behind it: `\n`, `%3D`, `\u003d`.
    fn escaped_at(&mut self, joint: usize) -> Option<Hide> {
        let letters = match self.text.get(joint..)? {
            [b'%', b'3' | b'2', ..] => {
                if let Some(hide) = userinfo::userinfo_at(self.text, joint) {
                    return Some(account(hide));
                }
                2
            }
            [b'%', b'0', ..] => 2,
            [b'\\', b'n' | b'r' | b't', ..] => 1,
            [b'\\', b'u', ..] => 5,
            [b'\\', b'x', ..] => 3,
            _ => return None,
        };
        self.word_at(joint + 1 + letters)
    }

    fn unless_passed(&self, hide: Hide) -> Option<Hide> {
        (hide.start >= self.out.floor()).then_some(hide)
    }

    /// A token that the program allows stays.
    fn unless_allowed(&self, range: Range<usize>) -> Option<Hide> {
        let token = self.text.get(range.clone())?;
        let is_allowed = self
            .filter
            .allowed
            .iter()
            .any(|text| text.as_bytes() == token);
        if is_allowed {
            None
        } else {
            self.unless_passed(plain(range))
        }
    }
}

fn account(hide: span::Hide) -> Hide {
    let style = if hide.last_four {
        Style::LastFour
    } else {
        Style::Plain
    };
    Hide::styled(hide.start, hide.end, style)
}

fn plain(range: Range<usize>) -> Hide {
    Hide::between(range.start, range.end, range.end)
}

#[inline]
fn four(text: &[u8], at: usize) -> Option<[u8; 4]> {
    text.get(at..).and_then(|rest| rest.first_chunk()).copied()
}

/// Puts everything but the names into the index.
pub(super) const fn add_all(index: &mut BuiltIn) {
    index.add_end_of(b"begin", Kinds::BLOCK);
    // `mysql.exe`
    index.add_end_of(b".exe", Kinds::COMMAND);
    let mut row = 0;
    while row < cli::NAMES.len() {
        index.add_end_of(cli::NAMES[row], Kinds::COMMAND);
        row += 1;
    }
    row = 0;
    while row < scheme::WORDS.len() {
        index.add_end_of(scheme::WORDS[row].trim_ascii().as_bytes(), Kinds::SCHEME);
        row += 1;
    }
    tokens::add_all(index);
}

#[cfg(test)]
mod tests;
