package io.portcullis.waf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Logins, sessions and preflights carry random text in which now and then stands what attacks have.
 * It passes where it belongs, and nowhere else.
 */
@Timeout(120)
final class LoginUseIT {
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final String ME = "/api/v1/me";
  private static final int TIMES = 60;

  private static WafEdge edge;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @BeforeAll
  static void start() {
    edge = WafEdge.ours("waf-login");
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  @Test
  void callbacks_withWhateverTheIssuerMakesUp_pass() {
    List<String> requests = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      requests.add(
          get(
              "/auth/callback?state=%s&session_state=%s&iss=%s&code=%s.%s.%s"
                  .formatted(
                      text(43),
                      text(24),
                      "http%3A%2F%2F127.0.0.1%3A8180%2Frealms%2Fportcullis",
                      text(36),
                      text(24),
                      text(36)),
              Map.of("Cookie", "__Host-Http-pc-login=k1." + text(700))));
    }
    requests.add(
        get(
            "/auth/callback?error=access_denied&error_description=User+denied+access&state=x-1",
            Map.of()));
    requests.add(get("/auth/callback?error=login_required&state=" + text(43), Map.of()));
    passed(requests);
  }

  @Test
  void sessions_withWhateverIsEncryptedInThem_pass() {
    List<String> requests = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      Map<String, String> headers = new TreeMap<>();
      headers.put("Cookie", "theme=dark; __Host-Http-pc=k" + i + "." + text(43));
      headers.put("Origin", "https://localhost:8443");
      headers.put("Sec-Fetch-Site", "same-origin");
      headers.put("Sec-Fetch-Mode", "cors");
      headers.put("Sec-Fetch-Dest", "empty");
      headers.put("X-PC-CSRF", "1");
      requests.add(get("/auth/session", headers));
      requests.add(Attack.request("POST", "/auth/logout", headers, ""));
      requests.add(
          get(
              ME,
              Map.of("Authorization", "DPoP " + token(900), "DPoP", token(i == 0 ? 3000 : 500))));
    }
    passed(requests);
  }

  @Test
  void logins_intoAllKindsOfPages_pass() {
    List<String> requests = new ArrayList<>();
    for (String page :
        List.of(
            "%2F",
            "%2Fapp%2Fchat",
            "/app/chat",
            "%2Fapp%3Fa%3D1%26b%3D2",
            "%2Fapp%2F%23%2Ftab%2F2",
            "%2Fconversations%2F0198c0de-0000-7000-8000-000000000001",
            "%2Fsearch%3Fq%3Drock+n+roll")) {
      requests.add(get("/auth/login?tenant=acme&return_to=" + page, Map.of()));
      requests.add(get("/auth/login?tenant=acme&acr=2&return_to=" + page, Map.of()));
    }
    passed(requests);
  }

  @Test
  void logouts_ofTheIssuer_passWithAnyToken() {
    List<String> requests = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      requests.add(logout("logout_token=" + token(600 + 20 * i)));
    }
    passed(requests);
  }

  @Test
  void preflights_ofEveryRoute_pass() {
    List<String> requests = new ArrayList<>();
    for (String target :
        List.of(
            ME,
            "/api/v1/conversations?limit=50",
            "/api/v1/conversations/0198c0de-0000-7000-8000-000000000001",
            "/api/v1/conversations/0198c0de-0000-7000-8000-000000000001/messages",
            "/ai/v1/chat/completions",
            "/auth/session",
            "/auth/logout",
            "/openapi.json")) {
      for (String method : List.of("GET", "POST", "PATCH", "DELETE")) {
        Map<String, String> headers = new TreeMap<>();
        headers.put("Origin", "https://app.example.com");
        headers.put("Access-Control-Request-Method", method);
        headers.put(
            "Access-Control-Request-Headers",
            "authorization,content-type,dpop,idempotency-key,if-none-match,traceparent,x-pc-csrf,"
                + "x-tenant");
        headers.put("Sec-Fetch-Mode", "cors");
        headers.put("Sec-Fetch-Site", "cross-site");
        requests.add(Attack.request("OPTIONS", target, headers, ""));
      }
    }
    passed(requests);
  }

  @Test
  void secretsAndAttacks_whereTheyDoNotBelong_areRefused() {
    String token = token(200);
    List<String> requests = new ArrayList<>();
    for (String target :
        List.of(
            ME + "?access_token=" + token,
            ME + "?x=" + token,
            ME + "?logout_token=" + token,
            "/auth/login?id_token_hint=" + token,
            "/auth/login?return_to=%2F%3Ft%3D" + token,
            "/auth/login?tenant=acme%27%20OR%201%3D1--",
            "/auth/session?access_token=" + token,
            "/auth/callback?code=x&state=y&access_token=z",
            "/auth/callback?code=x&state=y&id_token=" + token,
            "/auth/callback?code=" + token + "&state=y",
            "/auth/callback?code=x%27%20OR%201%3D1--&state=y",
            "/auth/callback?code=%3Cscript%3Ealert(1)%3C%2Fscript%3E&state=y",
            "/auth/callback?code=x&state=..%2F..%2Fetc%2Fpasswd",
            "/auth/callback?code=x&state=y&q=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
            "/auth/Callback?code=x%27%20OR%201%3D1--&state=y",
            "/auth/callback/?code=x%27%20OR%201%3D1--&state=y",
            "/auth/%63allback?code=x&state=y",
            "/auth/backchannel-logout?logout_token=" + token)) {
      requests.add(get(target, Map.of()));
    }
    for (String body :
        List.of(
            "logout_token=1'+OR+1=1--",
            "logout_token=" + token + "&q=1'+OR+'1'='1",
            "logout_token=" + token + "&x=1",
            "logout_token=" + token + "&logout_token=%3Cscript%3E",
            "x=" + token,
            "logout_token=" + "a".repeat(9000) + ".b.c")) {
      requests.add(logout(body));
    }
    for (String cookie :
        List.of(
            "__Host-Http-pc=1' OR 1=1--",
            "__HOST-HTTP-PC=1' OR 1=1--",
            "__Host-Http-pc-login=<script>alert(1)</script>",
            "__Host-Http-pc=../../etc/passwd",
            "__Host-Http-pcx=1' OR 1=1--")) {
      requests.add(get(ME, Map.of("Cookie", cookie)));
    }
    requests.add(get(ME, Map.of("DPoP", "1' OR 1=1--")));
    requests.add(get(ME, Map.of("DPoP", "${jndi:ldap://x}.a.b")));
    requests.add(Attack.request("POST", "/auth/callback?code=x&state=y", Map.of(), ""));
    List<Integer> statuses = edge.statuses(requests);
    List<String> passed = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      if (!WafEdge.refused(statuses.get(i))) {
        passed.add(statuses.get(i) + " " + requests.get(i));
      }
    }
    assertEquals(List.of(), passed);
  }

  private void passed(List<String> requests) {
    assertEquals(List.of(), TalkIT.blocked(edge, requests), "seed " + seed);
  }

  private static String get(String target, Map<String, String> headers) {
    return Attack.request("GET", target, headers, "");
  }

  private static String logout(String body) {
    return Attack.request(
        "POST",
        "/auth/backchannel-logout",
        Map.of("Content-Type", "application/x-www-form-urlencoded"),
        body);
  }

  private String token(int length) {
    return "eyJhbGciOiJFUzI1NiJ9." + text(length) + "." + text(86);
  }

  /**
   * Base64url, every second time with what a rule could take for SQL, twice as often as by chance.
   */
  private String text(int length) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    if (random.nextBoolean()) {
      int at = random.nextInt(length - 1);
      text.replace(at, at + 2, "--");
    }
    return text.toString();
  }
}
