package io.portcullis.gateway;

import io.portcullis.config.HttpConfig;
import io.portcullis.config.HttpConfig.Tls;
import io.portcullis.config.InternalConfig;
import io.portcullis.config.RouteConfig;
import io.portcullis.config.RouteConfig.Listener;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One of the two listeners: where it is, who may come in, and what it serves. A route of the other
 * one does not exist here.
 *
 * @param kind which
 * @param host address to bind
 * @param port port to bind; 0 picks a free one
 * @param mutual whether a certificate is needed
 * @param clients roles whose certificate is taken, and the roles of the caller that each is
 * @param routes what is served
 * @param metrics of what is served
 */
record Door(
    Listener kind,
    String host,
    int port,
    boolean mutual,
    Map<String, Set<String>> clients,
    RouteTable routes,
    GatewayMetrics metrics) {

  static Door outer(
      HttpConfig http, List<RouteConfig> routes, Function<RouteTable, GatewayMetrics> metrics) {
    RouteTable table = table(routes, Listener.PUBLIC);
    return new Door(
        Listener.PUBLIC,
        http.host(),
        http.port(),
        http.tls() == Tls.MUTUAL,
        http.clients().stream().collect(Collectors.toMap(role -> role, role -> Set.of())),
        table,
        metrics.apply(table));
  }

  static Door inner(
      InternalConfig internal,
      List<RouteConfig> routes,
      Function<RouteTable, GatewayMetrics> metrics) {
    RouteTable table = table(routes, Listener.INTERNAL);
    return new Door(
        Listener.INTERNAL,
        internal.host(),
        internal.port(),
        true,
        internal.clients().stream()
            .collect(Collectors.toMap(InternalConfig.Client::name, InternalConfig.Client::roles)),
        table,
        metrics.apply(table));
  }

  boolean internal() {
    return kind == Listener.INTERNAL;
  }

  /** Whether whoever is connected is a proxy of ours that proved it. */
  boolean proxied() {
    return mutual && !internal();
  }

  /** As metrics and the audit trail name it. */
  String name() {
    return internal() ? "internal" : "public";
  }

  private static RouteTable table(List<RouteConfig> routes, Listener kind) {
    return new RouteTable(routes.stream().filter(route -> route.listener() == kind).toList());
  }
}
