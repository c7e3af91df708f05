package io.portcullis.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keycloak with the development realm, on its own embedded database. */
final class KeycloakPart implements LocalPart {
  static final String REALM = "portcullis";
  static final String ADMIN = "admin";

  private final KeycloakHome home;
  private final Path folder;
  private final LocalRealm realm;
  private final Path trust;
  private final int port;
  private final Secrets secrets;
  private final LogFile setupLog;
  private final HttpClient http;

  KeycloakPart(
      KeycloakHome home,
      Path folder,
      LocalRealm realm,
      Path trust,
      int port,
      Secrets secrets,
      LogFile setupLog,
      HttpClient http) {
    this.home = home;
    this.folder = folder;
    this.realm = realm;
    this.trust = trust;
    this.port = port;
    this.secrets = secrets;
    this.setupLog = setupLog;
    this.http = http;
  }

  @Override
  public Part part() {
    return Part.KEYCLOAK;
  }

  @Override
  public String title() {
    return "Keycloak " + home.version();
  }

  @Override
  public String address() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void prepare(Consumer<String> state) {
    if (!home.prepared()) {
      state.accept("optimising, once (about 20 s)");
    }
    home.prepare(setupLog);
    try {
      boolean first = !Files.exists(folder.resolve("data/h2"));
      if (first) {
        state.accept("creating its database, once (about 25 s)");
      }
      home.link(folder);
      realm.writeImport(folder.resolve("data/import/portcullis-realm.json"));
    } catch (IOException e) {
      throw new LocalFailure("Keycloak cannot be prepared: " + e.getMessage(), e);
    }
  }

  /**
   * The realm is imported when it is not there. The issuer is the same however it is reached: the
   * host name is fixed.
   */
  @Override
  public ProcessBuilder process() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "start",
                "--optimized",
                "--import-realm",
                "--http-enabled=true",
                "--http-host=127.0.0.1",
                "--http-port=" + port,
                "--hostname=" + address()));
    if (Files.exists(trust)) {
      // It tells the gateway of logouts by way of Nginx, where there is one.
      arguments.add("--truststore-paths=" + trust.toAbsolutePath());
    }
    ProcessBuilder process = KeycloakHome.process(folder.toAbsolutePath(), arguments);
    var environment = process.environment();
    environment.put("KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN);
    environment.put("KC_BOOTSTRAP_ADMIN_PASSWORD", secrets.get(Secrets.KEYCLOAK_ADMIN));
    return process;
  }

  @Override
  public boolean ready(ProcessHandle process) {
    URI discovery =
        URI.create(address() + "/realms/" + REALM + "/.well-known/openid-configuration");
    var request = HttpRequest.newBuilder(discovery).timeout(Duration.ofSeconds(5)).build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public Duration startLimit() {
    return Duration.ofMinutes(4);
  }
}
