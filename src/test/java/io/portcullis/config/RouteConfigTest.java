package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.config.RouteConfig.Access;
import io.portcullis.config.RouteConfig.Listener;
import io.portcullis.config.RouteConfig.Target;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Defaults, and every key in its place. */
class RouteConfigTest {
  @Test
  void read_nothing_givesDefaults() {
    assertEquals(
        new RouteConfig(
            "me",
            "/api/v1/me",
            Set.of("GET"),
            new Target.Local("me"),
            Set.of(),
            Set.of(),
            Access.TENANT,
            0,
            1,
            Listener.PUBLIC,
            Set.of(),
            0),
        Samples.section(
            """
            name: me
            path: /api/v1/me
            methods: [GET]
            local: me
            """,
            RouteConfig::read));
  }

  @Test
  void read_everyKey_landsInItsPlace() {
    assertEquals(
        new RouteConfig(
            "messages",
            "/api/v1/conversations/{id}/*",
            Set.of("POST", "DELETE"),
            new Target.Service("chat", "message"),
            Set.of("user", "tenant-admin"),
            Set.of("chat:write"),
            Access.CALLER,
            64 << 10,
            5,
            Listener.INTERNAL,
            Set.of("ops", "ai"),
            2),
        Samples.full(
            """
            name: messages
            path: /api/v1/conversations/{id}/*
            methods: [POST, DELETE]
            service: chat
            operation: message
            roles: [user, tenant-admin]
            scopes: [chat:write]
            access: caller
            max-body-bytes: 64KiB
            cost: 5
            listener: internal
            services: [ops, ai]
            level: 2
            """,
            RouteConfig::read,
            "local",
            "upstream"));
  }

  @Test
  void read_upstream_isTheTarget() {
    String text =
        """
        name: reports
        path: /
        methods: [GET]
        upstream: reports
        access: public
        """;
    RouteConfig route = Samples.section(text, RouteConfig::read);
    assertEquals(new Target.Upstream("reports"), route.target());
    assertEquals(Access.PUBLIC, route.access());
  }
}
