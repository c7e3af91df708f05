package io.portcullis.model;

/**
 * One customer of the platform, as the registry knows it.
 *
 * @param id the permanent opaque id
 * @param name the short name people use, {@code [a-z][a-z0-9-]{1,62}}; unique, may change
 * @param organization the id (never the alias) of the identity provider's organization; unique
 * @param state whether its requests are served
 * @param tokenBinding what it asks of access tokens
 */
public record Tenant(
    TenantId id, String name, String organization, State state, TokenBinding tokenBinding) {

  /** A tenant that takes any access token. */
  public Tenant(TenantId id, String name, String organization, State state) {
    this(id, name, organization, state, TokenBinding.NONE);
  }

  /** Whether a tenant's requests are served. */
  public enum State {
    /** Served. */
    ACTIVE,
    /** Refused with {@code tenant-suspended}; the database refuses as well. */
    SUSPENDED
  }
}
