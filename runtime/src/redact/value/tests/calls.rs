//! Values in calls, in escaped tags, in lines of settings, and those that stand apart from their names.

use super::{hidden, kept};

#[test]
fn calls_that_hand_over_a_secret() {
    hidden(&[
        r#"client.setPassword("‹hunter2x›");"#,
        r#"builder.withToken("‹abc123def›")"#,
        r#".password("‹hunter2x›")"#,
        r#".apiKey("‹abc123def›")"#,
        r#"conn.set_password("‹hunter2x›")"#,
    ]);
    kept(&[
        r#"getPassword("profile-2")"#,
        r#"client.getSecret("prod-db-2")"#,
        r#"token("abc123def")"#,
        r#"form.password("Your password")"#,
        r#".token("session")"#,
        ".password()",
        "client.setPassword(password)",
    ]);
}

#[test]
fn tags_that_are_escaped() {
    hidden(&[
        "&lt;password&gt;‹hunter2x›&lt;/password&gt;",
        r"\u003cpassword\u003e‹hunter2x›\u003c/password\u003e",
    ]);
    kept(&["password&gt;12", r"password\u003e12"]);
}

#[test]
fn lines_of_settings() {
    hidden(&[
        "requirepass ‹hunter2x›",
        "port 6379\nrequirepass ‹hunter2x›\nappendonly yes",
        "db.password ‹hunter2x›",
        "machine a\n  login anna\n  password ‹hunter2x›",
        "machine a\nlogin anna\npassword ‹hunter›\n",
    ]);
    kept(&[
        "PASS login2test",
        "totp window=1",
        "password reset2026",
        "db.password required",
        "see db.password hunter2x",
        "db.password hunter2x is old",
    ]);
}

#[test]
fn sentences_of_other_verbs_and_languages() {
    hidden(&[
        "das Passwort ist ‹hunter2x›",
        "Kennwort lautet ‹hunter2x›",
        "le mot de passe est ‹hunter2x›",
        "la contraseña es ‹hunter2x›",
        "Property 'app.password' resolved to '‹hunter›'",
        "password set to ‹hunter2x›",
        "password was ‹hunter2x›",
    ]);
    kept(&[
        "das Passwort ist falsch",
        "le mot de passe est incorrect",
        "password set to expire soon",
        "token changed to valid",
    ]);
}

#[test]
fn values_with_a_name_of_their_own() {
    hidden(&[
        r#"{"ParameterKey":"DBPassword","ParameterValue":"‹hunter›"}"#,
        r#"{"k":"password","v":"‹hunter›"}"#,
        r#"{"name":"DB_PASSWORD","slotSetting":false,"value":"‹hunter›"}"#,
        r#"{"key":"api_key","type":"text","value":"‹hunter›"}"#,
        "{name: DB_PASSWORD, value: ‹hunter›}",
        "level=info name=password value=‹hunter› done",
    ]);
    kept(&[
        r#"{"name":"password","required":true,"id":"value"}"#,
        r#"{"name":"password","type":"string"},{"name":"x","value":"a"}"#,
        "password, value: abc",
        r#"{"name":"password","v":""}"#,
    ]);
}

#[test]
fn what_languages_print() {
    hidden(&[
        "{badmatch,{error,[{user,\"app\"},{password,\"‹hunter2x›\"}]}}",
        "#{password => <<\"‹hunter2x›\">>}",
        "[\"password\":protected]=>\n  string(8) \"‹hunter2x›\"",
        "[\"password\":\"App\\User\":private]=>\n  string(8) \"‹hunter2x›\"",
        "[password:protected] => ‹hunter2x›",
        "[password:App\\User:private] => ‹hunter2x›",
        "CREATE LOGIN a WITH PASSWORD = N'‹hunter2x›'",
        "%7B%22token%22%3A%20%22‹hunter2x›%22%7D",
    ]);
    kept(&[
        "{password,\"email\"}",
        "[token:protected]",
        "(password,\"Hunter2x\")",
    ]);
}
