package io.portcullis.waf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a login is made of is random, and random text now and then looks like something. None of it
 * may be refused for that; the same text elsewhere still is.
 */
@Timeout(120)
final class LoginRequestsIT {
  private static final long SEED = 20_260_301;
  private static final String FORM = "application/x-www-form-urlencoded";

  /** A comment of SQL, a folder of ours, an object of Java: each in the letters of base64url. */
  private static final List<String> SUSPECT =
      List.of(
          "1--", "a--b--c", "__proto__", "rO0AB", "-1--_", "aced0005", "0x7f", "proc__", "x_-_-");

  private static WafEdge edge;

  @BeforeAll
  static void start() {
    edge = WafEdge.ours("waf-login");
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  @Test
  void requestsOfLogins_withAnyRandomText_pass() {
    Random random = new Random(SEED);
    List<String> requests = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String suspect = SUSPECT.get(i % SUSPECT.size());
      String state = text(random, 43, suspect);
      String session = "__Host-Http-pc=k1." + text(random, 43, suspect);
      String attempt = "__Host-Http-pc-login=k1." + text(random, 700, suspect);
      requests.add(get("/auth/callback?" + answer(random, state), attempt));
      requests.add(get("/auth/session", session));
      requests.add(get("/api/v1/me", session + "; " + attempt));
    }
    requests.add(get("/auth/login?tenant=acme&return_to=/app/settings%3Ftab%3D1&acr=2", ""));
    requests.add(get("/auth/callback?error=access_denied&state=abc&iss=https://a.example", ""));
    requests.add(post("/auth/logout", Map.of("X-PC-CSRF", "1"), ""));
    requests.add(post("/auth/logout", Map.of("Content-Type", FORM), ""));
    requests.add(post("/auth/backchannel-logout", Map.of("Content-Type", FORM), logout(random)));
    List<Integer> statuses = edge.statuses(requests);
    List<String> refused = new ArrayList<>();
    for (int i = 0; i < statuses.size(); i++) {
      if (statuses.get(i) != 200) {
        refused.add(statuses.get(i) + " " + requests.get(i));
      }
    }
    assertEquals(List.of(), refused, "seed " + SEED);
  }

  @Test
  void cookies_ofAnotherShape_areStillLookedAt() {
    for (String value :
        List.of("1' or 1=1--+", "k1.' union select 1--", "<script>alert(1)</script>")) {
      assertEquals(403, edge.status(get("/auth/session", "__Host-Http-pc=" + value)), value);
      assertEquals(403, edge.status(get("/auth/session", "theme=" + value)), value);
    }
  }

  @Test
  void cookies_twice_doNotCoverForEachOther() {
    for (String name : List.of("__Host-Http-pc=", "__Host-Http-pc-login=")) {
      String good = name + "k1." + "a".repeat(43);
      assertEquals(200, edge.status(get("/auth/session", good)), name);
      assertEquals(
          403, edge.status(get("/auth/session", good + "; " + name + "1' or 1=1--+")), name);
      assertEquals(403, edge.status(get("/auth/session", good + "; " + good)), name);
    }
  }

  @Test
  void forms_elsewhere_areStillRefused() {
    assertEquals(403, edge.status(post("/auth/login", Map.of("Content-Type", FORM), "a=b")));
    assertEquals(403, edge.status(post("/api/v1/me", Map.of("Content-Type", FORM), "a=b")));
  }

  private static String answer(Random random, String state) {
    return "state="
        + state
        + "&session_state="
        + uuid(random)
        + "&iss=http%3A%2F%2F127.0.0.1%3A8180%2Frealms%2Fportcullis&code="
        + uuid(random)
        + "."
        + uuid(random)
        + "."
        + uuid(random);
  }

  private static String logout(Random random) {
    return "logout_token=eyJhbGciOiJSUzI1NiJ9."
        + text(random, 600, "a--b")
        + "."
        + text(random, 342, "__");
  }

  private static String get(String target, String cookies) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (!cookies.isEmpty()) {
      headers.put("Cookie", cookies);
    }
    return Attack.request("GET", target, headers, "");
  }

  private static String post(String target, Map<String, String> headers, String body) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    if (body.isEmpty()) {
      all.put("Content-Length", "0");
    }
    return Attack.request("POST", target, all, body);
  }

  private static String uuid(Random random) {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  /** Base64url of that length with something in the middle. */
  private static String text(Random random, int length, String middle) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    String all = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    int half = (length - middle.length()) / 2;
    return all.substring(0, half) + middle + all.substring(half, length - middle.length());
  }
}
