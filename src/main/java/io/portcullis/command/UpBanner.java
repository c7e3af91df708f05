package io.portcullis.command;

import io.portcullis.local.LocalSystem;
import io.portcullis.local.Ports;
import java.io.PrintWriter;
import java.nio.file.Path;

/** What {@code up} prints when everything runs: where it is, who may come in, what to try. */
record UpBanner(Ports ports, Path state, Path root) {
  static UpBanner of(LocalSystem system, Path root) {
    return new UpBanner(system.ports(), system.directory(), root);
  }

  void print(PrintWriter out) {
    out.println(text());
    out.flush();
  }

  /** The requests need bash, curl and this repository, nothing else. */
  String text() {
    String api = "http://127.0.0.1:" + ports.http();
    return """

    Portcullis is ready.

      API         %1$s
      Health      http://127.0.0.1:%2$d/health/ready
      Metrics     http://127.0.0.1:%2$d/metrics
      Keycloak    http://127.0.0.1:%3$d   (admin; password in %4$s/secrets/keycloak-admin)
      Logs        %4$s/logs

      Demo users, password = name:
        alice, ada (tenant-admin)   in acme
        bob                         in globex
        oscar (operator)            of the platform

    Three requests to paste into bash. Who is alice:

      cd %5$s
      TOKEN=$(./portcullis token --user alice)
      curl -s %1$s/api/v1/me -H "Authorization: Bearer $TOKEN"; echo

    She creates a conversation and lists hers:

      ID=$(curl -s %1$s/api/v1/conversations -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"title":"Hello"}' | grep -o '"id":"[^"]*"' | cut -d'"' -f4)
      curl -s %1$s/api/v1/conversations -H "Authorization: Bearer $TOKEN"; echo

    Bob of globex gets 404 for it:

      curl -s -i %1$s/api/v1/conversations/$ID -H "Authorization: Bearer $(./portcullis token --user bob)"; echo

    Ctrl-C stops everything."""
        .formatted(api, ports.management(), ports.keycloak(), state, quoted(root));
  }

  /** A path as bash takes it. */
  private static String quoted(Path path) {
    String text = path.toString();
    return text.matches("[A-Za-z0-9_./+@:-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
