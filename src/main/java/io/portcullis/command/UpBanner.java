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
    boolean edge = ports.hasEdge();
    String api = edge ? "https://localhost:" + ports.edge() : "http://127.0.0.1:" + ports.http();
    String curl = edge ? "curl -s --cacert .portcullis/certs/trust.pem" : "curl -s";
    return """

    Portcullis is ready.

      API         %1$s%8$s
      Log in      %1$s/auth/login?tenant=acme&return_to=/auth/session   (with a browser)
      Health      http://127.0.0.1:%2$d/health/ready
      Metrics     http://127.0.0.1:%2$d/metrics
      Internal    https://127.0.0.1:%7$d   (client certificate; ./portcullis certs issue)
      Keycloak    http://127.0.0.1:%3$d   (admin; password in %4$s/secrets/keycloak-admin)
      Logs        %4$s/logs

      Demo users, password = name:
        alice, ada (tenant-admin)   in acme
        bob                         in globex
        oscar (operator)            of the platform

    Three requests to paste into bash. Who is alice:

      cd %5$s
      TOKEN=$(./portcullis token --user alice)
      %6$s %1$s/api/v1/me -H "Authorization: Bearer $TOKEN"; echo

    She creates a conversation and lists hers:

      ID=$(%6$s %1$s/api/v1/conversations -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"title":"Hello"}' | grep -o '"id":"[^"]*"' | cut -d'"' -f4)
      %6$s %1$s/api/v1/conversations -H "Authorization: Bearer $TOKEN"; echo

    Bob of globex gets 404 for it:

      %6$s -i %1$s/api/v1/conversations/$ID -H "Authorization: Bearer $(./portcullis token --user bob)"; echo
    %9$s
    Ctrl-C stops everything."""
        .formatted(
            api,
            ports.management(),
            ports.keycloak(),
            state,
            quoted(root),
            curl,
            ports.internal(),
            edge ? "   (Nginx; http on " + ports.edgeHttp() + " redirects to it)" : "",
            edge ? attack(api, curl) : "");
  }

  /** What the firewall is for. */
  private String attack(String api, String curl) {
    return """

    An attack; the firewall answers 403, and its rule stands in %3$s/logs/waf.json:

      %2$s -i '%1$s/api/v1/me?q=%%27%%20OR%%201=1--%%20' -H "Authorization: Bearer $TOKEN"; echo
      sleep 1; tail -n 1 %3$s/logs/waf.json
    """
        .formatted(api, curl, state);
  }

  /** A path as bash takes it. */
  private static String quoted(Path path) {
    String text = path.toString();
    return text.matches("[A-Za-z0-9_./+@:-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
