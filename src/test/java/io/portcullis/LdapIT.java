package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.local.LocalRealm;
import io.portcullis.local.LocalSystem;
import io.portcullis.local.TestSystem;
import io.portcullis.realm.AdminLogin;
import io.portcullis.realm.RealmApply;
import io.portcullis.realm.RealmData;
import io.portcullis.testing.KeycloakForms;
import io.portcullis.testing.Slapd;
import io.portcullis.testing.Visitor;
import io.portcullis.testing.Visitor.Page;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** People whom only the directory of their company knows. */
@Timeout(120)
final class LdapIT {
  private static final String PASSWORD = "kept-in-the-directory-only";

  private static final String ENTRIES =
      """
      dn: dc=example,dc=test
      objectClass: dcObject
      objectClass: organization
      dc: example
      o: Example

      dn: ou=people,dc=example,dc=test
      objectClass: organizationalUnit
      ou: people

      dn: ou=groups,dc=example,dc=test
      objectClass: organizationalUnit
      ou: groups

      dn: uid=lena,ou=people,dc=example,dc=test
      objectClass: inetOrgPerson
      uid: lena
      cn: Lena Lind
      givenName: Lena
      sn: Lind
      mail: lena@example.test
      userPassword: %1$s

      dn: uid=nora,ou=people,dc=example,dc=test
      objectClass: inetOrgPerson
      uid: nora
      cn: Nora Nord
      givenName: Nora
      sn: Nord
      mail: nora@example.test
      userPassword: %1$s

      dn: cn=users,ou=groups,dc=example,dc=test
      objectClass: groupOfNames
      cn: users
      member: uid=lena,ou=people,dc=example,dc=test

      dn: cn=ai-users,ou=groups,dc=example,dc=test
      objectClass: groupOfNames
      cn: ai-users
      member: uid=lena,ou=people,dc=example,dc=test
      """
          .formatted(PASSWORD);

  private static Slapd directory;
  private static PeopleSystem people;

  @BeforeAll
  static void start() {
    directory = Slapd.start(ENTRIES);
    federate(TestSystem.shared());
    people = PeopleSystem.start("ldap", 1);
    people.admin.addMember(PeopleSystem.REALM, "acme", "lena");
    people.admin.addMember(PeopleSystem.REALM, "acme", "nora");
  }

  @AfterAll
  static void stop() {
    String components = PeopleSystem.REALM + "/components";
    new JsonArray(people.admin.call("GET", components + "?name=directory", "", Set.of(200)))
        .stream()
            .map(JsonObject.class::cast)
            .forEach(
                found ->
                    people.admin.call(
                        "DELETE", components + "/" + found.getString("id"), "", Set.of(204)));
    people.close();
    directory.close();
  }

  @Test
  void somebodyOfTheDirectory_logsInAndHasTheRolesOfTheirGroups() {
    try (Visitor lena = new Visitor()) {
      Page app = people.logIn(lena, "lena", PASSWORD, "acme");
      assertEquals(people.at("/app"), app.address(), app.text());
      Page answer = lena.get(people.at("/api/v1/me"));
      assertEquals(200, answer.status(), answer.text());
      JsonObject me = new JsonObject(answer.text());
      assertEquals("lena", me.getString("username"));
      assertEquals("acme", me.getString("tenant"));
      assertEquals(new JsonArray().add("ai-user").add("user"), me.getJsonArray("roles"));
    }
  }

  @Test
  void somebodyWithoutAGroup_isKnownAndMayNothing() {
    try (Visitor nora = new Visitor()) {
      people.logIn(nora, "nora", PASSWORD, "acme");
      Page session = nora.get(people.at("/auth/session"));
      assertEquals("nora", new JsonObject(session.text()).getString("username"), session.text());
      Page me = nora.get(people.at("/api/v1/me"));
      assertEquals(403, me.status(), me.text());
    }
  }

  @Test
  void wrongPassword_isRefusedByTheDirectory() {
    try (Visitor stranger = new Visitor()) {
      Page login = stranger.get(people.loginAddress("acme"));
      Page again = KeycloakForms.logIn(stranger, login, "lena", "guessed-" + PASSWORD);
      assertTrue(again.text().contains("Invalid username or password"), again.text());
      assertTrue(stranger.cookie(PeopleSystem.COOKIE).isEmpty());
    }
  }

  /** As an operator does it: the realm's files with the directory's, applied. */
  private static void federate(LocalSystem system) {
    Path home = Path.of("").toAbsolutePath();
    LocalRealm running = LocalRealm.running(home, system.directory()).orElseThrow();
    Map<String, String> variables = new HashMap<>(running.variables());
    variables.put("PORTCULLIS_LDAP_URL", directory.url());
    variables.put("PORTCULLIS_LDAP_BIND_DN", Slapd.ADMIN);
    variables.put("PORTCULLIS_LDAP_BIND_PASSWORD", Slapd.PASSWORD);
    variables.put("PORTCULLIS_LDAP_USERS_DN", "ou=people," + Slapd.SUFFIX);
    variables.put("PORTCULLIS_LDAP_GROUPS_DN", "ou=groups," + Slapd.SUFFIX);
    List<Path> files = LocalRealm.files(home, true, variables);
    String password = LocalRealm.administratorPassword(system.directory());
    try (var apply =
        new RealmApply(system.keycloak(), AdminLogin.person("master", "admin", password))) {
      apply.apply(RealmData.read(files, variables), drift -> {});
    }
  }
}
