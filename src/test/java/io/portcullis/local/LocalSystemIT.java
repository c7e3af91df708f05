package io.portcullis.local;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 600, unit = SECONDS) // the first one makes the seed
class LocalSystemIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(50);

  @Test
  void token_ofAlice_namesExactlyHerOrganizationAndRoles() {
    LocalSystem system = TestSystem.shared();
    JsonObject claims = claims(system.token("alice", "alice", ""));
    String acme = system.admin().organization("portcullis", "acme");
    assertEquals(
        new JsonObject().put("acme", new JsonObject().put("id", acme)),
        claims.getJsonObject("organization"));
    assertEquals(system.issuer(), claims.getString("iss"));
    assertEquals("portcullis", claims.getString("aud"));
    assertEquals("portcullis-cli", claims.getString("azp"));
    assertEquals("Bearer", claims.getString("typ"));
    assertEquals("alice", claims.getString("preferred_username"));
    assertEquals(300, claims.getLong("exp") - claims.getLong("iat"));
    JsonArray roles = claims.getJsonObject("realm_access").getJsonArray("roles");
    assertEquals(
        Set.of("user", "ai-user"), roles.stream().collect(java.util.stream.Collectors.toSet()));
  }

  @Test
  void token_ofOscar_hasNoOrganization() {
    JsonObject claims = claims(TestSystem.shared().token("oscar", "oscar", ""));
    assertFalse(claims.containsKey("organization"));
    assertEquals(
        new JsonArray().add("operator"),
        claims.getJsonObject("realm_access").getJsonArray("roles"));
  }

  @Test
  void token_ofAMemberOfTwo_hasTheOnesAskedFor() {
    LocalSystem system = TestSystem.shared();
    KeycloakAdmin admin = system.admin();
    admin.createUser("portcullis", "two-houses", "two-houses", "user");
    try {
      admin.addMember("portcullis", "acme", "two-houses");
      admin.addMember("portcullis", "globex", "two-houses");
      assertEquals(Set.of("acme", "globex"), organizations("two-houses", "organization:*"));
      assertEquals(Set.of("globex"), organizations("two-houses", "organization:globex"));
      assertEquals(Set.of(), organizations("two-houses", ""));
    } finally {
      admin.deleteUser("portcullis", "two-houses");
    }
  }

  @Test
  void token_ofAStrangersOrganization_isRefusedByName() {
    LocalSystem system = TestSystem.shared();
    var refusal =
        assertThrows(
            LocalFailure.class, () -> system.token("alice", "alice", "organization:globex"));
    assertEquals("alice is not a member of globex", refusal.getMessage());
  }

  @Test
  void token_withAWrongPassword_isRefusedWithTheReason() {
    LocalSystem system = TestSystem.shared();
    var refusal = assertThrows(LocalFailure.class, () -> system.token("nobody", "x", ""));
    assertEquals(
        "Keycloak refuses a token for nobody: Invalid user credentials", refusal.getMessage());
  }

  @Test
  void platformClient_mayManageOrganizationsAndLookUsersUpButNotChangeThem() throws Exception {
    LocalSystem system = TestSystem.shared();
    var platform = new PlatformClient(system.keycloak(), system.environment());
    assertEquals(200, platform.call("GET", "users?username=alice", ""));
    assertEquals(200, platform.call("GET", "organizations", ""));
    assertEquals(403, platform.call("POST", "users", "{\"username\":\"mallory\"}"));
    assertEquals(403, platform.call("GET", "clients", ""));
  }

  @Test
  void issuer_reachedAsLocalhost_isTheSame() throws Exception {
    LocalSystem system = TestSystem.shared();
    var url =
        java.net.URI.create(
            system.issuer().replace("127.0.0.1", "localhost")
                + "/.well-known/openid-configuration");
    try (var in = url.toURL().openStream()) {
      var discovery = new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      assertEquals(system.issuer(), discovery.getString("issuer"));
    }
  }

  @Test
  void redis_withoutPassword_refuses() throws Exception {
    try (var socket =
        new Socket(InetAddress.getLoopbackAddress(), TestSystem.shared().ports().redis())) {
      socket.setSoTimeout(2000);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(7);
      assertEquals("-NOAUTH", new String(answer, StandardCharsets.US_ASCII));
    }
  }

  @Test
  void restart_afterKill_servesOnTheSamePort() {
    LocalSystem system = TestSystem.shared();
    for (Part part : List.of(Part.REDIS, Part.POSTGRESQL)) {
      ProcessHandle before = system.process(part);
      system.signal(part, "KILL");
      assertTrue(Wait.until(SOON, POLL, () -> !ProcessTree.runs(before)), part.label());
      system.restart(part);
      assertTrue(system.process(part).pid() != before.pid());
      assertTrue(listens(part == Part.REDIS ? system.ports().redis() : system.ports().postgres()));
    }
  }

  @Test
  void open_whileRunning_namesTheProcess() {
    LocalSystem system = TestSystem.shared();
    LocalSettings same = TestSystem.plain(system.directory(), Ports.EPHEMERAL).withFresh(true);
    var refusal = assertThrows(LocalFailure.class, () -> LocalSystem.open(same));
    assertTrue(
        String.valueOf(refusal.getMessage())
            .startsWith("It is already running, pid " + ProcessHandle.current().pid()),
        String.valueOf(refusal.getMessage()));
  }

  @Test
  void start_withABrokenRealm_namesThePartAndItsLogAndLeavesNothingRunning() throws Exception {
    Path directory = TestSystem.scratch("broken");
    Path realm =
        Files.writeString(
            directory.resolve("broken-realm.json"), "{\"realm\":\"broken\",\"no-such\":1}");
    LocalSettings good = TestSystem.settings(directory);
    var settings =
        new LocalSettings(
            directory,
            good.cache(),
            good.keycloak(),
            List.of(realm),
            Map.of(),
            good.ports(),
            false,
            Progress.SILENT);
    var failure = assertThrows(LocalFailure.class, () -> LocalSystem.start(settings));
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.startsWith("Keycloak ended with exit code 1"), message);
    assertTrue(message.contains(directory.resolve("logs/keycloak.log").toString()), message);
    assertTrue(message.lines().count() > 3, message);
    try (var left = Files.list(directory.resolve("run"))) {
      assertEquals(List.of("lock"), left.map(f -> f.getFileName().toString()).toList());
    }
    Folders.delete(directory);
  }

  @Test
  void start_afterItsPredecessorWasKilled_endsWhatIsLeftAndResumesItsData() throws Exception {
    Path directory = TestSystem.scratch("killed");
    TestSystem.settings(directory);
    Process killed = startedElsewhere(directory);
    List<ProcessHandle> left = killed.toHandle().descendants().toList();
    assertTrue(left.size() >= 3, () -> "started " + left.size());
    killed.destroyForcibly();
    assertTrue(killed.waitFor(10, SECONDS));
    assertTrue(left.stream().anyMatch(ProcessTree::runs));

    Ports ports;
    List<ProcessHandle> own = new ArrayList<>();
    try (LocalSystem system = LocalSystem.start(TestSystem.settings(directory))) {
      assertTrue(left.stream().noneMatch(ProcessTree::runs));
      system.token("left-behind", "left-behind", "");
      ports = system.ports();
      for (Part part : List.of(Part.POSTGRESQL, Part.REDIS, Part.KEYCLOAK)) {
        own.add(system.process(part));
      }
    }
    assertTrue(own.stream().noneMatch(ProcessTree::runs));
    for (int port : List.of(ports.keycloak(), ports.postgres(), ports.redis())) {
      assertFalse(listens(port));
    }
    Folders.delete(directory);
  }

  @Test
  void open_withATakenPort_namesItBeforeAnythingStarts() throws Exception {
    Path directory = TestSystem.scratch("taken");
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var ports = new Ports(0, 0, taken.getLocalPort(), 0, 0);
      LocalSettings settings = TestSystem.plain(directory, ports);
      var refusal = assertThrows(LocalFailure.class, () -> LocalSystem.start(settings));
      assertEquals(
          "Port %d on 127.0.0.1, meant for Keycloak, is taken; free it or choose another with"
                  .formatted(taken.getLocalPort())
              + " --keycloak-port PORT",
          refusal.getMessage());
    }
    assertFalse(Files.exists(directory.resolve("logs")));
    Folders.delete(directory);
  }

  /** Runs in a JVM of its own, to be killed. */
  static final class Elsewhere {
    private Elsewhere() {}

    public static void main(String[] args) throws IOException {
      LocalSystem system = LocalSystem.start(TestSystem.settings(Path.of(args[0])));
      system.admin().createUser("portcullis", "left-behind", "left-behind");
      System.out.println("ready");
      int end = System.in.read();
      System.exit(end);
    }
  }

  private static Process startedElsewhere(Path directory) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                Elsewhere.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var reader =
        new BufferedReader(
            new java.io.InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.equals("ready")) {
        return process;
      }
    }
    LocalSystem.open(TestSystem.plain(directory, Ports.EPHEMERAL)).close(); // ends what it left
    return fail("the other JVM ended early");
  }

  private static Set<String> organizations(String user, String scope) {
    JsonObject claims = claims(TestSystem.shared().token(user, user, scope));
    return claims.getJsonObject("organization", new JsonObject()).fieldNames();
  }

  private static JsonObject claims(String token) {
    return new JsonObject(
        new String(
            Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8));
  }

  private static boolean listens(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** The node's own account at Keycloak. */
  private record PlatformClient(java.net.URI keycloak, Map<String, String> environment) {
    int call(String method, String path, String body) throws Exception {
      try (var http = java.net.http.HttpClient.newHttpClient()) {
        String form =
            "grant_type=client_credentials&client_id=portcullis-admin&client_secret="
                + environment.get("PORTCULLIS_KEYCLOAK_SECRET");
        var grant =
            java.net.http.HttpRequest.newBuilder(
                    keycloak.resolve("/realms/portcullis/protocol/openid-connect/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(form))
                .build();
        var handler = java.net.http.HttpResponse.BodyHandlers.ofString();
        String token = new JsonObject(http.send(grant, handler).body()).getString("access_token");
        var request =
            java.net.http.HttpRequest.newBuilder(
                    keycloak.resolve("/admin/realms/portcullis/" + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, java.net.http.HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, handler).statusCode();
      }
    }
  }
}
