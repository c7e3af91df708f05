package io.portcullis.operate;

import java.util.Map;
import java.util.function.Supplier;

/**
 * Something this node leans on, as {@code /health/ready} shows it.
 *
 * @param name e.g. {@code redis}
 * @param state how it is at this moment; must not block and not throw
 */
public record Dependency(String name, Supplier<State> state) {
  /**
   * How a dependency is.
   *
   * @param health whether requests can be served with it
   * @param mode what the node does at the moment, e.g. {@code redis}, {@code local}, {@code stale}
   * @param facts further facts for a reader, short strings or numbers
   */
  public record State(Health health, String mode, Map<String, Object> facts) {}

  /** Whether requests can be served. */
  public enum Health {
    /** Yes. */
    UP,
    /** Some, or in a lesser way; the node stays in rotation. */
    DEGRADED,
    /** None; the node asks to be taken out of rotation. */
    DOWN
  }
}
