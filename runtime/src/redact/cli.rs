//! Passwords on a command line that no name marks: `mysql -p..`, `curl -u user:..`.

use core::ops::Range;

use super::edge::begins;
use super::value::{is_placeholder, quoted_end};

/// Where a program takes its password.
enum Takes {
    /// `-p word` and `-pword`
    Both(&'static [u8]),
    /// `-pword`; what follows a lone `-p` is something else.
    Joined(&'static [u8]),
    /// `-p word`
    Apart(&'static [u8]),
    /// `-u user:word`, `-U user%word`, `-uuser:word`
    AfterUser(&'static [u8], u8),
    /// `-b name=word`; what has no `=` is a file.
    Cookies(&'static [u8]),
}

use Takes::{AfterUser, Apart, Both, Cookies, Joined};

struct Program {
    name: &'static [u8],
    takes: &'static [Takes],
}

const fn program(name: &'static str, takes: &'static [Takes]) -> Program {
    Program {
        name: name.as_bytes(),
        takes,
    }
}

/// From the manual pages of each.
static PROGRAMS: [Program; 46] = [
    program(
        "curl",
        &[
            AfterUser(b"-u", b':'),
            AfterUser(b"--user", b':'),
            AfterUser(b"-U", b':'),
            AfterUser(b"--proxy-user", b':'),
            AfterUser(b"-E", b':'),
            AfterUser(b"--cert", b':'),
            Cookies(b"-b"),
        ],
    ),
    program("mysql", &[Joined(b"-p")]),
    program("mysqldump", &[Joined(b"-p")]),
    program("mysqladmin", &[Joined(b"-p")]),
    program("mysqlimport", &[Joined(b"-p")]),
    program("mariadb", &[Joined(b"-p")]),
    program("mariadb-dump", &[Joined(b"-p")]),
    program("mongo", &[Both(b"-p")]),
    program("mongosh", &[Both(b"-p")]),
    program("mongodump", &[Both(b"-p")]),
    program("mongorestore", &[Both(b"-p")]),
    program("psexec", &[Apart(b"-p")]),
    program("psexec64", &[Apart(b"-p")]),
    program("sshpass", &[Both(b"-p")]),
    program("redis-cli", &[Apart(b"-a")]),
    program("ldapsearch", &[Apart(b"-w")]),
    program("ldapmodify", &[Apart(b"-w")]),
    program("ldapadd", &[Apart(b"-w")]),
    program("ldapwhoami", &[Apart(b"-w")]),
    program("winexe", &[AfterUser(b"-U", b'%')]),
    program("plink", &[Apart(b"-pw")]),
    program("pscp", &[Apart(b"-pw")]),
    program("sqlcmd", &[Both(b"-P")]),
    program("bcp", &[Both(b"-P")]),
    program("docker login", &[Both(b"-p")]),
    program("podman login", &[Both(b"-p")]),
    program("az login", &[Apart(b"-p")]),
    program("oc login", &[Apart(b"-p")]),
    program("xfreerdp", &[Joined(b"/p:")]),
    program("unzip", &[Apart(b"-P")]),
    program("keytool", &[Apart(b"-keypass")]),
    program("ipmitool", &[Apart(b"-P")]),
    program("mosquitto_pub", &[Apart(b"-P")]),
    program("mosquitto_sub", &[Apart(b"-P")]),
    program("cqlsh", &[Apart(b"-p")]),
    program("mysqlsh", &[Joined(b"-p")]),
    program("lftp", &[AfterUser(b"-u", b',')]),
    program("isql", &[Both(b"-P")]),
    program("tsql", &[Both(b"-P")]),
    program("osql", &[Both(b"-P")]),
    program("ldappasswd", &[Apart(b"-w")]),
    program("evil-winrm", &[Apart(b"-p")]),
    program("skopeo login", &[Apart(b"-p")]),
    program("buildah login", &[Apart(b"-p")]),
    program("registry login", &[Apart(b"-p")]),
    program("cf login", &[Apart(b"-p")]),
];

/// The names of the programs, for the index.
pub(super) const NAMES: [&[u8]; PROGRAMS.len()] = {
    let mut names: [&[u8]; PROGRAMS.len()] = [b""; PROGRAMS.len()];
    let mut index = 0;
    while index < PROGRAMS.len() {
        names[index] = PROGRAMS[index].name;
        index += 1;
    }
    names
};

/// Longest command that is looked through.
const LONGEST: usize = 512;

/// The programs that take `-pword`.
#[cfg(test)]
pub(super) fn joined() -> impl Iterator<Item = &'static str> {
    let takes_it = |program: &&Program| {
        let mut takes = program.takes.iter();
        takes.any(|takes| matches!(takes, Joined(b"-p") | Both(b"-p")))
    };
    let name = |program: &'static Program| core::str::from_utf8(program.name).ok();
    PROGRAMS.iter().filter(takes_it).filter_map(name)
}

/// The number of the program whose name ends before `end`, and where the word ends that it is: `mysql.exe` is one. `mysql://` is none.
fn program_before(text: &[u8], end: usize) -> Option<(usize, usize)> {
    let is_exe = |rest: &[u8]| rest.eq_ignore_ascii_case(b".exe");
    let word = end
        + if text.get(end..end + 4).is_some_and(is_exe) {
            4
        } else {
            0
        };
    if text.get(word) != Some(&b' ') {
        return None;
    }
    let before = &text[..end];
    let ends = |program: &Program| {
        let start = end.checked_sub(program.name.len());
        start.is_some_and(|start| {
            before[start..].eq_ignore_ascii_case(program.name) && begins(text, start)
        })
    };
    Some((PROGRAMS.iter().position(ends)?, word))
}

/// Whether a program's name ends before `end`.
pub(super) fn is_command(text: &[u8], end: usize) -> bool {
    program_before(text, end).is_some()
}

/// How far the command has been looked through that begins with a program's name before `end`, if it is one; the passwords in it go to
/// `found`.
pub(super) fn command_after(
    text: &[u8],
    end: usize,
    mut found: impl FnMut(Range<usize>),
) -> Option<usize> {
    let (program, word) = program_before(text, end)?;
    let mut before = b' ';
    let line = text[end..].iter().take(LONGEST);
    let length = line
        .take_while(|byte| {
            let goes_on = **byte != b'\n' || before == b'\\';
            before = **byte;
            goes_on
        })
        .count();
    let command = &text[..end + length];
    let mut open = Open::new();
    open.begin(program);
    let mut at = word;
    while at < command.len() {
        let blanks = command[at..].iter().take_while(|byte| is_blank(**byte));
        let start = at + blanks.count();
        let end = word_end(command, start);
        at = end.max(start + 1);
        if let Some(password) = open.take(command, start, end) {
            at = at.max(password.end);
            if !password.is_empty() && !is_placeholder(&command[password.clone()]) {
                found(password);
            }
        } else if let Some(program) = program_of(command, start, end) {
            open.begin(program);
        }
    }
    Some(command.len())
}

/// Whether a program's name ends in this word: behind a pipe another command follows.
fn program_of(command: &[u8], start: usize, end: usize) -> Option<usize> {
    let word = command.get(start..end)?;
    let dot = word.len().checked_sub(4);
    let is_exe = dot.is_some_and(|dot| word[dot..].eq_ignore_ascii_case(b".exe"));
    program_before(command, if is_exe { end - 4 } else { end }).map(|(program, _)| program)
}

/// What the programs of a line still take: each of them everything once, so that `ssh -p 22` behind `sshpass` is none of its.
struct Open([u8; PROGRAMS.len()]);

impl Open {
    const fn new() -> Self {
        Self([0; PROGRAMS.len()])
    }

    fn begin(&mut self, program: usize) {
        self.0[program] = u8::MAX;
    }

    /// The password, if the word from `start` to `end` is the option that one of them takes.
    fn take(&mut self, command: &[u8], start: usize, end: usize) -> Option<Range<usize>> {
        let open = self.0.iter_mut().zip(&PROGRAMS);
        open.filter(|(open, _)| **open != 0)
            .find_map(|(open, program)| {
                let mut takes = program.takes.iter().enumerate();
                takes.find_map(|(place, taken)| {
                    let is_open = *open >> place & 1 == 1;
                    let password = is_open.then(|| taken.by(command, start, end))??;
                    *open &= !(1 << place);
                    Some(password)
                })
            })
    }
}

impl Takes {
    /// The password, if the word from `start` to `end` is the option.
    fn by(&self, command: &[u8], start: usize, end: usize) -> Option<Range<usize>> {
        let word = command.get(start..end)?;
        match self {
            // `-p'word'`
            Both(option) | Joined(option)
                if word == *option && inside_marks(command, end).is_some() =>
            {
                inside_marks(command, end)
            }
            Both(option) | Apart(option) if word == *option => argument(command, end),
            Both(option) | Joined(option)
                if word.len() > option.len() && word.starts_with(option) =>
            {
                let start = start + option.len();
                Some(inside_marks(command, start).unwrap_or(start..end))
            }
            Cookies(option) if word == *option => {
                let argument = argument(command, end)?;
                let sign = command
                    .get(argument.clone())?
                    .iter()
                    .position(|byte| *byte == b'=')?;
                Some(argument.start + sign + 1..argument.end)
            }
            AfterUser(option, mark) if word.starts_with(option) => {
                let argument = if word == *option {
                    argument(command, end)?
                } else if option.len() == 2 {
                    start + 2..end
                } else {
                    return None;
                };
                let user = command
                    .get(argument.clone())?
                    .iter()
                    .position(|byte| byte == mark)?;
                Some(argument.start + user + 1..argument.end)
            }
            _ => None,
        }
    }
}

/// The word after the option that ends before `end`.
fn argument(command: &[u8], end: usize) -> Option<Range<usize>> {
    let start = end
        + command
            .get(end..)?
            .iter()
            .take_while(|byte| is_blank(**byte))
            .count();
    Some(inside_marks(command, start).unwrap_or(start..word_end(command, start)))
}

fn inside_marks(command: &[u8], start: usize) -> Option<Range<usize>> {
    let quote = super::value::quote_at(command, start)?;
    let start = start + quote.len();
    Some(start..quoted_end(command, start, quote).map_or(command.len(), |closed| closed.end))
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\\')
}

fn word_end(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let is_mark = |byte: &u8| matches!(byte, b'"' | b'\'' | b'`');
    let word = rest
        .iter()
        .take_while(|byte| !byte.is_ascii_whitespace() && !is_mark(byte))
        .count();
    // Backslashes before a mark belong to it.
    let is_marked = rest.get(word).is_some_and(is_mark);
    let escapes = rest[..word].iter().rev();
    at + word
        - escapes
            .take_while(|byte| is_marked && **byte == b'\\')
            .count()
}
