package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.KeycloakForms;
import io.portcullis.testing.Mail;
import io.portcullis.testing.Visitor;
import io.portcullis.testing.Visitor.Page;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Letters that Keycloak sends by a real SMTP server, and where their links lead. */
@Timeout(120)
final class MailIT {
  private static final String REALM = PeopleSystem.REALM;
  private static final String PASSWORD = "correct-horse-battery-1";

  private static PeopleSystem people;
  private static Mail mail;
  private static JsonObject smtpAsFound;

  @BeforeAll
  static void start() {
    people = PeopleSystem.start("mail", 1);
    mail = Mail.start();
    var realm = new JsonObject(people.admin.call("GET", REALM, "", Set.of(200)));
    smtpAsFound = realm.getJsonObject("smtpServer", new JsonObject());
    sendBy(
        smtpAsFound
            .copy()
            .put("host", "127.0.0.1")
            .put("port", "" + mail.port())
            .put("from", "door@example.test")
            .put("auth", "false")
            .put("starttls", "false")
            .put("ssl", "false"));
  }

  @AfterAll
  static void stop() {
    sendBy(smtpAsFound);
    mail.close();
    people.close();
  }

  @Test
  void newUser_verifiesTheirAddressByTheLetterAndIsIn() {
    String user = newUser("vera", false);
    try (Visitor visitor = new Visitor()) {
      Page waiting = people.logIn(visitor, "vera", PASSWORD, "acme");
      assertEquals(200, waiting.status());
      assertTrue(visitor.cookie(PeopleSystem.COOKIE).isEmpty(), "not before the letter");
      Mail.Letter letter = mail.letter("vera@example.test", "Verify email");
      assertTrue(letter.from().endsWith("<door@example.test>"), letter.from());
      Page app = visitor.get(letter.link());
      assertEquals(people.at("/app"), app.address(), app.text());
      Page me = visitor.get(people.at("/api/v1/me"));
      assertEquals("vera", new JsonObject(me.text()).getString("username"), me.text());
      assertTrue(profile(user).getBoolean("emailVerified"));
    } finally {
      people.admin.deleteUser(REALM, "vera");
    }
  }

  @Test
  void forgottenPassword_isReplacedByTheLetter() {
    newUser("fritz", true);
    String chosen = PASSWORD + "-new";
    try (Visitor visitor = new Visitor()) {
      Page login = visitor.get(people.loginAddress("acme"));
      KeycloakForms.forgotPassword(visitor, login, "fritz");
      Page choose = visitor.get(mail.letter("fritz@example.test", "Reset password").link());
      Page done = KeycloakForms.newPassword(visitor, choose, chosen);
      assertTrue(done.text().contains("Your account has been updated."), done.text());
      assertTrue(visitor.cookie(PeopleSystem.COOKIE).isEmpty(), "a letter alone opens nothing");
    }
    try (Visitor visitor = new Visitor()) {
      Page refused = people.logIn(visitor, "fritz", PASSWORD, "acme");
      assertTrue(visitor.cookie(PeopleSystem.COOKIE).isEmpty(), "the old one is dead");
      Page app = KeycloakForms.logIn(visitor, refused, "fritz", chosen);
      assertEquals(people.at("/app"), app.address(), app.text());
    } finally {
      people.admin.deleteUser(REALM, "fritz");
    }
  }

  private static String newUser(String name, boolean verified) {
    String id = people.admin.createUser(REALM, name, PASSWORD, "user");
    people.admin.addMember(REALM, "acme", name);
    var profile = profile(id).put("emailVerified", verified);
    people.admin.call("PUT", REALM + "/users/" + id, profile.encode(), Set.of(204));
    return id;
  }

  private static JsonObject profile(String user) {
    return new JsonObject(people.admin.call("GET", REALM + "/users/" + user, "", Set.of(200)));
  }

  private static void sendBy(JsonObject smtp) {
    var change = new JsonObject().put("smtpServer", smtp);
    people.admin.call("PUT", REALM, change.encode(), Set.of(204));
  }
}
