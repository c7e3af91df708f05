package io.portcullis.config;

import java.util.Set;

/**
 * One reachable operation. What no route names is not reachable.
 *
 * @param name for metrics and logs, e.g. {@code conversations}
 * @param path a template, e.g. {@code /api/v1/conversations/{id}}; a last segment {@code *} takes
 *     the rest
 * @param methods the methods it takes
 * @param target where it goes
 * @param roles the caller needs at least one of these; empty asks for none
 * @param scopes the caller needs all of these
 * @param access what the caller must have proved
 * @param maxBodyBytes limit of the body; 0 for the listener's default
 * @param cost what one request costs in the limits
 */
public record RouteConfig(
    String name,
    String path,
    Set<String> methods,
    Target target,
    Set<String> roles,
    Set<String> scopes,
    Access access,
    long maxBodyBytes,
    int cost) {

  /** What the caller must have proved. */
  public enum Access {
    /** Nothing: anybody may ask. */
    PUBLIC,
    /** A credential. */
    CALLER,
    /** A credential of exactly one, active tenant. The default. */
    TENANT
  }

  /** Where a request goes. */
  public sealed interface Target {
    /** An operation that the gateway answers itself, e.g. {@code me}. */
    record Local(String operation) implements Target {}

    /**
     * A service on the event bus, e.g. {@code chat} with {@code conversation}; the method completes
     * the operation.
     */
    record Service(String service, String operation) implements Target {}

    /** An upstream by name; the path is forwarded as it came. */
    record Upstream(String upstream) implements Target {}
  }
}
