//! The names under which secrets stand.

/// What a value must be like to be hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::redact) enum Kind {
    /// Whatever it is.
    Secret,
    /// Whatever it is, but for counts: `tokens=5` is a figure.
    Token,
    /// A number of digits: of an account, a card, a person.
    Number,
    /// The same, only where `#` says that a number follows.
    Numbered,
    /// A header with a scheme or with parts of its own: hidden to the end of the line.
    Header,
    /// The name says little: only what was drawn at random. In the query of a URL, whatever it is.
    Maybe,
    /// Only in the query of a URL, whatever it is there.
    Query,
}

/// A name, in lower case, `_` where a joiner may stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    pub(super) text: &'static str,
    pub(super) kind: Kind,
    /// Whether it is known at the end of a longer word too: `rootpassword`, but not `bypass`.
    pub(super) ends_words: bool,
}

const fn word(text: &'static str, kind: Kind, ends_words: bool) -> Word {
    Word {
        text,
        kind,
        ends_words,
    }
}

/// Known at the end of a longer word.
macro_rules! ending {
    ($kind:ident: $($text:literal)*) => { [$(word($text, Kind::$kind, true)),*] };
}

/// Known only where a word of its own begins.
macro_rules! alone {
    ($kind:ident: $($text:literal)*) => { [$(word($text, Kind::$kind, false)),*] };
}

const SECRETS: [Word; 22] = ending!(Secret:
    "password" "passwd" "passphrase" "pass_phrase" "pass_code" "pass_word" "pwd" "psswd" "mot_de_passe" "passwort" "kennwort"
    "contraseña" "contrasena" "wachtwoord" "wachtwoord_hash" "lösenord" "losenord" "salasana" "adgangskode" "parola"
    "senha" "jelszo");

const SECRETS_ALONE: [Word; 55] = alone!(Secret:
    "password_confirmation" "password_hash" "password_digest" "identified_by"
    "pass" "psw" "pswd" "psk" "otp" "totp" "otp_code" "mfa_code" "otp_secret" "pin_code"
    "verification_code" "security_code" "auth_code" "authorization_code" "access_code" "backup_code" "recovery_code"
    "recovery_key" "recovery_phrase" "seed_phrase" "mnemonic" "security_answer" "secret_answer" "db_pass" "dbpass" "userpass"
    "smtppass" "rootpass" "adminpass" "palavra_passe" "hasło" "haslo" "heslo" "jelszó" "passord" "şifre" "sifre" "parool"
    "lozinka" "geslo" "пароль" "Пароль" "ПАРОЛЬ" "密码" "密碼" "口令" "パスワード" "비밀번호" "mat_khau" "kata_sandi" "hmac");

const TOKENS: [Word; 46] = ending!(Token:
    "token" "secret" "credential" "api_key" "access_key" "secret_key" "private_key" "encryption_key" "decryption_key"
    "signing_key" "master_key" "account_key" "auth_key" "shared_key" "license_key" "licence_key" "subscription_key"
    "session_key" "ssh_key" "storage_key" "service_key" "function_key" "consumer_key" "client_key" "app_key"
    "application_key" "developer_key" "dev_key" "deploy_key" "webhook_key" "write_key" "read_key" "admin_key" "user_key"
    "server_key" "ingest_key" "integration_key" "instrumentation_key" "personal_key" "secret_key_base" "host_key_secret"
    "anon_key" "symmetric_key" "root_key" "geheimnis" "segredo");

const TOKENS_ALONE: [Word; 16] = alone!(Token:
    "jwt" "bearer" "session_id" "sessid" "sess_id" "php_sess_id" "j_session_id" "секрет" "токен" "密钥" "秘钥" "令牌" "トークン"
    "client_assertion" "saml_response" "api_pass");

const HEADERS: [Word; 4] = ending!(Header: "authorization" "authorisation" "set_cookie" "cookie");

const NUMBERS: [Word; 26] = alone!(Number:
    "account_number" "account_no" "account_num" "acct_number" "acct_no" "acct_num" "acct" "card_number" "card_no" "card_num"
    "cc_number" "cc_num" "credit_card" "debit_card" "routing_number" "sort_code" "ssn" "social_security_number" "iban"
    "passport_number" "passport_no" "tax_id" "pin" "cvv" "cvc" "csc");

const NUMBERED: [Word; 2] = alone!(Numbered: "account" "card");

const MAYBE: [Word; 11] = alone!(Maybe:
    "key" "auth" "session" "sid" "signature" "sig" "pat" "sas" "credential_id_secret" "clave" "ключ");

const QUERY: [Word; 3] = alone!(Query: "code" "ticket" "assertion");

const ALL: [&[Word]; 9] = [
    &SECRETS,
    &SECRETS_ALONE,
    &TOKENS,
    &TOKENS_ALONE,
    &HEADERS,
    &NUMBERS,
    &NUMBERED,
    &MAYBE,
    &QUERY,
];

pub(super) const COUNT: usize = {
    let mut count = 0;
    let mut list = 0;
    while list < ALL.len() {
        count += ALL[list].len();
        list += 1;
    }
    count
};

/// Every name.
pub(in crate::redact) static WORDS: [Word; COUNT] = {
    let mut words = [ALL[0][0]; COUNT];
    let mut place = 0;
    let mut list = 0;
    while list < ALL.len() {
        let mut index = 0;
        while index < ALL[list].len() {
            words[place] = ALL[list][index];
            place += 1;
            index += 1;
        }
        list += 1;
    }
    words
};

/// What before `key` says that it is a name or a place and no secret: `primary_key`, `publicKey`.
pub(super) const PLAIN_KEYS: &[&str] = &[
    "public",
    "pub",
    "primary",
    "foreign",
    "partition",
    "sort",
    "cache",
    "hash",
    "range",
    "row",
    "group",
    "unique",
    "composite",
    "idempotency",
    "dedup",
    "deduplication",
    "routing",
    "ordering",
    "message",
    "record",
    "object",
    "index",
    "lookup",
    "map",
    "hot",
    "shortcut",
    "any",
    "registry",
    "config",
    "setting",
    "property",
    "translation",
    "locale",
    "label",
    "metric",
    "tag",
    "dict",
    "json",
    "field",
    "column",
    "join",
    "shard",
    "state",
    "event",
    "order",
    "trace",
    "host",
    "grouping",
    "parent",
    "child",
    "surrogate",
    "natural",
    "candidate",
    "item",
    "entity",
    "document",
    "redis",
    "memo",
    "rate",
    "limit",
    "lock",
    "sorting",
    "aggregate",
];

/// What before `token` says that it is a place in a list, or a piece of a text.
pub(super) const PLAIN_TOKENS: &[&str] = &[
    "page",
    "nextpage",
    "continuation",
    "cancellation",
    "sync",
    "resume",
    "cursor",
    "eos",
    "bos",
    "pad",
    "unk",
    "sep",
    "stop",
    "unexpected",
    "expected",
    "first",
    "per",
    "next",
    "syntax",
    "invalidation",
    "end",
    "start",
];
