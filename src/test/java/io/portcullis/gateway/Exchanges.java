package io.portcullis.gateway;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.lang.reflect.Proxy;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Exchanges without a connection, for tests of what merely keeps them. */
final class Exchanges {
  private final HttpServerResponse response = fake(HttpServerResponse.class, null);
  private final HttpServerRequest request = fake(HttpServerRequest.class, response);

  Exchange at(long startNanos) {
    return new Exchange(request, "id", Trace.from(null), "127.0.0.1", startNanos, Instant.MAX);
  }

  private static <T> T fake(Class<T> type, @Nullable Object response) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (method.getName().equals("response")) {
                return response;
              }
              throw new UnsupportedOperationException(method.getName());
            });
    return type.cast(proxy);
  }
}
