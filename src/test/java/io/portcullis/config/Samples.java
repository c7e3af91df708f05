package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Texts of configurations for the tests, and ways to read them. */
final class Samples {
  /** The sections that have no defaults. */
  static final String IDENTITY =
      """
      identity:
        issuers:
          keycloak:
            issuer: https://login.example.com/realms/a
            jwks: https://login.example.com/realms/a/certs
            audiences: [portcullis]
      """;

  static final String ROUTES =
      """
      routes:
        - name: me
          path: /api/v1/me
          methods: [GET]
          local: me
      """;

  private Samples() {}

  /** A text with what it lacks to be a whole configuration, at its end: its lines stay. */
  static String completed(String text) {
    String whole = text;
    if (!text.contains("identity:")) {
      whole += IDENTITY;
    }
    return text.contains("routes:") ? whole : whole + ROUTES;
  }

  static Path file(Path folder, String text) throws IOException {
    return Files.writeString(folder.resolve("portcullis.yaml"), text);
  }

  /** One section by itself, which must be right. */
  static <T> T section(String text, Function<Section, T> reader) {
    Reading reading = Reading.of("test", Map.of());
    T value = Section.readAll(reading, YamlReader.read(text, reading), reader);
    assertEquals(List.of(), reading.problems());
    return value;
  }

  /** One section by itself, in which every key must be written. */
  static <T> T full(String text, Function<Section, T> reader, String... absent) {
    Reading reading = Reading.of("test", Map.of());
    T value = Section.readAll(reading, YamlReader.read(text, reading), reader);
    assertEquals(List.of(), reading.problems());
    List<String> unset =
        reading.settings().stream()
            .filter(setting -> setting.origin().source() == Origin.Source.DEFAULT)
            .map(setting -> setting.declaration().key())
            .toList();
    assertEquals(List.of(absent), unset);
    return value;
  }
}
