//! Names of secrets in other languages, and the short ones of programs.

use super::{hidden, kept};

#[test]
fn languages() {
    hidden(&[
        "login error contraseña: ‹verano26x› (attempt=1)",
        "login error clave: ‹verano26x› (attempt=1)",
        "login error mdp: ‹soleil26x› (attempt=1)",
        "login error geheimwort: ‹sommer26x› (attempt=1)",
        "login error password utente: ‹estate26x› (attempt=1)",
        "login error Şifre: ‹yaz26xyz› (attempt=1)",
        "login error parolă: ‹vara26xyz› (attempt=1)",
        "login error Парола: ‹leto26xyz› (attempt=1)",
        "login error κωδικός: ‹kalok26xy› (attempt=1)",
        "login error 验证码: ‹482913› (attempt=1)",
        "login error 암호: ‹yeoreum26› (attempt=1)",
        "login error 토큰: ‹yeoreum26› (attempt=1)",
        "login error mật khẩu: ‹muahe26xy› (attempt=1)",
        "login error รหัสผ่าน: ‹ruedu26xy› (attempt=1)",
        "login error पासवर्ड: ‹garmi26xy› (attempt=1)",
        "login error كلمة المرور: ‹sayf26xyz› (attempt=1)",
        "login error סיסמה: ‹kayitz26x› (attempt=1)",
        "kontonummer=‹0532013000›",
    ]);
    kept(&[
        "la contraseña es incorrecta",
        "enclave: west",
        "пароль неверный",
        "密码错误",
    ]);
}

#[test]
fn names_of_programs() {
    hidden(&[
        "creds=‹anna:hunter2x›",
        "user_pw: ‹hunter2x›",
        "requirepass=‹hunter2x›",
        "-storepass ‹hunter2x› -alias a",
        "sms_code=‹482913›",
        "2fa_code: ‹482913›",
        r#"{"twoFactorCode":"‹482913›"}"#,
        r#"{"passwordConfirm":"‹hunter2x›"}"#,
        r#"{"pwHash":"‹5f4dcc3b5aa765d61d8327deb882cf99›"}"#,
        "REDIS_AUTH=‹hunter2x›",
        "SUPABASE_SERVICE_ROLE_KEY=‹hunter2x›",
        "csrf=‹aB3dEfGh1234›",
        "cvv2: ‹987›",
        "API-Sign: ‹4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8›",
        "Authentication: ‹a8F5f167f44f4964e6C998dee827110c›",
    ]);
    kept(&[
        "hundreds=12",
        "csrf: token missing",
        "csrf=true",
        "authentication: basic",
        "sign=minus",
        "design=flat",
        "/a?design=flat",
        "firm=acme",
    ]);
}

#[test]
fn lists_of_codes() {
    super::shown_as(&[(
        r#"{"recoveryCodes":["abcd-1234","efgh-5678"]}"#,
        r#"{"recoveryCodes":"[REDACTED]"}"#,
    )]);
    kept(&["nodes: [a, b]", "status_codes=[200, 404]", "modes=3"]);
}
