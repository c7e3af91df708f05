package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  private static final Path SHIPPED = Path.of("conf/portcullis.yaml");

  /** What anybody may ask. */
  private static final Set<String> OPEN =
      Set.of("openapi", "login", "login-callback", "logout", "backchannel-logout");

  private final Path folder;

  ConfigLoaderTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void load_shippedFile_fitsUp() {
    PortcullisConfig config = ConfigLoader.load(SHIPPED, Map.of());

    assertEquals(8080, config.http().port());
    assertEquals(8081, config.management().port());
    assertEquals(16379, config.redis().port());
    assertEquals(15432, config.postgres().port());
    assertEquals(Path.of(".portcullis/node"), config.node().state());
    var issuer = config.identity().issuers().getFirst();
    assertEquals("http://127.0.0.1:8180/realms/portcullis", issuer.issuer());
    assertEquals(Set.of("portcullis"), issuer.audiences());
    assertEquals("portcullis", issuer.rolesClient());
    assertEquals(Optional.of(URI.create("http://127.0.0.1:8180")), config.keycloak().url());
    assertEquals(
        List.of(
            "me",
            "quota",
            "conversations",
            "conversation",
            "messages",
            "openapi",
            "login",
            "login-callback",
            "session",
            "logout",
            "backchannel-logout",
            "internal-me"),
        config.routes().stream().map(RouteConfig::name).toList());
    for (RouteConfig route : config.routes()) {
      boolean open = route.access() == RouteConfig.Access.PUBLIC;
      assertEquals(OPEN.contains(route.name()), open, route.name());
      boolean internal = route.listener() == RouteConfig.Listener.INTERNAL;
      assertEquals(internal ? Set.of("ops") : Set.of(), route.services());
      boolean anybody = open || internal || route.name().equals("session");
      assertEquals(anybody ? Set.of() : Set.of("user", "tenant-admin"), route.roles());
    }
  }

  /** Whoever deletes a line from the shipped file must not change what the node does. */
  @Test
  void load_shippedFile_differsFromDefaultsOnlyWhereUpNeedsIt() {
    Set<String> different = new TreeSet<>();
    for (Setting setting : ConfigLoader.read(SHIPPED, Map.of()).settings()) {
      String key = setting.declaration().key();
      String fallback = setting.declaration().fallback();
      String shown = setting.shown().isEmpty() ? Declaration.NONE : setting.shown();
      if (!key.startsWith("routes") && !key.contains("issuers") && !shown.equals(fallback)) {
        different.add(key);
      }
    }
    assertEquals(
        Set.of(
            "keycloak.url",
            "redis.port",
            "state.port",
            "state.database",
            "postgres.port",
            "internal.clients.ops.roles"),
        different);
  }

  @Test
  void load_severalMistakes_reportsAllAtOnceInOrder() throws IOException {
    String text =
        """
        http:
          port: 80800
          idle-timeot: 5s
        redis:
          host: redis
        """;
    Path file = Samples.file(folder, Samples.completed(text));
    Map<String, String> environment =
        Map.of("PORTCULLIS_HTTP_INSTANCES", "many", "PORTCULLIS_LIMIT", "1", "PATH", "/bin");

    ConfigException thrown =
        assertThrows(ConfigException.class, () -> ConfigLoader.load(file, environment));

    String expected =
        """
        FILE:2: http.port: "80800" is too large; expected a whole number from 0 to 65535
        FILE:3: http.idle-timeot: is not a known key (did you mean "idle-timeout"?)
        FILE:5: redis.host: expected redis.password to have at least 12 characters, because the \
        host is not this machine
        PORTCULLIS_HTTP_INSTANCES: http.instances: "many" is not a whole number; expected a whole \
        number from 0 to 256
        PORTCULLIS_LIMIT: overrides no key\
        """;
    assertEquals(expected.replace("FILE", file.toString()), thrown.getMessage());
    assertEquals(5, thrown.problems().size());
    assertEquals("http.port", thrown.problems().getFirst().key());
  }

  @Test
  void load_fileNotThere_namesIt() {
    Path file = folder.resolve("absent.yaml");
    assertEquals(file + ":1: the file does not exist", message(file));
    assertEquals(folder + ":1: the file is not a regular file", message(folder));
  }

  @Test
  void load_hugeFile_isRefusedUnread() throws IOException {
    Path file = Samples.file(folder, "# " + "x".repeat(YamlReader.MAX_BYTES));
    assertEquals(file + ":1: the file is larger than 256KiB", message(file));
  }

  @Test
  void load_notUtf8_isRefused() throws IOException {
    Path file =
        Files.write(folder.resolve("l1.yaml"), "a: ü".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(file + ":1: the file is not valid UTF-8", message(file));
  }

  @Test
  void load_byteOrderMarkAndWindowsLines_areRead() throws IOException {
    String text = "\uFEFF" + Samples.completed("http:\n  port: 9\n").replace("\n", "\r\n");
    assertEquals(9, ConfigLoader.load(Samples.file(folder, text), Map.of()).http().port());
  }

  @Test
  void load_emptyFile_saysWhatHasNoDefault() throws IOException {
    String message = message(Samples.file(folder, "# nothing\n"));
    assertTrue(message.contains("identity.issuers: is missing or empty"), message);
    assertTrue(message.contains("routes: is missing or empty"), message);
  }

  @Test
  void load_tooManyEntries_isRefused() throws IOException {
    String text = "routes: [" + "a,".repeat(YamlReader.MAX_NODES) + "]";
    assertTrue(message(Samples.file(folder, text)).endsWith("has more than 10000 entries"));
  }

  /** The classic alias bomb, and one that would exhaust a parser's stack. */
  @Test
  void load_bombs_areRefusedAtOnce() throws IOException {
    StringBuilder aliases = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      aliases.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertTrue(message(Samples.file(folder, aliases.toString())).contains("an anchor"));
    assertTrue(message(Samples.file(folder, "[".repeat(100_000))).contains("nested deeper"));
    assertTrue(message(Samples.file(folder, "{a: ".repeat(50_000))).contains("nested deeper"));
    assertTrue(message(Samples.file(folder, "- ".repeat(100_000))).contains("nested deeper"));
  }

  private static String message(Path file) {
    return String.valueOf(
        assertThrows(ConfigException.class, () -> ConfigLoader.load(file, Map.of())).getMessage());
  }
}
