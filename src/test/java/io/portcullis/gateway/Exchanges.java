package io.portcullis.gateway;

import io.portcullis.config.RouteConfig;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Exchanges without a connection, for tests of what merely keeps or judges them. */
final class Exchanges {
  private final HttpServerResponse response = fake(HttpServerResponse.class, Map.of());
  private final HttpServerRequest request =
      fake(
          HttpServerRequest.class,
          Map.of("headers", MultiMap.caseInsensitiveMultiMap(), "response", response));

  Exchange at(long startNanos) {
    return new Exchange(request, "id", Trace.from(null), "127.0.0.1", startNanos, Instant.MAX);
  }

  /** A GET that was found to want this route. */
  Exchange on(RouteConfig route) {
    Exchange exchange = at(0);
    exchange.matched(new RouteTable(List.of(route)).find("GET", route.path()));
    return exchange;
  }

  private static <T> T fake(Class<T> type, Map<String, Object> answers) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              Object answer = answers.get(method.getName());
              if (answer == null) {
                throw new UnsupportedOperationException(method.getName());
              }
              return answer;
            });
    return type.cast(proxy);
  }
}
