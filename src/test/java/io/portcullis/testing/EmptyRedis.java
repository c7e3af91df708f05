package io.portcullis.testing;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A Redis of a test class's own, empty before each test: a static field with
 * {@code @RegisterExtension}.
 */
public final class EmptyRedis implements BeforeEachCallback, AfterAllCallback {
  private final RedisServer server = RedisServer.start();

  /** For what else a test does to it. */
  public RedisServer server() {
    return server;
  }

  public int port() {
    return server.port();
  }

  /** As {@link RedisServer#command} does it. */
  public String command(String... words) {
    return server.command(words);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    server.command("FLUSHALL");
  }

  @Override
  public void afterAll(ExtensionContext context) {
    server.close();
  }
}
