package io.portcullis.config;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The rules among sections: what each section cannot know by itself. */
final class Agreement {
  private final Section root;
  private final PortcullisConfig config;

  private Agreement(Section root, PortcullisConfig config) {
    this.root = root;
    this.config = config;
  }

  static void check(Section root, PortcullisConfig config) {
    Agreement agreement = new Agreement(root, config);
    agreement.checkListeners();
    agreement.checkDeadlines();
    agreement.checkRouteNames();
    agreement.checkRoutePaths();
    agreement.checkRouteTargets();
    agreement.checkCosts();
    agreement.checkCertificates();
    agreement.checkServices();
    agreement.checkLogin();
    agreement.checkNonces();
    agreement.checkSessions();
  }

  /** What takes a session back must be kept for as long as the session may live. */
  private void checkSessions() {
    root.check(
        !config.sessions().on()
            || config.sessions().absolute().compareTo(config.revocation().longestCredential()) <= 0,
        "expected sessions.absolute at most revocation.longest-credential",
        "sessions.absolute",
        "revocation.longest-credential");
  }

  /** A nonce of one node must be good on the others. */
  private void checkNonces() {
    root.check(
        config.http().publicUrl().isEmpty()
            || config.limits().expectedNodes() == 1
            || !config.identity().dpop().nonceKey().value().isEmpty(),
        "expected identity.dpop.nonce-key where limits.expected-nodes is above 1",
        "identity.dpop.nonce-key",
        "identity.dpop.nonce-key-file",
        "limits.expected-nodes");
  }

  private void checkListeners() {
    checkPorts("management", config.management().port(), "http", config.http().port());
    checkPorts("internal", config.internal().port(), "http", config.http().port());
    checkPorts("internal", config.internal().port(), "management", config.management().port());
    root.check(
        config.identity().maxTokenBytes() <= config.http().maxHeaderBytes(),
        "expected identity.max-token-bytes at most http.max-header-bytes",
        "identity.max-token-bytes",
        "http.max-header-bytes");
  }

  private void checkPorts(String one, int port, String other, int otherPort) {
    root.check(
        port != otherPort || port == 0,
        "expected different ports for " + other + " and " + one,
        one + ".port",
        other + ".port");
  }

  /** Who asks for certificates must have one. */
  private void checkCertificates() {
    boolean mutual = config.http().tls() == HttpConfig.Tls.MUTUAL;
    root.check(
        !mutual || config.tls().on(),
        "expected tls.certificate, tls.key and tls.trust where http.tls is mutual",
        "http.tls",
        "tls.certificate");
    root.check(
        !mutual || !config.http().clients().isEmpty(),
        "expected at least one of http.clients where http.tls is mutual",
        "http.clients",
        "http.tls");
    for (UpstreamConfig upstream : config.upstreams()) {
      String key = "upstreams." + upstream.name();
      root.check(
          !upstream.tls() || upstream.role().isPresent(),
          "expected " + key + ".role, which the certificate of an https upstream must prove",
          key + ".role",
          key + ".url");
      root.check(
          !upstream.tls() || config.tls().on(),
          "expected tls.certificate, tls.key and tls.trust for an https upstream",
          key + ".url",
          "tls.certificate");
      root.check(
          upstream.tls() || upstream.role().isEmpty(),
          "has a role and no https url; a plain upstream proves nothing",
          key + ".role",
          key + ".url");
    }
  }

  private void checkServices() {
    Set<String> names =
        config.internal().clients().stream()
            .map(InternalConfig.Client::name)
            .collect(Collectors.toSet());
    for (int i = 0; i < config.routes().size(); i++) {
      for (String service : config.routes().get(i).services()) {
        root.check(
            names.contains(service),
            Quote.of(service) + " is not among internal.clients" + Suggestion.of(service, names),
            key(i, "services"),
            "internal.clients");
      }
    }
  }

  /** A login needs an address to come back to, keys to prove it by, and a session to begin. */
  private void checkLogin() {
    if (!config.login().on()) {
      return;
    }
    String issuer = config.login().issuer();
    Set<String> names =
        config.identity().issuers().stream()
            .map(IdentityConfig.Issuer::name)
            .collect(Collectors.toSet());
    root.check(
        issuer.isEmpty() || names.contains(issuer),
        "expected login.issuer to be one of identity.issuers" + Suggestion.of(issuer, names),
        "login.issuer",
        "identity.issuers");
    root.check(
        config.http().publicUrl().isPresent(),
        "expected http.public-url beside login.client",
        "http.public-url",
        "login.client");
    root.check(
        config.sessions().on(),
        "expected sessions.master-keys beside login.client",
        "sessions.master-keys",
        "login.client");
    checkWithinRequest("login.deadline", config.login().deadline());
  }

  /** A part that may take longer than the whole request would let the caller wait in vain. */
  private void checkDeadlines() {
    checkWithinRequest("postgres.unit-timeout", config.postgres().unitTimeout());
    checkWithinRequest("audit.record-timeout", config.audit().recordTimeout());
    checkWithinRequest("limits.deadline", config.limits().deadline());
    for (UpstreamConfig upstream : config.upstreams()) {
      checkWithinRequest(
          "upstreams." + upstream.name() + ".response-timeout", upstream.responseTimeout());
    }
  }

  private void checkWithinRequest(String key, Duration part) {
    root.check(
        part.compareTo(config.http().requestTimeout()) <= 0,
        "expected " + key + " at most http.request-timeout",
        key,
        "http.request-timeout");
  }

  private void checkRouteNames() {
    root.check(
        !config.routes().isEmpty(), "is missing or empty; expected at least one route", "routes");
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < config.routes().size(); i++) {
      String name = config.routes().get(i).name();
      root.check(
          seen.add(name),
          Quote.of(name) + " is the name of another route; expected each name once",
          key(i, "name"));
    }
  }

  private void checkRoutePaths() {
    Map<String, Integer> owners = new HashMap<>();
    List<RouteConfig> routes = config.routes();
    for (int i = 0; i < routes.size(); i++) {
      for (String method : routes.get(i).methods()) {
        String what = method + " " + PathTemplate.shape(routes.get(i).path());
        Integer owner = owners.putIfAbsent(routes.get(i).listener() + " " + what, i);
        if (owner != null) {
          root.check(
              false,
              what + " is already the route " + Quote.of(routes.get(owner).name()),
              key(i, "path"),
              key(i, "methods"),
              key(owner, "path"),
              key(owner, "methods"));
        }
      }
    }
  }

  private void checkRouteTargets() {
    Set<String> names =
        config.upstreams().stream().map(UpstreamConfig::name).collect(Collectors.toSet());
    for (int i = 0; i < config.routes().size(); i++) {
      if (config.routes().get(i).target() instanceof RouteConfig.Target.Upstream(String name)) {
        root.check(
            name.isEmpty() || names.contains(name),
            Quote.of(name) + " is not among the upstreams" + Suggestion.of(name, names),
            key(i, "upstream"),
            key(i, "local"),
            key(i, "service"),
            "upstreams");
      }
    }
  }

  /** The cost takes part in the check, so a dearer request could never be admitted. */
  private void checkCosts() {
    LimitConfig limits = config.limits();
    long least =
        LongStream.of(limits.perIp().max(), limits.perUser().max(), limits.perTenant().max())
            .filter(max -> max > 0)
            .min()
            .orElse(Long.MAX_VALUE);
    for (int i = 0; i < config.routes().size(); i++) {
      root.check(
          config.routes().get(i).cost() <= least,
          "expected routes to cost at most what a whole window admits (" + least + ")",
          key(i, "cost"),
          "limits.per-ip.max",
          "limits.per-user.max",
          "limits.per-tenant.max");
    }
  }

  private static String key(int route, String key) {
    return "routes[" + route + "]." + key;
  }
}
