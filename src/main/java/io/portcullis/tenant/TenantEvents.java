package io.portcullis.tenant;

import io.portcullis.model.TokenBinding;

/** Where the life cycle reports what it did, before it says so to anybody else. */
@FunctionalInterface
public interface TenantEvents {
  /**
   * A tenant is complete. Called before it becomes active: if this throws, the tenant stays
   * unfinished and the next attempt reports it again.
   */
  void created(TenantRecord tenant, String requestId);

  /**
   * What a tenant asks of access tokens changes. Called before it does: if this throws, it stays as
   * it was.
   *
   * @param tenant as it was
   */
  default void bindingChanged(TenantRecord tenant, TokenBinding after, String requestId) {
    throw new IllegalStateException("nobody records what changes here");
  }
}
