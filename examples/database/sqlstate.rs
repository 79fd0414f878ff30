//! What the server's error codes say about trying again.

use tokio_postgres::error::SqlState;
use wait_or_die::Verdict;

/// The verdict on an error that the server has answered with.
///
/// | SQLSTATE | verdict | why |
/// |---|---|---|
/// | class 08 | transient | the connection; what may have been done is told apart by [`is_end_of_session`] |
/// | 40001, 40P01 | transient | rolled back in favour of another transaction |
/// | class 53 | transient | connections, memory or disk are short now |
/// | 55P03 | transient | somebody else holds the lock |
/// | 57P01, 57P02, 57P03 | transient | the server stops, has crashed, or is starting |
/// | 57P05, 25P03 | transient | the server ended a session that was idle; a new one is opened |
/// | classes 58, F0, XX | fault | the server itself is sick, and says so |
/// | all others | permanent | an answer: the statement is wrong, or took too long (57014) |
pub fn verdict(state: &SqlState) -> Verdict {
    let code = state.code();
    match (class(code), code) {
        ("08" | "53", _)
        | (_, "40001" | "40P01" | "55P03" | "57P01" | "57P02" | "57P03" | "57P05" | "25P03") => {
            Verdict::Transient
        }
        ("58" | "F0" | "XX", _) => Verdict::Fault,
        _ => Verdict::Permanent,
    }
}

/// Whether the code says that the session has ended, or that nobody knows what became of the statement.
///
/// A write that was under way may then have been done: `PostgreSQL` itself rolls back what it ends by 57P01, but a pooler or
/// a load balancer between gives these codes as well, for servers that it has lost after they had done it. 40003 and 08007
/// say so themselves.
pub fn is_end_of_session(state: &SqlState) -> bool {
    let code = state.code();
    class(code) == "08" || matches!(code, "40003" | "57P01" | "57P02" | "57P05" | "25P03")
}

/// What stands in the place of the server's message, unless messages of that class name nothing but the schema, the statement
/// and the server. Classes that are not known here may repeat values.
pub(crate) fn hidden(state: &SqlState) -> Option<&'static str> {
    match class(state.code()) {
        "08" | "0A" | "25" | "26" | "28" | "34" | "3B" | "3D" | "3F" | "40" | "42" | "53"
        | "54" | "55" | "57" | "58" => None,
        "22" => Some("a value was refused"),
        "23" => Some("a constraint was violated"),
        "P0" => Some("raised by a function"),
        "XX" => Some("an internal error of the server"),
        _ => Some("refused"),
    }
}

/// The first two characters; codes have five, but they come from outside.
fn class(code: &str) -> &str {
    code.get(..2).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{hidden, is_end_of_session, verdict};
    use tokio_postgres::error::SqlState;
    use wait_or_die::Verdict::{self, Fault, Permanent, Transient};

    fn of(code: &str) -> Verdict {
        verdict(&SqlState::from_code(code))
    }

    #[test]
    fn what_passes_is_transient() {
        for code in [
            "08000", "08001", "08003", "08004", "08006", "08007", "08P01", "40001", "40P01",
            "53000", "53100", "53200", "53300", "53400", "55P03", "57P01", "57P02", "57P03",
            "57P05", "25P03",
        ] {
            assert_eq!(of(code), Transient, "{code}");
        }
    }

    #[test]
    fn an_answer_is_permanent_and_a_sick_server_a_fault() {
        for code in [
            "00000", "22P02", "23505", "23503", "25001", "25006", "25P02", "28P01", "28000",
            "3D000", "40000", "40002", "40003", "42601", "42P01", "42501", "54000", "55006",
            "57000", "57014", "57P04", "P0001", "", "0", "0\u{e9}0", "ZZZZZ",
        ] {
            assert_eq!(of(code), Permanent, "{code}");
        }
        for code in [
            "58000", "58030", "58P01", "F0000", "XX000", "XX001", "XX002",
        ] {
            assert_eq!(of(code), Fault, "{code}");
        }
    }

    #[test]
    fn messages_are_shown_of_known_classes_only() {
        for code in [
            "08006", "28P01", "40001", "42P01", "53300", "55P03", "57014",
        ] {
            assert_eq!(hidden(&SqlState::from_code(code)), None, "{code}");
        }
        for code in [
            "22P02", "23505", "P0001", "XX000", "44000", "HV000", "", "0\u{e9}0",
        ] {
            assert!(hidden(&SqlState::from_code(code)).is_some(), "{code}");
        }
    }

    #[test]
    fn the_end_of_a_session_is_told_from_an_answer() {
        for code in [
            "08006", "08007", "08P01", "40003", "57P01", "57P02", "57P05", "25P03",
        ] {
            assert!(is_end_of_session(&SqlState::from_code(code)), "{code}");
        }
        for code in [
            "40001", "40P01", "53300", "55P03", "57P03", "57014", "23505", "",
        ] {
            assert!(!is_end_of_session(&SqlState::from_code(code)), "{code}");
        }
    }
}
