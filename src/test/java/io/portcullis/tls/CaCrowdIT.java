package io.portcullis.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several writers at once, and one that is killed. */
class CaCrowdIT {
  private final CaFixture fixture;

  CaCrowdIT(@TempDir Path folder) {
    fixture = new CaFixture(folder);
  }

  @Test
  void issue_byThreadsAndAnotherProcess_losesNothing() throws Exception {
    try (var one = fixture.init();
        var two = fixture.open();
        var threads = Executors.newFixedThreadPool(4)) {
      Process child = child(40, "other");
      List<Callable<String>> work = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        var authority = i % 2 == 0 ? one : two;
        String role = "role-" + i % 4;
        work.add(() -> authority.issue(IdentityRequest.of(role)).serial());
      }
      Set<String> serials = new HashSet<>();
      for (Future<String> done : threads.invokeAll(work, 60, TimeUnit.SECONDS)) {
        serials.add(done.get());
      }
      String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(child.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, child.exitValue(), said);
      said.lines().forEach(serials::add);
      assertEquals(80, serials.size(), said);
      Set<String> kept = new HashSet<>();
      one.list().certificates().forEach(certificate -> kept.add(certificate.serial()));
      assertEquals(serials, kept);
      for (String role : List.of("role-0", "role-1", "role-2", "role-3", "other")) {
        fixture.assertAccepted(one.identityDirectory(role).resolve("tls.crt"));
      }
    }
  }

  @Test
  void issue_byAProcessThatIsKilled_leavesAnAuthorityThatOpens() throws Exception {
    fixture.init().close();
    for (int round = 0; round < 4; round++) {
      Process child = child(100_000, "gateway");
      try (var out =
          new BufferedReader(
              new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
        for (int i = 0; i < 5 + 7 * round; i++) {
          assertTrue(out.readLine() != null, "the child issues");
        }
        child.destroyForcibly();
        assertTrue(child.waitFor(10, TimeUnit.SECONDS));
      }
      try (var authority = fixture.open()) {
        Path chain = authority.identityDirectory("gateway").resolve("tls.crt");
        fixture.assertAccepted(chain);
        assertEquals(
            fixture.leaf("gateway").getSerialNumber().toString(16),
            authority.list().certificates().getLast().serial());
      }
    }
  }

  private Process child(int times, String role) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CaChild.class.getName(),
                fixture.directory.toString(),
                Integer.toString(times),
                role)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    process.getOutputStream().close();
    return process;
  }
}
