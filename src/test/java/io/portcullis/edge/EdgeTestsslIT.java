package io.portcullis.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.local.TestSystem;
import io.portcullis.testing.EdgeSystem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The edge's TLS and headers as Debian's testssl.sh judges them. Left out are the simulations of
 * old clients and the search for bugs of old servers, which take as long as all the rest. The
 * private root is given to it as a trusted one, so not even the chain is excused.
 */
final class EdgeTestsslIT {
  private static final int LIMIT_SECONDS = 240;

  /**
   * One of each part that must have been looked at; a test that looked at nothing finds nothing.
   */
  private static final Set<String> LOOKED_AT =
      Set.of(
          "SSLv2",
          "SSLv3",
          "TLS1",
          "TLS1_1",
          "TLS1_2",
          "TLS1_3",
          "ALPN",
          "cipherlist_NULL",
          "cipherlist_3DES_IDEA",
          "PFS",
          "cipher_order",
          "cert_signatureAlgorithm",
          "cert_keySize",
          "cert_trust",
          "cert_chain_of_trust",
          "cert_expirationStatus",
          "cert_crlDistributionPoints",
          "HSTS_time",
          "banner_server",
          "X-Frame-Options",
          "heartbleed",
          "CCS",
          "ticketbleed",
          "ROBOT",
          "secure_renego",
          "secure_client_renego",
          "CRIME_TLS",
          "BREACH",
          "POODLE_SSL",
          "fallback_SCSV",
          "SWEET32",
          "FREAK",
          "DROWN",
          "LOGJAM",
          "BEAST",
          "LUCKY13",
          "RC4");

  /**
   * Checks that may not come to a result, which is no finding. testssl.sh 3.0.8 does not try to
   * resume by ticket where a client certificate may be shown, and calls that a problem.
   */
  private static final Set<String> UNDECIDED = Set.of("sessionresumption_ticket");

  private final EdgeSystem edge = EdgeSystem.shared();

  @Test
  void edge_askedByTestssl_hasNoFinding() throws Exception {
    JsonArray findings = new JsonArray(run());
    TreeMap<String, String> severe = new TreeMap<>();
    TreeSet<String> ids = new TreeSet<>();
    for (Object each : findings) {
      JsonObject finding = (JsonObject) each;
      String id = finding.getString("id");
      String severity = finding.getString("severity");
      ids.add(id);
      boolean harmless =
          severity.equals("OK")
              || severity.equals("INFO")
              || (severity.equals("WARN") && UNDECIDED.contains(id));
      if (!harmless) {
        severe.put(id, severity + ": " + finding.getString("finding"));
      }
    }
    assertEquals(new TreeMap<>(), severe);
    TreeSet<String> missing = new TreeSet<>(LOOKED_AT);
    missing.removeAll(ids);
    assertEquals(Set.of(), missing, () -> "not looked at, among " + ids);
  }

  private String run() throws IOException, InterruptedException {
    Path folder = TestSystem.scratch("testssl");
    Path findings = folder.resolve("findings.json");
    List<String> command =
        List.of(
            program(),
            "--quiet",
            "--color=0",
            "--warnings=off",
            "--nodns=none",
            "--ip=127.0.0.1",
            "--connect-timeout=10",
            "--openssl-timeout=10",
            "--add-ca=" + edge.certificates().directory().resolve("trust.pem"),
            "--jsonfile=" + findings,
            "--protocols",
            "--standard",
            "--fs",
            "--server-preference",
            "--server-defaults",
            "--headers",
            "--vulnerable",
            "localhost:" + edge.edge().httpsPort());
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    assertTrue(ended, () -> "not within " + LIMIT_SECONDS + " s: " + output(folder));
    return Files.readString(findings);
  }

  private static String program() {
    return java.util.stream.Stream.of("/usr/bin/testssl", "/usr/bin/testssl.sh")
        .filter(path -> Files.isExecutable(Path.of(path)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("testssl.sh is missing: apt install testssl.sh"));
  }

  private static String output(Path folder) {
    try (var lines = Files.lines(folder.resolve("output"))) {
      return lines.collect(Collectors.joining("\n"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
