//! Secrets in requests, commands and URLs.

use super::hidden;

#[test]
fn http() {
    hidden(&[
        r#"10.0.0.1 - - [02/Jan/2026:03:04:05 +0000] "GET /login?user=anna&password=‹hunter2x› HTTP/1.1" 200 12"#,
        r#"10.0.0.1 - anna [02/Jan/2026:03:04:05 +0000] "GET /cb?code=‹abc123def› HTTP/1.1" 302 0 "https://x.example/?access_token=‹abc123def›" "curl/8""#,
        "GET /v1/items?key=‹abc123def456› HTTP/1.1",
        "POST /oauth/token HTTP/1.1\r\nAuthorization: Basic ‹YWxhZGRpbjpvcGVuc2VzYW1l›\r\nHost: x\r\n\r\ngrant_type=password&username=anna&password=‹hunter2x›",
        "> Authorization: Bearer ‹abc123tokenvalue›",
        "* Server auth using Basic with user 'anna'\n> Authorization: Basic ‹YWxhZGRpbjpvcGVuc2VzYW1l›",
        "X-Auth-Token: ‹abc123def456›",
        "X-Amz-Security-Token: ‹IQoJb3JpZ2luX2VjEabcdef›",
        "Proxy-Authorization: Basic ‹YWxhZGRpbjpvcGVuc2VzYW1l›",
        "Authorization: ApiKey ‹abc123def456›",
        "authorization=Bearer ‹abc123tokenvalue›",
        "authorization: ‹abc123tokenvalue›",
    ]);
}

#[test]
fn commands() {
    hidden(&[
        "curl -uanna:‹hunter2x› https://example.com",
        "curl -E cert.pem:‹hunter2x› https://example.com",
        "curl -b \"sid=‹abc123def›\" https://example.com",
        "mysqldump -h db -u root -p'‹hunter2x›' app",
        "keytool -genkey -storepass ‹hunter1x› -keypass ‹hunter2x› -alias a",
        "ipmitool -H a -U b -P ‹hunter2x› power on",
        "mosquitto_pub -h a -u b -P ‹hunter2x› -t c",
        "cqlsh -u a -p ‹hunter2x› db",
        "lftp -u anna,‹hunter2x› sftp://a",
        "isql -U a -P ‹hunter2x›",
        "evil-winrm -i a -u b -p ‹hunter2x›",
        "skopeo login -u a -p ‹hunter2x› b",
        "curl -u anna:‹hunter2x› https://example.com",
        r#"curl -H "Authorization: Bearer ‹abc123tokenvalue›" https://example.com"#,
        "curl -H 'X-Api-Key: ‹abc123def456›' https://example.com",
        r#"curl "https://example.com/v1?token=‹abc123def456›""#,
        r#"curl -d '{"password":"‹hunter2x›"}' https://example.com"#,
        r#"curl -d "user=anna&password=‹hunter2x›" https://example.com"#,
        r#"curl --user "anna:‹hunter2x›" https://example.com"#,
        "wget --password=‹hunter2x› https://example.com",
        "wget --http-password ‹hunter2x› https://example.com",
        "mysql -u root -p‹toor1234› x",
        "mysqldump --password=‹toor1234› x",
        "PGPASSWORD=‹hunter2x› psql -h db -U anna",
        "redis-cli -h cache -a ‹hunter2x› ping",
        "sshpass -p ‹hunter2x› ssh anna@example.com",
        "docker login -u anna -p ‹hunter2x› registry.example.com",
        "docker run -e DB_PASSWORD=‹hunter2x› app",
        r#"docker run -e "API_KEY=‹abc123def456›" app"#,
        "kubectl create secret generic x --from-literal=password=‹hunter2x›",
        "helm install x --set auth.password=‹hunter2x›",
        "vault kv put secret/x password=‹hunter2x›",
        "aws configure set aws_secret_access_key ‹wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY›",
        r#"psql "host=db password=‹hunter2x› user=anna""#,
        r#"ansible-playbook x.yml -e "ansible_password=‹hunter2x›""#,
        "Connect-Thing -User anna -Password ‹hunter2x›",
        r#"Connect-Thing -Token "‹abc123def456›""#,
        "app --api-key ‹abc123def456› --verbose",
        "app --api-key=‹abc123def456› --verbose",
        r#"app --token "‹abc123def456›" run"#,
        "app -password ‹hunter2x› run",
    ]);
}

#[test]
fn commands_with_several_passwords() {
    hidden(&[
        "mysqldump -p‹secret1x› app | mysql -h new -p‹secret2x› app",
        "curl -U proxy:‹Pr0xyPw1› -u anna:‹Hunter2x› https://e.com",
        "mysql -p‹secret1x› app && mysql -p'‹secret 2x›' app && /usr/bin/mysql.exe -p‹secret3x›",
        "sshpass -p ‹hunter2x› ssh -p 2222 anna@example.com",
    ]);
}

#[test]
fn commands_that_stay() {
    super::kept(&[
        "curl -b cookies.txt https://example.com",
        "curl -E cert.pem https://example.com",
        "curl -X GET -E cert.pem https://example.com",
        "mysqldump -h db -u root -p app",
        "cqlsh db 9042",
        "curl -H \"Authorization: Bearer $(cat token)\" https://example.com",
    ]);
}

#[test]
fn urls() {
    hidden(&[
        "https://anna:‹hunter2x›@example.com/path",
        "amqp://guest:‹guest123›@mq:5672/%2f",
        "proxy=anna:‹Hunter2x›@proxy.example.com:3128 up",
        "connecting to anna:‹hunter-x›@db:5432/app",
        "mongodb+srv://anna:‹p%40ss›@cluster0.example.net/x?retryWrites=true",
        "redis://:‹hunter2x›@cache:6379",
        "ftp://anna:‹hunter2x›@files.example.com",
        "https://x.blob.core.windows.net/c/b?sv=2020&sig=‹abc%2Bdef123%3D›&se=2026",
        "https://b.s3.amazonaws.com/k?X-Amz-Credential=x&X-Amz-Signature=‹abcdef0123456789›",
        "https://example.com/reset?token=‹abc123def456›#top",
        "https://example.com/cb#access_token=‹abc123def456›&token_type=bearer",
        "redirect_uri=https%3A%2F%2Fx%2F%3Ftoken%3D‹abc123def456›%26a%3D1",
        "url=https%3A%2F%2Fanna%3A‹hunter2x›%40example.com",
    ]);
}
