package io.portcullis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.Browser;
import io.portcullis.testing.Browser.Cookie;
import io.portcullis.testing.Browser.Fetched;
import io.portcullis.testing.KeycloakPages;
import io.portcullis.testing.Totp;
import io.portcullis.testing.Visitor;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** People with a real browser, through Keycloak's own pages and through the gateway. */
@Timeout(180)
final class BrowserLoginIT {
  private static final Map<String, String> OUR_SCRIPT = Map.of("X-PC-CSRF", "1");

  private static PeopleSystem people;
  private static Browser browser;
  private static KeycloakPages keycloak;

  @BeforeAll
  static void start() {
    people = PeopleSystem.start("browser", 1);
    browser = Browser.start();
    // Whoever serves an app's pages on this origin gives them a policy of their own. The gateway's
    // answers are no pages, and theirs lets no script ask anything.
    browser.ignorePolicies();
    keycloak = new KeycloakPages(browser);
  }

  @AfterAll
  static void stop() {
    browser.close();
    people.close();
  }

  @BeforeEach
  void forget() {
    browser.forget();
  }

  @Test
  void alice_logsInUsesTheApiAndLogsOut_andHerOldCookieIsDead() {
    browser.open(people.loginAddress("acme"));
    keycloak.logIn("alice", "alice");
    browser.awaitAddress(people.at("/app").toString());
    assertEquals("The app", browser.text("#app"));

    Cookie cookie = browser.cookie(PeopleSystem.COOKIE).orElseThrow();
    assertTrue(cookie.httpOnly() && cookie.secure(), cookie::toString);
    assertEquals("Strict", cookie.sameSite());
    assertEquals("/", cookie.path());

    Fetched session = browser.fetch("GET", "/auth/session", Map.of());
    assertEquals(200, session.status(), session.text());
    assertEquals("alice", session.json().getString("username"), session.text());
    Fetched me = browser.fetch("GET", "/api/v1/me", Map.of());
    assertEquals(200, me.status(), me.text());
    assertEquals("acme", me.json().getString("tenant"), me.text());
    assertEquals(200, old(cookie, "/api/v1/me"), "the cookie works wherever it is shown");

    Fetched bare = browser.fetch("POST", "/api/v1/conversations", Map.of());
    assertEquals(403, bare.status(), "a script of some page could send this: " + bare.text());

    Fetched out = browser.fetch("POST", "/auth/logout", OUR_SCRIPT);
    assertEquals(200, out.status(), out.text());
    assertTrue(browser.cookie(PeopleSystem.COOKIE).isEmpty(), "the cookie is taken back");
    assertEquals(401, browser.fetch("GET", "/auth/session", Map.of()).status());
    assertEquals(401, old(cookie, "/auth/session"));
    assertEquals(401, old(cookie, "/api/v1/me"));

    browser.open(URI.create(out.json().getString("logout_url")));
    browser.awaitAddress(people.origin.toString());
    browser.open(people.loginAddress("acme"));
    browser.awaitOneOf("#username");
  }

  @Test
  void oscar_enrolsHisPhoneBeforeHeGetsIn_andIsAskedForItNextTime() {
    try {
      browser.open(people.loginAddress(""));
      keycloak.logIn("oscar", "oscar");
      browser.awaitOneOf("#mode-manual");
      assertTrue(browser.cookie(PeopleSystem.COOKIE).isEmpty(), "not before he enrols");
      Totp phone = keycloak.enrolTotp();
      browser.awaitAddress(people.at("/app").toString());
      String first = browser.cookie(PeopleSystem.COOKIE).orElseThrow().value();
      assertEquals("oscar", session().getString("username"));

      browser.forget();
      browser.open(people.loginAddress(""));
      keycloak.logIn("oscar", "oscar");
      browser.awaitOneOf("#otp");
      keycloak.oneTimeCode(phone);
      browser.awaitAddress(people.at("/app").toString());
      assertNotEquals(first, browser.cookie(PeopleSystem.COOKIE).orElseThrow().value());
      assertEquals("oscar", session().getString("username"));
    } finally {
      forgetPhone("oscar");
    }
  }

  @Test
  void alice_stepsUp_byASecondFactor() {
    try {
      browser.open(people.loginAddress("acme"));
      keycloak.logIn("alice", "alice");
      browser.awaitAddress(people.at("/app").toString());
      assertEquals("1", session().getString("level"));
      String before = browser.cookie(PeopleSystem.COOKIE).orElseThrow().value();

      browser.open(URI.create(people.loginAddress("acme") + "&acr=2"));
      // Asked for as well, unless the login was in this very second.
      if (browser.awaitOneOf("#mode-manual", "#password").equals("#password")) {
        keycloak.password("alice");
      }
      keycloak.enrolTotp();
      browser.awaitAddress(people.at("/app").toString());
      assertEquals("2", session().getString("level"));
      assertNotEquals(before, browser.cookie(PeopleSystem.COOKIE).orElseThrow().value());
    } finally {
      forgetPhone("alice");
    }
  }

  /** The identity provider knows her, so there is nothing else at which she would be asked. */
  @Test
  void alice_sentToTheLoginByAnotherPage_isAskedFirst() {
    String login = people.loginAddress("acme").toString();
    browser.open(URI.create(login));
    keycloak.logIn("alice", "alice");
    browser.awaitAddress(people.at("/app").toString());
    String before = browser.cookie(PeopleSystem.COOKIE).orElseThrow().value();

    String leadsOn = "<script>location='" + login + "'</script>";
    browser.open(URI.create("data:text/html," + URLEncoder.encode(leadsOn, UTF_8)));
    browser.awaitOneOf("#login");
    assertEquals(login, browser.address().toString());
    assertEquals(before, browser.cookie(PeopleSystem.COOKIE).orElseThrow().value());

    browser.click("#login");
    browser.awaitAddress(people.at("/app").toString());
    assertNotEquals(before, browser.cookie(PeopleSystem.COOKIE).orElseThrow().value());
    assertEquals("alice", session().getString("username"));
  }

  private static JsonObject session() {
    Fetched session = browser.fetch("GET", "/auth/session", Map.of());
    assertEquals(200, session.status(), session.text());
    return session.json();
  }

  /** Somebody else with a copy of the cookie. */
  private static int old(Cookie cookie, String path) {
    try (Visitor thief = new Visitor()) {
      return thief
          .send("GET", people.at(path), "Cookie", cookie.name() + "=" + cookie.value())
          .status();
    }
  }

  private static void forgetPhone(String user) {
    String path = PeopleSystem.REALM + "/users/" + people.admin.userId(PeopleSystem.REALM, user);
    var credentials =
        new JsonArray(people.admin.call("GET", path + "/credentials", "", Set.of(200)));
    credentials.stream()
        .map(JsonObject.class::cast)
        .filter(credential -> credential.getString("type").equals("otp"))
        .forEach(
            phone ->
                people.admin.call(
                    "DELETE", path + "/credentials/" + phone.getString("id"), "", Set.of(204)));
  }
}
