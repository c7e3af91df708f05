package io.portcullis.tls;

import org.jspecify.annotations.Nullable;

/**
 * The certificate authority cannot or will not do what was asked. The message names the file or the
 * argument that is wrong, fits one line, and never holds a key or a passphrase.
 */
public final class CaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong, for whoever asked. */
  public CaException(String message) {
    super(message);
  }

  /** What is wrong, and what came before it. */
  public CaException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Always there. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
