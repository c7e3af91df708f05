package io.portcullis.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.portcullis.config.ConfigLoader;
import io.portcullis.config.PortcullisConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration of the service audit-tail, with one secret. */
final class AuditTailConfigTest {
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  @TempDir
  private Path folder;

  @Test
  void configuration_isWhole_withTheSecretOfTheAuditorAlone() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "a".repeat(43));
    Path trust = Files.writeString(folder.resolve("trust.pem"), "");
    String text =
        Files.readString(Path.of("docker/audit-tail/portcullis.yaml"))
            .replace("/run/secrets/postgres_auditor", secret.toString())
            .replace("/run/certs/trust.pem", trust.toString());
    assertFalse(text.contains("/run/"), "another file than the service has");
    Path file = Files.writeString(folder.resolve("portcullis.yaml"), text);
    PortcullisConfig config = ConfigLoader.load(file, Map.of());
    assertEquals("postgres", config.postgres().host());
    assertEquals("pc_auditor", config.postgres().platform().user());
  }
}
