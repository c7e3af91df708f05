package io.portcullis.gateway;

import io.portcullis.config.RouteConfig;
import io.portcullis.config.RouteConfig.Access;
import io.portcullis.config.RouteConfig.Target;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which operation a method and path mean. Built once from the configuration, immutable, shared by
 * all instances. A path that no route names does not exist.
 *
 * <p>Paths without parameters are found by one hash look-up; templates by walking a tree of
 * segments in which a literal beats a parameter.
 */
final class RouteTable {
  private final Map<String, Node> literalPaths = new HashMap<>();
  private final Node root = new Node();
  private final List<Route> all = new ArrayList<>();

  RouteTable(List<RouteConfig> routes) {
    for (RouteConfig config : routes) {
      List<String> parameters = new ArrayList<>();
      Node node = nodeFor(config.path(), parameters);
      for (String method : config.methods()) {
        Route route =
            new Route(
                all.size(), config, method, operation(config, method), List.copyOf(parameters));
        all.add(route);
        if (node.routes.putIfAbsent(method, new Match(route, List.of())) != null) {
          throw new IllegalArgumentException("two routes for " + method + " " + config.path());
        }
      }
      if (config.access() == Access.PUBLIC
          && config.target() instanceof Target.Local(String operation)
          && !AuthOperations.NAMES.contains(operation)) {
        addHead(config, node);
      }
      node.allow = String.join(", ", new TreeSet<>(node.routes.keySet()));
      if (parameters.isEmpty() && !config.path().endsWith("*")) {
        literalPaths.put(config.path(), node);
      }
    }
  }

  /** What the gateway answers by itself to everybody has a head, too. */
  private void addHead(RouteConfig config, Node node) {
    Match get = node.routes.get("GET");
    if (get != null && !node.routes.containsKey("HEAD")) {
      Route head = new Route(all.size(), config, "HEAD", "", get.route.parameters);
      all.add(head);
      node.routes.put("HEAD", new Match(head, List.of()));
    }
  }

  /**
   * Finds the route.
   *
   * @throws Rejection {@code not-found} when nothing lives at the path
   * @throws MethodNotAllowed when the path exists and the method does not
   */
  Match find(String method, String path) {
    Node literal = literalPaths.get(path);
    if (literal != null) {
      Match match = literal.routes.get(method);
      if (match != null) {
        return match;
      }
      throw new MethodNotAllowed(literal.allow);
    }
    List<String> values = new ArrayList<>(2);
    Node node = template(path, values);
    Match match = node.routes.get(method);
    if (match == null) {
      throw new MethodNotAllowed(node.allow);
    }
    List<String> decoded =
        values.stream().map(value -> RequestTarget.decode(value, "path")).toList();
    return new Match(match.route, decoded);
  }

  /**
   * The methods of a path.
   *
   * @throws Rejection {@code not-found} when nothing lives at the path
   */
  Set<String> methods(String path) {
    Node literal = literalPaths.get(path);
    Node node = literal == null ? template(path, new ArrayList<>(2)) : literal;
    return Collections.unmodifiableSet(node.routes.keySet());
  }

  private Node template(String path, List<String> values) {
    Node node = walk(root, path, 1, values);
    if (node == null) {
      throw Rejection.of(Problem.NOT_FOUND, "route-unknown", "There is nothing at this path.");
    }
    return node;
  }

  /** Every route in the order of its index. */
  List<Route> all() {
    return List.copyOf(all);
  }

  private Node nodeFor(String path, List<String> parameters) {
    Node node = root;
    for (String segment : path.substring(1).split("/", -1)) {
      if (segment.equals("*")) {
        node = node.restOrNew();
      } else if (segment.startsWith("{")) {
        parameters.add(segment.substring(1, segment.length() - 1));
        node = node.parameterOrNew();
      } else {
        node = node.literals.computeIfAbsent(segment, ignored -> new Node());
      }
    }
    return node;
  }

  private static @Nullable Node walk(Node node, String path, int from, List<String> values) {
    int slash = path.indexOf('/', from);
    String segment = slash < 0 ? path.substring(from) : path.substring(from, slash);
    Node literal = node.literals.get(segment);
    if (literal != null) {
      Node found = end(literal, path, slash, values);
      if (found != null) {
        return found;
      }
    }
    if (node.parameter != null && !segment.isEmpty()) {
      values.add(segment);
      Node found = end(node.parameter, path, slash, values);
      if (found != null) {
        return found;
      }
      values.removeLast();
    }
    return node.rest;
  }

  private static @Nullable Node end(Node node, String path, int slash, List<String> values) {
    if (slash < 0) {
      return node.routes.isEmpty() ? null : node;
    }
    return walk(node, path, slash + 1, values);
  }

  /**
   * The operation a service sees: the configured noun and the verb that the method and path mean.
   */
  private static String operation(RouteConfig config, String method) {
    if (!(config.target() instanceof Target.Service service)) {
      return "";
    }
    String last = config.path().substring(config.path().lastIndexOf('/') + 1);
    boolean one = last.startsWith("{");
    String verb =
        switch (method) {
          case "GET" -> one ? "get" : "list";
          case "POST" -> "create";
          case "PUT" -> "replace";
          case "PATCH" -> "update";
          case "DELETE" -> "delete";
          default -> throw new IllegalArgumentException("no verb for " + method);
        };
    return service.operation() + "." + verb;
  }

  private static final class Node {
    final Map<String, Node> literals = new HashMap<>();
    final Map<String, Match> routes = new HashMap<>();
    @Nullable Node parameter;
    @Nullable Node rest;
    String allow = "";

    Node restOrNew() {
      Node made = rest == null ? new Node() : rest;
      rest = made;
      return made;
    }

    Node parameterOrNew() {
      Node made = parameter == null ? new Node() : parameter;
      parameter = made;
      return made;
    }
  }

  /**
   * A route for one method.
   *
   * @param index its place among all routes, for tables of what is kept per route
   * @param config as configured
   * @param method the method
   * @param operation the operation's name when the target is a service, else empty
   * @param parameters names of the path parameters in order
   */
  record Route(
      int index, RouteConfig config, String method, String operation, List<String> parameters) {}

  /** A route and the decoded values of its path parameters. */
  record Match(Route route, List<String> values) {
    Map<String, String> path() {
      if (values.isEmpty()) {
        return Map.of();
      }
      Map<String, String> path = new HashMap<>();
      for (int i = 0; i < values.size(); i++) {
        path.put(route.parameters.get(i), values.get(i));
      }
      return path;
    }
  }

  /** The path exists, the method does not; carries the value of {@code Allow}. */
  static final class MethodNotAllowed extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final String allow;

    MethodNotAllowed(String allow) {
      super("method not allowed", null, false, false);
      this.allow = allow;
    }
  }
}
