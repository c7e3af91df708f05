package io.portcullis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Exit codes and messages; what it does to a Keycloak is shown where the realm is tested. */
final class RealmCommandTest {
  private static final String PRODUCTION = "docker/keycloak/portcullis-realm.json";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> environment = new HashMap<>();

  private int run(String... arguments) {
    return new CommandLine(new RealmCommand(environment))
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void realm_withoutSubcommand_isWrongUsage() {
    assertEquals(2, run());
    assertTrue(err.toString().contains("apply or show"), err.toString());
  }

  @Test
  void apply_withoutKeycloak_isWrongUsage() {
    assertEquals(2, run("apply"));
    assertTrue(err.toString().contains("--keycloak URL"), err.toString());
  }

  @Test
  void apply_withoutPassword_namesTheVariable() {
    assertEquals(2, run("apply", "--keycloak", "https://id.example.test"));
    assertTrue(
        err.toString().contains("Set PORTCULLIS_KEYCLOAK_ADMIN_PASSWORD or "), err.toString());
  }

  @Test
  void apply_overPlainHttpToAnotherMachine_isRefused() {
    environment.put("PORTCULLIS_KEYCLOAK_ADMIN_PASSWORD", "secret-of-the-admin");
    for (String address :
        List.of("http://id.example.test", "http://127.0.0.1.example.test", "ftp://localhost")) {
      assertEquals(2, run("apply", "--keycloak", address), address);
    }
    assertTrue(err.toString().contains("unprotected"), err.toString());
    assertFalse(err.toString().contains("secret-of-the-admin"));
  }

  @Test
  void apply_withVariablesMissing_namesThem() {
    environment.put("PORTCULLIS_KEYCLOAK_ADMIN_PASSWORD", "secret-of-the-admin");
    assertEquals(1, run("apply", "--keycloak", "http://127.0.0.1:1", "--realm", PRODUCTION));
    assertTrue(err.toString().contains("PORTCULLIS_LOGIN_CLIENT_SECRET"), err.toString());
    assertTrue(err.toString().contains("PORTCULLIS_SMTP_HOST"), err.toString());
  }

  @Test
  void apply_withKeycloakAway_saysSo() {
    fill();
    environment.put("PORTCULLIS_KEYCLOAK_ADMIN_PASSWORD", "secret-of-the-admin");
    assertEquals(1, run("apply", "--keycloak", "http://127.0.0.1:1", "--realm", PRODUCTION));
    assertEquals(
        "portcullis: Keycloak does not answer at http://127.0.0.1:1", err.toString().strip());
  }

  @Test
  void show_masksWhatIsSecret() {
    fill();
    assertEquals(0, run("show", "--realm", PRODUCTION, "--name", "other"), err.toString());
    assertTrue(out.toString().contains("\"realm\" : \"other\""), out.toString());
    assertTrue(out.toString().contains("value-of-HTTP_PUBLIC_URL/auth/callback"));
    assertFalse(out.toString().contains("value-of-LOGIN_CLIENT_SECRET"));
    assertFalse(out.toString().contains("value-of-SMTP_PASSWORD"));
  }

  @Test
  void show_forAnImport_isWhole() {
    fill();
    assertEquals(0, run("show", "--import", "--realm", PRODUCTION), err.toString());
    assertTrue(out.toString().contains("value-of-LOGIN_CLIENT_SECRET"));
  }

  private void fill() {
    for (String name :
        List.of(
            "HTTP_PUBLIC_URL",
            "BACKCHANNEL_URL",
            "CONSOLE_URL",
            "KEYCLOAK_SECRET",
            "LOGIN_CLIENT_SECRET",
            "OPS_CLIENT_SECRET",
            "AI_CLIENT_SECRET",
            "SMTP_HOST",
            "SMTP_FROM",
            "SMTP_USER",
            "SMTP_PASSWORD")) {
      environment.put("PORTCULLIS_" + name, "value-of-" + name);
    }
  }
}
