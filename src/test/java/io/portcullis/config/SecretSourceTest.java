package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretSourceTest {
  private static final String KEY = "PORTCULLIS_REDIS_PASSWORD";
  private static final String FILE_KEY = "PORTCULLIS_REDIS_PASSWORD_FILE";

  private final Path folder;

  SecretSourceTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"s3cret with spaces ", "s3cret with spaces \n", "s3cret with spaces \r\n"})
  void load_secretFile_losesOnlyItsLastNewline(String content) throws IOException {
    String text = "redis:\n  password-file: " + secret(content) + "\n";
    assertEquals("s3cret with spaces ", load(text, Map.of()).value());
  }

  @Test
  void load_variables_goBeforeTheFile() throws IOException {
    String text = "redis:\n  password: of-the-yaml-file\n";
    assertEquals("of-the-yaml-file", load(text, Map.of()).value());
    assertEquals("v", load(text, Map.of(KEY, "v")).value());
    assertEquals("f", load(text, Map.of(FILE_KEY, secret("f\n"))).value());
    assertEquals("", load(text, Map.of(KEY, "")).value());
  }

  @Test
  void load_fileKeyOfYamlAndDirectVariable_variableWins() throws IOException {
    String text = "redis:\n  password-file: /no/such/file\n";
    assertEquals("v", load(text, Map.of(KEY, "v")).value());
  }

  @Test
  void load_bothVariables_isAnError() throws IOException {
    String message = fail("", Map.of(KEY, "v", FILE_KEY, secret("f")));
    assertEquals(
        FILE_KEY + ": redis.password-file: is given beside redis.password (" + KEY + "); give one",
        message);
  }

  @Test
  void load_secretFileThatCannotBeUsed_namesKeyAndFile() throws IOException {
    assertEquals(
        FILE_KEY
            + ": redis.password-file: /no/such does not exist;"
            + " expected a file with the secret on one line",
        fail("", Map.of(FILE_KEY, "/no/such")));
    for (String empty : new String[] {"", "\n", "\r\n"}) {
      String file = secret(empty);
      assertTrue(fail("", Map.of(FILE_KEY, file)).contains(file + " is empty"));
    }
    String message = fail("", Map.of(FILE_KEY, secret("geheim\ngeheim\n")));
    assertTrue(message.contains("has more than one line"), message);
    assertTrue(
        fail("", Map.of(FILE_KEY, secret("x".repeat(5000)))).contains("is larger than 4KiB"));
    assertTrue(fail("", Map.of(FILE_KEY, "")).contains("is empty"));
    assertFalse(message.contains("geheim"), message);
  }

  @Test
  void load_unreadableSecretFile_saysSo() throws IOException {
    Path file = Path.of(secret("geheim"));
    Files.setPosixFilePermissions(file, java.util.Set.of());
    if (!Files.isReadable(file)) { // root reads everything
      String message = fail("", Map.of(FILE_KEY, file.toString()));
      assertTrue(message.contains("cannot be read (AccessDeniedException)"), message);
    }
  }

  @Test
  void load_weakSecret_isTakenOnlyOnThisMachine() throws IOException {
    assertEquals("short", load("redis: {password: short}\n", Map.of()).value());
    String message = fail("redis: {host: redis, password: geheim}\n", Map.of());
    assertTrue(message.contains("at least 12 characters"), message);
    assertFalse(message.contains("geheim"), message);
    String twelve = "redis: {host: redis, password: twelve-chars}\n";
    assertEquals("twelve-chars", load(twelve, Map.of()).value());
  }

  @Test
  void toString_secret_isMasked() {
    assertEquals("******", new Secret("geheim").toString());
    assertEquals(
        "Login[user=a, password=******]",
        new PostgresConfig.Login("a", new Secret("geheim")).toString());
  }

  private String secret(String content) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "secret", ""), content).toString();
  }

  private Secret load(String text, Map<String, String> environment) throws IOException {
    Path file = Samples.file(folder, Samples.completed(text));
    return ConfigLoader.load(file, environment).redis().password();
  }

  private String fail(String text, Map<String, String> environment) throws IOException {
    Path file = Samples.file(folder, Samples.completed(text));
    return String.valueOf(
        assertThrows(ConfigException.class, () -> ConfigLoader.load(file, environment))
            .getMessage());
  }
}
