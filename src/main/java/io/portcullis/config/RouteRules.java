package io.portcullis.config;

import io.portcullis.config.RouteConfig.Access;
import io.portcullis.config.RouteConfig.Listener;
import io.portcullis.config.RouteConfig.Target;
import java.util.Map;
import java.util.Set;

/** The rules among the keys of one route: what would be refused on every request, or by nobody. */
final class RouteRules {
  private static final Set<String> ABOUT_A_CALLER = Set.of("me", "quota", "session");

  /** What a login consists of, each with its one method. */
  private static final Map<String, String> LOGIN =
      Map.of(
          "login", "GET",
          "callback", "GET",
          "session", "GET",
          "logout", "POST",
          "backchannel-logout", "POST");

  private RouteRules() {}

  static void check(Section section, RouteConfig route) {
    boolean anybody = route.access() == Access.PUBLIC;
    section.check(
        !anybody || (route.roles().isEmpty() && route.scopes().isEmpty() && route.level() == 0),
        "is public and asks for roles, scopes or a level; expected one or the other",
        "access",
        "roles",
        "scopes",
        "level");
    boolean needsCaller =
        switch (route.target()) {
          case Target.Service service -> true;
          case Target.Local local -> ABOUT_A_CALLER.contains(local.operation());
          case Target.Upstream upstream -> false;
        };
    section.check(
        !anybody || !needsCaller,
        "is public and its target needs a caller; expected access: caller or tenant",
        "access",
        "local",
        "service");
    section.check(
        !(route.target() instanceof Target.Service)
            || (!route.methods().contains("HEAD") && !route.methods().contains("OPTIONS")),
        "services have no operation for HEAD and OPTIONS; expected other methods",
        "methods");
    checkLogin(section, route);
    checkListener(section, route);
  }

  /** Who logs in has proved nothing yet; who is told of a logout by the issuer never does. */
  private static void checkLogin(Section section, RouteConfig route) {
    if (!(route.target() instanceof Target.Local(String operation))
        || !LOGIN.containsKey(operation)) {
      return;
    }
    section.check(
        route.methods().equals(Set.of(LOGIN.getOrDefault(operation, ""))),
        "is part of a login; expected the method " + LOGIN.get(operation) + " alone",
        "methods");
    section.check(
        route.access() == (operation.equals("session") ? Access.CALLER : Access.PUBLIC),
        "is part of a login; expected access: "
            + (operation.equals("session") ? "caller" : "public"),
        "access",
        "local");
    section.check(
        route.listener() == Listener.PUBLIC,
        "is part of a login; expected listener: public",
        "listener");
  }

  private static void checkListener(Section section, RouteConfig route) {
    if (route.listener() == Listener.PUBLIC) {
      section.check(
          route.services().isEmpty(),
          "names services on the public listener; expected listener: internal",
          "services");
      return;
    }
    section.check(
        !route.services().isEmpty(),
        "names nobody who may ask; expected at least one service of internal.clients",
        "services",
        "listener");
    section.check(
        route.access() == Access.CALLER,
        "is internal, where callers are services and have no tenant; expected access: caller",
        "access",
        "listener");
  }
}
