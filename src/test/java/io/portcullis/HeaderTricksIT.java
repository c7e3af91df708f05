package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.RawHttp;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a client says of itself in headers is no way around what a path asks for, gives nobody
 * another tenant, method or address, and no fresh limit.
 */
@Timeout(240)
final class HeaderTricksIT {
  private static final String OPERATORS = "/tool/v1/operators/secret";
  private static final String THINGS = "/tool/v1/things";
  private static final Pattern LEFT = Pattern.compile("\"per-(?:ip|user|tenant)\";r=(\\d+)");

  /** Headers that may stand on the way to the service, whatever the client sent. */
  private static final List<String> NEVER_PASSED =
      List.of(
          "authorization",
          "cookie",
          "client-cert",
          "forwarded",
          "proxy-authorization",
          "true-client-ip",
          "via",
          "x-client-ip",
          "x-forwarded-user",
          "x-forwarded-host-override",
          "x-http-method-override",
          "x-original-url",
          "x-portcullis-scopes",
          "x-real-ip",
          "x-remote-user",
          "x-rewrite-url",
          "x-tenant");

  private static TrickSystem system;
  private static String conversation;
  private static List<String> tricks;

  private final List<String> found = new ArrayList<>();

  @BeforeAll
  static void start() {
    system = TrickSystem.shared();
    conversation = "/api/v1/conversations/" + system.conversation();
    tricks = ForgedHeaders.of(OPERATORS, conversation, system.token("oscar"));
  }

  @BeforeEach
  void forget() {
    found.clear();
  }

  @Test
  void operatorsPath_isOpenedByNoHeader() {
    for (Way way : system.ways()) {
      for (String trick : tricks) {
        for (String credential : List.of("", system.bearer("alice"))) {
          refused(way, trick, way.ask("GET", OPERATORS, credential, trick));
        }
      }
    }
    assertEquals(List.of(), found);
  }

  @Test
  void otherTenantsData_isOpenedByNoHeader() {
    for (Way way : system.ways()) {
      for (String trick : tricks) {
        refused(way, trick, way.ask("GET", conversation, system.bearer("bob"), trick));
      }
    }
    assertEquals(List.of(), found);
  }

  @Test
  void admittedRequest_isToTheServiceWhatItIsWithoutTheHeader() {
    for (Way way : system.ways()) {
      for (String method : List.of("GET", "POST")) {
        String length = method.equals("POST") ? "Content-Length: 0" : "";
        RawHttp.Answer plain = way.ask(method, THINGS, system.bearer("alice"), length);
        assertEquals(200, plain.status(), plain.body());
        List<Integer> left = left(plain);
        for (String trick : tricks) {
          RawHttp.Answer answer = way.ask(method, THINGS, system.bearer("alice"), length, trick);
          if (answer.status() == 200) {
            same(way, trick, plain, answer);
            // A node that could not ask Redis says so and counts by itself.
            if (!answer.header("ratelimit").contains("pc-mode")) {
              left = counted(way, trick, left, left(answer));
            }
          } else {
            refused(way, trick, answer);
          }
        }
      }
    }
    assertEquals(List.of(), found);
  }

  @Test
  void credentials_ofWhichThereAreTwo_areNotTheBetterOne() {
    String alice = system.bearer("alice");
    String oscar = system.bearer("oscar");
    for (Way way : system.ways()) {
      assertEquals(200, way.ask("GET", OPERATORS, oscar).status(), way + " serves its operator");
      for (List<String> both :
          List.of(
              List.of(alice, oscar),
              List.of(oscar, alice),
              List.of(alice, oscar.replace("Authorization", "AUTHORIZATION")),
              List.of(oscar, "Authorization: Basic b3NjYXI6b3NjYXI="),
              List.of(alice + ", Bearer " + system.token("oscar")),
              List.of("Authorization: Basic b3NjYXI6b3NjYXI="),
              List.of(oscar.replace("Authorization", "Authorization ")),
              List.of("Authorization: Bearer\r\n " + system.token("oscar")),
              List.of(oscar.replace("Authorization", "X\r\n Authorization")))) {
        refused(way, both.toString(), way.ask("GET", OPERATORS, both.toArray(String[]::new)));
      }
      for (String name : List.of("access_token", "token", "_method=GET&authorization")) {
        String target = OPERATORS + "?" + name + "=" + system.token("oscar");
        refused(way, name, way.ask("GET", target));
        refused(way, name, way.ask("GET", target, alice));
      }
    }
    assertEquals(List.of(), found);
  }

  @Test
  void methods_thatAreNone_areRefused() {
    String alice = system.bearer("alice");
    for (Way way : system.ways()) {
      assertEquals(403, way.ask("DELETE", THINGS, alice).status());
      for (String method :
          List.of(
              "delete",
              "Delete",
              "DELETE_",
              "TRACE",
              "TRACK",
              "CONNECT",
              "PROPFIND",
              "JEFF",
              "PURGE",
              "DEBUG",
              "GETX",
              "PUT",
              "OPTIONS",
              "HEADX",
              "PRI",
              "MOVE")) {
        refused(way, method, way.ask(method, THINGS, alice));
      }
      for (String target : List.of("?_method=DELETE", "?method=DELETE", "?X-HTTP-Method=DELETE")) {
        RawHttp.Answer answer = way.ask("POST", THINGS + target, alice, "Content-Length: 0");
        assertTrue(
            answer.status() == 403 || told(answer).getString("method").equals("POST"),
            target + answer.status());
      }
    }
    assertEquals(List.of(), found);
  }

  private void refused(Way way, String trick, RawHttp.Answer answer) {
    boolean refused = answer.status() >= 400 && answer.status() < 500;
    if (!refused || answer.body().contains("\"target\"") || answer.body().contains("acme's own")) {
      found.add(way + " " + shown(trick) + " " + answer.status() + " " + answer.body());
    }
  }

  /** The same caller, tenant, roles, method, target and address. */
  private void same(Way way, String trick, RawHttp.Answer plain, RawHttp.Answer answer) {
    for (String member : List.of("method", "target", "bytes")) {
      expect(way, trick, told(plain).getValue(member), told(answer).getValue(member));
    }
    for (String name :
        List.of(
            "x-portcullis-tenant",
            "x-portcullis-subject",
            "x-portcullis-roles",
            "x-forwarded-for")) {
      expect(way, trick, TrickSystem.told(plain, name), TrickSystem.told(answer, name));
    }
    for (String name : NEVER_PASSED) {
      expect(way, trick + " " + name, List.of(), TrickSystem.told(answer, name));
    }
    String id = answer.header("x-request-id");
    expect(way, trick, List.of(id), TrickSystem.told(answer, "x-request-id"));
    expect(way, trick, false, id.startsWith("00000000-0000"));
  }

  private List<Integer> counted(Way way, String trick, List<Integer> before, List<Integer> after) {
    for (int i = 0; i < before.size(); i++) {
      expect(way, trick + " is counted", true, after.get(i) < before.get(i));
    }
    return after;
  }

  private static List<Integer> left(RawHttp.Answer answer) {
    List<Integer> left = new ArrayList<>();
    Matcher matcher = LEFT.matcher(answer.header("ratelimit"));
    while (matcher.find()) {
      left.add(Integer.parseInt(matcher.group(1)));
    }
    assertEquals(3, left.size(), answer.header("ratelimit"));
    return left;
  }

  private void expect(Way way, String trick, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      found.add(way + " " + shown(trick) + ": " + actual + " instead of " + expected);
    }
  }

  private static String shown(String trick) {
    return trick.length() < 90 ? trick : trick.substring(0, 90);
  }

  private static JsonObject told(RawHttp.Answer answer) {
    return new JsonObject(answer.body());
  }
}
