package io.portcullis.tenant;

/** Where the life cycle reports what it did, before it says so to anybody else. */
@FunctionalInterface
public interface TenantEvents {
  /**
   * A tenant is complete. Called before it becomes active: if this throws, the tenant stays
   * unfinished and the next attempt reports it again.
   */
  void created(TenantRecord tenant, String requestId);
}
