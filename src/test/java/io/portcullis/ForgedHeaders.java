package io.portcullis;

import java.util.ArrayList;
import java.util.List;

/**
 * What a client says of itself in headers, each of which some server behind some proxy believes.
 * Where two lines belong together, a line break stands between them.
 */
final class ForgedHeaders {
  /** Where it comes from. */
  private static final List<String> ADDRESSES =
      List.of(
          "X-Forwarded-For",
          "X-Real-IP",
          "True-Client-IP",
          "CF-Connecting-IP",
          "X-Client-IP",
          "Client-IP",
          "X-Cluster-Client-IP",
          "Fastly-Client-IP",
          "X-Originating-IP",
          "X-Remote-IP",
          "X-Remote-Addr",
          "X-Forwarded",
          "Forwarded-For",
          "X_Forwarded_For",
          "X-Forwarded_For");

  /** What it asks for. */
  private static final List<String> TARGETS =
      List.of("X-Original-URL", "X-Rewrite-URL", "X-Original-URI", "X-Override-URL");

  /** What it wants to do. */
  private static final List<String> METHODS =
      List.of(
          "X-HTTP-Method-Override",
          "X-HTTP-Method",
          "X-Method-Override",
          "X-Original-Method",
          "_method",
          "X_HTTP_Method_Override");

  /** Who it is. */
  private static final List<String> CALLERS =
      List.of(
          "X-Forwarded-User: oscar",
          "X-Remote-User: oscar",
          "Remote-User: oscar",
          "X-Authenticated-User: oscar",
          "X-User: oscar",
          "X-WEBAUTH-USER: oscar",
          "X-Portcullis-Subject: oscar",
          "X_Portcullis_Subject: oscar",
          "X-Portcullis-Roles: operator,tenant-admin",
          "X_Portcullis_Roles: operator,tenant-admin",
          "X-Portcullis_Roles: operator,tenant-admin",
          "X-Roles: operator,tenant-admin",
          "X-Portcullis-Tenant: globex",
          "X.Portcullis.Tenant: globex",
          "X-SSL-Client-Verify: SUCCESS\r\nX-SSL-Client-S-DN: CN=ops",
          "X-Forwarded-Client-Cert: By=spiffe://portcullis/development/ops",
          "Client-Cert: :AAAA:",
          "X-Client-Cert: :AAAA:");

  /** For whom it asks; of alice, who is in acme. */
  private static final List<String> TENANTS =
      List.of(
          "X_Tenant: globex",
          "X-Tenant: globex",
          "X-Tenant: GLOBEX",
          "X-Tenant: acme,globex",
          "X-Tenant: globex,acme",
          "X-Tenant: acme;globex",
          "X-Tenant: *",
          "X-Tenant: ",
          "X-Tenant: %00",
          "X-Tenant: acme\r\nX-Tenant: globex",
          "X-Tenant: globex\r\nX-Tenant: acme");

  /** What a better token is put into. */
  private static final List<String> CREDENTIALS =
      List.of(
          "Proxy-Authorization: Bearer ",
          "X-Authorization: Bearer ",
          "Authorization-: Bearer ",
          "X-Access-Token: ",
          "X-Auth-Token: ",
          "Cookie: Authorization=",
          "Cookie: token=",
          "Cookie: __Host-Http-pc=k1.",
          "DPoP: ");

  /** The rest. */
  private static final List<String> OTHERS =
      List.of(
          "Forwarded: for=127.0.0.1;host=localhost;proto=https;by=127.0.0.1",
          "X-Forwarded-Host: localhost:8081",
          "X-Forwarded-Proto: https\r\nX-Forwarded-Port: 8444",
          "X-Request-Id: 00000000-0000-7000-8000-000000000000",
          "Connection: close, X-Portcullis-Roles, X-Portcullis-Tenant, X-Forwarded-For",
          "Connection: Authorization",
          "Via: 1.1 gateway",
          "Origin: null",
          "Sec-Fetch-Site: same-origin\r\nX-PC-CSRF: 1");

  private ForgedHeaders() {}

  /**
   * All of them.
   *
   * @param guarded a path that the caller may not ask for
   * @param foreign another one
   * @param token of somebody who may
   */
  static List<String> of(String guarded, String foreign, String token) {
    List<String> all = new ArrayList<>();
    for (String name : ADDRESSES) {
      all.add(name + ": 127.0.0.1");
      all.add(name + ": 203.0.113." + all.size());
    }
    for (String name : TARGETS) {
      for (String target : List.of(guarded, foreign, "/openapi.json")) {
        all.add(name + ": " + target);
      }
    }
    for (String name : METHODS) {
      all.add(name + ": DELETE");
      all.add(name + ": GET");
    }
    all.addAll(CALLERS);
    all.addAll(TENANTS);
    CREDENTIALS.forEach(where -> all.add(where + token));
    all.addAll(OTHERS);
    all.add("X-Forwarded-Prefix: " + guarded);
    all.add("X-Accel-Redirect: " + guarded);
    all.add("Referer: https://localhost" + guarded);
    return all;
  }
}
