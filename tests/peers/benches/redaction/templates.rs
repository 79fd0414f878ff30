//! What the lines are made of.

/// A way to log, without a secret and with one.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) clean: &'static [&'static str],
    pub(crate) secret: &'static [&'static str],
}

pub(crate) const KINDS: &[Kind] = &[
    Kind {
        name: "prose",
        clean: &[
            "The connection to <host> was lost while <n> <word> were being written; it will be tried again in <n> ms, and the callers wait until then, as they were asked to",
            "User <user> authenticated from <ip> after <n> attempts, was given the role of a reader, and has been asked to choose a longer passphrase before the end of the month",
            "Worker <n> of the <service> has finished <n> of <n> <word> in <ms> s (checksum <sha>), there were no errors, and the next run begins at midnight",
            "Could not open <path> for reading: permission denied (os error 13); <word> from the last good run at <time> are used in its place, nothing was written",
        ],
        secret: &[
            "The login of <user> at <host> was refused while <n> <word> were being written: the password was \"<s-pass>\", was it changed? It is tried again in <n> ms, three times",
            "Worker <n> of the <service> could not fetch <n> <word> from <host>: the server did not accept Authorization: Bearer <s-token>",
            "Failed to connect to postgres://<user>:<s-word>@<host>:5432/<word> within <ms> s: connection refused (os error 111); <n> <word> are kept until it is back",
            "The push of <n> <word> to <host> with ghp_<s-token> was refused by the remote: protected branch, see <path>",
        ],
    },
    Kind {
        name: "key=value",
        clean: &[
            "ts=<time> level=info service=<service> msg=\"request served\" method=GET path=<path> status=200 took_ms=<ms> order_id=<id>",
            "level=warn service=<service> event=retrying attempt=3 attempts_allowed=6 wait_ms=<ms> host=<host> error=\"connection reset by peer\" trace_id=<trace>",
            "time=<time> level=debug component=<service> public_key_id=<id> token_type=Bearer expires_in=3600 monkey=<n> keyboard=qwertz author=<user> primary_key=<id>",
            "level=error caller=<service>/server.go:<n> peer=<ip>:<n> user=<user> rows=<n> commit=<sha> msg=\"cannot take <word>: queue full\"",
        ],
        secret: &[
            "ts=<time> level=info service=<service> msg=\"connecting\" host=<host> port=5432 user=<user> password=<s-pass> retries=0",
            "level=warn service=<service> event=retrying attempt=3 host=<host> api_key=<s-hex> trace_id=<trace> rows=<n>",
            "time=<time> level=debug component=<service> token_type=Bearer access_token=<s-token> expires_in=3600 author=<user>",
            "level=error caller=<service>/s3.go:<n> peer=<ip>:<n> user=<user> rows=<n> aws_access_key_id=AKIA<s-aws> duration=<ms>ms msg=\"cannot put <word>: slow down\"",
        ],
    },
    Kind {
        name: "JSON",
        clean: &[
            r#"{"time":"<time>","level":"INFO","service":"<service>","message":"request served","method":"GET","path":"<path>","status":200,"user":"<user>"}"#,
            r#"{"level":"WARN","target":"wait_or_die","fields":{"attempt":2,"wait_ms":<ms>,"error":"connection reset"},"span":{"order_id":"<id>"},"trace":"<trace>"}"#,
            r#"{"event":"created","id":"<uuid>","items":[{"sku":"<id>","count":<n>},{"sku":"<id>","count":<n>}],"token_type":"Bearer"}"#,
        ],
        secret: &[
            r#"{"time":"<time>","level":"INFO","service":"<service>","message":"signing in","user":"<user>","password":"<s-pass>","status":200,"ok":true}"#,
            r#"{"level":"WARN","target":"<service>","fields":{"wait_ms":<ms>},"headers":{"authorization":"Bearer <s-token>"},"order_id":"<id>"}"#,
            r#"{"event":"created","id":"<uuid>","items":[{"sku":"<id>","count":<n>}],"clientSecret":"<s-short>","currency":"EUR","author":"<user>"}"#,
        ],
    },
    Kind {
        name: "tracing",
        clean: &[
            "<time>  INFO request{method=GET path=<path> peer=<ip>}: <service>::server: served status=200 trace_id=<trace>",
            "<time>  WARN wait_or_die: retrying operation=\"<service>::<word>::fetch\" line=<n> attempt=2 attempts_allowed=6 verdict=\"transient\" wait_ms=<ms>",
            "<time> DEBUG hyper_util::client::legacy::connect::http: connecting to <ip>:<n> for <host>, <n> idle, <n> in use, reuse_idle_connection",
        ],
        secret: &[
            "<time>  INFO request{method=GET path=<path> peer=<ip>}: <service>::server: sign in session_token=\"<s-token>\"",
            "<time>  WARN wait_or_die: retrying operation=\"<service>::<word>::fetch\" attempt=2 error=\"401 for Bearer <s-token>\" wait_ms=<ms>",
            "<time> DEBUG <service>::settings: Settings { host: \"<host>\", user: \"<user>\", password: Some(\"<s-pass>\"), pool: <n>, timeout: <ms>s }",
        ],
    },
    Kind {
        name: "URLs",
        clean: &[
            "GET https://<host>/v2/<word>/<uuid>?page=<n>&limit=50&sort=created_at&cursor=<id> 200 <n> bytes in <ms> ms from <ip>",
            "error sending request for url (https://<host>:8443/v1<path>?from=<time>&locale=de-DE): operation timed out after <ms> s",
            "<ip> - <user> [21/Nov/2026:15:20:14 +0000] \"GET <path>?q=<word>&page=<n> HTTP/1.1\" 200 <n> \"https://<host>/<word>\" \"Mozilla/5.0 (X11; Linux x86_64)\"",
        ],
        secret: &[
            "GET https://<host>/v2/<word>/<uuid>?page=<n>&api_key=<s-hex> 200 <n> bytes in <ms> ms from <ip>",
            "error sending request for url (https://<user>:<s-word>@<host>:8443/v1<path>?from=<time>&locale=de-DE): operation timed out after <ms> s",
            "<ip> - <user> [21/Nov/2026:15:20:14 +0000] \"GET <path>?q=<word>&access_token=<s-token> HTTP/1.1\" 200 <n> \"-\" \"curl/8.5.0\"",
        ],
    },
    Kind {
        name: "stack trace",
        clean: &[
            "  <n>: <service>::<word>::repository::Repository::find_by_id::{{closure}} at /home/<user>/.cargo/registry/src/index.crates.io-1949cf8c/<word>-0.8.<n>/src/lib.rs:<n>:21",
            "\tat com.example.<service>.<word>.TokenizerFactory$Builder.build(TokenizerFactory.java:<n>) ~[<service>-core-2.<n>.jar!/:2.<n>] (trace <trace>)",
            "  File \"/usr/lib/python3.12/site-packages/<service>/<word>/client.py\", line <n>, in send_all raise ConnectionError(\"<host> closed the connection after <n> bytes\")",
        ],
        secret: &[
            "thread 'main' panicked at src/<service>/<word>.rs:<n>:21: called `Result::unwrap()` on an `Err` value: Config { user: \"<user>\", secret_key: \"<s-short>\", port: <n> }",
            "Caused by: java.sql.SQLException: Access denied: jdbc:mysql://<host>:3306/<word>?user=<user>&password=<s-word> at com.example.<service>.Pool.get(Pool.java:<n>)",
            "  File \"/usr/lib/python3.12/site-packages/<service>/client.py\", line <n>, in send raise AuthError(\"refused: {'Authorization': 'Basic <s-short>=='} by <host>\")",
        ],
    },
];
