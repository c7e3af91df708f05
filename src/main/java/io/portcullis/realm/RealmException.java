package io.portcullis.realm;

/**
 * The realm could not be read, compared or changed, for a reason that the operator can act on. The
 * message is complete and holds no secret.
 */
public final class RealmException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RealmException(String message) {
    super(message);
  }

  RealmException(String message, Throwable cause) {
    super(message, cause);
  }
}
