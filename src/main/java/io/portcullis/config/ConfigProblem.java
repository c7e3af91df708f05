package io.portcullis.config;

/**
 * One thing that is wrong.
 *
 * @param origin where
 * @param key the key concerned, {@code limits.per-user.max}; empty when it is the whole file
 * @param message what is wrong and what was expected; never a secret
 */
public record ConfigProblem(Origin origin, String key, String message) {
  @Override
  public String toString() {
    return origin.place() + ": " + (key.isEmpty() ? "" : key + ": ") + message;
  }
}
