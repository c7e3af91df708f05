package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReportTest {
  private final Path folder;

  ConfigReportTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void check_validFile_countsOrigins() throws IOException {
    Path file = Samples.file(folder, Samples.completed("http: {port: 1}\n"));
    ConfigReport report = ConfigReport.check(file, Map.of("PORTCULLIS_HTTP_PORT", "2"));
    assertEquals(0, report.exitCode());
    assertTrue(
        report.text().startsWith(file + " is valid: 7 settings from the file, 1 from the"),
        report.text());
  }

  @Test
  void check_invalidFile_listsAndCountsProblems() throws IOException {
    Path file = Samples.file(folder, Samples.completed("htp: 1\n"));
    ConfigReport one = ConfigReport.check(file, Map.of());
    String problem = file + ":1: htp: is not a known key (did you mean \"http\"?)\n";
    assertEquals(new ConfigReport(problem + "1 problem\n", 1), one);
    assertEquals(one, ConfigReport.show(file, Map.of()));
    ConfigReport two = ConfigReport.check(file, Map.of("PORTCULLIS_X", ""));
    assertTrue(two.text().endsWith("PORTCULLIS_X: overrides no key\n2 problems\n"), two.text());
  }

  @Test
  void check_notYaml_isInvalid() throws IOException {
    ConfigReport report = ConfigReport.check(Samples.file(folder, "a: b: c"), Map.of());
    assertEquals(1, report.exitCode());
    assertTrue(report.text().contains(":1: is not valid YAML: "), report.text());
  }

  @Test
  void show_validFile_tellsValueAndOriginOfEveryKeyAndNoSecret() throws IOException {
    Path secret = Files.writeString(folder.resolve("app"), "geheim-geheim-geheim\n");
    String text =
        """
        http:
          port: 81
          tenant-hosts: ""
        redis:
          password: geheim-in-the-yaml
        postgres:
          app:
            password-file: %s
        """
            .formatted(secret);
    Path file = Samples.file(folder, Samples.completed(text));
    Map<String, String> environment =
        Map.of("PORTCULLIS_KEYCLOAK_SECRET", "geheim", "PORTCULLIS_LIMITS_PER_IP_MAX", "5");

    ConfigReport report = ConfigReport.show(file, environment);

    assertEquals(0, report.exitCode());
    assertFalse(report.text().contains("geheim"), report.text());
    List<String> lines = report.text().lines().map(line -> line.replaceAll(" +", " ")).toList();
    assertTrue(lines.contains("http.port: 81 # " + file + ":2"));
    assertTrue(lines.contains("http.host: 127.0.0.1 # default"));
    assertTrue(lines.contains("http.tenant-hosts: none # " + file + ":3"));
    assertTrue(lines.contains("limits.per-ip.max: 5 # PORTCULLIS_LIMITS_PER_IP_MAX"));
    assertTrue(lines.contains("redis.password: ****** # " + file + ":5"));
    assertTrue(lines.contains("postgres.app.password: ****** # " + file + ":8"));
    assertTrue(lines.contains("postgres.app.password-file: " + secret + " # " + file + ":8"));
    assertTrue(lines.contains("postgres.admin.password: none # default"));
    assertTrue(lines.contains("keycloak.secret: ****** # PORTCULLIS_KEYCLOAK_SECRET"));
    assertTrue(lines.contains("routes[0].methods: [GET] # " + file + ":18"));
    long declared =
        ConfigLoader.declarations().stream()
            .filter(declaration -> !declaration.key().matches("(upstreams|internal.clients).*"))
            .count();
    assertEquals(declared, lines.size());
  }
}
