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
  }

  private void checkListeners() {
    root.check(
        config.http().port() != config.management().port() || config.http().port() == 0,
        "expected different ports for http and management",
        "management.port",
        "http.port");
    root.check(
        config.identity().maxTokenBytes() <= config.http().maxHeaderBytes(),
        "expected identity.max-token-bytes at most http.max-header-bytes",
        "identity.max-token-bytes",
        "http.max-header-bytes");
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
        Integer owner = owners.putIfAbsent(what, i);
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
