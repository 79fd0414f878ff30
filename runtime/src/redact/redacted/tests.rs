//! What is seen of a secret, and what becomes of it.

use super::Redacted;

fn secret() -> Redacted<String> {
    Redacted::new("hunter2secret".to_owned())
}

struct Mute;

#[test]
fn it_prints_as_redacted() {
    assert_eq!(secret().to_string(), "[REDACTED]");
    assert_eq!(format!("{:?}", secret()), "[REDACTED]");
    assert_eq!(
        format!("{:#?}", Some(secret())),
        "Some(\n    [REDACTED],\n)"
    );
    assert_eq!(
        format!("{:>12}|{:<12?}", secret(), secret()),
        "  [REDACTED]|[REDACTED]  "
    );
    // Of any type, with no `Debug` of its own.
    assert_eq!(format!("{:?}", Redacted::new(Mute)), "[REDACTED]");
}

#[test]
fn its_length_is_not_shown() {
    assert_eq!(
        format!("{:?}", Redacted::new("")),
        format!("{:?}", Redacted::new("x".repeat(1000)))
    );
}

#[test]
fn it_is_exposed_by_name() {
    let mut secret = Redacted::from("hunter2".to_owned());
    assert_eq!(secret.expose(), "hunter2");
    secret.expose_mut().push('!');
    assert_eq!(secret.clone().into_inner(), "hunter2!");
    assert_eq!(Redacted::<u32>::default().into_inner(), 0);
}

#[cfg(not(loom))]
#[test]
fn it_is_recorded_as_redacted() {
    use crate::observe::{Fields, Record};

    assert_eq!(secret().record().as_str(), "[REDACTED]");
    let mut fields = Fields::new();
    fields.record("pin", &Redacted::new(1234));
    fields.record("login", &Some(secret()));
    fields.record_display("user", &secret());
    assert_eq!(
        fields.to_string(),
        "pin=[REDACTED] login=[REDACTED] user=[REDACTED]"
    );
}

#[cfg(feature = "serde")]
#[test]
fn serde_reads_it_and_writes_nothing_of_it() {
    #[derive(serde::Serialize, serde::Deserialize)]
    struct Login {
        user: String,
        password: Redacted<String>,
        pin: Redacted<Option<u32>>,
    }
    let login: Login =
        serde_json::from_str(r#"{"user":"svc","password":"hunter2secret","pin":1234}"#).unwrap();
    assert_eq!(login.password.expose(), "hunter2secret");
    assert_eq!(login.pin.expose(), &Some(1234));
    assert_eq!(
        serde_json::to_string(&login).unwrap(),
        r#"{"user":"svc","password":"[REDACTED]","pin":"[REDACTED]"}"#
    );
}

#[cfg(feature = "serde")]
#[test]
fn an_error_of_serde_does_not_repeat_it() {
    for text in [
        "\"hunter2\"",
        "[7411]",
        "-7411",
        "7411.5",
        "{\"a\":\"hunter2\"}",
    ] {
        let error = serde_json::from_str::<Redacted<u32>>(text).unwrap_err();
        let told = format!("{error} {error:?}");
        assert!(
            told.contains("no u32") && !told.contains("hunter2") && !told.contains("7411"),
            "{told}"
        );
    }
}

#[cfg(feature = "zeroize")]
mod zeroizing {
    use std::sync::{Arc, Mutex};

    use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

    use super::Redacted;
    use crate::redact::RedactedString;

    /// What was left each time.
    type Left = Arc<Mutex<Vec<[u8; 7]>>>;

    /// Tells what is left of it whenever it has been overwritten.
    struct Watched {
        bytes: [u8; 7],
        left: Left,
    }

    impl Zeroize for Watched {
        fn zeroize(&mut self) {
            self.bytes.zeroize();
            self.left.lock().unwrap().push(self.bytes);
        }
    }

    fn watched() -> (Redacted<Zeroizing<Watched>>, Left) {
        let left = Arc::default();
        let watched = Watched {
            bytes: *b"hunter2",
            left: Arc::clone(&left),
        };
        (Redacted::zeroizing(watched), left)
    }

    #[test]
    fn a_secret_is_overwritten_when_it_is_dropped_and_not_before() {
        let (secret, left) = watched();
        let moved = secret;
        assert_eq!(moved.expose().bytes, *b"hunter2");
        assert_eq!(*left.lock().unwrap(), [[0; 7]; 0]);
        drop(moved);
        assert_eq!(*left.lock().unwrap(), [[0; 7]]);
    }

    #[test]
    fn what_is_taken_out_is_overwritten_as_well() {
        let (secret, left) = watched();
        let inner = secret.into_inner();
        assert_eq!(*left.lock().unwrap(), [[0; 7]; 0]);
        drop(inner);
        assert_eq!(*left.lock().unwrap(), [[0; 7]]);
    }

    #[test]
    fn a_panic_overwrites_it() {
        let (secret, left) = watched();
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _secret = secret;
            panic!("while a secret is held");
        }));
        assert!(result.is_err());
        assert_eq!(*left.lock().unwrap(), [[0; 7]]);
    }

    #[test]
    fn it_prints_as_any_other() {
        let secret = RedactedString::zeroizing("hunter2".to_owned());
        assert_eq!(secret.expose().as_str(), "hunter2");
        assert_eq!(format!("{secret} {secret:?}"), "[REDACTED] [REDACTED]");
    }

    #[test]
    fn any_secret_can_be_overwritten_by_hand() {
        let mut secret = Redacted::new(*b"hunter2");
        secret.zeroize();
        assert_eq!(secret.expose(), &[0; 7]);
    }

    #[test]
    fn its_type_says_that_it_is_overwritten() {
        fn overwritten(_: &impl ZeroizeOnDrop) {}
        overwritten(&RedactedString::zeroizing(String::new()));
    }

    #[cfg(feature = "serde")]
    #[test]
    fn serde_reads_it() {
        let secret: RedactedString = serde_json::from_str(r#""hunter2""#).unwrap();
        assert_eq!(secret.expose().as_str(), "hunter2");
        assert_eq!(serde_json::to_string(&secret).unwrap(), r#""[REDACTED]""#);
    }
}
