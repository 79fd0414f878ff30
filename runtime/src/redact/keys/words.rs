//! The names under which secrets stand.

use super::super::texts::{self, List, Text, list};

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

/// A name, in lower case, `_` where a joiner may stand; as the sources have it, and with the place of its text as the program does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<T = Text> {
    pub(super) text: T,
    pub(super) kind: Kind,
    /// Whether it is known at the end of a longer word too: `rootpassword`, but not `bypass`.
    pub(super) ends_words: bool,
}

/// A name of the sources.
type Name = Word<&'static str>;

const fn word(text: &'static str, kind: Kind, ends_words: bool) -> Name {
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

const SECRETS: [Name; 25] = ending!(Secret:
    "password" "passwd" "passphrase" "pass_phrase" "pass_code" "pass_word" "pwd" "psswd" "mot_de_passe" "passwort" "kennwort"
    "contraseña" "contraseÑa" "contrasena" "wachtwoord" "wachtwoord_hash" "lösenord" "lÖsenord" "losenord" "salasana" "adgangskode" "parola"
    "senha" "jelszo" "geheimwort");

const SECRETS_ALONE: [Name; 92] = alone!(Secret:
    "password_confirmation" "password_confirm" "password_hash" "password_digest" "password_utente" "identified_by" "creds"
    "pass" "psw" "pswd" "psk" "otp" "totp" "otp_code" "mfa_code" "otp_secret" "pin_code" "factor_code" "2fa_code"
    "verification_code" "security_code" "auth_code" "authorization_code" "access_code" "backup_code" "recovery_code"
    "backup_codes" "recovery_codes" "sms_code" "one_time_code"
    "recovery_key" "recovery_phrase" "seed_phrase" "mnemonic" "security_answer" "secret_answer" "db_pass" "dbpass" "userpass"
    "smtppass" "rootpass" "adminpass" "require_pass" "store_pass" "db_pw" "user_pw" "admin_pw" "root_pw" "bind_pw"
    "redis_auth" "pw_hash" "mdp" "clave" "palavra_passe" "hasło" "hasŁo" "haslo" "heslo"
    "jelszó" "passord" "lykilorð" "şifre" "Şifre" "Şifre" "sifre" "parolă" "parool" "lozinka" "geslo"
    "пароль" "Пароль" "ПАРОЛЬ" "парола" "Парола" "κωδικός" "密码" "密碼" "口令" "验证码" "パスワード" "비밀번호" "암호"
    "mat_khau" "mật_khẩu" "kata_sandi" "รหัสผ่าน" "पासवर्ड" "كلمة_المرور" "كلمة_السر" "סיסמה" "סיסמא" "hmac");

const TOKENS: [Name; 50] = ending!(Token:
    "token" "secret" "credential" "api_key" "access_key" "secret_key" "private_key" "encryption_key" "decryption_key"
    "signing_key" "master_key" "account_key" "auth_key" "shared_key" "license_key" "licence_key" "subscription_key"
    "session_key" "ssh_key" "storage_key" "service_key" "function_key" "consumer_key" "client_key" "app_key"
    "application_key" "developer_key" "dev_key" "deploy_key" "webhook_key" "write_key" "read_key" "admin_key" "user_key"
    "server_key" "ingest_key" "integration_key" "instrumentation_key" "personal_key" "secret_key_base"
    "anon_key" "symmetric_key" "root_key" "role_key" "hmac_key" "aes_key" "unseal_key" "priv_key" "geheimnis" "segredo");

const TOKENS_ALONE: [Name; 23] = alone!(Token:
    "jwt" "bearer" "session_id" "sessid" "sess_id" "php_sess_id" "j_session_id" "секрет" "токен" "密钥" "秘钥" "令牌" "トークン"
    "client_assertion" "saml_response" "api_pass" "basic_auth" "csrf" "xsrf" "wskey" "jeton" "토큰" "snmp_community");

const HEADERS: [Name; 4] = ending!(Header: "authorization" "authorisation" "set_cookie" "cookie");

const NUMBERS: [Name; 31] = alone!(Number:
    "account_number" "account_no" "account_num" "acct_number" "acct_no" "acct_num" "acct" "card_number" "card_no" "card_num"
    "cc_number" "cc_num" "credit_card" "debit_card" "routing_number" "sort_code" "ssn" "social_security_number" "iban"
    "passport_number" "passport_no" "tax_id" "pin" "cvv" "cvc" "csc" "cvv2"
    "cvc2" "kontonummer" "kartennummer" "пин_код");

const NUMBERED: [Name; 2] = alone!(Numbered: "account" "card");

const MAYBE: [Name; 12] = alone!(Maybe:
    "key" "auth" "session" "sid" "signature" "sig" "pat" "sas" "credential_id_secret" "ключ" "sign" "authentication");

const QUERY: [Name; 2] = alone!(Query: "code" "ticket");

const ALL: [&[Name]; 9] = [
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
pub(super) const NAMES: [Name; COUNT] = {
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

const TEXT_OF_EACH: [&str; COUNT] = {
    let mut texts = [""; COUNT];
    let mut word = 0;
    while word < COUNT {
        texts[word] = NAMES[word].text;
        word += 1;
    }
    texts
};

static TEXTS: [u8; texts::length(&TEXT_OF_EACH)] = texts::joined(&TEXT_OF_EACH);

/// The same, without their texts.
pub(super) static WORDS: [Word; COUNT] = {
    let mut words = [Word {
        text: Text::NONE,
        kind: Kind::Secret,
        ends_words: false,
    }; COUNT];
    let (mut word, mut start) = (0, 0);
    while word < COUNT {
        let Word {
            text,
            kind,
            ends_words,
        } = NAMES[word];
        words[word] = Word {
            text: Text::new(start, text.len()),
            kind,
            ends_words,
        };
        start += text.len();
        word += 1;
    }
    words
};

impl Word {
    #[inline]
    pub(super) fn text(self) -> &'static [u8] {
        self.text.of(&TEXTS)
    }
}

/// What before `key` says that it is a name or a place and no secret: `primary_key`, `publicKey`.
pub(super) const PLAIN_KEYS: List = list![
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
pub(super) const PLAIN_TOKENS: List = list![
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
