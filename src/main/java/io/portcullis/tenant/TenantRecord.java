package io.portcullis.tenant;

import io.portcullis.model.TenantId;
import io.portcullis.model.TokenBinding;
import java.time.Instant;

/**
 * A tenant as the registry has it.
 *
 * @param id the permanent opaque id
 * @param name the short name people use
 * @param organization the identity provider's id of its organization
 * @param state {@code creating} (not finished: create it again), {@code active}, {@code suspended}
 * @param tokenBinding what it asks of access tokens
 * @param schemaVersion the version of its schema; 0 when it has no table yet
 * @param createdAt when its creation began
 */
public record TenantRecord(
    TenantId id,
    String name,
    String organization,
    String state,
    TokenBinding tokenBinding,
    int schemaVersion,
    Instant createdAt) {

  /** The database role. */
  public String role() {
    return id.role();
  }

  /** The database schema. */
  public String schema() {
    return id.role();
  }
}
