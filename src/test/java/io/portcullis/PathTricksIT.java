package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.RawHttp;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Another spelling of a path is no way around what the path asks for. */
@Timeout(240)
final class PathTricksIT {
  private static TrickSystem system;

  @BeforeAll
  static void start() {
    system = TrickSystem.shared();
  }

  @Test
  void paths_areServedToWhomTheyAreFor() {
    String conversation = "/api/v1/conversations/" + system.conversation();
    for (Way way : system.ways()) {
      String alice = system.bearer("alice");
      String operators = "/tool/v1/operators/secret";
      assertEquals(200, way.ask("GET", operators, system.bearer("oscar")).status());
      assertEquals(200, way.ask("GET", "/tool/v1/tenants/acme/things", alice).status());
      assertTrue(way.ask("GET", conversation, alice).body().contains("acme's own"));
    }
  }

  @Test
  void operatorsPath_withoutACredential_isReachedByNoSpelling() {
    check("GET", "/tool/v1/operators/secret", "", 401, Spellings.of("/tool/v1/operators/secret"));
  }

  @Test
  void operatorsPath_withALowRole_isReachedByNoSpelling() {
    String alice = system.bearer("alice");
    check(
        "GET", "/tool/v1/operators/secret", alice, 403, Spellings.of("/tool/v1/operators/secret"));
  }

  @Test
  void otherTenantsPath_isReachedByNoSpelling() {
    String path = "/tool/v1/tenants/globex/things";
    List<String> spellings = Spellings.of(path);
    for (String tenant :
        List.of(
            "acme/../globex",
            "acme%2f..%2fglobex",
            "acme;globex",
            "globex;acme",
            "acme,globex",
            "acme%2cglobex",
            "acme%00globex",
            "globex%00acme",
            "acme%20",
            "%20acme",
            "acme.",
            "GLOBEX",
            "Globex",
            "globex%2e",
            "glob%65x",
            "acme%0aglobex",
            "acme|globex",
            "*",
            "%2a",
            "acme/globex",
            "{tenant}",
            "-",
            "..",
            "null",
            "")) {
      spellings.add("/tool/v1/tenants/" + tenant + "/things");
    }
    check("GET", path, system.bearer("alice"), 403, spellings);
  }

  @Test
  void otherTenantsData_isReachedByNoSpelling() {
    String path = "/api/v1/conversations/" + system.conversation();
    check("GET", path, system.bearer("bob"), 404, Spellings.of(path));
  }

  @Test
  void adminsMethod_withALowRole_isReachedByNoSpelling() {
    String alice = system.bearer("alice");
    check("DELETE", "/tool/v1/things", alice, 403, Spellings.of("/tool/v1/things"));
  }

  @Test
  void managementPaths_areOnNoPublicListener() {
    List<String> spellings = new ArrayList<>();
    for (String path :
        List.of(
            "/metrics",
            "/health",
            "/health/live",
            "/health/ready",
            "/admin/v1/tenants",
            "/admin/v1/sessions",
            "/console",
            "/internal/v1/me")) {
      spellings.add(path);
      for (String before :
          List.of("/", "/.", "/openapi.json/..", "/%2e", "/;", "http://localhost")) {
        spellings.add(before + path);
      }
      for (String after : List.of("/", "?x", ";x", "%20", ".json", "/.", "#", "%00")) {
        spellings.add(path + after);
      }
    }
    for (Way way : system.ways()) {
      for (String user : List.of("", system.bearer("oscar"))) {
        assertEquals(List.of(), found(way, "GET", user, spellings));
      }
    }
  }

  /** The plain request is refused with that status, and no spelling gets further. */
  private static void check(
      String method, String path, String credential, int refusal, List<String> spellings) {
    assertTrue(spellings.size() > 150, "there are " + spellings.size());
    for (Way way : system.ways()) {
      assertEquals(refusal, way.ask(method, path, credential).status(), way + " " + path);
      assertEquals(List.of(), found(way, method, credential, spellings));
    }
  }

  private static List<String> found(
      Way way, String method, String credential, List<String> spellings) {
    List<String> found = new ArrayList<>();
    for (String spelling : spellings) {
      RawHttp.Answer answer = way.ask(method, spelling, credential);
      boolean refused = answer.status() >= 400 && answer.status() < 500;
      if (!refused
          || answer.body().contains("\"target\"")
          || answer.body().contains("acme's own")) {
        found.add(way + " " + spelling + " " + answer.status() + " " + answer.body());
      }
    }
    return found;
  }
}
