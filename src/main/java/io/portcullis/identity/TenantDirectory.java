package io.portcullis.identity;

import io.portcullis.model.Tenant;
import java.util.Optional;

/**
 * Which tenant an organization of the identity provider is. Asked on every request and on any event
 * loop, so the answer comes from memory. As long as a tenant is unchanged the answer should be the
 * same instance.
 */
@FunctionalInterface
public interface TenantDirectory {
  /** The tenant of an organization's id, if the registry knows one. */
  Optional<Tenant> find(String organizationId);
}
