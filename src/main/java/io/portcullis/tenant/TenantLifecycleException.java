package io.portcullis.tenant;

/** Why a tenant could not be made, found or changed; the message is for the operator. */
public final class TenantLifecycleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for the operator. */
  public TenantLifecycleException(String message) {
    super(message);
  }

  TenantLifecycleException(String message, Throwable cause) {
    super(message, cause);
  }
}
