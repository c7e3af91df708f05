package io.portcullis.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.local.Edge;
import io.portcullis.local.EdgeSettings;
import io.portcullis.local.LocalCertificates;
import io.portcullis.local.TestSystem;
import io.portcullis.testing.EdgeClient;
import io.portcullis.testing.EdgeSystem;
import io.portcullis.testing.StubGateway;
import io.portcullis.testing.TestTls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several nodes: who gets what, and who takes over. */
@Timeout(180)
final class EdgeNodesIT {
  private static Path directory;
  private static LocalCertificates certificates;
  private static StubGateway one;
  private static StubGateway two;
  private static Edge edge;
  private static EdgeClient client;

  @BeforeAll
  static void start() {
    directory = TestSystem.scratch("edge-nodes");
    certificates = EdgeSystem.certificates(directory);
    one = StubGateway.start(certificates.directory());
    two = StubGateway.start(certificates.directory());
    edge =
        Edge.start(
            EdgeSettings.of(
                Path.of(""), certificates.directory(), directory, List.of(node(one), node(two))));
    client = new EdgeClient(edge.httpsPort(), TestTls.context(certificates.directory()));
  }

  @AfterAll
  static void stop() {
    edge.close();
    one.close();
    two.close();
    certificates.close();
  }

  @Test
  void get_whileANodeBreaksOff_isAskedOfTheOther() {
    one.reset();
    two.reset();
    two.answer(request -> request.connection().close());
    for (int i = 0; i < 40; i++) {
      assertEquals(200, client.get("/api/v1/me").statusCode(), "request " + i);
    }
    assertTrue(one.seen().size() == 40, "each was answered by the other node");
    assertFalse(two.seen().isEmpty(), "the broken node was tried");
    assertTrue(two.seen().size() <= 10, "and passed over: " + two.seen().size());
  }

  @Test
  void post_thatReachedANode_isNotRepeated() {
    one.reset();
    two.reset();
    one.answer(request -> request.connection().close());
    two.answer(request -> request.connection().close());
    assertEquals(502, client.post("/api/v1/conversations", "{}").statusCode());
    assertEquals(1, one.seen().size() + two.seen().size());
    assertEquals(502, client.get("/api/v1/me").statusCode());
    assertTrue(one.seen().size() + two.seen().size() <= 3, "tried twice at most");
  }

  /** Its code is good for one exchange: a second node could only be told that it is used. */
  @Test
  void callback_thatReachedANode_isNotRepeated() throws Exception {
    one.reset();
    two.reset();
    one.answer(request -> request.connection().close());
    two.answer(request -> request.connection().close());
    try (Edge own =
        Edge.start(
            EdgeSettings.of(
                Path.of(""),
                certificates.directory(),
                TestSystem.scratch("edge-callback"),
                List.of(node(one), node(two))))) {
      EdgeClient asking =
          new EdgeClient(own.httpsPort(), TestTls.context(certificates.directory()));
      assertEquals(502, asking.get("/auth/callback?code=a.b.c&state=x").statusCode());
      assertEquals(1, one.seen().size() + two.seen().size());
    }
  }

  @Test
  void nodeThatIsNotTheGateway_getsNoRequest() throws Exception {
    Path elsewhere = TestSystem.scratch("edge-foreign");
    try (LocalCertificates foreign = EdgeSystem.certificates(elsewhere);
        StubGateway pretender = StubGateway.start(foreign.directory());
        Edge own =
            Edge.start(
                EdgeSettings.of(
                    Path.of(""), certificates.directory(), elsewhere, List.of(node(pretender))))) {
      EdgeClient asking =
          new EdgeClient(own.httpsPort(), TestTls.context(certificates.directory()));
      assertEquals(502, asking.get("/api/v1/me").statusCode());
      assertEquals(List.of(), pretender.seen());
    }
  }

  @Test
  void names_becomeServerLinesAndOnlyAChangeReloads() throws Exception {
    NodesScript script = new NodesScript(TestSystem.scratch("nodes-script"));
    script.resolvesTo("10.0.0.2", "10.0.0.1", "fd00::7");
    assertEquals(0, script.run("gateway.internal:8080"));
    assertEquals(
        """
        server 10.0.0.1:8080 max_fails=2 fail_timeout=5s;
        server 10.0.0.2:8080 max_fails=2 fail_timeout=5s;
        server [fd00::7]:8080 max_fails=2 fail_timeout=5s;
        """,
        script.nodes());
    assertEquals(List.of("-t -q", "-s reload"), script.calls());
    assertEquals(0, script.run("gateway.internal:8080"));
    assertEquals(2, script.calls().size(), "the same set again");

    String before = script.nodes();
    script.resolvesTo();
    assertEquals(1, script.run("gateway.internal:8080"));
    assertEquals(before, script.nodes(), "an outage of the DNS changes nothing");

    script.resolvesTo("10.0.0.9");
    script.refuse();
    assertEquals(1, script.run("gateway.internal:8080"));
    assertEquals(before, script.nodes(), "what Nginx refuses is taken back");
    assertFalse(script.calls().subList(2, script.calls().size()).contains("-s reload"));
    assertEquals(2, script.run("gateway.internal"), "a port is needed");
    assertEquals(2, script.run("$(reboot):80"));
  }

  private static String node(StubGateway gateway) {
    return "127.0.0.1:" + gateway.port();
  }

  /** The script with a resolver and an Nginx that only act. */
  private record NodesScript(Path folder) {
    void resolvesTo(String... addresses) throws Exception {
      StringBuilder lines = new StringBuilder("#!/bin/sh\n");
      for (String address : addresses) {
        lines.append("echo '").append(address).append(" STREAM name'\n");
        lines.append("echo '").append(address).append(" DGRAM'\n");
      }
      program("getent", lines.toString());
      program("nginx", "#!/bin/sh\nshift 2\necho \"$@\" >> \"$CALLS\"\n");
    }

    void refuse() throws Exception {
      program("nginx", "#!/bin/sh\nshift 2\necho \"$@\" >> \"$CALLS\"\nexit 1\n");
    }

    int run(String node) throws Exception {
      ProcessBuilder builder =
          new ProcessBuilder("sh", Path.of("nginx/nodes").toString(), file().toString(), node);
      builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
      builder.environment().put("CALLS", folder.resolve("calls").toString());
      Process process = builder.redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(20, TimeUnit.SECONDS), said);
      return process.exitValue();
    }

    String nodes() throws Exception {
      return Files.readString(file());
    }

    List<String> calls() throws Exception {
      return new ArrayList<>(Files.readAllLines(folder.resolve("calls")));
    }

    private Path file() {
      return folder.resolve("nodes.conf");
    }

    private void program(String name, String text) throws Exception {
      Path file = Files.writeString(folder.resolve(name), text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }
}
