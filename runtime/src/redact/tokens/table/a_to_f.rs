//! The formats whose prefix starts with `_` or `a` to `f`, in byte order.

use super::AUTHRESS;
use crate::redact::tokens::charset::{
    ALNUM, B64, B64URL, Charset, DIGIT, DOTTED, HEX, LOOSE, LOW_NUM, LOWER, UP_NUM,
};
use crate::redact::tokens::shape::{Token, exact, lit, of, range, run, uuid};

pub(super) const TABLE: &[Token] = &[
    run(
        "_|WARNING:-DO-NOT-SHARE-THIS",
        LOOSE.or(Charset::of("|!:")),
        40,
    ), // Roblox
    uuid("access-development-"),                                  // Plaid
    uuid("access-production-"),                                   // Plaid
    uuid("access-sandbox-"),                                      // Plaid
    run("access_token$", LOOSE.or(Charset::of("$")), 40),         // Braintree
    run("act.", LOOSE.or(Charset::of("!")), 40).random(),         // TikTok
    run("addr_xsk1", LOW_NUM, 60),                                // Cardano
    uuid("ai71-api-"),                                            // AI71
    run("aio_", ALNUM, 26).digit(),                               // Adafruit
    run("ajkey_", ALNUM, 20),                                     // Arcjet
    exact("ak-", ALNUM, 22).random().alone(),                     // Modal
    range("ak_", ALNUM, 20, 64).digit().alone(),                  // Composio, ngrok, Salesloft
    run("ak_live_", ALNUM, 20),                                   // Pagar.me
    run("ak_test_", ALNUM, 20),                                   // Pagar.me
    run("akab-", B64URL, 18).digit(),                             // Akamai
    exact("aks_", HEX, 64),                                       // WarpStream
    run("alcht_", ALNUM, 20),                                     // Alchemy
    uuid("amzn.mws."),                                            // Amazon MWS
    run("amzn1.oa2-cs.v1.", DOTTED, 30),                          // Login with Amazon
    exact("api-", HEX, 32).digit().alone(),                       // SMTP2GO
    uuid("api-"),                                                 // LaunchDarkly
    run("api_", ALNUM.or(Charset::of(".")), 36).random().alone(), // Close
    run("api_live.", B64URL, 20),                                 // Onfido
    run("api_live_ca.", B64URL, 20),                              // Onfido
    run("api_live_us.", B64URL, 20),                              // Onfido
    run("api_org_", ALNUM, 30),                                   // Hugging Face
    run("api_sandbox.", B64URL, 20),                              // Onfido
    run("apify_api_", ALNUM, 20),                                 // Apify
    run("apikey_", HEX, 40),                                      // Rainforest
    run("apk_", B64, 80).random(),                                // Devin
    run("apk_user_", B64, 60),                                    // Devin
    exact("app-", ALNUM, 24).random().alone(),                    // Dify
    exact("as-", ALNUM, 22).random().alone(),                     // Modal
    run("asat_", HEX, 32),                                        // AfterShip
    run("atkn_", ALNUM, 30),                                      // Shopify
    exact("authress_", LOW_NUM, 5).then(AUTHRESS),                // Authress
    range("b.", ALNUM, 24, 500).random().alone(),                 // Vault, older
    run("b10ck5.", DOTTED, 40),                                   // Block Protocol
    run("b3BlbnNzaC1rZXktdjE", LOOSE, 20),                        // OpenSSH key
    run("bb_live_", B64URL, 20).digit(),                          // Browserbase
    run("bb_ma_", HEX, 30),                                       // Bannerbear
    run("bb_pr_", HEX, 30),                                       // Bannerbear
    run("bedrock-api-key-", LOOSE, 20),                           // AWS Bedrock
    run("bkaa_", B64URL, 30),                                     // Buildkite
    run("bkaj_", B64URL, 30),                                     // Buildkite
    run("bkar_", B64URL, 30),                                     // Buildkite
    run("bkct_", B64URL, 30),                                     // Buildkite
    run("bkpat_", B64URL, 30),                                    // Buildkite
    run("bkps_", B64URL, 30),                                     // Buildkite
    run("bkpt_", B64URL, 30),                                     // Buildkite
    run("bkua_", B64URL, 30),                                     // Buildkite
    run("bpk-", HEX, 32),                                         // Builder.io
    run("bu_", B64URL, 42).digit(),                               // Browser Use
    run("bxt_", ALNUM, 20).digit(),                               // Brex
    run("cal_", ALNUM, 32).random(),                              // Cal.com
    run("cal_live_", ALNUM, 20),                                  // Cal.com
    run("cfat_", B64URL, 30),                                     // Cloudflare
    run("cfk_", B64URL, 30).digit(),                              // Cloudflare
    run("cflt", B64, 54).random().alone(),                        // Confluent
    run("cfut_", B64URL, 30),                                     // Cloudflare
    run("cfxk_", B64URL, 20).digit(),                             // Cfx.re
    exact("cio", ALNUM, 32).digit(),                              // crates.io
    exact("ck_", B64URL, 20).random().alone(),                    // Composio
    exact("ck_", HEX, 40),                                        // WooCommerce
    run("ck_production_", ALNUM, 20),                             // Crossmint
    run("ck_staging_", ALNUM, 20),                                // Crossmint
    run("cmVmd", ALNUM, 50).alone(),                              // Artifactory reference
    run("cnvca", B64URL, 40).digit(),                             // Canva
    run("cog_", LOW_NUM, 48),                                     // Devin
    run("configcat-sdk-1/", B64URL.or(Charset::of("/")), 30),     // ConfigCat
    exact("cr-", HEX, 58),                                        // CodeRabbit
    range("cr_", LOW_NUM, 25, 30).digit().alone(),                // ngrok
    exact("cs_", HEX, 40),                                        // WooCommerce
    run("csa_", ALNUM, 36).digit(),                               // Cloudsmith
    run("csb_v1_", B64URL, 20),                                   // CodeSandbox
    run("csk-", ALNUM, 40).digit(),                               // Cerebras
    exact("cu_", HEX, 32).digit(),                                // Checkly
    run("cxtp_", ALNUM, 20),                                      // Coralogix
    run("cxup_", ALNUM, 20),                                      // Coralogix
    run("dG9rO", B64, 40).alone(),                                // Intercom
    exact("da2-", LOW_NUM, 26).digit(),                           // AWS AppSync
    run("dapi", HEX, 32),                                         // Databricks
    exact("db-", ALNUM, 29).random().alone(),                     // Databento
    run("dbtc_", B64URL, 20).digit(),                             // dbt
    run("dbts_", B64URL, 20).digit(),                             // dbt
    run("dbtu_", B64URL, 20).digit(),                             // dbt
    run("dckr_oat_", B64URL, 20),                                 // Docker
    run("dckr_pat_", B64URL, 20),                                 // Docker
    run("ddp_", ALNUM, 30).digit(),                               // Deno
    run("ddw_", ALNUM, 30).digit(),                               // Deno
    range("dk_prod_", UP_NUM, 24, 28),                            // Courier
    run("dkea", HEX, 32),                                         // Databricks
    run("dnkey-", B64URL, 40),                                    // Defined Networking
    run("doo_v1_", HEX, 30),                                      // DigitalOcean
    run("dop_v1_", HEX, 30),                                      // DigitalOcean
    run("dor_v1_", HEX, 30),                                      // DigitalOcean
    run("dose", HEX, 32),                                         // Databricks
    run("dp.audit.", ALNUM, 30),                                  // Doppler
    exact("dp.ct.", ALNUM, 40),                                   // Doppler
    run("dp.pt.", ALNUM, 30),                                     // Doppler
    run("dp.sa.", ALNUM, 30),                                     // Doppler
    run("dp.said.", ALNUM, 30),                                   // Doppler
    run("dp.scim.", ALNUM, 30),                                   // Doppler
    run("dp.st.", DOTTED, 30).digit(),                            // Doppler
    run("dryrunsec_", ALNUM, 20),                                 // DryRun
    exact("dt0", LOWER, 1).then(&[
        of(DIGIT, 2),
        lit("."),
        of(ALNUM, 24),
        lit("."),
        of(ALNUM, 64),
    ]), // Dynatrace
    run("dtn_", ALNUM, 40),                                       // Daytona
    run("dub_", ALNUM, 24).digit(),                               // Dub
    run("duffel_live_", DOTTED, 30),                              // Duffel
    run("duffel_test_", DOTTED, 30),                              // Duffel
    run("dvc_client_", ALNUM, 8),                                 // DevCycle
    run("dvc_mobile_", ALNUM, 8),                                 // DevCycle
    run("dvc_server_", ALNUM, 8),                                 // DevCycle
    run("e2b_", HEX, 40),                                         // E2B
    range("ed25519:", ALNUM, 80, 90).random().label(),            // NEAR
    run("ed25519_sk1", LOW_NUM, 40),                              // Cardano
    run("ed25519e_sk1", LOW_NUM, 60),                             // Cardano
    run("edsk", ALNUM, 50).random().alone(),                      // Tezos
    run("eg1~", LOOSE, 40),                                       // Epic Games
    run("ek_live_", LOOSE, 16),                                   // Stripe
    run("ek_test_", LOOSE, 16).digit(),                           // Stripe
    run("endr+", B64URL, 16),                                     // Endor Labs
    run("esecret_", LOW_NUM, 24).digit(),                         // Anyscale
    run("essu_", LOOSE, 40),                                      // Elastic Cloud
    run("eu1.", B64, 80).digit(),                                 // FullStory
    run("ewogIC", LOOSE, 30),                                     // base64 of JSON
    exact("ext_", LOW_NUM, 5).then(AUTHRESS),                     // Authress
    run("eyJ", LOOSE, 12),                                        // JWT and base64 of JSON
    exact("fc-", HEX, 32).digit(),                                // Firecrawl
    run("fhb-", ALNUM, 20).digit(),                               // FireHydrant
    run("figd_", B64URL, 24).digit(),                             // Figma
    run("figo_", B64URL, 24).digit(),                             // Figma
    run("figoh_", B64URL, 24).digit(),                            // Figma
    run("figor_", B64URL, 24).digit(),                            // Figma
    run("figp_", B64URL, 24).digit(),                             // Figma
    run("figs_", B64URL, 24).digit(),                             // Figma
    run("figu_", B64URL, 24).digit(),                             // Figma
    run("figuh_", B64URL, 24).digit(),                            // Figma
    run("figur_", B64URL, 24).digit(),                            // Figma
    run("fio-u-", DOTTED, 40),                                    // Frame.io
    run("flb_live_", ALNUM, 16),                                  // Fleetbase
    run("flb_test_", ALNUM, 16),                                  // Fleetbase
    run("flp_", ALNUM, 40),                                       // Friendli
    run("fm1a_", LOOSE, 60),                                      // Fly.io
    run("fm1r_", LOOSE, 60),                                      // Fly.io
    run("fm2_", LOOSE, 60),                                       // Fly.io
    exact("fnA", B64URL, 37).random().alone(),                    // Fauna
    run("fo1_", B64URL, 30).digit(),                              // Fly.io
    run("fsq3", B64URL.or(Charset::of("=")), 40)
        .random()
        .alone(), // Foursquare
    exact("fw_", ALNUM, 24).digit(),                              // Fireworks
];
