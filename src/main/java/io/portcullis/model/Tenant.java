package io.portcullis.model;

/**
 * One customer of the platform, as the registry knows it.
 *
 * @param id the permanent opaque id
 * @param name the short name people use, {@code [a-z][a-z0-9-]{1,62}}; unique, may change
 * @param organization the id (never the alias) of the identity provider's organization; unique
 * @param state whether its requests are served
 */
public record Tenant(TenantId id, String name, String organization, State state) {
  /** Whether a tenant's requests are served. */
  public enum State {
    /** Served. */
    ACTIVE,
    /** Refused with {@code tenant-suspended}; the database refuses as well. */
    SUSPENDED
  }
}
